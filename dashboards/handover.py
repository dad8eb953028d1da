"""Figures, grids and tables of the page Handoff, read from marts: clocks, cohorts, time horizon.

Belongs here: which numbers each card shows, in which order. Not here: the cards themselves
(`handover_cards.py`) or how a kind is drawn (`kinds/`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import plotly.graph_objects as go

from dashboards import formats, grids
from dashboards.breakdowns import humane, parts
from dashboards.cards import DEFAULT_PERIOD
from dashboards.grids import Grid
from dashboards.intervals import TOO_FEW
from dashboards.kinds import bars, columns, lines
from dashboards.kinds.rows import Column, Table
from dashboards.source_data import PageData

DUTIES = (
    "mqls_to_standard", "record_complete", "objection_answered",
    "decided_in_time", "rejection_reason_given", "loss_reason_given", "contact_roles_given",
)  # fmt: skip
VINTAGES, QUARTERS = 15, 8  # how many months and quarters of MQLs are shown
WEEKS = (1, 2, 3, 4, 6, 8, 10, 13, 26)
COHORTS = """
    select
        strftime(vintage, '%b %Y') as row,
        (within_days // 7)::text || ? as "column",
        segment, region, source, converted as numerator, mature as denominator
    from marts.cohort_conversion
    where
        reached = ? and is_whole and within_days in (select unnest(?::bigint[]))
        and vintage >= (select max(vintage) - to_months(?) from marts.cohort_conversion)
    order by vintage desc, within_days
"""
REASONS = """
    with year as (
        select * from marts.rejection_week
        where week_start > (select max(week_start) - interval 365 day from marts.rejection_week)
    ),
    ranked as (
        select reason, row_number() over (order by sum(records) desc, reason) as place from year
        where reason not in ('other', 'unmapped', 'No reason given') group by 1
    ),
    counted as (
        select
            case
                when place <= 7 or year.reason = 'No reason given' then year.reason else 'other'
            end as reason,
            source, sum(records) as records
        from year left join ranked on ranked.reason = year.reason
        group by 1, 2
    )
    select
        sources.source as row, reasons.reason as "column", 'All' as segment, 'All' as region,
        'All' as source, coalesce(counted.records, 0) as numerator, sources.records as denominator
    from (select reason, sum(records) as records from counted group by 1) as reasons
    cross join (select source, sum(records) as records from counted group by 1) as sources
    left join counted on counted.reason = reasons.reason and counted.source = sources.source
    where sources.records > 0 and reasons.records > 0
    order by
        sources.records desc, sources.source,
        reasons.reason = 'No reason given', reasons.reason = 'other', reasons.records desc,
        reasons.reason
"""
CLOCKS = """
    select
        case breakdown when 'routing_time' then 'Routing' else 'Working' end as row,
        category as "column", segment, region, source, numerator,
        sum(numerator) over (partition by breakdown, segment, region, source) as denominator
    from marts.breakdown_slice
    where breakdown in ('routing_time', 'working_time') and period = ? and compare = 'current'
    order by category_rank, breakdown
"""
HORIZON = "select * from marts.time_horizon order by mql_quarter desc nulls last, quarter_start"


def clock(data: PageData, breakdown: str, **line: str) -> go.Figure:
    """MQLs by business time, what was compared with as ticks."""
    before = {part.category: part.numerator or 0
              for part in parts(data, breakdown, DEFAULT_PERIOD, "prior")}  # fmt: skip
    return columns.figure(parts(data, breakdown, DEFAULT_PERIOD), before, **line)


def reasons(data: PageData) -> go.Figure:
    """Reasons of rejection, most frequent first."""
    before = {part.category: part.numerator or 0
              for part in parts(data, "rejection_reason", DEFAULT_PERIOD, "prior")}  # fmt: skip
    return bars.figure(parts(data, "rejection_reason", DEFAULT_PERIOD), before)


def two_clocks(data: PageData) -> Grid:
    """Routing and working by business time, the default period."""
    return grids.whole(grids.read(
        data, CLOCKS, parameters=(DEFAULT_PERIOD,), about="routing_minutes", corner="Clock",
        of="MQLs",
    ))  # fmt: skip


def cohorts(data: PageData) -> Grid:
    """Months of MQLs by weeks since, newest first; a cell is blank until all have had the weeks."""
    days = [7 * week for week in WEEKS]
    return grids.read(
        data, COHORTS, parameters=(" wk", "opportunity", days, VINTAGES),
        about="mqls", corner="MQL month", of="MQLs",
    )  # fmt: skip


def curves(data: PageData) -> Grid:
    """The same months as lines, week by week."""
    days = [7 * week for week in range(1, 14)]
    return grids.read(
        data, COHORTS, parameters=("", "opportunity", days, VINTAGES),
        about="mqls", corner="MQL month", of="MQLs",
    )  # fmt: skip


def vintage_curves(data: PageData) -> go.Figure:
    """The curves of everybody."""
    return lines.figure(curves(data), strong=4, axis="weeks since the MQL")


def reasons_by_source(data: PageData) -> Grid:
    """Each reason's share of what came from a source and was turned down, last twelve months."""
    found = grids.read(data, REASONS, about="rejection_reason", corner="Source", of="Turned down")
    return Grid(
        found.about, found.rows, tuple(humane(name) for name in found.columns), found.cells,
        corner=found.corner, of=found.of,
    )  # fmt: skip


def quarter(row: dict[str, Any], day: date) -> str:
    """Apr–Jun 2026; whatever month the fiscal year begins in."""
    last = date(day.year + (day.month > 10), (day.month + 1) % 12 + 1, 1)
    runs = " (runs)" if row.get("is_partial") and row["quarter_start"] == day else ""
    return f"{day:%b}–{last:%b %Y}{runs}"


def duties(data: PageData, team: str) -> Table:
    """What a team owes the other, this quarter and the one before, against the target."""
    found = data.rows(
        "select * from marts.obligation where team = ? order by quarter_start desc", team
    )
    now, before = (*sorted({row["quarter_start"] for row in found}, reverse=True), None, None)[:2]
    rows = {(row["obligation"], row["quarter_start"]): row for row in found}
    shown = [
        [data.glossary.metrics[slug].title, _duty(rows.get((slug, now))),
         _duty(rows.get((slug, before))), _target(rows.get((slug, now))),
         _kept(rows.get((slug, now)))]
        for slug in DUTIES if (slug, now) in rows or (slug, before) in rows
    ]  # fmt: skip
    runs = {"is_partial": any(row["is_partial"] for row in found), "quarter_start": now}
    return Table(
        (Column("Duty"), Column(quarter(runs, now) if now else "Quarter"),
         Column(quarter({}, before) if before else "Before"), Column("Target"), Column("Kept?")),
        shown, "Nothing was owed yet.",
    )  # fmt: skip


def _target(row: dict[str, Any] | None) -> str:
    if row is None or row["target"] is None:
        return formats.NOTHING
    is_count = row["denominator"] is None
    return formats.count(row["target"]) if is_count else formats.percent(row["target"])


def _duty(row: dict[str, Any] | None) -> str:
    if row is None:
        return formats.NOTHING
    if row["denominator"] is None:
        return formats.count(row["numerator"])
    if not row["denominator"]:
        return formats.NOTHING
    total = formats.count(row["denominator"])
    if row["denominator"] < TOO_FEW:
        return f"{formats.count(row['numerator'])} of {total}"
    return f"{formats.percent(row['value'])} of {total}"


def _kept(row: dict[str, Any] | None) -> str:
    if row is None or row["is_kept"] is None:
        return formats.NOTHING
    if row["is_kept"]:
        return "✓ kept"
    return "not yet" if row["is_partial"] and row["denominator"] is None else "✗ missed"


def marketing_view(data: PageData) -> Table:
    """What became of each quarter's MQLs until today."""
    found: dict[date, list[dict[str, Any]]] = {}
    for row in data.rows(HORIZON):
        if row["mql_quarter"] is not None:
            found.setdefault(row["mql_quarter"], []).append(row)
    shown = []
    for day, rows in list(found.items())[:QUARTERS]:
        by_lag = [
            sum(row["pipeline_amount"] for row in rows if min(2, row["quarters_later"]) == lag)
            for lag in range(3)
        ]
        first = rows[0]
        shown.append([
            quarter(first, day), first["mqls"], first["accepted"], *by_lag,
            sum(row["won_deals"] for row in rows), sum(row["won_amount"] for row in rows),
            first["undecided"], first["with_open_deal"],
        ])  # fmt: skip
    return Table(
        (Column("MQLs of"), Column("MQLs", "count"), Column("Accepted", "count"),
         Column("Pipeline same quarter", "money"), Column("next quarter", "money"),
         Column("later", "money"), Column("Won", "count"), Column("Won amount", "money"),
         Column("Undecided", "count"), Column("Deals open", "count")),
        shown, "No MQL yet.",
    )  # fmt: skip


def sales_view(data: PageData) -> Table:
    """Where the pipeline of each sales quarter came from."""
    found: dict[date, list[dict[str, Any]]] = {}
    for row in data.rows(HORIZON):
        found.setdefault(row["quarter_start"], []).append(row)
    shown = []
    for day, rows in sorted(found.items(), reverse=True)[:QUARTERS]:
        total = sum(row["pipeline_amount"] for row in rows)
        by_lag = [
            sum(row["pipeline_amount"] for row in rows if _lag(row) == lag) for lag in range(4)
        ]
        shown.append([quarter(rows[0], day), total,
                      *((part / total if total else None) for part in by_lag)])  # fmt: skip
    return Table(
        (Column("Sales quarter"), Column("Pipeline created", "money"),
         Column("MQLs of this quarter", "share"), Column("of the one before", "share"),
         Column("older", "share"), Column("without an MQL", "share")),
        shown, "No pipeline yet.",
    )  # fmt: skip


def _lag(row: dict[str, Any]) -> int:
    return 3 if row["quarters_later"] is None else min(2, row["quarters_later"])
