from datetime import datetime

import pytest

from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse, RunFacts, Stamp
from onefunnel.refusal import Refusal

AS_OF = datetime(2026, 6, 30, 12)
DAGSTER_RUN = "0123abcd-rest"
FACTS = RunFacts("20260630-120000-0123abcd", AS_OF, "landing", AS_OF, AS_OF)
STAMP = Stamp(FACTS.run_id, AS_OF, "landing", 1, 2, 0)


@pytest.fixture
def warehouse(tmp_path) -> PrivateWarehouse:
    return PrivateWarehouse(Home(tmp_path / "home").create())


def begun(warehouse: PrivateWarehouse) -> PrivateWarehouse:
    warehouse.start_afresh(FACTS, [], [], {})
    return warehouse


def finished(warehouse: PrivateWarehouse) -> PrivateWarehouse:
    begun(warehouse).stamp(STAMP)
    warehouse.unmark()
    return warehouse


def test_a_stamped_build_may_be_released(warehouse):
    assert finished(warehouse).require_stamp() == STAMP


def test_without_a_build_or_a_stamp_nothing_is_released(warehouse):
    for prepare in (lambda: None, lambda: begun(warehouse), warehouse.unmark):
        prepare()
        with pytest.raises(Refusal, match="Materialise everything"):
            warehouse.require_stamp()


def test_a_file_that_is_being_written_is_not_released(warehouse):
    finished(warehouse).mark("killed run")
    with pytest.raises(Refusal, match="no complete, fully tested build"):
        warehouse.require_stamp()


def test_a_leftover_log_of_the_engine_is_not_trusted(warehouse):
    finished(warehouse).path.with_name("warehouse.duckdb.wal").write_bytes(b"torn")
    with pytest.raises(Refusal, match="no complete, fully tested build"):
        warehouse.require_stamp()


def test_a_partial_build_takes_the_stamp_away_and_needs_a_whole_file(warehouse):
    assert finished(warehouse).reopen() == FACTS
    warehouse.unmark()
    with pytest.raises(Refusal, match="not released"):
        warehouse.require_stamp()
    warehouse.mark("killed run")
    with pytest.raises(Refusal, match="no complete private warehouse"):
        warehouse.reopen()


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 1000])
def test_a_damaged_file_is_discarded_by_the_next_full_build(warehouse, damage):
    finished(warehouse).path.write_bytes(damage)
    with pytest.raises(Refusal):
        warehouse.require_stamp()
    assert finished(warehouse).require_stamp() == STAMP


def test_only_the_run_that_began_the_file_goes_on_with_it(warehouse):
    assert begun(warehouse).begun_by(DAGSTER_RUN) == FACTS
    assert warehouse.begun_by("another-run") is None
    warehouse.unmark()
    assert warehouse.begun_by(DAGSTER_RUN) is None
