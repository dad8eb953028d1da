"""What a report says in sentences: what is wrong, what moves, what must be signed."""

from review.shown.files import written_to
from tests.review.test_shown import figure, report, tags_of


def test_what_went_wrong_is_told_to_its_end(tmp_path):
    row = "dbt_project/seeds/mappings/rejection_reason.csv, line 13: reason 'too_yong' is unknown; "
    told = {"verdict": "failed", "format": 1, "problems": [row + "it may be " + "no_budget, " * 30]}
    written_to(tmp_path, {**told, "remedy": "Correct the rows"}, [])
    for name in ("impact.md", "impact.html"):
        text = " ".join(tags_of((tmp_path / name).read_text()).text.split())
        assert row in text
        assert text.count("no_budget") == 30


def test_numbers_that_move_beside_the_headline_are_named(tmp_path):
    told = report()
    told["headline"] = [figure("mqls", "count", 120, 120)]
    told["tables"] = [
        {"table": "follow_up", "moved": True},
        {"table": "sal", "moved": False},
    ]
    written_to(tmp_path, told, [])
    said = tags_of((tmp_path / "impact.md").read_text()).text.splitlines()[0]
    assert said == "**Numbers move** in follow_up, but none of the headline: see the tables below."


def test_an_unsigned_rule_that_moves_nothing_is_said_to_need_a_signature(tmp_path):
    told = {**report("mql"), "verdict": "unchanged"}
    written_to(tmp_path, told, [])
    assert "mql --no-number-moves" in tags_of((tmp_path / "impact.md").read_text()).text
    told["agreements"] = [row for row in told["agreements"] if row["is_agreed"]]
    written_to(tmp_path, told, [])
    assert "so nothing has to be agreed" in (tmp_path / "impact.md").read_text()


def test_a_target_that_is_changed_shows_both(tmp_path):
    told = report()
    told["targets"][0] |= {"metric": "mqls", "unit": "count", "head_target": 12.0}
    written_to(tmp_path, told, [])
    assert "| 9 → 12 | 5 (50%) | 6 (60%) |" in (tmp_path / "impact.md").read_text()
