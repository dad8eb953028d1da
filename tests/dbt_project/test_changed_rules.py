"""Whoever changes a rule by one line of one file is told so by tests whose names say it."""

from datetime import datetime
from pathlib import Path

import pytest

from onefunnel.home import Home
from tests.product import command_of_copy, copy_of
from tests.warehouse import begin, dbt, run_results

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TERMS = ("mql", "icp", "rejection")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="module")
def home(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which the three definitions are built empty."""
    home = begin(tmp_path_factory.mktemp("changed") / "home", datetime(2026, 6, 30, 12))
    kinds = ("--resource-type", "seed", "--resource-type", "model")
    wanted = ("--select", *(f"+{term}" for term in TERMS))
    built = dbt(home, "build", "--quiet", *kinds, *wanted, project=copy / "dbt_project")
    assert built.returncode == 0, built.stdout[-4000:]
    return home


@pytest.mark.parametrize(
    ("term", "file", "old", "new", "told"),
    [
        pytest.param(
            "mql", "models/definitions/mql.sql", "50 as minimum_score", "60 as minimum_score",
            ["a_score_of_50_in_30_days_makes_an_mql", "score_decay"], id="a higher threshold",
        ),
        pytest.param(
            "icp", "seeds/icp/icp_industry.csv", "Healthcare\n", "",
            ["healthcare"], id="an industry less",
        ),
        pytest.param(
            "rejection", "seeds/mappings/rejection_reason.csv", "\nother,",
            "\nToo early for us,bad_timing,,\nother,", [], id="a harmless reason more",
        ),
        pytest.param(
            "rejection", "seeds/mappings/rejection_reason.csv", "\nother,",
            "\ntoo_young,too_young,,\nother,", [], id="a new shared reason",
        ),
    ],
)  # fmt: skip
def test_a_changed_line_fails_the_tests_that_speak_of_it_and_asks_both_teams(
    copy, home, term, file, old, new, told
):
    path = copy / "dbt_project" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    try:
        chosen = [f"{one},test_type:unit" for one in TERMS]
        # A seed that a unit test reads is read anew only when all is parsed anew.
        asked = ("test", "--quiet", "--no-partial-parse", "--select", *chosen)
        tested = dbt(home, *asked, project=copy / "dbt_project")
        results = run_results(home)
        checked = command_of_copy(copy, home.root, "agree", "--check")
    finally:
        path.write_text(text, encoding="utf-8")
    assert 30 < len(results) < 100, tested.stdout[-4000:] + tested.stderr[-4000:]
    failed = [one["unique_id"].split(".")[-1] for one in results if one["status"] != "pass"]
    assert len(failed) == len(told)
    assert all(any(words in name for name in failed) for words in told), failed
    said = checked.stdout + checked.stderr
    assert checked.returncode == 10
    for team in ("marketing", "sales"):
        assert f"{term} changed since {team} agreed" in said
    assert {other for other in TERMS if f"{other} changed since" in said} == {term}
