from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.sandbox.world import World


def _at(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def _lead(status: str, day: int) -> dict[str, object]:
    stamp = f"2026-01-{day:02d}T00:00:00.000+0000"
    return {"Id": "00Q1", "Status": status, "SystemModstamp": stamp}


def test_a_later_version_replaces_the_earlier_one_once_the_clock_reaches_it():
    world = World()
    world.add("salesforce", "Lead", _lead("Working", 5))
    world.add("salesforce", "Lead", _lead("Open", 1))
    world.advance_to(_at(2))
    assert world.table("salesforce", "Lead").records()[0]["Status"] == "Open"
    world.advance_to(_at(6))
    assert world.table("salesforce", "Lead").records()[0]["Status"] == "Working"
    world.advance_to(_at(2))
    assert world.table("salesforce", "Lead").records()[0]["Status"] == "Open"


def test_an_older_version_that_arrives_late_does_not_replace_a_newer_one():
    world = World(_at(10))
    world.add("salesforce", "Lead", _lead("Working", 5))
    world.add("salesforce", "Lead", _lead("Open", 1))
    assert world.table("salesforce", "Lead").records()[0]["Status"] == "Working"


def test_visible_at_can_be_later_than_the_records_own_stamp():
    world = World(_at(10))
    world.add("salesforce", "Lead", _lead("Open", 1), visible_at=_at(11))
    assert len(world.table("salesforce", "Lead")) == 0
    world.advance_to(_at(11))
    assert len(world.table("salesforce", "Lead")) == 1


def test_hubspot_records_get_the_envelope_that_the_vendor_answers():
    world = World(_at(10))
    record = {"id": 9, "createdAt": "2026-01-01T00:00:00Z", "properties": {"score": 12.5}}
    world.add("hubspot", "contact", record)
    world.add("hubspot", "contacts", {"id": "10", "properties": {}})
    shown = world.table("hubspot", "contacts").records()
    assert [row["id"] for row in shown] == ["9", "10"]
    assert shown[0]["properties"] == {
        "score": "12.5",
        "createdate": "2026-01-01T00:00:00.000Z",
        "lastmodifieddate": "2026-01-01T00:00:00.000Z",
        "hs_object_id": "9",
    }


def test_a_purged_record_is_gone():
    world = World(_at(10))
    world.add("salesforce", "Lead", _lead("Open", 1))
    world.purge("salesforce", "Lead", "00Q1")
    assert world.table("salesforce", "Lead").ids() == []


def test_a_record_without_identity_is_refused_by_name():
    with pytest.raises(ValueError, match="field Id is missing"):
        World().add("salesforce", "Lead", {"Status": "Open"})


def test_rows_without_a_stamp_get_one_so_that_incremental_readers_find_them():
    world = World(_at(10))
    world.add("salesforce", "Group", {"Id": "00G1", "Name": "Queue"})
    world.add("salesforce", "LeadHistory", {"Id": "017", "CreatedDate": "2026-01-01T00:00:00Z"})
    world.add("hubspot", "deals", {"id": "1"})
    assert world.table("salesforce", "Group").records()[0]["SystemModstamp"]
    assert "SystemModstamp" not in world.table("salesforce", "LeadHistory").records()[0]
    assert world.table("hubspot", "deals").records()[0]["properties"]["hs_lastmodifieddate"]
