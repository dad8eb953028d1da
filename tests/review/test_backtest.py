"""The traps of looking back: each is planted, springs on the naive statistic, and not on ours."""

import json
from datetime import datetime, timedelta

import duckdb
import pytest

from onefunnel import dbt_manifest
from onefunnel.home import Home
from review.backtest import cohort as cohorts
from review.backtest import evidence, page, rule, trial, words
from review.backtest.evidence import Share
from tests.conftest import DBT_PROJECT
from tests.review.people_looked_back_on import AS_OF, NOW, Company, talk


@pytest.fixture
def company():
    made = Company()
    yield made
    made.con.close()


def test_leakage_a_signal_logged_after_acceptance_is_no_evidence(company):
    for number in range(40):
        is_accepted = number % 2 == 0
        company.person(talk("2025Q1", number % 50), "accepted" if is_accepted else "rejected",
                       100 if is_accepted else 0, before_days=-1.2)  # fmt: skip
    naive = company.naive(
        "select avg(case when kind = 'accepted' then 1 else 0 end) from release.intermediate."
        "int_signal inner join release.intermediate.int_status_event using (person_id)"
    )
    assert naive == 1.0
    cohort = company.cohort()
    ours = evidence.judged(cohort, 50, ["2025Q1"])
    assert (ours.passed, ours.precision.value) == (0, None)
    (signal,) = company.con.execute(
        "select count(*) from signals inner join people using (person_id) "
        "where signal_at < talked_at"
    ).fetchall()
    assert signal == (0,)


def test_null_in_a_rate_people_without_any_signal_do_not_pass(company):
    for number in range(100):
        has_signal = number < 4
        company.person(talk("2025Q1", number % 50), "accepted", 60 if has_signal else 0)
    company.cohort()
    naive = company.naive(
        "select avg(case when score >= 50 then 1.0 else 0 end) from "
        "(select person_id from people) left join moments using (person_id) where score is not null"
    )
    unguarded = company.naive(
        "select avg((score >= 50)::int) from people left join moments using (person_id)"
    )
    assert naive == unguarded == 1.0
    ours = evidence.judged(company.cohort(), 50, ["2025Q1"])
    assert ours.passed / ours.base_rate.total == 0.04


def test_right_censoring_a_young_quarter_is_not_yet_measurable(company):
    for quarter, wins in (
        ("2025Q1", 5),
        ("2025Q2", 5),
        ("2025Q3", 5),
        ("2025Q4", 5),
        ("2026Q2", 0),
    ):
        for number in range(30):
            company.person(talk(quarter, number), "accepted", 60, pipeline=1000.0,
                           won_after=100 if number < wins else None)  # fmt: skip
    naive = company.naive(
        "select count(*) filter (outcome = 'won') / count(*) from release.definitions.win "
        "inner join release.definitions.opportunity using (opportunity_id) "
        "where pipeline_at >= timestamp '2026-04-01'"
    )
    assert naive == 0
    found = company.report()
    rows = {row["quarter"]: row for row in found["quarters"]}
    assert rows["2026Q2"] == {"quarter": "2026Q2", "decided": 30, "use": "not yet measurable"}
    assert rows["2025Q4"]["wins"]["hits"] == 5
    assert found["cohort"]["not_yet"] == ["2026Q2"]
    assert found["rules"][0]["later"]["wins"]["of"] == 10
    assert any("2026Q2: not yet measurable" in one for one in found["warnings"])
    assert "not yet measurable" in "\n".join(words.lines(found, "USD"))


def test_a_win_after_the_horizon_counts_for_no_quarter(company):
    for after in (100, 179, 200, 400):
        company.person(talk("2024Q1"), "accepted", 60, pipeline=10.0, won_after=after)
    assert evidence.judged(company.cohort(), 50, ["2024Q1"]).wins == Share(2, 2)


def test_selection_a_recall_by_construction_is_said_to_be_one(company):
    for quarter in ("2025Q1", "2025Q2", "2025Q3", "2025Q4"):
        for number in range(20):
            company.person(talk(quarter, number), "accepted" if number % 2 else "rejected", 60,
                           handed_over=True)  # fmt: skip
    found = company.report()
    assert found["rules"][0]["later"]["recall"]["value"] == 1.0
    assert any("recall is 1 by construction" in one for one in found["warnings"])
    company.person(talk("2025Q1"), "accepted", 0)
    cohort = company.cohort()
    assert not evidence.is_selected(cohort, ["2025Q1", "2025Q2"])
    assert evidence.judged(cohort, 50, ["2025Q1"]).recall == Share(10, 11)


def test_survivorship_deleted_leads_keep_the_decision_that_they_had(company):
    for number in range(40):
        is_bad = number >= 20
        company.person(talk("2025Q1", number), "rejected" if is_bad else "accepted", 60,
                       is_deleted=is_bad)  # fmt: skip
    naive = company.naive(
        "select avg(case when kind = 'accepted' then 1 else 0 end) from release.definitions.lead "
        "inner join release.intermediate.int_status_event using (person_id) "
        "where deleted_at is null"
    )
    assert naive == 1.0
    assert evidence.judged(company.cohort(), 50, ["2025Q1"]).precision == Share(20, 40)


def test_collider_winners_are_customers_today_and_were_none_then(company):
    for number in range(40):
        is_won = number < 10
        company.person(talk("2025Q1", number), "accepted", 60, pipeline=10.0,
                       won_after=50 if is_won else None, customer_now=is_won)  # fmt: skip
    naive = company.naive(
        "select count(*) from release.definitions.lead "
        "inner join release.intermediate.int_opportunity_role using (person_id) "
        "inner join release.definitions.win using (opportunity_id) "
        "where outcome = 'won' and exclusion_reason is null"
    )
    assert naive == 0
    assert evidence.judged(company.cohort(), 50, ["2025Q1"]).wins == Share(10, 10)


def test_an_answer_in_time_is_a_share_of_all_that_were_due_not_of_those_worked(company):
    for number in range(30):
        status = "met" if number < 9 else "breached"
        answered = talk("2025Q1") if number < 10 else None
        company.add("definitions.follow_up", f"e{number}", talk("2025Q1"), status, answered)
    naive = company.naive(
        "select avg(case when status = 'met' then 1 else 0 end) from release.definitions.follow_up "
        "where responded_at is not null"
    )
    assert naive == 0.9
    company.person(talk("2025Q1"), "accepted")
    found = company.report()["answered"]
    assert (found["value"], found["never_answered"]) == (0.3, 20)


def test_a_threshold_is_chosen_on_older_quarters_and_judged_on_later_ones(company):
    """High scores were accepted more often once; lately they no longer are."""
    quarters = ("2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4")
    for quarter in quarters:
        is_older = quarter < "2025Q3"
        for number in range(40):
            is_high = number % 2 == 0
            is_accepted = is_high if is_older else number % 4 < 2
            company.person(talk(quarter, number), "accepted" if is_accepted else "rejected",
                           80 if is_high else 55, pipeline=100.0 if is_high else None,
                           won_after=30 if is_high else None)  # fmt: skip
    found = company.report()
    assert found["cohort"]["older"] == list(quarters[:4])
    assert found["cohort"]["later"] == list(quarters[4:])
    assert 55 < found["proposal"] <= 80
    proposal = found["rules"][-1]
    assert proposal["older"]["precision"]["value"] == 1.0
    assert proposal["later"]["precision"]["value"] == 0.5
    assert proposal["later"]["wins"]["value"] == 1.0
    assert "would have had 50% of 40" in words.sentence(found)


def test_nothing_is_proposed_that_loses_wins_or_is_looser(company):
    for quarter in ("2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3"):
        for number in range(40):
            is_high = number % 2 == 0
            company.person(talk(quarter, number), "accepted" if is_high else "rejected",
                           80 if is_high else 55, pipeline=100.0,
                           won_after=30 if not is_high else None)  # fmt: skip
            company.person(talk(quarter, number), "accepted", 20)
    found = company.report(NOW.named("candidate", 20))
    assert found["proposal"] is None
    assert any("lets in leads that sales hardly ever worked" in one for one in found["warnings"])


def test_the_score_is_that_of_the_rule_window_cap_and_hand_raises_included(company):
    name = company.person(talk("2025Q1"), "accepted")
    for days in (40, 12, 11, 10, 9):
        at = talk("2025Q1") - timedelta(days=days)
        company.add("intermediate.int_signal", name, at, "Whitepaper", 15, False,
                    None)  # fmt: skip
    company.add("intermediate.int_signal", name, talk("2025Q1") - timedelta(days=35),
                "Pricing page", 25, False, None)  # fmt: skip
    (person,) = company.cohort().people
    # Within 30 days at any moment: at most three of four whitepapers, or the first with pricing.
    assert (person.score_30, person.score_60) == (70, 70)
    assert not person.raised_60
    company.add("intermediate.int_signal", name, talk("2025Q1") - timedelta(days=45),
                "Request a demo", 0, True, None)  # fmt: skip
    (person,) = company.cohort().people
    assert (person.raised_60, person.raised_30) == (True, False)
    assert (person.passes(100), person.passes(100, 30)) == (True, False)


def test_whom_the_icp_rules_out_never_passes(company):
    name = company.person(talk("2025Q1"), "accepted", 90)
    company.add("intermediate.int_person_account", name, "a1", datetime(2020, 1, 1), None)
    company.add("definitions.icp", "a1", datetime(2020, 1, 1), None, "not_fit")
    assert not company.cohort().people[0].passes(50)


def test_created_as_decided_and_undecided_are_counted_and_left_out(company):
    company.person(talk("2025Q1"), None, 60)
    company.person(talk("2025Q1"), "accepted", 60)
    company.con.execute(
        "update release.intermediate.int_status_event set is_created_in_stage = true"
    )
    cohort = company.cohort()
    assert (cohort.people, cohort.undecided, cohort.unjudged) == ((), 1, 1)
    assert cohorts.passing(company.con, 50, AS_OF) == (2, 1)


def test_little_history_proposes_nothing(company):
    company.person(talk("2025Q1"), "accepted", 60)
    found = company.report()
    assert found["proposal"] is None
    assert words.sentence(found).startswith("There is not enough history")


def test_page_and_json_hold_no_id_and_hostile_signals_stay_text(company, tmp_path, browser):
    for quarter in ("2025Q1", "2025Q2", "2025Q3", "2025Q4"):
        for number in range(25):
            company.person(talk(quarter, number), "accepted" if number % 3 else "rejected",
                           30 + number * 3, pipeline=1000.0, won_after=50)  # fmt: skip
    company.con.execute(
        "update release.intermediate.int_signal set signal = '<img src=x onerror=alert(1)>'"
    )
    found = company.report(NOW.named("candidate", 60))
    path = page.write(found, "USD", tmp_path)
    said = path.read_text() + json.dumps(found)
    assert not [name for name in ("p1", "p17", "o33") if f'"{name}"' in said or f">{name}<" in said]
    tab = browser.new_page()
    problems = []
    tab.on("console", lambda message: problems.append(message.text))
    tab.on("dialog", lambda dialog: problems.append("dialog"))
    tab.goto(f"file://{path}")
    assert tab.query_selector("img") is None
    assert tab.locator("circle.later").count() > 5
    assert tab.locator("h2").count() == 5
    tab.close()
    assert problems == []


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return dbt_manifest.read(dbt_manifest.ensure(Home(tmp_path_factory.mktemp("home")).create()))


def test_a_candidate_is_what_the_working_tree_says(tree, tmp_path):
    """Numbers from `agreed`, signals from the tree's own SQL and scoring seeds."""
    now = rule.agreed(tree, "rule in force")
    assert (now.minimum_score, now.score_window_days, now.most_of_one_kind) == (50, 30, 3)
    node = tree["nodes"]["model.onefunnel.mql"]
    changed = {**node, "compiled_code": node["compiled_code"].replace("50 as", "65 as")}
    draft = {**tree, "nodes": {**tree["nodes"], node["unique_id"]: changed}}
    assert rule.agreed(draft, "candidate").minimum_score == 65

    review = tmp_path / "review.duckdb"
    with duckdb.connect(str(review)) as con:
        con.execute("create schema intermediate; create schema seeds")
        con.execute(
            "create table intermediate.int_touch as select * from (values "
            "('t1', 'p1', timestamp '2025-01-01', 'form_submission', 'Whitepaper download', "
            "cast(null as varchar), true), ('t2', 'p1', timestamp '2025-01-02', "
            "'form_submission', 'Request a demo', null, true)) "
            "as t(touch_id, person_id, touched_at, kind, value, campaign_id, is_human)"
        )
        con.execute("create table seeds.calendar as select 'UTC' as reporting_time_zone")
    with trial.over(review) as con:
        rule.signals(con, tree, DBT_PROJECT)
        told = con.execute(
            "select signal, points, is_hand_raise from signals order by 1"
        ).fetchall()
    assert told == [("Request a demo", 0, True), ("Whitepaper download", 15, False)]
