"""What no rule may do, whatever was meant: count a thing twice, pass all or none, foresee.

Each problem is one sentence. Belongs here: checks of the changed side's tables by themselves.
"""

from __future__ import annotations

from review.effect.sides import Sides

KEYS = {
    "lead": ("person_id",),
    "person_record": ("system", "object", "record_id"),
    "icp": ("account_id", "valid_from"),
    "mql": ("episode_id",),
    "sal": ("episode_id",),
    "rejection": ("episode_id",),
    "follow_up": ("episode_id",),
    "opportunity": ("opportunity_id",),
    "pipeline_source": ("opportunity_id",),
    "pipeline_influence": ("opportunity_id", "team", "channel", "kind"),
    "win": ("opportunity_id",),
}
VERDICTS = {
    "mql": "is_mql",
    "sal": "is_sal",
    "opportunity": "is_pipeline",
    "icp": "fit = 'fit'",
    "follow_up": "status = 'met'",
    "win": "outcome = 'won'",
}
# Moments that lie ahead by their nature.
AHEAD = ("due", "until", "valid")
FEW = 10


def problems(sides: Sides) -> list[str]:
    """Everything that is wrong with the change by itself."""
    built = {table for schema, table in sides.tables if schema == "definitions"}
    found = []
    for table in sorted(built & set(KEYS)):
        found += doubled(sides, table)
    for table in sorted(built & set(VERDICTS)):
        found += one_sided(sides, table)
    for table in sorted(built):
        found += foreseen(sides, table)
    return found


def doubled(sides: Sides, table: str) -> list[str]:
    """A join that multiplies rows."""
    keys = ", ".join(KEYS[table])
    found = sides.rows(
        f"select coalesce(sum(n - 1), 0) as extra from "
        f"(select count(*) as n from head.{table} group by {keys} having count(*) > 1)"
    )
    extra = int(found[0]["extra"])
    if not extra:
        return []
    return [f"{table}: {extra} rows too many for one a {keys}: a join multiplies rows (fan-out)"]


def one_sided(sides: Sides, table: str) -> list[str]:
    """A rule that became true for all or for none."""
    verdict = VERDICTS[table]
    asked = f"select count(*) as n, count(*) filter ({verdict}) as yes from {{side}}.{table}"
    counted = {side: rows[0] for side, rows in sides.both(asked).items()}
    base, head = counted["base"], counted["head"]
    was_mixed = base["n"] >= FEW and 0 < base["yes"] < base["n"]
    if was_mixed and not head["n"]:
        return [f"{table}: no row is left of {base['n']}"]
    if was_mixed and head["yes"] in (0, head["n"]):
        whom = "none" if not head["yes"] else "all"
        return [f"{table}: {verdict} is true for {whom} of {head['n']}, so it decides nothing"]
    return []


def foreseen(sides: Sides, table: str) -> list[str]:
    """An event after the moment as of which all is judged."""
    moments = [
        name
        for name, kind in sides.columns("head", table).items()
        if kind.startswith("TIMESTAMP") and not any(word in name for word in AHEAD)
    ]
    found = []
    for name in moments:
        rows = sides.rows(
            f"select count(*) as n from head.{table} cross join head.run where {name} > run.as_of"
        )
        if rows[0]["n"]:
            found.append(f"{table}.{name}: {rows[0]['n']} lie after as_of, which cannot have been")
    return found
