"""What both teams signed: the shipped definitions, and what happens when a rule changes."""

import shutil
import warnings
from dataclasses import replace
from datetime import date, timedelta

import pytest

from onefunnel import dbt_manifest
from onefunnel.home import Home
from review import agreements, registry, standing
from review.agreements import Evidence, Term, WrongAgreement
from tests.conftest import DBT_PROJECT

TODAY = date(2026, 7, 1)
OWNERS = {"marketing": "Head of Marketing", "sales": "Head of Sales"}
MQL = Term("mql", 1, date(2026, 6, 1), "aaaa", "1111", OWNERS)
RAISED = replace(MQL, version=2, changed_on=date(2026, 7, 1), rule="bbbb")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> dict:
    """The manifest of the working tree, with its models compiled."""
    return dbt_manifest.read(dbt_manifest.ensure(Home(tmp_path_factory.mktemp("home")).create()))


def test_both_teams_agree_to_every_definition_of_the_working_tree(compiled):
    """When this fails, its message says who must run which command."""
    found = standing.problems(compiled, DBT_PROJECT)
    remarks = standing.remarks(standing.standings(compiled, DBT_PROJECT), date.today())
    if remarks:
        warnings.warn("\n".join(remarks), stacklevel=1)
    assert not found, "\n" + "\n".join(found)


def signed(project, term, team, evidence=Evidence(), today=TODAY, **given):  # noqa: B008
    before = agreements.read(project, term.name, team)
    after = agreements.signed(term, team, before, evidence, by=given.get("by", ""), today=today)
    agreements.write(project, term, team, after)
    return standing.Standing(term, team, agreements.read(project, term.name, team)[0])


def test_a_changed_rule_names_who_must_run_what(tmp_path):
    agreed = signed(tmp_path, MQL, "sales")
    assert agreed.problem == ""
    stale = replace(agreed, term=RAISED)
    assert "changed since sales agreed (signed aaaa as version 1 on 2026-07-01" in stale.problem
    assert "Head of Sales must" in stale.problem
    assert 'onefunnel agree mql --as sales --effect "…"' in stale.problem
    assert "dbt_project/agreements/mql.sales.yml" in stale.problem
    assert "raise `version`" not in stale.problem
    unraised = replace(agreed, term=replace(MQL, rule="bbbb")).problem
    assert "--no-number-moves" in unraised
    assert unraised.endswith("if a number moves, raise `version` and `changed_on` in its yml first")
    never = standing.Standing(MQL, "marketing", None)
    assert "mql was never agreed to. Head of Marketing must" in never.problem


def test_a_change_is_not_signed_without_a_word_of_its_effect(tmp_path):
    signed(tmp_path, MQL, "sales")
    with pytest.raises(WrongAgreement, match="raise `version`"):
        signed(tmp_path, replace(MQL, rule="bbbb"), "sales")
    with pytest.raises(WrongAgreement, match="--effect"):
        signed(tmp_path, RAISED, "sales")
    with pytest.raises(WrongAgreement, match="raise it to 2"):
        signed(tmp_path, replace(MQL, version=0), "sales")
    assert signed(tmp_path, RAISED, "sales", Evidence("2,410 to 1,908 MQLs")).is_agreed


def test_history_has_a_row_a_version_with_both_signatures_and_the_rewrites(tmp_path):
    rewritten = replace(RAISED, rule="cccc")
    for team in agreements.TEAMS:
        signed(tmp_path, MQL, team)
        signed(tmp_path, RAISED, team, Evidence("fewer MQLs", "#12", "run1", {"mqls": 9.0}))
    signed(tmp_path, rewritten, "sales", Evidence(no_number_moves=True), by="A. Person")
    rows = registry.entries(tmp_path, "mql")
    assert [(row.version, row.rule, row.is_agreed) for row in rows] == [
        (2, "cccc", False), (2, "bbbb", True), (1, "aaaa", True),
    ]  # fmt: skip
    assert rows[0].effect == agreements.NO_NUMBER_MOVES
    assert rows[0].agreed["sales"].agreed_by == "A. Person"
    assert (rows[1].effect, rows[1].pull_request, rows[1].headline) == (
        "fewer MQLs", "#12", {"mqls": 9.0},
    )  # fmt: skip
    assert [row.rule for row in registry.versions(tmp_path, "mql")] == ["cccc", "aaaa"]


def test_changed_inputs_are_a_note_until_acknowledged_and_no_review(tmp_path):
    agreed = signed(tmp_path, MQL, "sales", today=TODAY - timedelta(days=400))
    fed = replace(agreed, term=replace(MQL, inputs="2222"))
    assert fed.problem == ""
    assert "onefunnel agree mql --as sales --inputs" in fed.note
    after = agreements.acknowledged(fed.term, "sales", [agreed.signed], Evidence())
    assert replace(fed, signed=after[0]).note == ""
    assert replace(fed, signed=after[0]).is_overdue(TODAY)
    with pytest.raises(WrongAgreement, match="cannot be acknowledged alone"):
        agreements.acknowledged(RAISED, "sales", [agreed.signed], Evidence())


def test_a_rule_that_nobody_read_for_long_is_told_and_reading_it_again_suffices(tmp_path):
    old = signed(tmp_path, MQL, "sales", today=TODAY - timedelta(days=200))
    assert "more than 6 months ago: Head of Sales should" in old.reminder(TODAY)
    assert not replace(old, review_months=12).is_overdue(TODAY)
    again = signed(tmp_path, MQL, "sales", today=TODAY)
    assert again.reminder(TODAY) == ""
    assert again.signed.agreed_on == old.signed.agreed_on


def test_a_file_edited_by_hand_is_named_with_what_to_do(tmp_path):
    signed(tmp_path, MQL, "sales")
    path = agreements.path_of(tmp_path, "mql", "sales")
    path.write_text(path.read_text().replace("rule:", "ruler:"))
    with pytest.raises(WrongAgreement, match=r"mql\.sales\.yml cannot be read .*ruler"):
        agreements.read(tmp_path, "mql", "sales")


def test_a_changed_threshold_seed_or_macro_makes_the_shipped_agreement_stale(compiled, tmp_path):
    """A real change in the tree: each kind is seen in the rule of exactly whose it is."""
    shutil.copytree(DBT_PROJECT / "seeds", tmp_path / "seeds")
    shutil.copytree(DBT_PROJECT / "agreements", tmp_path / "agreements")

    def stale() -> set[str]:
        found = standing.standings(compiled, tmp_path)
        return {one.term.name for one in found if "changed since" in one.problem}

    before = stale()
    points = tmp_path / "seeds" / "scoring" / "score_points.csv"
    points.write_text(points.read_text().replace("15", "16", 1))
    assert stale() - before == {"mql"}
    fed = {one.term.name for one in standing.standings(compiled, tmp_path) if one.inputs_changed}
    assert {"sal", "rejection", "opportunity"} <= fed
    node = compiled["nodes"]["model.onefunnel.mql"]
    changed = {**node, "compiled_code": node["compiled_code"].replace("50 as", "60 as")}
    compiled = {**compiled, "nodes": {**compiled["nodes"], node["unique_id"]: changed}}
    shutil.copytree(DBT_PROJECT / "seeds", tmp_path / "seeds", dirs_exist_ok=True)
    assert stale() - before == {"mql"}


def test_every_seed_that_feeds_a_definition_is_part_of_a_rule(compiled):
    assert standing.untagged(compiled) == []
    seed = "seed.onefunnel.score_points"
    node = {**compiled["nodes"][seed], "config": {"meta": {"definitions": ["sale"]}}}
    wrong = {**compiled, "nodes": {**compiled["nodes"], seed: node}}
    assert "score_points is tagged to sale, which is no definition" in standing.untagged(wrong)[0]
    del node["config"]
    assert "score_points feeds a definition, but belongs to none" in standing.untagged(wrong)[0]
