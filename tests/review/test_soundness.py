"""What no rule may do: count twice, pass all or none, foresee. On tables of a real engine."""

import duckdb
import pytest

from review.effect import soundness
from review.effect.sides import Sides

MIXED = "select range as episode_id, range % 2 = 0 as is_mql, timestamp '2026-06-01' as mql_at, "
MIXED += "timestamp '2027-01-01' as decision_due_at from range(40)"


def problems(head: str) -> list[str]:
    """Problems of an MQL table, beside one on which nothing is wrong."""
    con = duckdb.connect()
    con.execute("create schema base; create schema head")
    for side, rows in (("base", MIXED), ("head", head)):
        con.execute(f"create view {side}.run as select timestamp '2026-06-30 12:00:00' as as_of")
        con.execute(f"create view {side}.mql as {rows}")
    return soundness.problems(Sides(con, (("definitions", "mql"), ("marts", "funnel"))))


def test_a_sound_rule_has_no_problem_and_a_deadline_may_lie_ahead():
    assert problems(MIXED) == []


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (f"{MIXED}, range(2) as twice(number)", "40 rows too many for one a episode_id"),
        (MIXED.replace("range % 2 = 0", "true"), "is_mql is true for all of 40"),
        (MIXED.replace("range % 2 = 0", "false"), "is_mql is true for none of 40"),
        (f"{MIXED} where false", "no row is left of 40"),
        (MIXED.replace("'2026-06-01'", "'2099-01-01'"), "mql.mql_at: 40 lie after as_of"),
    ],
)
def test_what_no_rule_may_do_is_named(head, named):
    said = problems(head)
    assert len(said) == 1
    assert named in said[0]
