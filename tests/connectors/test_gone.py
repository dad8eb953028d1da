"""What a person did stays known when a record goes or changes: from both APIs to the tables."""

from datetime import datetime

import duckdb
import pytest

from tests import warehouse
from tests.connectors.conftest import Crm, ago, contact, edge, iso

pytestmark = pytest.mark.timeout(300)

LEAD = "00Q000000000001AAA"
READ = (
    *("salesforce/Lead", "hubspot/contacts", "hubspot/calls", "hubspot/associations"),
    *("hubspot/forms", "hubspot/form_submissions"),
)


def add_call(crm: Crm, number: int, caller: int) -> None:
    properties = {"hs_timestamp": ago(days=20), "hs_call_status": "COMPLETED"}
    stamps = {"createdAt": ago(days=20), "updatedAt": ago(days=20), "archived": False}
    call = {"id": str(number), "properties": properties, **stamps}
    crm.world.add("hubspot", "calls", call)
    crm.world.add("hubspot", "associations", edge("calls", number, "contacts", caller))


def name_form(crm: Crm, name: str, stamp: str) -> None:
    stamps = {"createdAt": ago(days=90), "updatedAt": stamp, "archived": False}
    crm.world.add("hubspot", "forms", {"id": "f", "name": name, **stamps})


def submit(crm: Crm, key: str, email: str) -> None:
    answer = {
        "formId": "f",
        "conversionId": key,
        "submittedAt": int(crm.world.now.timestamp() * 1000),
        "pageUrl": "https://www.acme.example/demo",
        "values": [{"name": "email", "value": email, "objectTypeId": "0-1"}],
    }
    crm.world.add("hubspot", "form_submissions", answer)


def read_daily(crm: Crm, days: int) -> None:
    for _ in range(days):
        crm.later(days=1)
        crm.read(*READ)


def test_what_was_done_stays_when_a_record_goes_or_changes_its_name__I7_S6(crm: Crm):
    for number, caller in ((71, 1001), (72, 1002)):
        add_call(crm, number, caller)
    name_form(crm, "Request a demo", ago(days=90))
    submit(crm, "before", "p1003@example.net")
    crm.world.advance_to(crm.world.now)
    crm.read(*READ)
    changed = datetime.fromisoformat(ago(days=31)).replace(tzinfo=None)
    known = crm.world.now.replace(tzinfo=None)
    # HubSpot tells of no edge of an archived record. What is purged moves no stamp.
    now = iso(crm.later(hours=1))
    crm.world.add("hubspot", "contacts", contact(1001, ago(days=31), archived_at=now))
    crm.world.purge("hubspot", "associations", "calls:72:contacts:1002")
    crm.world.purge("salesforce", "Lead", LEAD)
    crm.world.add("hubspot", "contacts", contact(1003, now, email="new@example.net"))
    name_form(crm, "Book a demo", now)
    crm.later(hours=1)
    submit(crm, "after", "new@example.net")
    read_daily(crm, 8)
    told = crm.table("hubspot/associations", '"fromObjectId", "toObjectId"')
    assert {row for row in told if row[0] in ("71", "72")} == {("71", None), ("72", None)}
    home = warehouse.models(crm.folder, crm.world, "+int_marketing_touch")
    with duckdb.connect(str(home), read_only=True) as con:
        spoken_to = con.execute(
            "select activity_id, person_id from intermediate.int_hubspot_activity_contact"
        ).fetchall()
        submitted = con.execute(
            "select touch_id, person_id, value from intermediate.int_marketing_touch order by 1"
        ).fetchall()
        ((deleted_at,),) = con.execute(
            "select deleted_at from definitions.person_record where record_id = ?", [LEAD]
        ).fetchall()
    assert spoken_to == [("71", "hubspot:contacts:1001")]
    assert submitted == [
        ("hubspot:form_submission:after", "hubspot:contacts:1003", "Book a demo"),
        ("hubspot:form_submission:before", "hubspot:contacts:1003", "Request a demo"),
    ]
    assert changed < known < deleted_at
