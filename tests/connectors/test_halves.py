"""An object with more formula fields than one query may work out is read by parts, and whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from connectors.errors import RefusedRequest
from connectors.salesforce import connector, halves
from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.soql import ObjectSchema
from tests.connectors.conftest import Crm, ago, iso, lead

LEADS = "salesforce/Lead"
WHOLE = "* exclude (_batch_id, _extracted_at)"
# What a part always has: id, stamp, whether it is deleted.
FEWEST = 4
NEW = {"Title": "new", "City": "Bonn", "Rating": "Cold", "Description": "new"}


@pytest.fixture
def wide(crm: Crm) -> Crm:
    for number in range(30):
        more = {"Title": f"T{number}", "Rating": "Hot", "Description": "a\n🎉", "City": "Köln"}
        crm.world.add("salesforce", "Lead", lead(number, ago(days=30 + number), **more))
    crm.read(LEADS, into="undisturbed")
    crm.sandbox.sandbox.counts.reset()
    return crm


def texts(rows: list[tuple]) -> list[str]:
    """Rows as they are compared: REST and bulk write a time's zone differently."""
    return [str(row).replace("+0000", "Z") for row in rows]


@pytest.mark.parametrize("fields", [20, 9, FEWEST])
@pytest.mark.parametrize("bulk_from", [2_000, 10])
def test_halves_of_halves_are_joined_to_whole_records(
    wide: Crm, monkeypatch: pytest.MonkeyPatch, fields: int, bulk_from: int
) -> None:
    monkeypatch.setattr(connector, "BULK_FROM", bulk_from)
    wide.fault("too_complicated", object="Lead", fields=fields)
    assert wide.read(LEADS)[LEADS].rows == 30
    assert texts(wide.table(LEADS, WHOLE)) == texts(wide.table(LEADS, WHOLE, into="undisturbed"))
    # What changed, what was deleted and what is gone is seen as ever.
    stamp = iso(wide.later(days=8))
    wide.world.add("salesforce", "Lead", lead(3, stamp, Title="changed"))
    wide.world.add("salesforce", "Lead", lead(4, stamp, IsDeleted=True))
    wide.world.purge("salesforce", "Lead", lead(5, "")["Id"])
    assert wide.read(LEADS)[LEADS].rows == 3
    found = wide.table(LEADS, '"Title", _is_deleted, "LastName"')
    assert ("changed", False, "Lead 3") in found
    assert {row[2] for row in found if row[1]} == {"Lead 4", "Lead 5"}
    wide.later(hours=1)
    assert wide.read(LEADS)[LEADS].rows == 0


def test_a_job_that_fails_as_too_complicated_is_divided(
    wide: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector.soql, "MAX_URL", 300)
    wide.fault("too_complicated", object="Lead", fields=20)
    assert wide.read(LEADS)[LEADS].rows == 30
    assert texts(wide.table(LEADS, WHOLE)) == texts(wide.table(LEADS, WHOLE, into="undisturbed"))


class Moving:
    """Something happens in the CRM after each part that was read, as often as it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, happen: Callable[[], None], times: int):
        self.parts, take = 0, SalesforceConnector.take

        def moving(one: SalesforceConnector, *given: Any) -> None:
            take(one, *given)
            self.parts += 1
            if self.parts <= times:
                happen()

        monkeypatch.setattr(SalesforceConnector, "take", moving)


def told(crm: Crm) -> dict[str, str]:
    """Four fields of each lead, which are in different parts, as one word."""
    words = '"Title" || "City" || "Rating" || "Description"'
    return dict(crm.table(LEADS, f'"LastName", {words}'))


@pytest.mark.parametrize("bulk_from", [2_000, 10])
def test_what_changes_between_the_parts_lands_whole(
    wide: Crm, monkeypatch: pytest.MonkeyPatch, bulk_from: int
) -> None:
    monkeypatch.setattr(connector, "BULK_FROM", bulk_from)
    wide.fault("too_complicated", object="Lead", fields=9)

    def happen() -> None:
        now = iso(wide.later(seconds=1))
        for number in (1, 50):
            wide.world.add("salesforce", "Lead", lead(number, now, **NEW))
        wide.world.add("salesforce", "Lead", lead(3, now, **NEW, IsDeleted=True))
        wide.world.purge("salesforce", "Lead", lead(2, "")["Id"])

    Moving(monkeypatch, happen, 1)
    assert wide.read(LEADS)[LEADS].rows == 30
    found = told(wide)
    assert len(found) == 30
    assert "Lead 2" not in found
    assert {found[name] for name in ("Lead 1", "Lead 3", "Lead 50")} == {"newBonnColdnew"}
    assert found["Lead 4"] == "T4KölnHota\n🎉"
    assert ("Lead 3",) in wide.table(LEADS, 'case when _is_deleted then "LastName" end')


def test_what_moves_out_of_the_window_between_the_parts_is_left_to_the_next_run(
    wide: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide.fault("too_complicated", object="Lead", fields=20)
    wide.read(LEADS)
    stamp = iso(wide.later(hours=1) - timedelta(minutes=9))
    wide.world.add("salesforce", "Lead", lead(1, stamp, Title="now", City="now"))
    wide.world.add("salesforce", "Lead", lead(4, stamp, **NEW))
    Moving(
        monkeypatch,
        lambda: wide.world.add("salesforce", "Lead", lead(1, iso(wide.later(minutes=1)), **NEW)),
        1,
    )
    wide.read(LEADS)
    assert told(wide)["Lead 1"] == "T1KölnHota\n🎉"
    assert told(wide)["Lead 4"] == "newBonnColdnew"
    wide.later(minutes=5)
    wide.read(LEADS)
    assert told(wide)["Lead 1"] == "newBonnColdnew"


def test_a_record_that_never_stands_still_fails_the_object_and_lands_nothing_torn(
    wide: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide.fault("too_complicated", object="Lead", fields=20)
    Moving(
        monkeypatch,
        lambda: wide.world.add("salesforce", "Lead", lead(1, iso(wide.later(seconds=1)), **NEW)),
        1_000,
    )
    with pytest.raises(RefusedRequest, match="1 records change faster"):
        wide.read(LEADS)
    assert wide.landing().state("salesforce", "Lead") is None


def test_one_field_that_is_too_complicated_by_itself_is_the_vendors_last_word(wide: Crm) -> None:
    wide.fault("too_complicated", object="Lead", fields=FEWEST - 1)
    with pytest.raises(RefusedRequest, match="QUERY_TOO_COMPLICATED"):
        wide.read(LEADS)


def test_id_stamp_and_deletion_are_in_both_halves() -> None:
    fields = dict.fromkeys(("Id", "A", "SystemModstamp", "B", "IsDeleted", "C"), "string")
    schema = ObjectSchema("Lead", fields, "SystemModstamp")
    left, right = halves.halves(schema)
    assert list(left.fields) == ["Id", "A", "SystemModstamp", "IsDeleted", "C"]
    assert list(right.fields) == ["Id", "SystemModstamp", "B", "IsDeleted"]
    assert halves.halves(right) == []
