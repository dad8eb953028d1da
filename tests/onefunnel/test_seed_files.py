"""A seed as a spreadsheet saves it is read, or told with how to save it."""

import pytest

from onefunnel import seed_rows

REASONS = "mappings/rejection_reason.csv"


def test_a_header_that_lacks_a_column_is_line_1(manifest, project):
    (project / "seeds" / REASONS).write_text("raw_reason\nNo budget\n", encoding="utf-8")
    assert seed_rows.problems(manifest, project)[0] == (
        f"dbt_project/seeds/{REASONS}, line 1: the columns are raw_reason; "
        "they must be raw_reason, reason, valid_from, valid_to"
    )


@pytest.mark.parametrize(
    ("content", "place", "problem"),
    [
        (
            "raw_reason;reason;valid_from;valid_to\nNo budget;no_budget;;\n",
            1,
            "with commas between them: save the file as",
        ),
        ("", 1, "the columns are not there; they must be raw_reason, reason, valid_from"),
        (
            "raw_reason,reason,valid_from,valid_to\nKein Bed\xfcrfnis,other,,\n",
            2,
            "a sign is not UTF-8; save the file as",
        ),
        (
            "raw_reason,reason,valid_from,valid_to\n\n\nNo budget,no_money,,\n",
            4,
            "reason 'no_money' is unknown",
        ),
    ],
)
def test_a_file_as_a_spreadsheet_saved_it_is_named_with_how_to_save_it(
    manifest, project, content, place, problem
):
    (project / "seeds" / REASONS).write_bytes(content.encode("latin-1"))
    where = f"dbt_project/seeds/{REASONS}, line {place}: "
    told = seed_rows.problems(manifest, project)
    assert any(one.startswith(where) and problem in one for one in told), told


@pytest.mark.parametrize("signs", [("\n", "\r\n", "utf-8-sig"), ("\n", "\n\n", "utf-8")])
def test_what_a_spreadsheet_may_do_to_a_file_without_harm(manifest, project, signs):
    end, instead, encoding = signs
    path = project / "seeds" / REASONS
    text = path.read_text(encoding="utf-8").replace(end, instead)
    path.write_bytes(text.encode(encoding))
    assert seed_rows.problems(manifest, project) == []
