from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from connectors import CONNECTORS, rate_limit
from connectors.errors import WrongSettings
from connectors.extract import extract
from connectors.hubspot.connector import HubSpotConnector
from connectors.landing import Landing
from connectors.sandbox import serve
from connectors.sandbox.company import build
from tests.connectors.conftest import NOW, STREAMS, Crm, ago, contact, edge, iso, lead

ALL_OF_HUBSPOT = tuple("/".join(key) for key in STREAMS if key[0] == "hubspot")
LISTED = tuple(
    f"hubspot/{name}"
    for name in (
        *("contacts", "leads", "leads_history", "associations"),
        *("marketing_emails", "lists", "list_memberships"),
    )
)
LEAD_COLUMNS = '"Id", "Status", _is_deleted'


def truth(landing: Landing) -> dict[str, set[tuple]]:
    """Per stream: what is true of each record, whatever batch said it."""
    found: dict[str, set[tuple]] = {}
    with duckdb.connect() as con:
        landing.register(con, {})
        for stream in (stream for spec in CONNECTORS for stream in spec.streams):
            view = f"raw_{stream.source}.{stream.name.lower()}"
            group = ", ".join(f'"{name}"' for name in stream.replaced_by)
            columns = sorted(
                name
                for (name, *_) in con.execute(f"describe {view}").fetchall()
                if name not in ("_batch_id", "_extracted_at", "_source_modified_at")
            )
            # Salesforce ends a time with +0000 in REST and with Z in bulk results.
            compared = ", ".join(
                "_is_deleted" if name == "_is_deleted" else f"replace(\"{name}\", '+0000', 'Z')"
                for name in columns
            )
            edges = " where not _is_deleted" if stream.group else ""
            found[view] = set(
                con.execute(
                    f"select {compared} from (from {view} qualify _batch_id = max(_batch_id) "
                    f"over (partition by {group})){edges}"
                ).fetchall()
            )
    return found


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory):
    with serve.start(build("small")) as sandbox:
        yield Crm(sandbox, tmp_path_factory.mktemp("company"))


def test_a_run_later_equals_a_run_from_scratch_and_a_quiet_run_is_cheap(company: Crm) -> None:
    company.read()
    before = company.landing().fingerprint()
    again = company.read()
    assert {name: result.rows for name, result in again.items() if result.rows} == {}
    assert max(result.requests for result in again.values()) <= 3
    assert company.landing().fingerprint() == before
    for days in (3, 30):
        company.later(days=days)
        company.read()
    company.read(into="scratch")
    ours, fresh = truth(company.landing()), truth(company.landing("scratch"))
    only_ours = {(view, row) for view, rows in ours.items() for row in rows - fresh[view]}
    # What the vendor no longer returns is kept here, as deleted, with its history.
    gone = {
        (view.removesuffix("_history"), value)
        for view, row in only_ours
        if True in row
        for value in row
        if len(str(value)) >= 9 and (str(value).isdigit() or str(value).startswith("00"))
    }
    assert not [
        (view, row)
        for view, row in only_ours
        if not any((view.removesuffix("_history"), value) in gone for value in row)
    ]
    assert {view: fresh[view] - rows for view, rows in ours.items() if fresh[view] - rows} == {}
    assert company.landing().watermark("salesforce") == company.landing("scratch").watermark(
        "salesforce"
    )


def test_every_stream_has_a_result_and_all_ends_are_equal(crm: Crm) -> None:
    results = crm.read()
    assert set(results) == {
        f"{stream.source}/{stream.name}" for spec in CONNECTORS for stream in spec.streams
    }
    assert len({result.window_end for result in results.values()}) == 2


def test_salesforce_deletes_and_late_rows_are_seen(crm: Crm) -> None:
    crm.read("salesforce/Lead")
    stamp = iso(crm.later(days=1))
    crm.world.add("salesforce", "Lead", lead(3, stamp, IsDeleted=True, Status="Nurture"))
    # Becomes visible only now, five minutes before where the last reading was complete.
    crm.world.add("salesforce", "Lead", lead(99, ago(minutes=6)), crm.world.now)
    result = crm.read("salesforce/Lead")["salesforce/Lead"]
    assert result.rows == 2
    found = {row[0][:15]: row[1:] for row in crm.table("salesforce/Lead", LEAD_COLUMNS)}
    assert found["00Q000000000003"] == ("Nurture", True)
    assert "00Q000000000099" in found


@pytest.mark.parametrize("many", [False, True])
def test_a_purged_lead_is_found_by_the_sweep_of_ids(crm: Crm, many: bool) -> None:
    for number in range(2_500 if many else 0):
        crm.world.add("salesforce", "Lead", lead(10_000 + number, ago(days=1)), crm.world.now)
    crm.read("salesforce/Lead")
    crm.world.purge("salesforce", "Lead", lead(3, "")["Id"])
    crm.later(days=6)
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 0
    now = iso(crm.later(days=2))
    crm.world.add("salesforce", "Lead", lead(4, now, Status="Nurture"))
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 2
    found = {row[0]: row[1:] for row in crm.table("salesforce/Lead", LEAD_COLUMNS)}
    assert [key for key, row in found.items() if row[1]] == [lead(3, "")["Id"]]
    assert found[lead(3, "")["Id"]] == ("Open - Not Contacted", True)
    assert found[lead(4, "")["Id"]] == ("Nurture", False)
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 0


def test_a_purged_contact_is_found_by_the_sweep_and_an_archived_one_is_not_purged(
    crm: Crm,
) -> None:
    crm.read("hubspot/contacts")
    crm.world.purge("hubspot", "contacts", "1003")
    crm.later(days=8)
    crm.world.add(
        "hubspot", "contacts", contact(1004, ago(days=34), archived_at=iso(crm.world.now))
    )
    assert crm.read("hubspot/contacts")["hubspot/contacts"].rows == 2
    found = {row[0]: row for row in crm.table("hubspot/contacts", "id, archived, _is_deleted")}
    assert found["1003"] == ("1003", "false", True)
    assert found["1004"] == ("1004", "true", True)
    assert sum(row[2] for row in found.values()) == 2
    assert crm.read("hubspot/contacts")["hubspot/contacts"].rows == 0


def test_a_formula_field_is_refreshed_by_the_scheduled_full_pass(crm: Crm) -> None:
    crm.read("salesforce/Lead", "hubspot/contacts")
    # Computed when it is read: no stamp moves.
    crm.world.add("salesforce", "Lead", lead(3, ago(days=33), Rating="Hot"), crm.world.now)
    crm.world.add(
        "hubspot", "contacts", contact(1003, ago(days=33), hubspotscore="9"), crm.world.now
    )
    crm.later(days=8)
    assert {one.rows for one in crm.read("salesforce/Lead", "hubspot/contacts").values()} == {0}
    crm.later(days=21)
    assert {one.rows for one in crm.read("salesforce/Lead", "hubspot/contacts").values()} == {1}


def test_many_salesforce_records_come_by_bulk_and_equal_rest(crm: Crm) -> None:
    hostile = 'a, "b"\n=1+1 🎉 00501'
    for number in range(2_500):
        crm.world.add(
            "salesforce", "Lead", lead(10_000 + number, ago(days=1), Title=hostile), crm.world.now
        )
    crm.read("salesforce/Lead")
    families = crm.sandbox.sandbox.counts.told()
    assert any("jobs" in name or "bulk" in name for name in families), families
    found = crm.table("salesforce/Lead", '"Id", "Title"')
    assert len(found) == 2_530
    assert sum(title == hostile for _, title in found) == 2_500
    # The overlap is read by REST, whose times are written in another way: nothing new all the same.
    crm.world.add("salesforce", "Lead", lead(10_000, ago(seconds=90)), crm.world.now)
    crm.read("salesforce/Lead")
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 0


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


def test_a_selection_reads_only_that(crm: Crm, tmp_path: Path) -> None:
    assert set(crm.read("hubspot/owners")) == {"hubspot/owners"}
    assert [path.name for path in (tmp_path / "landing").iterdir()] == ["hubspot"]


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


def test_objects_that_only_the_configuration_names_are_read(crm: Crm) -> None:
    stamps = {"CreatedDate": ago(days=3), "SystemModstamp": ago(days=2), "IsDeleted": False}
    crm.world.add("salesforce", "Renewal__c", {"Id": "a01000000000001AAA", "Name": "R", **stamps})
    machine = {"id": "5", "properties": {"serial": "00501"}, "updatedAt": ago(days=2)}
    crm.world.add("hubspot", "p123_machine", {**machine, "createdAt": ago(days=3)})
    crm.world.advance_to(crm.world.now)
    extra = {"salesforce": ("Renewal__c", "Lead"), "hubspot": ("p123_machine",)}
    connectors = [
        type(one)(replace(one.settings, extra_objects=extra[one.source]))
        for one in crm.connectors()
    ]
    results = {result.stream: result.rows for result in extract(connectors, crm.landing())}
    assert (results["Renewal__c"], results["p123_machine"], results["Lead"]) == (1, 1, 30)
    with duckdb.connect() as con:
        crm.landing().register(con, {})
        assert con.execute("select serial from raw_hubspot.p123_machine").fetchall() == [("00501",)]
    with pytest.raises(WrongSettings, match="SALESFORCE_OBJECTS names 'a b'"):
        replace(connectors[0].settings, extra_objects=("a b",))
