"""What is told by file and line before a build, dbt's own tests of the seeds find too."""

from datetime import datetime

import pytest

from tests.product import copy_of
from tests.warehouse import begin, dbt, run_results

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# Rows by seed; none: the file is emptied.
ROWS = {
    "calendar/business_hours.csv": ["Saturday,7,12:00,12:00"],
    "calendar/response_bin.csv": [],
    "exclusions/exclusion_rule.csv": [
        "person,account_domain,is,a.example,partner,Sales,,",
        "person,email_domain,is,a@a.example,test,Sales,,",
        "person,email,is,a.example,test,Sales,,",
    ],
    "feedback/claim_answer.csv": ["Altus Suite,Half the price,Comparison,2026-01-01,Content team"],
    "mappings/rejection_reason.csv": ["Too young,too_yong,,"],
    "mappings/source_mapping.csv": ["hubspot,BLOG,,Direct,Direct,sales,,"],
    "scoring/score_points.csv": ["Careers,page_view,/careers,-5,,"],
    "targets/target.csv": ["2028-01-01,both,win_rate,26,share"],
}
TOLD = {
    "each_clock_has_groups",
    "each_source_has_one_team",
    "field_of_an_exclusion_belongs_to_its_subject",
    "has_a_row_of_its_own_rejection_reason_raw_reason__reason",
    "is_between_target_target__1__0",
    "is_row_of_claim_answer_competitor__claim__ref_competitor_claim_",
    "is_written_as_exclusion_rule_value__address",
    "is_written_as_exclusion_rule_value__domain",
    "later_than_business_hours_closes__opens",
    "not_negative_score_points_points",
    "weekday_has_the_number_that_iso_gives_it",
}


def test_dbt_finds_what_the_lines_tell_and_nothing_in_the_shipped_seeds(tmp_path):
    project = copy_of(tmp_path / "copy") / "dbt_project"
    home = begin(tmp_path / "home", datetime(2026, 6, 30, 12))

    def failed() -> set[str]:
        assert dbt(home, "seed", "--quiet", project=project).returncode == 0
        asked = ("test", "--quiet", "--no-partial-parse", "--select", "path:seeds")
        dbt(home, *asked, project=project)
        results = run_results(home)
        assert len(results) > 100
        return {one["unique_id"].split(".")[2] for one in results if one["status"] != "pass"}

    assert failed() == set()
    for file, rows in ROWS.items():
        path = project / "seeds" / file
        lines = path.read_text(encoding="utf-8").splitlines()
        lines = [*(lines if rows else lines[:1]), *rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert failed() == TOLD
