"""Open-source connectors, unchanged and by the vendors' own addresses, agree with the truth."""

from __future__ import annotations

from collections import Counter

import pytest

from connectors.sandbox.timestamps import to_ms
from tests.foreign import connectors, truth
from tests.foreign.workshop import NotInstalled, as_vendor

pytestmark = pytest.mark.slow
CRM_STREAMS = ("contacts", "companies", "deals")


@pytest.fixture(scope="module")
def reading(crm, place):
    """Run one connector; skip, saying why, when it cannot be installed."""

    def read(function, streams, **more):
        try:
            environment = as_vendor(crm.stand_in, crm.url)
            return function(place, environment, streams, **more)
        except NotInstalled as reason:
            pytest.skip(f"{function.__name__}: cannot be installed here: {reason}")

    return read


def check_salesforce(world, found, as_read=lambda value: value) -> None:
    for obj in world.objects("salesforce"):
        kept = {
            key: {name: as_read(value) for name, value in row.items()}
            for key, row in truth.salesforce(world, obj, deleted=True).items()
        }
        assert truth.agree(found[obj], kept, values=without_compounds) == [], obj


def without_compounds(record):
    return {
        name: value
        for name, value in record.items()
        if name != "attributes" and not isinstance(value, dict)
    }


def test_tap_salesforce(crm, reading):
    done = reading(connectors.read_tap_salesforce, crm.world.objects("salesforce"))
    check_salesforce(crm.world, connectors.singer(done))


def test_airbyte_source_salesforce_by_rest_and_bulk(crm, reading):
    done = reading(connectors.read_airbyte_salesforce, crm.world.objects("salesforce"))
    check_salesforce(crm.world, connectors.airbyte(done))


def test_airbyte_source_salesforce_by_bulk_alone(crm, reading):
    streams = crm.world.objects("salesforce")
    done = reading(connectors.read_airbyte_salesforce, streams, force_use_bulk_api=True)

    def with_its_line_ends(value):
        # It opens the downloaded file as text, which turns every line end within a value into LF.
        return value.replace("\r\n", "\n") if isinstance(value, str) else value

    check_salesforce(crm.world, connectors.airbyte(done), with_its_line_ends)


def check_properties(found, world, obj, values, *, archived=False, key="id") -> None:
    kept = {
        record_id: row["properties"]
        for record_id, row in truth.hubspot(world, obj, archived=archived).items()
    }
    assert truth.agree(found, kept, key=key, values=values) == [], obj


def test_meltano_tap_hubspot(crm, reading):
    streams = (*CRM_STREAMS, "calls", "meetings", "emails", "tasks", "owners")
    streams += ("contacts_companies_associations", "deals_contacts_associations")
    found = connectors.singer(reading(connectors.read_meltano_tap_hubspot, streams))
    for obj in (*CRM_STREAMS, "calls", "meetings", "emails", "tasks"):
        check_properties(found[obj], crm.world, obj, lambda row: row["properties"])
    assert {row["id"] for row in found["owners"]} == set(truth.hubspot(crm.world, "owners"))
    for pair in (("contacts", "companies"), ("deals", "contacts")):
        told = {(row["from_id"], row["to_id"]) for row in found["_".join(pair) + "_associations"]}
        assert told == truth.edges(crm.world, *pair)


def test_tap_hubspot(crm, reading):
    streams = ("contacts", "owners", "email_events", "tickets")
    found = connectors.singer(reading(connectors.read_tap_hubspot, streams))

    def lifted(row):
        return {
            name.removeprefix("property_"): value
            for name, value in row.items()
            if name.startswith("property_")
        }

    check_properties(found["contacts"], crm.world, "contacts", lifted)
    check_events(found["email_events"], crm.world)
    assert {str(row["id"]) for row in found["owners"]} >= set(truth.hubspot(crm.world, "owners"))


def check_events(told, world) -> None:
    def named(event):
        return str(event["id"]), to_ms(event["created"])

    kept = {named(event): event for event in truth.hubspot(world, "email_events").values()}
    assert Counter(map(named, told)) == Counter(kept.keys())
    for row in told:
        true = kept[named(row)]
        assert (row["type"], row["recipient"]) == (true["type"], true["recipient"])


def test_airbyte_source_hubspot(crm, reading):
    activities = ("calls", "meetings", "emails", "tasks")
    streams = [*CRM_STREAMS, *(f"engagements_{name}" for name in activities)]
    streams += [f"{name}_property_history" for name in CRM_STREAMS]
    streams += ["deals_archived", "owners", "owners_archived", "contact_lists"]
    streams += ["forms", "form_submissions", "email_events"]
    world = crm.world
    found = connectors.airbyte(reading(connectors.read_airbyte_hubspot, streams))
    for obj in CRM_STREAMS:
        check_properties(found[obj], world, obj, lambda row: row["properties"])
    for obj in activities:
        told = found[f"engagements_{obj}"]
        check_properties(told, world, obj, lambda row: row["properties"])
    check_properties(
        found["deals_archived"], world, "deals", lambda row: row["properties"], archived=True
    )
    for stream, archived in (("owners", False), ("owners_archived", True)):
        kept = set(truth.hubspot(world, "owners", archived=archived))
        assert {str(row["id"]) for row in found[stream]} == kept
    ids = {"contacts": "vid", "companies": "companyId", "deals": "dealId"}
    for obj, key in ids.items():
        told = Counter(
            (str(row[key]), row["property"], row["value"] or "", to_ms(row["timestamp"]))
            for row in found[f"{obj}_property_history"]
        )
        assert told == truth.history(world, obj), obj
    pairs = {
        (row["id"], str(company))
        for row in found["contacts"]
        for company in row.get("companies") or []
    }
    assert pairs == truth.edges(world, "contacts", "companies")
    check_events(found["email_events"], world)
    kept = truth.hubspot(world, "form_submissions")
    told = {row["conversionId"]: row for row in found["form_submissions"]}
    assert len(told) == len(found["form_submissions"])
    assert told.keys() == kept.keys()
    for key, row in told.items():
        assert row["formId"] == kept[key]["formId"]
        assert row["values"] == kept[key]["values"]
    assert {row["id"] for row in found["forms"]} == set(truth.hubspot(world, "forms"))
