"""A first load that is cut off goes on where it was: what has landed is not asked for again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import stream
from connectors.errors import ConnectorError, QuotaExhausted, Unreachable
from connectors.hubspot import associations, crm_objects, marketing
from connectors.salesforce import bulk, connector
from connectors.sandbox import serve
from tests.connectors.conftest import NOW, Crm, ago, contact, edge, iso, lead, small_world

CONTACTS, LEADS = 250, 750


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crm]:
    """Ten small pages of contacts with history, some archived; leads, which come by bulk."""
    monkeypatch.setattr(stream, "PIECE_OF_FIRST_LOAD", 60)
    monkeypatch.setattr(connector, "BULK_FROM", 500)
    monkeypatch.setattr(bulk, "PAGE_ROWS", 100)
    monkeypatch.setattr(marketing, "EVENTS_PAGE", 25)
    monkeypatch.setattr(crm_objects, "LIST_PAGE", 25)
    monkeypatch.setattr(crm_objects, "LIST_PAGE_WITH_HISTORY", 12)
    monkeypatch.setattr(associations, "BATCH", 100)
    world = small_world()
    for number in range(CONTACTS):
        gone = ago(days=2) if number % 4 == 3 else None
        world.add("hubspot", "contacts", contact(5_000 + number, ago(days=9), archived_at=gone))
        world.add("hubspot", "associations", edge("contacts", 5_000 + number, "companies", 501))
        event = {"id": f"e{number}", "type": "OPEN", "created": ago(days=3, seconds=number // 7)}
        world.add("hubspot", "email_events", {**event, "recipient": f"p{number}@example.net"})
    for number in range(LEADS):
        world.add("salesforce", "Lead", lead(5_000 + number, ago(days=1)))
    world.advance_to(NOW)
    with serve.start(world) as sandbox:
        yield Crm(sandbox, tmp_path)


@pytest.mark.parametrize(
    ("names", "match", "skip"),
    [
        (("hubspot/contacts",), "objects/contacts.*after=", 5),
        (("hubspot/contacts",), "archived=true", 1),
        (("hubspot/contacts", "hubspot/contacts_history"), "propertiesWithHistory.*after=", 11),
        (("hubspot/contacts", "hubspot/companies", "hubspot/associations"), "associations/c", 3),
        (("hubspot/email_events",), "email/public", 6),
        (("salesforce/Lead",), "/results", 4),
    ],
)
def test_a_first_load_goes_on_where_it_was_cut_off(
    many: Crm, names: tuple[str, ...], match: str, skip: int
) -> None:
    many.read(*names, into="undisturbed")
    counts = many.sandbox.sandbox.counts
    undisturbed = sum(counts.told().values())
    counts.reset()
    many.fault("server_error", match=match, skip=skip)
    with pytest.raises(Unreachable):
        many.read(*names)
    state = many.landing().state(*names[-1].split("/"))
    assert state is not None
    assert state.unfinished
    assert many.landing().watermark(state.source) is None
    many.sandbox.sandbox.faults.clear()
    # What changes meanwhile, read already or not, is not lost.
    now = iso(many.later(minutes=30))
    many.world.add("hubspot", "contacts", contact(5_001, now, lifecyclestage="opportunity"))
    many.world.add("hubspot", "contacts", contact(5_240, now, lifecyclestage="opportunity"))
    many.world.add("salesforce", "Lead", lead(5_001, now, Status="Nurture"))
    many.read(*names)
    state = many.landing().state(*names[-1].split("/"))
    assert state is not None
    assert not state.unfinished
    # Two log-ins and descriptions, one page asked for twice, and the attempts that failed.
    assert sum(counts.told().values()) <= undisturbed + 20
    assert state.window_end <= NOW.replace(tzinfo=None)
    many.later(minutes=5)
    many.read(*names)
    many.read(*names, into="scratch")
    columns = "* exclude (_batch_id, _extracted_at)"
    for name in names:
        ours, fresh = many.table(name, columns), many.table(name, columns, into="scratch")
        assert len(ours) == len({str(row) for row in ours})
        lost = {str(row).replace("+0000", "Z") for row in fresh}
        lost -= {str(row).replace("+0000", "Z") for row in ours}
        assert not lost
        assert len(ours) - len(fresh) == (1 if name.endswith("history") else 0)


def test_a_quota_stop_keeps_every_page_of_a_first_load(many: Crm) -> None:
    many.fault("rate_limited", policy="DAILY", match="objects/contacts.*after=", skip=6)
    with pytest.raises(QuotaExhausted, match="Resume after 2026-07-01 00:00 UTC"):
        many.read("hubspot/contacts")
    state = many.landing().state("hubspot", "contacts")
    assert state is not None
    assert state.total_rows == 7 * 25
    many.sandbox.sandbox.faults.clear()
    many.later(hours=12)
    many.sandbox.sandbox.counts.reset()
    assert many.read("hubspot/contacts")["hubspot/contacts"].total_rows == CONTACTS + 30
    assert len(many.table("hubspot/contacts", "id")) == CONTACTS + 30


def test_a_place_that_is_no_more_means_to_start_again_without_twins(many: Crm) -> None:
    many.fault("server_error", match="/results", skip=4)
    with pytest.raises(ConnectorError):
        many.read("salesforce/Lead")
    many.sandbox.sandbox.faults.clear()
    # Salesforce keeps results for seven days.
    many.fault("status", match="GET .*/results", times=1, status=404, body=[
        {"errorCode": "NOT_FOUND", "message": "gone"}
    ])  # fmt: skip
    many.later(days=8)
    many.read("salesforce/Lead")
    assert len(many.table("salesforce/Lead", '"Id"')) == LEADS + 30
    assert many.landing().state("salesforce", "Lead").total_rows == LEADS + 30


def test_what_is_restored_between_the_pieces_of_a_first_load_is_seen(many: Crm) -> None:
    many.fault("server_error", match="archived=true", skip=1)
    with pytest.raises(Unreachable):
        many.read("hubspot/contacts")
    many.sandbox.sandbox.faults.clear()
    many.world.add("hubspot", "contacts", contact(5_003, ago(days=9)), many.later(hours=2))
    many.read("hubspot/contacts")
    many.later(days=1, hours=1)
    many.read("hubspot/contacts")
    found = {row[0]: row[1] for row in many.table("hubspot/contacts", "id, _is_deleted")}
    assert len(found) == CONTACTS + 30
    assert (found["5003"], found["5007"]) == (False, True)
