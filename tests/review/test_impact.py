"""`onefunnel impact` as a reviewer runs it: on a small company, with real changes."""

import json
import shutil

import duckdb
import pytest

from onefunnel.home import Home
from onefunnel.refusal import Refusal
from review.building import process
from review.building.side import result
from review.impact import work_folder
from tests.review.projects import copy_of, edit
from tests.running import environment, onefunnel

pytestmark = pytest.mark.timeout(900)
MQL = "models/definitions/mql.sql"


@pytest.fixture(scope="module")
def home(story, tmp_path_factory):
    """A copy of a home with a release, its build and its landing."""
    place = tmp_path_factory.mktemp("impact") / "home"
    ignored = shutil.ignore_patterns("dagster", "*.lock")
    return shutil.copytree(story["home"], place, symlinks=True, ignore=ignored)


@pytest.fixture(scope="module")
def ask(home, tmp_path_factory):
    """Run the command over a changed copy of the project; the report and the exit code."""

    def run(*edits: tuple[str, str, str], **env: str) -> tuple[dict, int, str]:
        folder = tmp_path_factory.mktemp("change")
        project = copy_of(folder)
        for one in edits:
            edit(project, *one)
        asked = ["impact", "--project", str(project), "--out", str(folder / "out"), "--quiet"]
        done = onefunnel(*asked, env=environment(home, **env))
        report = folder / "out" / "impact.json"
        assert report.is_file(), done.stdout + done.stderr
        said = (folder / "out" / "impact.md").read_text()
        return json.loads(report.read_text()), done.returncode, said

    return run


def test_a_tighter_threshold_says_who_leaves_and_what_became_of_them(ask, home):
    report, code, said = ask((MQL, "50 as minimum_score", "60 as minimum_score"))
    assert code == 10, "numbers move and nobody signed"
    assert report["verdict"] == "moved"
    headline = {row["slug"]: row for row in report["headline"]}
    con = duckdb.connect(str(home / "current" / "published.duckdb"), read_only=True)
    (mqls,) = con.execute("select count(*) from definitions.mql where is_mql").fetchall()[0]
    (deals,) = con.execute(
        "select count(*) from definitions.opportunity where is_pipeline"
    ).fetchall()[0]
    con.close()
    assert headline["mqls"]["base"] == mqls
    assert headline["mqls"]["head"] < mqls
    assert headline["opportunities"]["head"] == headline["opportunities"]["base"] == deals
    groups = {row["kind"]: row["n"] for row in report["movers"]["mql"]}
    assert mqls - groups["leaves"] + groups.get("enters", 0) == headline["mqls"]["head"]
    left = [row for row in report["by_clause"] if row["kind"] == "leaves" and row["term"] == "mql"]
    assert sum(row["n"] for row in left) == groups["leaves"]
    assert left[0]["clauses"] == ["c_engaged or c_hand_raised"]
    assert said.startswith("**If this is merged:** MQLs from ")
    assert "onefunnel agree mql --as sales" in said
    assert "Pipeline created" in said.splitlines()[0]


@pytest.mark.slow
def test_a_pure_refactor_says_unchanged_on_every_line(ask):
    report, code, said = ask(
        (MQL, "        50 as", "        -- what a lead has to reach\n        50 as"),
        (MQL, "coalesce(interest.score, 0) >= agreed.minimum_score as c_engaged",
         "agreed.minimum_score <= coalesce(interest.score, 0) as c_engaged"),
    )  # fmt: skip
    assert code == 0
    assert report["verdict"] == "unchanged"
    assert [row["slug"] for row in report["headline"] if row["moved"]] == []
    assert [row["table"] for row in report["tables"] if row["moved"]] == []
    assert len(report["tables"]) > 5, "it was built and compared all the same"
    lines = [line for line in said.splitlines() if line.startswith("| ") and "All time" not in line]
    table = lines[1 : 1 + len(report["headline"])]
    assert all(line.endswith("| unchanged |") for line in table), table


def test_a_join_that_multiplies_rows_stops_the_merge(ask):
    fan_out = "    left join known_statuses on episodes.person_id = known_statuses.person_id\n"
    report, code, said = ask(
        (MQL, fan_out, fan_out + "    cross join (values (1), (2)) as twice\n")
    )
    assert code == 11
    assert report["verdict"] == "failed"
    assert any("unique_mql_episode_id" in line for line in report["problems"]), report["problems"]
    assert "cannot be merged" in said


@pytest.mark.slow
def test_a_row_that_cannot_be_right_is_told_by_line_also_where_dbt_accepts_it(ask):
    reasons = "seeds/mappings/rejection_reason.csv"
    line = "no_budget,no_budget,,"
    report, code, _ = ask((reasons, line, line + "\nNO_BUDGET,other,,"))
    assert code == 11
    assert f"dbt_project/{reasons}, line 5: 'no_budget' holds in line 4" in "".join(
        report["problems"]
    )
    assert report["remedy"].startswith("Correct the rows")


def test_two_comparisons_at_once_work_apart(tmp_path):
    home = Home(tmp_path / "home").create()
    with work_folder(home) as first:
        (first / "change.duckdb").touch()
        with work_folder(home) as second:
            assert second != first
        assert (first / "change.duckdb").exists()
    with work_folder(home) as third:
        assert third == first


def test_a_file_that_is_not_utf8_is_named_where_dbt_names_none(tmp_path):
    project = copy_of(tmp_path)
    seed = project / "seeds/mappings/rejection_reason.csv"
    seed.write_bytes(seed.read_bytes() + "Kein Bed\xfcrfnis,other,,\n".encode("latin-1"))
    said = {"step": "compile", "said": "'utf-8' codec can't decode byte 0xfc", "seconds": {}}
    (tmp_path / process.DONE).write_text(json.dumps(said))
    with pytest.raises(Refusal, match=r"rejection_reason.csv, line 13: a sign is not UTF-8"):
        result(project, tmp_path)


def test_what_a_change_may_not_hold_is_refused_by_name_and_never_runs(ask):
    report, code, said = ask(
        (MQL, "50 as minimum_score", "{{ env_var('DBT_ENV_SECRET_CANARY') }} as minimum_score"),
        DBT_ENV_SECRET_CANARY="canary-51c9",
    )
    assert code == 11
    assert report["problems"][1] == f"- {MQL}: uses env_var"
    assert "canary-51c9" not in json.dumps(report) + said
    report, code, _ = ask((MQL, "select * from judged", "select * from read_csv('/etc/passwd')"))
    assert code == 11
    assert report["problems"][1] == f"- {MQL}: calls read_csv()"


def test_another_moment_is_not_comparable(ask):
    report, code, _ = ask(ONEFUNNEL_AS_OF="2030-01-01T00:00:00Z")
    assert code == 12
    assert report["verdict"] == "not_comparable"
    assert "ONEFUNNEL_AS_OF" in report["problems"][0]
