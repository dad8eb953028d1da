"""A bulk job that takes longer than a run waits is taken up by the next one, not asked for anew."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.errors import JobFailed, JobUnfinished, QuotaExhausted
from connectors.salesforce import bulk, connector
from tests.connectors.conftest import Crm, ago, iso, lead

LEADS = "salesforce/Lead"


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that were ever started; they are small, and come in three pages."""
    monkeypatch.setattr(connector, "BULK_FROM", 10)
    monkeypatch.setattr(bulk, "PAGE_ROWS", 10)
    started, start = list[str](), bulk.start_job

    def noted(*given: Any) -> str:
        started.append(start(*given))
        return started[-1]

    monkeypatch.setattr(bulk, "start_job", noted)
    return started


def wait_in_vain(crm: Crm) -> None:
    """A run whose job does not end in time."""
    crm.fault("stuck_job", object="Lead")
    with pytest.raises(JobUnfinished, match="did not end in 1 s"):
        crm.read(LEADS)
    crm.sandbox.sandbox.faults.clear()


def titles(crm: Crm) -> dict[str, str | None]:
    return dict(crm.table(LEADS, '"LastName", "Title"'))


def test_a_first_load_waits_on_and_reads_what_changed_meanwhile(crm: Crm, jobs: list[str]) -> None:
    wait_in_vain(crm)
    assert crm.landing().watermark("salesforce") is None
    assert crm.table(LEADS) == []
    stamp = iso(crm.later(hours=2) - timedelta(minutes=30))
    crm.world.add("salesforce", "Lead", lead(3, stamp, Title="changed meanwhile"))
    wait_in_vain(crm)
    crm.later(minutes=5)
    assert crm.read(LEADS)[LEADS].rows == 30
    assert len(jobs) == 1
    assert crm.landing().state("salesforce", "Lead").unfinished == {}
    # The job told what was there when it began; the window goes on from then.
    crm.later(minutes=5)
    assert crm.read(LEADS)[LEADS].rows == 1
    assert titles(crm)["Lead 3"] == "changed meanwhile"
    assert len(titles(crm)) == 30


def test_a_full_pass_is_complete_to_the_beginning_of_its_job(crm: Crm, jobs: list[str]) -> None:
    crm.read(LEADS)
    before = crm.landing().state("salesforce", "Lead")
    crm.world.purge("salesforce", "Lead", lead(5, "")["Id"], crm.later(days=29))
    crm.world.add("salesforce", "Lead", lead(6, ago(days=36), Title="a formula"), crm.world.now)
    started, asked = crm.world.now.replace(tzinfo=None), len(jobs)
    wait_in_vain(crm)
    assert crm.landing().state("salesforce", "Lead").window_end == before.window_end
    assert len(titles(crm)) == 30
    stamp = iso(crm.later(hours=2) - timedelta(minutes=30))
    crm.world.add("salesforce", "Lead", lead(3, stamp, Title="changed meanwhile"))
    crm.world.add("salesforce", "Lead", lead(90, stamp))
    assert crm.read(LEADS)[LEADS].rows == 2
    assert len(jobs) == asked + 1
    assert titles(crm)["Lead 6"] == "a formula"
    assert ("Lead 5", True) in crm.table(LEADS, '"LastName", _is_deleted')
    state = crm.landing().state("salesforce", "Lead")
    assert state.window_end <= started
    assert not state.marks["waits_for"]
    assert crm.read(LEADS)[LEADS].rows == 2
    assert titles(crm)["Lead 3"] == "changed meanwhile"
    assert "Lead 90" in titles(crm)


def test_a_big_window_that_waits_on_loses_nothing(crm: Crm, jobs: list[str]) -> None:
    crm.read(LEADS)
    asked = len(jobs)
    stamp = iso(crm.later(hours=2) - timedelta(minutes=30))
    for number in range(20):
        crm.world.add("salesforce", "Lead", lead(number, stamp, Title="all of them"))
    crm.fault("request_limit_exceeded", match="/results", skip=1)
    with pytest.raises(QuotaExhausted):
        crm.read(LEADS)
    crm.sandbox.sandbox.faults.clear()
    # Half of a window is no batch.
    assert set(titles(crm).values()) == {None}
    later = iso(crm.later(hours=1))
    crm.world.add("salesforce", "Lead", lead(25, later, Title="later"))
    assert crm.read(LEADS)[LEADS].rows == 20
    assert crm.read(LEADS)[LEADS].rows == 1
    assert len(jobs) == asked + 1
    assert list(titles(crm).values()).count("all of them") == 20
    assert titles(crm)["Lead 25"] == "later"


@pytest.mark.parametrize("end", ["deleted", "failed", "stuck for days", "other fields"])
def test_a_job_that_is_no_more_is_asked_for_anew(crm: Crm, jobs: list[str], end: str) -> None:
    wait_in_vain(crm)
    (job,) = crm.sandbox.sandbox.jobs.by_id.values()
    if end == "deleted":
        crm.sandbox.sandbox.jobs.by_id.clear()
    elif end == "failed":
        job.state = "Failed"
    elif end == "stuck for days":
        crm.later(days=2)
        crm.fault("stuck_job", object="Lead")
        with pytest.raises(JobFailed):
            crm.read(LEADS)
        assert job.state == "Aborted"
        crm.sandbox.sandbox.faults.clear()
    else:
        crm.fault("hidden_field", object="Lead", field="Title")
    assert crm.read(LEADS)[LEADS].rows == 30
    assert len(jobs) == 2
    assert len(crm.table(LEADS)) == 30
    assert crm.landing().state("salesforce", "Lead").total_rows == 30
