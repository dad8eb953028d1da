"""What a run reads of both vendors, against the local CRM."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from connectors import CONNECTORS
from connectors.errors import WrongSettings
from connectors.extract import extract
from connectors.landing import Landing
from connectors.sandbox import serve
from connectors.sandbox.company import build
from tests.connectors.conftest import Crm, ago, contact, iso, lead

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


def test_a_selection_reads_only_that(crm: Crm, tmp_path: Path) -> None:
    assert set(crm.read("hubspot/owners")) == {"hubspot/owners"}
    assert [path.name for path in (tmp_path / "landing").iterdir()] == ["hubspot"]


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
