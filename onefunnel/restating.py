"""Which published figures of closed months does this release move, and why?

Compared is with what readers see until now. A run in which nothing moved ends after that; records
are compared only when something did, and the new rule is computed over the earlier data only when
both rule and data differ. Belongs here: finding the earlier data and rule. Not here: the
arithmetic (`review/stages.py`), what a restatement says (`review/restatement.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from connectors.sql import literal
from onefunnel import forgetting, recomputing
from onefunnel.home import Home
from onefunnel.private_warehouse import open_duckdb
from onefunnel.releases import Releases
from review import figures, ledger, stages
from review.figures import NONE, Figure, Key
from review.restatement import CannotSplit, Move, by_figure, is_whole, split, unsplit

Lines = list[dict[str, Any]]


def restate(
    home: Home, lines: Lines, manifest: Mapping[str, Any], zone: str
) -> tuple[Lines, Lines]:
    """The restatements of a release that is being prepared, and the records behind them.

    `lines` is its ledger. Call under the run lock, with the private warehouse complete.
    """
    current = Releases(home).current()
    served = home.releases / current.name if current else None
    if served is None or not (served / "ledger.jsonl").is_file():
        return [], []
    earlier = ledger.read(served / "ledger.jsonl")
    old, new = earlier[0], lines[0]
    if old["run_id"] == new["run_id"]:
        return [], []
    before, after = figures.figures(earlier), figures.figures(lines)
    as_of = datetime.fromisoformat(old["as_of"])
    keys = figures.moved(before, after, figures.first_open_month(as_of, zone))
    if not keys:
        return [], []
    move = Move(new["run_id"], new["as_of"], old["run_id"], old["as_of"], changed(old, new))
    try:
        found, records = explained(home, served, old, new, manifest)
        require_agreement(keys, found, before, after)
    except CannotSplit as error:
        because = str(error)
        return [
            unsplit(move, key, before.get(key, NONE), after.get(key, NONE), because) for key in keys
        ], []
    behind = by_figure(records)
    rows = [row for key in keys if (row := split(move, key, found[key], behind.get(key, [])))]
    broken = [row for row in rows if not is_whole(row)]
    if broken:
        raise AssertionError(f"the parts of {broken[0]['metric']} do not add up")
    if current and forgetting.is_before(home, current.sealed_at):
        # Who was erased since is among those who vanished.
        return rows, []
    moved = {(row["metric"], row["month"], row["source"]) for row in rows}
    wanted = {id(record) for key in moved for record in behind.get(key, [])}
    return rows, [{"kind": "record", **row} for row in records if id(row) in wanted]


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The definitions whose rule differs, by name."""
    was, now = old["definitions"], new["definitions"]
    return ", ".join(sorted(name for name in {*was, *now} if was.get(name) != now.get(name)))


def explained(
    home: Home,
    served: Path,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> tuple[dict[Key, dict[str, Figure]], Lines]:
    """Every figure at its stages, from the records of both releases."""
    if "logic" not in old:
        raise CannotSplit("the earlier release did not note under which rule it was made")
    review = served / "review.duckdb"
    if not review.is_file():
        raise CannotSplit("the earlier release's records are not kept any more")
    as_of = datetime.fromisoformat(old["as_of"])
    with ruled(home, review, old, new, manifest) as file, attached(review, file, home) as con:
        try:
            return stages.compute(con, as_of)
        except duckdb.Error as error:
            raise CannotSplit(
                f"the earlier release's records have another shape ({type(error).__name__})"
            ) from None


@contextmanager
def ruled(
    home: Home,
    review: Path,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> Iterator[Path]:
    """The warehouse of the new rule over the data that the earlier release knew."""
    if old["logic"] == new["logic"]:
        yield review
    elif (old["landing_fingerprint"], old["as_of"]) == (new["landing_fingerprint"], new["as_of"]):
        yield home.warehouse
    else:
        with recomputing.rebuilt(home, old, manifest) as file:
            yield file


@contextmanager
def attached(before: Path, ruled: Path, home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The three warehouses side by side, read-only."""
    con = open_duckdb(Path(":memory:"), read_only=False)
    try:
        files = {"before": before, "ruled": ruled, "after": home.warehouse}
        for name, file in files.items():
            # One file may stand for two stages; an engine opens it only once.
            same = next((known for known in files if files[known] == file and known != name), None)
            if same and list(files).index(same) < list(files).index(name):
                views_of(con, same, name)
            else:
                con.execute(f"attach {literal(str(file))} as {name} (read_only)")
        yield con
    finally:
        con.close()


def views_of(con: duckdb.DuckDBPyConnection, source: str, name: str) -> None:
    """Another name for a warehouse that is open already."""
    con.execute(f"attach ':memory:' as {name}")
    con.execute(f"create schema {name}.intermediate")
    for table in (stages.FACTS, stages.SETTLED):
        con.execute(f"create view {name}.{table} as from {source}.{table}")


def require_agreement(
    keys: list[Key],
    found: Mapping[Key, Mapping[str, Figure]],
    before: Mapping[Key, Figure],
    after: Mapping[Key, Figure],
) -> None:
    """The records must give what was published and what is published now, else all is in vain."""
    for key in keys:
        at = found.get(key, {})
        for stage, published in (("published", before), ("now", after)):
            if not at.get(stage, NONE).is_like(published.get(key, NONE)):
                raise CannotSplit(
                    f"the records do not give the figure as {stage} ({', '.join(key)})"
                )


MOVED = """
select metric || ' of ' || strftime(month, '%B %Y') || ': ' || coalesce(published_value, 0)
    || ' was published, it is ' || coalesce(now_value, 0) || ' now (' || case
    when not_split_because <> '' then not_split_because
    else 'definition ' || coalesce(definition_value, 0) || ', late data '
        || coalesce(late_data_value, 0) || ', ripened ' || coalesce(ripening_value, 0) end || ')'
from marts.restatement inner join marts.run using (run_id)
where source = 'All'
order by metric, month
"""


def moved_by_this_run(published: Path) -> list[str]:
    """The published figures that the run of a warehouse moved, in words."""
    con = open_duckdb(published, read_only=True)
    try:
        return [row[0] for row in con.execute(MOVED).fetchall()]
    finally:
        con.close()
