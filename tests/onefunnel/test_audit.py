"""The shared audit: before anything was agreed, on CRMs whose words no mapping knows."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from connectors.extract import extract
from connectors.hubspot.connector import HubSpotConnector
from connectors.landing import Landing
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.serve import start
from connectors.settings import HubSpotSettings, SalesforceSettings
from dashboards import audit
from onefunnel import audit_build, exit_codes
from onefunnel import config as settings
from onefunnel.commands.audit import asking, known_period
from onefunnel.refusal import Refusal
from tests.conftest import DBT_PROJECT
from tests.records import Records, moment
from tests.running import environment, onefunnel

STAGES = [("2026-05-05 09:00", "lead"), ("2026-05-06 09:00", "marketingqualifiedlead")]


def foreign_company() -> Records:
    """Thirty people; sales marks them with words of its own."""
    records = Records()
    for number in range(30):
        email = f"p{number}@customer-{number}.example"
        records.contact(
            email,
            "2026-05-05 09:00",
            history={"lifecyclestage": STAGES if number < 12 else STAGES[:1]},
            lifecyclestage=STAGES[1][1] if number < 12 else "lead",
        )
        taken = ("2026-05-07 09:00", "Wird bearbeitet" if number < 20 else "Qualified")
        records.lead(email, "2026-05-06 10:00", taken, Rejection_Reason__c="Zu klein")
    records.world.advance_to(moment("2026-06-30 12:00"))
    return records


def land(home: Path, *systems: str) -> Path:
    """A home in which these systems have landed and nothing was built."""
    sandbox = start(foreign_company().world)
    try:
        connectors = {
            "salesforce": SalesforceConnector(SalesforceSettings(sandbox.url, "sandbox", "secret")),
            "hubspot": HubSpotConnector(HubSpotSettings("secret", sandbox.url)),
        }
        results = list(extract([connectors[name] for name in systems], Landing(home / "landing")))
    finally:
        sandbox.stop()
    assert {result.source for result in results} == set(systems)
    return home


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    return land(tmp_path_factory.mktemp("audit") / "home", "salesforce", "hubspot")


def audited(home: Path, *options: str) -> tuple[str, str]:
    """What the audit from the landing prints, its blanks as bars, and the page that it writes."""
    done = onefunnel(
        "audit",
        "--from-landing",
        "--html",
        str(home / "page"),
        *options,
        env=environment(home, ONEFUNNEL_AS_OF="2026-06-30T12:00:00Z"),
    )
    assert done.returncode == exit_codes.OK, done.stderr[-2000:]
    return re.sub(r" {2,}", "|", done.stdout), (home / "page/audit.html").read_text("utf-8")


def test_two_teams_can_start_with_it_before_any_mapping_fits(landed):
    said, html = audited(landed)
    assert "has landed from" not in said + html
    assert "HubSpot life-cycle stage|12|" in said
    assert "Salesforce status|10|" in said
    assert "Both lists added up|22|" in said
    assert "Wird bearbeitet|not mapped|20|67%|20" in said
    assert "Zu klein|not mapped|30|100%" in said
    assert "Own date field|" in said
    assert "not used, or not mapped" in said
    assert "No scored signal on record|only HubSpot life-cycle stage|+12" in said
    assert "Wird bearbeitet" in html
    assert (
        'data-metric="audit_counts_gap" data-value="12" data-definition="hubspot_lifecycle"' in html
    )
    assert not (landed / "current").exists()
    assert not list((landed / "private").glob("audit-*"))


@pytest.mark.parametrize(
    ("landed_from", "absent", "silent", "speaks"),
    [
        ("salesforce", "HubSpot", "HubSpot life-cycle stage", "Salesforce status|10|"),
        ("hubspot", "Salesforce", "Salesforce status", "HubSpot life-cycle stage|12|"),
    ],
)
def test_a_system_that_never_landed_is_named(tmp_path, landed_from, absent, silent, speaks):
    said, html = audited(land(tmp_path / "home", landed_from))
    counts, reasons = said.split("Why do the counts differ?")
    for shown in (counts, reasons):
        assert f"Nothing has landed from {absent}: a count of 0 and a reason below" in shown
    assert f"{silent}|–|–|nothing has landed from {absent}" in counts
    assert f"attempts that became an MQL; nothing from {absent}" in counts
    assert f"as in a spreadsheet, nobody matched; nothing from {absent}" in counts
    assert speaks in counts
    assert html.count(f"Nothing has landed from {absent}: a count of 0") == 2
    assert f'<td class="text">nothing has landed from {absent}</td>' in html


@pytest.fixture(scope="module")
def of_the_landing(landed):
    """Ask the audit's tables that are built from the landing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEFUNNEL_HOME", str(landed))
        patch.setenv("ONEFUNNEL_AS_OF", "2026-06-30T12:00:00Z")
        config = settings.prepare(settings.load())
        with (
            audit_build.built(config) as (warehouse, _),
            duckdb.connect(str(warehouse), read_only=True) as con,
        ):
            yield asking(con)


@pytest.mark.parametrize(
    ("period", "days", "counted"),
    [
        ("2026-Q2", ("2026-04-01", "2026-06-30"), 10),
        ("2026-q2", ("2026-04-01", "2026-06-30"), 10),
        ("2026-05", ("2026-05-01", "2026-05-31"), 10),
        ("2026-06", ("2026-06-01", "2026-06-30"), 0),
        ("all_time", ("1900-01-01", "2026-06-30"), 10),
    ],
)
def test_the_quarter_or_month_that_two_teams_argue_about_is_counted(
    of_the_landing, period, days, counted
):
    chosen = known_period(of_the_landing, period)
    assert (str(chosen["starts_on"]), str(chosen["ends_on"])) == days
    rows = {row["definition"]: row for row in audit.counts(of_the_landing, chosen["period"]).rows}
    assert rows["salesforce_status"]["counted"] == counted
    reasons = audit.differences(of_the_landing, chosen["period"], "salesforce_status")
    assert sum(row["counts"] for row in reasons) == counted


@pytest.mark.parametrize(
    ("period", "problem"),
    [
        ("2026-Q3", "it has not begun; the running quarter is 2026-Q2"),
        ("2026-07", "it has not begun; the running month is 2026-06"),
        ("2025-Q4", "nothing was counted before 2026-Q2"),
        ("2026-04", "nothing was counted before 2026-05"),
        ("2026-Q5", "there is no such period"),
        ("2026-13", "there is no such period"),
        ("Q2 2026", "there is no such period"),
    ],
)
def test_a_period_that_cannot_be_counted_is_refused_with_those_that_can(
    of_the_landing, period, problem
):
    with pytest.raises(Refusal) as refused:
        known_period(of_the_landing, period)
    assert refused.value.problem == f"--period {period!r}: {problem}"
    assert refused.value.exit_code == exit_codes.USAGE
    assert refused.value.remedy == (
        "Write a fiscal quarter, 2026-Q2 to 2026-Q2 (1 Apr – 30 Jun 2026), a month, 2026-05 to "
        "2026-06, or one of last_30_days, last_90_days, this_quarter, last_quarter, "
        "last_12_months, all_time"
    )


def test_without_a_release_it_says_what_needs_none(landed, tmp_path):
    done = onefunnel("audit", env=environment(landed))
    assert done.returncode == exit_codes.NOTHING_PUBLISHED
    assert "--from-landing" in done.stderr
    empty = onefunnel("audit", "--from-landing", env=environment(tmp_path / "home"))
    assert empty.returncode == exit_codes.NOTHING_PUBLISHED
    assert "Nothing has landed" in empty.stderr


@pytest.mark.parametrize(
    ("file", "row", "problem"),
    [
        ("mappings/lead_status.csv", "salesforce,Waiting,acepted,3,,", "'acepted' is unknown"),
        ("mappings/lead_status.csv", "salesforce,Nurture,open,1,,", "at the same time"),
        ("scoring/score_points.csv", "Poll,email,,five,,", "points is 'five'; write a whole"),
    ],
)
def test_a_seed_that_cannot_be_right_is_told_as_a_run_tells_it(
    landed, tmp_path, monkeypatch, file, row, problem
):
    shutil.copytree(DBT_PROJECT / "seeds", tmp_path / "dbt_project/seeds")
    with (tmp_path / "dbt_project/seeds" / file).open("a", encoding="utf-8") as seed:
        seed.write(row + "\n")
    monkeypatch.setattr(audit_build, "DBT_PROJECT", tmp_path / "dbt_project")
    monkeypatch.setenv("ONEFUNNEL_HOME", str(landed))
    config = settings.prepare(settings.load())
    with pytest.raises(Refusal) as refused, audit_build.built(config):
        pass
    assert f"dbt_project/seeds/{file}, line " in refused.value.problem
    assert problem in refused.value.problem
