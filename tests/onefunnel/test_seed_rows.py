"""A row that cannot be right is told by file, line and remedy, before anything is built."""

import shutil

import pytest

from onefunnel import seed_rows
from onefunnel.refusal import Refusal
from tests.conftest import DBT_PROJECT

REASONS = "mappings/rejection_reason.csv"
STATUSES = "mappings/lead_status.csv"
POINTS = "scoring/score_points.csv"


@pytest.fixture
def project(tmp_path):
    shutil.copytree(DBT_PROJECT / "seeds", tmp_path / "dbt_project/seeds")
    return tmp_path / "dbt_project"


def test_the_shipped_seeds_are_sound(manifest):
    assert seed_rows.problems(manifest) == []


@pytest.mark.parametrize(
    ("file", "row", "problem"),
    [
        (REASONS, "Too young,too_young", "reason 'too_young' is unknown; it may be no_response,"),
        (REASONS, "Too young", "1 cells where 2 belong; a value with a comma stands in"),
        (REASONS, ",other", "raw_reason is empty; give it a value"),
        (
            STATUSES,
            "salesforce,nurture,open,1,2026-01-01,",
            "'salesforce nurture' holds in line {known} at the same time; end that row",
        ),
        (
            STATUSES,
            "salesforce,Parked,open,1,2026-02-01,2026-01-01",
            "valid_to 2026-01-01 is not after valid_from 2026-02-01",
        ),
        (
            STATUSES,
            "salesforce,Parked,open,first,,",
            "status_rank is 'first'; write a whole number",
        ),
        (POINTS, "Poll,email,,5,1.2.2026,", "valid_from is '1.2.2026'; write a date as 2026-01-31"),
        ("icp/icp_industry.csv", "Fishing", "industry 'Fishing' is unknown; add it to dbt_project"),
        ("exclusions/own_domain.csv", "cloudfern.example", "stands in line 2 already; keep one of"),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_remedy(manifest, project, file, row, problem):
    path = project / "seeds" / file
    lines = path.read_text(encoding="utf-8").rstrip("\n").splitlines()
    path.write_text("\n".join([*lines, row]) + "\n", encoding="utf-8")
    known = next((n for n, line in enumerate(lines, 1) if "Nurture" in line), 0)
    with pytest.raises(Refusal) as refused:
        seed_rows.require_sound(manifest, project)
    said = refused.value.problem
    assert f"dbt_project/seeds/{file}, line {len(lines) + 1}: " in said
    assert problem.format(known=known) in said
    assert "Correct the rows" in refused.value.remedy


def test_a_header_that_lacks_a_column_is_line_1(manifest, project):
    (project / "seeds" / REASONS).write_text("raw_reason\nNo budget\n", encoding="utf-8")
    assert seed_rows.problems(manifest, project)[0] == (
        f"dbt_project/seeds/{REASONS}, line 1: the columns are raw_reason; "
        "they must be raw_reason, reason"
    )
