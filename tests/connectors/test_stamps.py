"""Stamps that do not tell what changed: equal ones, of a record that came back, odd clocks."""

from datetime import UTC, datetime

import pytest

from tests.connectors.conftest import Crm, ago, contact, iso, lead

LEAD = 'Id, "Status", _is_deleted'


def found(crm: Crm, number: int) -> tuple:
    """Status and deletion of a lead as landed."""
    rows = {row[0]: row[1:] for row in crm.table("salesforce/Lead", LEAD)}
    return rows[lead(number, "")["Id"]]


def test_another_content_on_the_same_stamp_lands_and_the_last_reading_wins(crm: Crm) -> None:
    stamp = ago(minutes=5)
    crm.world.add("salesforce", "Lead", lead(3, stamp, Status="Working - Contacted"))
    crm.world.add("hubspot", "contacts", contact(1003, stamp, lifecyclestage="lead"))
    crm.read("salesforce/Lead", "hubspot/contacts")
    crm.later(minutes=1)
    crm.world.add("salesforce", "Lead", lead(3, stamp, Status="Nurture"), crm.world.now)
    changed = contact(1003, stamp, lifecyclestage="opportunity")
    crm.world.add("hubspot", "contacts", changed, crm.world.now)
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 1
    assert found(crm, 3) == ("Nurture", False)
    # HubSpot's search tells stamps alone, so this is seen by the scheduled full pass.
    crm.later(days=29)
    crm.read("hubspot/contacts")
    stages = dict(crm.table("hubspot/contacts", "id, lifecyclestage"))
    assert stages["1003"] == "opportunity"


def test_a_lead_that_was_restored_is_no_longer_deleted(crm: Crm) -> None:
    crm.read("salesforce/Lead")
    for deleted in (True, False):
        stamp = iso(crm.later(hours=1))
        crm.world.add("salesforce", "Lead", lead(3, stamp, IsDeleted=deleted))
        assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 1
        assert found(crm, 3) == ("Open - Not Contacted", deleted)


@pytest.mark.parametrize("days", [0, 3650])
def test_the_crms_clock_counts_whatever_ours_says(crm: Crm, days: int) -> None:
    """The local CRM's clock stands in June 2026, or ten years later: neither is ours."""
    crm.later(days=days)
    crm.read("salesforce/Lead", "hubspot/contacts")
    crm.world.add("salesforce", "Lead", lead(3, iso(crm.later(seconds=30)), Status="Nurture"))
    crm.later(seconds=30)
    result = crm.read("salesforce/Lead")["salesforce/Lead"]
    assert (result.rows, found(crm, 3)) == (1, ("Nurture", False))
    theirs = crm.world.now.astimezone(UTC).replace(tzinfo=None)
    assert abs((crm.landing().watermark("salesforce") - theirs).total_seconds()) < 3600
    assert abs((datetime.now(UTC).replace(tzinfo=None) - theirs).total_seconds()) > 3600
