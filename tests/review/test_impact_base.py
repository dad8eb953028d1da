"""`onefunnel impact --base <revision>`: in a clone of the repository, against its own commits."""

import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from connectors.landing import Landing
from tests import product
from tests.review.projects import edit
from tests.running import environment, onefunnel

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
MQL = "models/definitions/mql.sql"
POINTS = "seeds/scoring/score_points.csv"
MART = "models/marts/lost_by_tier.sql"
FACTS = "models/intermediate/int_metric_fact.sql"
FIGURES = """
select metric, value from marts.metric_slice where period = 'all_time'
    and compare = 'current' and (segment, region, source) = ('All', 'All', 'All')
"""
NAMES = """
select distinct trim("FirstName" || ' ' || "LastName") from raw_salesforce.lead
where length("FirstName") > 2 union select distinct "Email" from raw_salesforce.lead
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A repository of the code as it is, whose last commit scores otherwise."""
    place = tmp_path_factory.mktemp("clone")
    product.copy_of(place)
    git(place, "init", "--quiet", "--initial-branch=main")
    commit(place)
    edit(place / "dbt_project", MQL, "50 as minimum_score", "60 as minimum_score")
    # A seed too: each question reads the commit from a folder of its own.
    edit(place / "dbt_project", POINTS, "email_click,,5,,", "email_click,,4,,")
    commit(place)
    return place


def git(place: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A Person", "-c", "user.email=person@example.net")
    subprocess.run(["git", "-C", str(place), *who, *arguments], check=True)


def commit(place: Path) -> None:
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "As it was")


def tree_of(place: Path, revision: str) -> None:
    """Let the files be those of a revision, and the branch stay where it is."""
    git(place, "checkout", "--quiet", revision, "--", "dbt_project")


def impact(clone: Path, home: Path, base: str) -> tuple[dict, int, str]:
    """Ask in the clone; the report, the exit code, and all that leaves the runner."""
    out = clone.parent / "out"
    shutil.rmtree(out, ignore_errors=True)
    done = onefunnel(
        *("impact", "--base", base, "--out", str(out), "--quiet"),
        env=environment(home, PYTHONPATH=str(clone)),
    )
    if not (out / "impact.json").is_file():
        return {}, done.returncode, done.stderr
    seen = "".join((out / f"impact.{kind}").read_text() for kind in ("json", "html", "md"))
    return json.loads((out / "impact.json").read_text()), done.returncode, seen


def test_a_tree_against_a_revision_is_the_release_against_it(clone, story):
    tree_of(clone, "HEAD~1")
    con = duckdb.connect(str(story["home"] / "current" / "published.duckdb"), read_only=True)
    (mqls,) = con.execute("select count(*) from definitions.mql where is_mql").fetchall()[0]
    con.close()
    told, code, seen = impact(clone, story["home"], "HEAD")
    headline = {row["slug"]: row for row in told["headline"]}["mqls"]
    assert (told["verdict"], told["base"]["name"]) == ("moved", "HEAD")
    assert headline["head"] == mqls
    assert headline["base"] < mqls
    groups = {row["kind"]: row["n"] for row in told["movers"]["mql"]}
    assert headline["base"] + groups["enters"] == mqls
    # The tree's rules are what was signed; whether their inputs were read since is a note.
    assert all(row["is_agreed"] for row in told["agreements"])
    assert code == (0 if told["is_signed"] else 10)
    # What leaves the runner holds no id, no name and no address of anybody.
    ids = json.loads((clone.parent / "out" / "ids.json").read_text())
    assert len(ids) > 5
    with duckdb.connect() as landed:
        Landing(story["home"] / "landing").register(landed, {})
        people = [row[0] for row in landed.execute(NAMES).fetchall() if row[0]]
    assert len(people) > 100
    assert [one for one in people if one in seen] == []
    assert [one["subject"] for one in ids if one["subject"].split(":")[-1] in seen] == []


def test_the_commit_that_is_the_tree_and_the_one_that_is_not_there(clone, story):
    tree_of(clone, "HEAD")
    told, code, _ = impact(clone, story["home"], "main")
    assert [row["table"] for row in told["tables"] if row["moved"]] == []
    assert (told["verdict"], code) == ("unchanged", 0)
    _, code, said = impact(clone, story["home"], "no-such-branch")
    assert code == 2
    assert "--base 'no-such-branch' cannot be read" in said


def test_numbers_that_move_by_a_mart_alone_are_said_to_have_no_signature(clone, story):
    tree_of(clone, "HEAD~1")
    edit(clone / "dbt_project", MART, "8 as shown_reasons", "1 as shown_reasons")
    told, code, seen = impact(clone, story["home"], "release")
    assert (told["verdict"], code) == ("moved", 10)
    assert [row["table"] for row in told["tables"] if row["moved"]] == ["lost_by_tier"]
    assert {"kind": "only_arithmetic"} in told["warnings"]
    assert "Nobody can sign this" in seen


def test_figures_that_are_summed_otherwise_are_told_as_the_pages_show_them(clone, story):
    tree_of(clone, "HEAD~1")
    edit(clone / "dbt_project", FACTS, "when icp_fit = 'fit' then 1", "when icp_fit = 'fit' then 0")
    told, _, seen = impact(clone, story["home"], "release")
    moved = {row["metric"]: row for row in told["figures"] if row["moved"]}
    con = duckdb.connect(str(story["home"] / "current" / "published.duckdb"), read_only=True)
    published = dict(con.execute(FIGURES).fetchall())
    con.close()
    assert {row["metric"]: row["base"] for row in told["figures"]} == published
    assert published["icp_share"] > 0
    assert {name: row["head"] for name, row in moved.items()} == {"icp_share": 0}
    assert not any(row["moved"] for row in told["headline"])
    assert "Figures of the pages" in seen
