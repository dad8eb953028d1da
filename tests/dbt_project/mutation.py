"""Break the SQL of a model in every small way, and see whether its unit tests notice.

dbt writes each unit test as one query that holds its fixtures, the model and what is expected.
A mutant is that query with one thing changed in the model's part: a condition left out, a bound
moved by one, a branch dropped, a default forgotten. A mutant that no test of its model notices
has survived: either a case is missing, or the changed thing does nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

FIXTURE = "__dbt__cte__"
ACTUAL = "dbt_internal_unit_test_actual"
PLACE = "SELECT 1 AS __model__"
NEXT = {exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT}

Change = tuple[str, Callable[[], None]]


@dataclass(frozen=True)
class UnitTest:
    """One unit test: its fixtures, and the query around the model that compares."""

    fixtures: str
    around: str

    def query(self, model: str) -> str:
        """The test of this text of the model."""
        steps = re.sub(r"^WITH (RECURSIVE )?", "", model)
        joint = ", " if steps != model else " "
        # Fixtures do no harm to a model of which a step asks itself.
        return self.around.replace(PLACE, f"WITH RECURSIVE {self.fixtures}{joint}{steps}")


def parsed(text: str) -> tuple[UnitTest, exp.Expression]:
    """Take a unit test's query apart: the test, and the model without fixtures."""
    query = sqlglot.parse_one(text, read="duckdb")
    actual = next(cte for cte in query.find_all(exp.CTE) if cte.alias == ACTUAL)
    model = actual.find(exp.Subquery).this
    steps = model.args.get("with_") or model.args["with"]
    fixtures = [step for step in steps.expressions if step.alias.startswith(FIXTURE)]
    told_fixtures = ", ".join(plain(step) for step in fixtures)
    kept = model.copy()
    model.replace(sqlglot.parse_one(PLACE, read="duckdb"))
    steps = kept.args.get("with_") or kept.args["with"]
    own = [step for step in steps.expressions if not step.alias.startswith(FIXTURE)]
    if own:
        steps.set("expressions", own)
    else:
        steps.pop()
    return UnitTest(told_fixtures, plain(query)), kept.transform(simply_trimmed)


def simply_trimmed(node: exp.Expression) -> exp.Expression:
    """Read the macro `trimmed` as the `trim` that it is: what it asks first changes no result."""
    if isinstance(node, exp.Case) and len(node.args["ifs"]) == 1:
        then = node.args["ifs"][0].args["true"]
        if isinstance(then, exp.Trim) and then.this == node.args.get("default"):
            return then
    return node


def plain(node: exp.Expression) -> str:
    """A node as SQL on one line."""
    return node.sql(dialect="duckdb", comments=False)


def told(node: exp.Expression) -> str:
    """A node as a line of text, with the step that it stands in."""
    step = node.find_ancestor(exp.CTE)
    return f"[{step.alias if step else ''}] {plain(node)[:150]}"


def changes(model: exp.Expression) -> Iterator[Change]:
    """Every change, in the order of the text, so that the same one has the same place."""
    for node in list(model.walk()):
        yield from conditions(node)
        yield from values(node)
        yield from rows(node)


def replaced(node: exp.Expression, other: exp.Expression) -> Callable[[], None]:
    """What puts another node in the place of this one."""
    return lambda: node.replace(other)


def conditions(node: exp.Expression) -> Iterator[Change]:
    """A condition left out, a bound moved."""
    if isinstance(node, (exp.And, exp.Or)):
        for kept, dropped in ((node.left, node.right), (node.right, node.left)):
            yield f"without {told(dropped)}", replaced(node, kept.copy())
    elif isinstance(node, exp.Where) and not isinstance(node.this, exp.And):
        yield f"without where {told(node.this)}", replaced(node.this, exp.true())
    elif type(node) in NEXT:
        bound = NEXT[type(node)](this=node.this.copy(), expression=node.expression.copy())
        yield f"bound of {told(node)}", replaced(node, bound)
    elif isinstance(node, exp.Not):
        yield f"without not {told(node)}", replaced(node, node.this.copy())
    elif (
        isinstance(node, exp.Alias)
        and re.match(r"(c|is|has)_", node.alias)
        and not isinstance(node.this, (exp.Column, exp.Boolean))
    ):
        yield f"always {told(node)}", replaced(node.this, exp.true())


def values(node: exp.Expression) -> Iterator[Change]:
    """A branch dropped, a default forgotten, an agreed number changed."""
    if isinstance(node, exp.Case):
        branches = node.args["ifs"]
        for branch in branches if len(branches) > 1 else []:
            yield f"without {told(branch)}", branch.pop
        if node.args.get("default") is not None:
            yield f"without else {told(node)}", lambda: node.set("default", None)
    elif isinstance(node, exp.Coalesce):
        yield f"without default {told(node)}", replaced(node, node.this.copy())
    elif isinstance(node, (exp.Least, exp.Greatest)):
        yield f"without bound {told(node)}", replaced(node, node.this.copy())
    elif isinstance(node, exp.Literal) and node.is_int and not node.find_ancestor(exp.DataType):
        step = node.find_ancestor(exp.CTE)
        if step is not None and step.alias == "agreed":
            yield (
                f"one more {told(node.parent)}",
                replaced(node, exp.Literal.number(int(node.this) + 1)),
            )


def rows(node: exp.Expression) -> Iterator[Change]:
    """Rows that would vanish or double, and which of several is taken."""
    if isinstance(node, exp.Join) and node.side == "LEFT":
        yield f"inner {told(node)}", lambda: node.set("side", None)
    elif isinstance(node, exp.Union):
        for kept in (node.left, node.right):
            yield f"only {told(kept)}", replaced(node, kept.copy())
    elif isinstance(node, exp.Distinct):
        yield f"without distinct in {told(node.parent)}", node.pop
    elif isinstance(node, exp.Ordered):
        order = node.parent
        if isinstance(order, exp.Order) and isinstance(order.parent, exp.Window):
            direction = exp.Ordered(this=node.this.copy(), desc=not node.args.get("desc"))
            yield f"other way round {told(node)}", replaced(node, direction)


def mutants(model: exp.Expression) -> Iterator[tuple[str, str]]:
    """What was changed, and the model's text with that change."""
    for place in range(sum(1 for _ in changes(model))):
        changed = model.copy()
        name, change = next(islice(changes(changed), place, None))
        change()
        yield name, plain(changed)


def survivors(con: duckdb.DuckDBPyConnection, texts: Sequence[str]) -> tuple[int, list[str]]:
    """How many mutants a model has, and which of them no unit test notices."""
    taken_apart = [parsed(text) for text in texts]
    tests, model = [test for test, _ in taken_apart], taken_apart[0][1]
    unchanged = plain(model)
    for test in tests:
        if is_noticed(con, test.query(unchanged)):
            raise ValueError(f"a unit test fails before anything is changed: {test.around[-500:]}")
    count, unnoticed = 0, []
    for name, changed in mutants(model):
        count += 1
        for test in tests:
            if is_noticed(con, test.query(changed)):
                # The next change is in the same step most of the time, so this test goes first.
                tests.remove(test)
                tests.insert(0, test)
                break
        else:
            unnoticed.append(name)
    return count, unnoticed


def is_noticed(con: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Whether a unit test fails with this query."""
    try:
        found = con.execute(query).fetchall()
    except duckdb.Error:
        return True
    sides: dict[str, Counter] = {"actual": Counter(), "expected": Counter()}
    for row in found:
        sides[row[-1]][repr(row[:-1])] += 1
    return sides["actual"] != sides["expected"]


def unit_tests(manifest: Mapping[str, Any], target: Path) -> dict[str, list[str]]:
    """The queries of unit tests as dbt ran them, by the model that they test."""
    found: dict[str, list[str]] = {}
    for test in manifest["unit_tests"].values():
        folder = target / "run/onefunnel" / test["original_file_path"]
        for path in folder.rglob(f"{test['name']}.sql"):
            found.setdefault(test["model"], []).append(path.read_text(encoding="utf-8"))
    return found
