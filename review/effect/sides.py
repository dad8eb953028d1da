"""Both sides of a comparison in one connection: schemas `base` and `head` with the same tables.

A table that a side built is read from its own file, any other from the release. Belongs here: where
a table is, and the rows that every question starts from. Not here: the questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from connectors.sql import identifier, literal
from review.building.side import Side

SIDES = ("base", "head")
SCHEMAS = ("definitions", "marts", "seeds", "intermediate")
# Published tables that say when and by what they were made, and no figure.
ABOUT_THE_RUN = {"run", "definition_change", "stream_freshness"}

# An MQL with what became of it, and a deal in pipeline with its source and its end.
FACTS = """
create table {side}_deal as
select
    opportunity.opportunity_id,
    opportunity.episode_id,
    opportunity.pipeline_at,
    cast(timezone(calendar.reporting_time_zone, timezone('UTC', opportunity.pipeline_at)) as date)
        as pipeline_on,
    cast(timezone(calendar.reporting_time_zone, timezone('UTC', win.closed_at)) as date)
        as closed_on,
    coalesce(pipeline_source.amount, 0) as amount,
    coalesce(pipeline_source.source, 'Unknown') as source,
    coalesce(pipeline_source.team, 'unknown') as team,
    coalesce(opportunity.segment, 'Unknown') as segment,
    win.outcome,
    win.cycle_days,
    coalesce(win.amount_reporting, 0) as won_amount,
    opportunity.opportunity_id in (
        select opportunity_id from {side}.pipeline_influence
        where team = 'marketing' and kind = 'influenced'
    ) as is_influenced
from {side}.opportunity
cross join {side}.calendar
left join {side}.pipeline_source using (opportunity_id)
left join {side}.win using (opportunity_id)
where opportunity.is_pipeline;

create table {side}_mql as
with led_to as (
    select
        episode_id,
        count(*) as deals,
        count(*) filter (outcome = 'won') as won,
        sum(amount) as pipeline
    from {side}_deal
    where episode_id is not null
    group by 1
)
select
    mql.episode_id,
    mql.person_id,
    mql.mql_at,
    cast(timezone(calendar.reporting_time_zone, timezone('UTC', mql.mql_at)) as date) as mql_on,
    coalesce(mql.source, 'Unknown') as source,
    coalesce(mql.team, 'unknown') as team,
    coalesce(mql.segment, 'Unknown') as segment,
    case
        when mql.campaign_id is null then 'No campaign'
        else coalesce(int_campaign.campaign_name, 'Campaign no longer in the CRM')
    end as campaign,
    sal.outcome,
    sal.accepted_at,
    follow_up.status as follow_up,
    coalesce(led_to.deals, 0) as deals,
    coalesce(led_to.won, 0) as won,
    coalesce(led_to.pipeline, 0) as pipeline
from {side}.mql
cross join {side}.calendar
left join {side}.sal using (episode_id)
left join {side}.follow_up using (episode_id)
left join led_to using (episode_id)
left join {side}.int_campaign using (campaign_id)
where mql.is_mql
"""


@dataclass(frozen=True)
class Sides:
    """The connection, and the tables that may differ."""

    con: duckdb.DuckDBPyConnection
    tables: tuple[tuple[str, str], ...]

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """Rows of a query over both sides."""
        cursor = self.con.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def both(self, sql: str) -> dict[str, list[dict[str, Any]]]:
        """The same question to each side; `{side}` stands for it."""
        return {side: self.rows(sql.replace("{side}", side)) for side in SIDES}

    def columns(self, side: str, table: str) -> dict[str, str]:
        """Columns of a table with their types."""
        return dict(
            self.con.execute(
                "select column_name, data_type from duckdb_columns() where database_name = "
                "'memory' and schema_name = ? and table_name = ? order by column_index",
                [side, table],
            ).fetchall()
        )


@contextmanager
def opened(review: Path, base: Side | None, head: Side) -> Iterator[Sides]:
    """Open both sides read-only; without a base of its own, the release is the base."""
    con = duckdb.connect()
    try:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach {literal(str(review))} as released (read_only)")
        differing: set[tuple[str, str]] = set()
        for name, side in zip(SIDES, (base, head), strict=True):
            built = side.built if side and side.database else set()
            if side and side.database:
                con.execute(f"attach {literal(str(side.database))} as {name}_file (read_only)")
            # Who asked for a table that was not built would be told of the release's.
            name_tables(con, name, built, side.resting if side else set())
            differing |= built
        public = {table for table in differing if table[0] in ("definitions", "marts")}
        yield Sides(con, tuple(sorted(public)))
    finally:
        con.close()


def name_tables(
    con: duckdb.DuckDBPyConnection,
    side: str,
    built: set[tuple[str, str]],
    resting: set[tuple[str, str]],
) -> None:
    """One view a table; definitions come first where two schemas have the same name."""
    con.execute(f"create schema {side}")
    there = con.execute(
        "select database_name, schema_name, table_name from duckdb_tables() "
        "where database_name in ('released', ?)",
        [f"{side}_file"],
    ).fetchall()
    seen = set()
    for schema in SCHEMAS:
        for database, of, table in sorted(there):
            is_own = (of, table) in built
            is_elsewhere = is_own != (database != "released") or (of, table) in resting
            if of != schema or table in seen or is_elsewhere:
                continue
            seen.add(table)
            place = f"{database}.{identifier(of)}.{identifier(table)}"
            con.execute(f"create view {side}.{identifier(table)} as from {place}")


def prepare_facts(sides: Sides) -> None:
    """Make the rows that the questions start from."""
    for side in SIDES:
        for statement in FACTS.replace("{side}", side).split(";\n"):
            sides.con.execute(statement)
