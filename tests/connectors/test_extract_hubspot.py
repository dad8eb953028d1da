"""What is peculiar to HubSpot: archive and merge, history, edges, lists, dated paths."""

from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from connectors import rate_limit
from connectors.extract import extract
from connectors.hubspot.connector import HubSpotConnector
from connectors.hubspot.streams import CRM_OBJECT
from tests.connectors.conftest import NOW, STREAMS, Crm, ago, contact, edge, iso

ALL_OF_HUBSPOT = tuple("/".join(key) for key in STREAMS if key[0] == "hubspot")
LISTED = tuple(
    f"hubspot/{name}"
    for name in (
        *("contacts", "leads", "leads_history", "associations"),
        *("marketing_emails", "lists", "list_memberships"),
    )
)


def test_hubspot_change_archive_restore_and_merge(crm: Crm) -> None:
    crm.read("hubspot/contacts", "hubspot/contacts_history")
    now = iso(crm.later(hours=1))
    crm.world.add("hubspot", "contacts", contact(1001, now, lifecyclestage="opportunity"))
    crm.world.add("hubspot", "contacts", contact(1002, ago(days=32), archived_at=now))
    crm.world.add("hubspot", "contacts", contact(1003, now, hs_merged_object_ids="1004;1005"))
    crm.world.purge("hubspot", "contacts", "1004")
    results = crm.read("hubspot/contacts", "hubspot/contacts_history")
    assert results["hubspot/contacts"].rows == 4
    found = {
        row[0]: row for row in crm.table("hubspot/contacts", "id, email, archived, _is_deleted")
    }
    assert found["1001"] == ("1001", "p1001@example.net", "false", False)
    assert found["1002"] == ("1002", "p1002@example.net", "true", True)
    assert found["1004"] == ("1004", "p1004@example.net", "false", True)
    # 1005 is said to be merged, and yet it is there.
    assert found["1005"] == ("1005", "p1005@example.net", "false", False)
    assert crm.read("hubspot/contacts")["hubspot/contacts"].rows == 0


def test_a_restored_contact_is_found_although_no_stamp_moves(crm: Crm) -> None:
    crm.world.add("hubspot", "contacts", contact(1002, ago(days=32), archived_at=ago(hours=1)))
    crm.read("hubspot/contacts")
    now = crm.later(days=1, hours=1)
    crm.world.add("hubspot", "contacts", contact(1002, ago(days=32)), now)
    assert crm.read("hubspot/contacts")["hubspot/contacts"].rows == 1
    found = {row[0]: row for row in crm.table("hubspot/contacts", "id, archived, _is_deleted")}
    assert found["1002"] == ("1002", "false", False)
    # Sorting by stamp says the same as sorting by batch.
    with duckdb.connect() as con:
        crm.landing().register(con, {})
        last = con.execute(
            "select archived from raw_hubspot.contacts where id = '1002' "
            "order by _source_modified_at desc, _extracted_at desc limit 1"
        ).fetchall()
    assert last == [("false",)]


def test_history_of_a_contact_that_came_and_was_archived_between_runs(crm: Crm) -> None:
    names = ("hubspot/contacts", "hubspot/contacts_history")
    crm.read(*names)
    crm.later(hours=2)
    archived = contact(2000, iso(NOW + timedelta(hours=1)), archived_at=iso(crm.world.now))
    crm.world.add("hubspot", "contacts", archived)
    assert {name: result.rows for name, result in crm.read(*names).items()} == {
        "hubspot/contacts": 1,
        "hubspot/contacts_history": 1,
    }


def test_a_history_that_is_asked_for_since_is_read_of_records_that_did_not_change(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("hubspot/contacts", "hubspot/contacts_history")
    contacts = CRM_OBJECT["contacts"]
    with monkeypatch.context() as before:
        fewer = tuple(name for name in contacts.history if name != "lifecyclestage")
        before.setitem(CRM_OBJECT, "contacts", replace(contacts, history=fewer))
        crm.read(*names)
    assert ("lifecyclestage",) not in crm.table(names[1], "property")
    crm.later(hours=1)
    crm.read(*names)
    crm.read(*names, into="from_scratch")
    columns = "id, property, timestamp, value, _is_deleted"
    assert ("lifecyclestage",) in crm.table(names[1], "property")
    assert crm.table(names[1], columns) == crm.table(names[1], columns, into="from_scratch")
    assert crm.read(*names)[names[1]].requests < crm.read(*names, into="again")[names[1]].requests


def test_the_overlap_costs_no_request_for_what_has_landed(crm: Crm) -> None:
    crm.world.add("hubspot", "contacts", contact(1001, ago(minutes=5)))
    crm.read("hubspot/contacts")
    assert crm.read("hubspot/contacts")["hubspot/contacts"].requests == 3


def test_edges_that_change_on_one_side_are_refreshed_on_the_other(crm: Crm) -> None:
    names = ("hubspot/contacts", "hubspot/companies", "hubspot/associations")
    crm.read(*names)
    columns = '"fromObjectType", "fromObjectId", "toObjectId", _is_deleted'
    now = iso(crm.later(hours=1))
    crm.world.purge("hubspot", "associations", "contacts:1001:companies:500")
    crm.world.add("hubspot", "associations", edge("contacts", 1001, "companies", 501))
    crm.world.add("hubspot", "contacts", contact(1001, now))
    crm.read(*names)
    found = crm.table("hubspot/associations", columns)
    assert ("contacts", "1001", "501", False) in found
    assert ("companies", "501", "1001", False) in found
    assert ("contacts", "1001", "500", False) not in found
    assert ("companies", "500", "1001", False) not in found
    assert ("companies", "500", "1002", False) in found
    # An edge that changes alone moves no stamp: the weekly pass finds it.
    crm.world.purge("hubspot", "associations", "contacts:1002:companies:500")
    crm.later(days=1)
    assert crm.read(*names)["hubspot/associations"].rows == 0
    crm.later(days=7)
    crm.read(*names)
    found = crm.table("hubspot/associations", columns)
    assert ("contacts", "1002", None, True) in found
    assert ("companies", "500", "1002", False) not in found


def test_more_records_on_one_stamp_than_search_returns(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "SEARCHES_PER_SECOND", 1_000)
    crm.read("hubspot/contacts")
    now = iso(crm.later(hours=1))
    for number in range(10_500):
        crm.world.add("hubspot", "contacts", contact(20_000 + number, now))
    assert crm.read("hubspot/contacts")["hubspot/contacts"].rows == 10_500


def test_following_streams_are_complete_only_as_far_as_what_they_follow(crm: Crm) -> None:
    crm.read("hubspot/contacts", "hubspot/contacts_history")
    end = crm.landing().watermark("hubspot")
    crm.later(hours=1)
    crm.read("hubspot/contacts_history")
    assert crm.landing().watermark("hubspot") == end


def test_the_dated_paths_that_replace_v3_and_v4_give_the_same(crm: Crm) -> None:
    everything_marketing(crm)
    crm.read(*ALL_OF_HUBSPOT)
    for settings in crm.connectors(sources=("hubspot",)):
        dated = HubSpotConnector(replace(settings.settings, api_version="2026-09"))
        list(extract([dated], crm.landing("dated")))
    for stream in STREAMS.values():
        if stream.source == "hubspot":
            name = f"hubspot/{stream.name}"
            columns = "* exclude (_batch_id, _extracted_at)"
            assert crm.table(name, columns, into="dated") == crm.table(name, columns)
    assert len(crm.table("hubspot/list_memberships", into="dated")) == 5


def everything_marketing(crm: Crm) -> None:
    """Lists with members, marketing e-mails, a HubSpot lead with its contact."""
    add = crm.world.add
    for number, name in ((1, "Newsletter"), (2, "Nobody")):
        add("hubspot", "lists", {"listId": str(number), "name": name, "updatedAt": ago(days=9)})
    for member in range(5):
        add("hubspot", "list_memberships", membership(1, 1000 + member, ago(days=5)))
    email = {"id": "77", "name": "Hello", "subject": "Ünïcode 🎉", "updatedAt": ago(days=3)}
    add("hubspot", "marketing_emails", {**email, "createdAt": ago(days=4), "archived": False})
    properties = {"hs_lead_name": "Attempt", "hs_pipeline_stage": "new"}
    stamps = {"createdAt": ago(days=4), "updatedAt": ago(days=3), "archived": False}
    history = [{"value": "new", "timestamp": ago(days=4), "sourceType": "CRM_UI"}]
    add(
        "hubspot",
        "leads",
        {
            "id": "900",
            "properties": properties,
            "propertiesWithHistory": {"hs_pipeline_stage": history},
            **stamps,
        },
    )
    add("hubspot", "associations", edge("leads", 900, "contacts", 1001))
    crm.world.advance_to(crm.world.now)


def membership(number: int, record: int, stamp: str) -> dict:
    return {"listId": str(number), "recordId": str(record), "membershipTimestamp": stamp}


def test_lists_with_members_leads_and_marketing_emails_land(crm: Crm) -> None:
    everything_marketing(crm)
    crm.read(*LISTED)
    members = '"listId", "recordId", _is_deleted'
    assert crm.table("hubspot/list_memberships", members) == [
        ("1", str(1000 + number), False) for number in range(5)
    ]
    assert crm.table("hubspot/marketing_emails", "subject") == [("Ünïcode 🎉",)]
    assert crm.table("hubspot/leads", "hs_lead_name") == [("Attempt",)]
    assert crm.table("hubspot/leads_history", "property, value") == [("hs_pipeline_stage", "new")]
    edges = crm.table("hubspot/associations", '"fromObjectType", "toObjectId"')
    assert ("leads", "1001") in edges
    # One leaves: the list says that its size has changed. A list that goes takes its members.
    quiet = crm.read(*LISTED)
    assert {result.rows for result in quiet.values()} == {0}
    crm.later(hours=1)
    crm.world.purge("hubspot", "list_memberships", "1:1003")
    assert crm.read(*LISTED)["hubspot/list_memberships"].rows == 4
    assert len(crm.table("hubspot/list_memberships")) == 4
    crm.later(hours=1)
    crm.world.purge("hubspot", "lists", "1")
    crm.read(*LISTED)
    assert crm.table("hubspot/list_memberships", members) == [("1", None, True)]


def test_events_that_share_an_id_are_all_there(crm: Crm) -> None:
    def told(**before: float) -> None:
        event = {"id": "e1", "type": "OPEN", "created": ago(**before), "recipient": "a@example.net"}
        crm.world.add("hubspot", "email_events", event, crm.world.now)

    told(days=3)
    told(days=2)
    crm.read("hubspot/email_events")
    assert len(crm.table("hubspot/email_events", "id")) == 2
    # One of before becomes visible late, as HubSpot's events do.
    told(minutes=30)
    crm.later(minutes=5)
    assert crm.read("hubspot/email_events")["hubspot/email_events"].rows == 1
    assert len(crm.table("hubspot/email_events", "id")) == 3
    assert crm.read("hubspot/email_events")["hubspot/email_events"].rows == 0
