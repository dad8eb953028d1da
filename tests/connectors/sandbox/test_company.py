"""The simulated company: reproducible, consistent, and rich in every edge case."""

import hashlib
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from connectors.sandbox import company
from connectors.sandbox.company import setting
from connectors.sandbox.company.ids import PREFIXES, salesforce_id

# How many edge cases the agreement has in each family, and those that no record can show alone.
FAMILIES = {"I": 10, "L": 12, "O": 13, "S": 6, "A": 5, "T": 5, "F": 6, "X": 2}
BY_CALCULATION = {
    "L12": "about runs: one that was missed loses no event",
    "S6": "about the mapping: a source that the seed renames from a day on",
    "A4": "about weights: they sum to one for every opportunity",
    "T4": "about the calendar: every company has a current period",
}
CASES = [
    f"{family}{number}"
    for family, count in FAMILIES.items()
    for number in range(1, count + 1)
    if f"{family}{number}" not in BY_CALCULATION
]
REFERENCES = {
    "Lead": ("OwnerId", "ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId"),
    "Contact": ("OwnerId", "AccountId"),
    "Account": ("OwnerId",),
    "Opportunity": ("OwnerId", "AccountId", "CampaignId", "RecordTypeId"),
    "OpportunityContactRole": ("OpportunityId", "ContactId"),
    "CampaignMember": ("CampaignId", "LeadId", "ContactId"),
    "Task": ("OwnerId", "WhoId", "WhatId"),
    "Event": ("OwnerId", "WhoId", "WhatId"),
    "LeadHistory": ("LeadId",),
    "ContactHistory": ("ContactId",),
    "AccountHistory": ("AccountId",),
    "OpportunityHistory": ("OpportunityId",),
    "OpportunityFieldHistory": ("OpportunityId",),
    "GroupMember": ("GroupId", "UserOrGroupId"),
}


@pytest.fixture(scope="module")
def built():
    return company.build_with_truth("small", 1)


@pytest.fixture(scope="module")
def world(built):
    return built[0]


def digest(world) -> str:
    """Fingerprint of every version that a world holds."""
    options = orjson.OPT_SORT_KEYS
    sums = hashlib.sha256()
    for version in world.versions():
        sums.update(orjson.dumps(version, option=options))
    return sums.hexdigest()


def test_the_same_seed_gives_the_same_company_and_another_seed_another(world):
    assert digest(company.build("small", 1)) == digest(world)
    assert digest(company.build("small", 2)) != digest(world)


def test_an_unknown_size_is_named():
    with pytest.raises(ValueError, match=r"'huge'.*small, demo"):
        company.build("huge", 1)


def test_every_salesforce_reference_leads_to_a_record(world):
    ids = {key for obj in PREFIXES for key in world.table("salesforce", obj).rows}
    dangling = [
        (obj, field, row[field])
        for obj, fields in REFERENCES.items()
        for row in world.table("salesforce", obj).records()
        for field in fields
        if row.get(field) and row[field] not in ids
    ]
    assert dangling == []


def test_every_association_and_cross_system_id_leads_to_a_record(world):
    edges = world.table("hubspot", "associations").records()
    assert edges
    dangling = [
        edge
        for edge in edges
        for side in ("from", "to")
        if world.table("hubspot", edge[f"{side}ObjectType"]).get(edge[f"{side}ObjectId"]) is None
    ]
    assert dangling == []
    targets = {
        ("contacts", "salesforceleadid"): "Lead",
        ("contacts", "salesforcecontactid"): "Contact",
        ("companies", "salesforceaccountid"): "Account",
        ("deals", "salesforceopportunityid"): "Opportunity",
    }
    for (obj, name), target in targets.items():
        values = [r["properties"].get(name) for r in world.table("hubspot", obj).records()]
        assert any(values)
        rows = world.table("salesforce", target).rows
        assert [value for value in values if value and value not in rows] == []


def test_the_last_history_row_says_what_the_record_says(world):
    fields = {
        ("Lead", "LeadHistory", "LeadId"): {"Status": "Status"},
        ("Opportunity", "OpportunityFieldHistory", "OpportunityId"): {
            "StageName": "StageName",
            "Amount": "Amount",
            "CloseDate": "CloseDate",
        },
        ("Account", "AccountHistory", "AccountId"): {"Type": "Type"},
    }
    checked = 0
    for (obj, history, key), names in fields.items():
        last = {}
        for row in sorted(
            world.table("salesforce", history).records(),
            key=lambda row: (row["CreatedDate"], row["Id"]),
        ):
            last[row[key], row["Field"]] = row
        for (record_id, field), row in last.items():
            if field in names:
                record = world.table("salesforce", obj).get(record_id)
                assert row["NewValue"] == record[names[field]]
                checked += 1
    assert checked > 100
    for row in world.table("hubspot", "contacts").records():
        for name, entries in row["propertiesWithHistory"].items():
            assert entries[0]["value"] == (row["properties"].get(name) or "")
            assert entries == sorted(entries, key=lambda e: e["timestamp"], reverse=True)


def test_no_stamp_lies_after_the_clock_or_before_its_own_creation(world):
    now = setting.START_CLOCK.isoformat()[:19]
    for obj in world.objects("salesforce"):
        for row in world.table("salesforce", obj).records():
            stamp = row.get("SystemModstamp") or row["CreatedDate"]
            assert row["CreatedDate"] <= stamp
            assert stamp[:19] <= now
    for obj in ("contacts", "companies", "deals", "calls", "meetings", "emails", "tasks"):
        for row in world.table("hubspot", obj).records():
            assert row["createdAt"] <= row["updatedAt"]
            assert row["updatedAt"][:19] <= now


def test_hubspot_never_has_two_contacts_of_one_address(world):
    emails = Counter(
        row["properties"]["email"].lower() for row in world.table("hubspot", "contacts").records()
    )
    assert [email for email, count in emails.items() if count > 1] == []


def test_ids_are_spelled_as_salesforce_does(world):
    assert salesforce_id("Lead", 62**3) == "00Q5e0000001000EAA"
    for obj, prefix in PREFIXES.items():
        for key in world.table("salesforce", obj).rows:
            assert re.fullmatch(prefix + r"[0-9A-Za-z]{12}[A-Z0-5]{3}", key)


@pytest.mark.parametrize("case", CASES)
def test_every_edge_case_has_a_record(built, case):
    assert built[1].cases.get(case)


def test_a_week_later_few_records_have_changed():
    world = company.build("small", 1)
    before = {
        (vendor, obj): dict(world.table(vendor, obj).rows)
        for vendor in ("salesforce", "hubspot")
        for obj in world.objects(vendor)
    }
    world.advance_to(setting.START_CLOCK + timedelta(days=7))
    changed = Counter()
    for (vendor, obj), rows in before.items():
        now = world.table(vendor, obj).rows
        changed[obj] += sum(rows.get(key) is not row for key, row in now.items())
        changed["gone"] += len(rows.keys() - now.keys()) if obj != "associations" else 0
    assert changed["gone"] == 1  # the loser of a merge
    total = sum(len(rows) for rows in before.values())
    assert 0 < sum(changed.values()) < total * 0.1
    leads = world.table("salesforce", "Lead").rows
    deals = world.table("salesforce", "Opportunity").rows
    old_leads, old_deals = before["salesforce", "Lead"], before["salesforce", "Opportunity"]
    assert any(leads[k]["IsDeleted"] and not old_leads[k]["IsDeleted"] for k in old_leads)
    assert any(deals[k]["IsDeleted"] and not old_deals[k]["IsDeleted"] for k in old_deals)
    assert any(deals[k]["StageName"] != old_deals[k]["StageName"] for k in old_deals)
    assert any(deals[k]["Amount"] != old_deals[k]["Amount"] for k in old_deals)


def test_truth_is_written_apart(built, tmp_path):
    built[1].write(tmp_path / "truth.json")
    told = orjson.loads((tmp_path / "truth.json").read_bytes())
    assert {"people", "episodes", "opportunities", "cases"} <= told.keys()
    assert sum(row["is_mql"] for row in told["episodes"]) == len(told["acceptances"]) > 30


def test_the_truth_is_that_of_the_moment_and_of_nothing_later(built):
    later = company.build_with_truth("small", 1, start=setting.START_CLOCK + timedelta(days=30))[1]
    now = setting.START_CLOCK.replace(tzinfo=None)
    for name in ("episodes", "acceptances", "follow_ups", "opportunities"):
        rows = getattr(built[1], name)
        moments = [v for row in rows for c, v in row.items() if c.endswith("_at") and v]
        # What is due or lapses may lie ahead; what happened may not.
        assert max(m for m in moments if m) <= now or name == "follow_ups"
        assert len(getattr(later, name)) > len(rows)


def test_an_earlier_start_shows_the_company_as_it_was_then():
    start = datetime(2025, 6, 30, 12, tzinfo=UTC)
    earlier = company.build("small", 1, start=start)
    stamps = [row["SystemModstamp"] for row in earlier.table("salesforce", "Lead").records()]
    assert max(stamps)[:10] <= "2025-06-30"
    earlier.advance_to(setting.START_CLOCK)
    later = company.build("small", 1)
    assert earlier.table("salesforce", "Lead").rows == later.table("salesforce", "Lead").rows
