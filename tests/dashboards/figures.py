"""What SQL on a published warehouse says of a figure that a page marks (`data-metric`, `data-value`
and what it was chosen by). Shared figures come from the definitions themselves (`test_pages.SQL`),
what stands behind them from the marts.

A figure that is marked and known to no query here raises: a new mark needs its query.
"""

from __future__ import annotations

from typing import Any

from dashboards.breakdowns import humane
from dashboards.labels import clean, slugs
from tests.dashboards.test_pages import SQL, by_sql

DIMENSIONS = ("segment", "region", "source")
# What belongs to a figure that no attribute says: its card, and the row and period it stands in.
# (The sum of what is rare, `Other` of a matrix, depends on what else the matrix shows.)
READ = """() => [...document.querySelectorAll(".figure[data-value]")].map(one => {
  const line = one.closest("tr");
  const period = one.closest("details.period");
  const card = one.closest("section");
  return {
    ...one.dataset, shown: one.textContent.trim(), card: card ? card.id : "",
    line: line ? line.querySelector("th").textContent.trim() : "",
    within: period ? period.id : "last_90_days",
    group: line && line.parentElement.querySelector("tr.group")
      ? line.parentElement.querySelector("tr.group").textContent.trim() : "",
  };
}).filter(one => one.column !== "Other")"""
MATRIX = {
    "two-clocks": "select numerator, sum(numerator) over (partition by breakdown) as denominator, "
    "case breakdown when 'routing_time' then 'Routing' else 'Working' end as line, "
    "category as place from marts.breakdown_slice where {chosen} and compare = 'current' "
    "and breakdown in ('routing_time', 'working_time') and period = 'last_90_days'",
    "cohorts": "select converted, mature, strftime(vintage, '%b %Y'), "
    "(within_days // 7)::text || ' wk' from marts.cohort_conversion where {chosen} "
    "and reached = 'opportunity' and within_days % 7 = 0 and is_whole",
    "curves": "select converted, mature, strftime(vintage, '%b %Y'), (within_days // 7)::text "
    "from marts.cohort_conversion where {chosen} and reached = 'opportunity' "
    "and within_days % 7 = 0 and is_whole",
    "reasons-by-source": "select sum(records), "
    "sum(sum(records)) over (partition by source), source, reason from marts.rejection_week "
    "where week_start > (select max(week_start) - interval 365 day from marts.rejection_week) "
    "group by source, reason",
    "by-source": "select numerator, sum(numerator) over (partition by source), source, category "
    "from marts.breakdown_slice where breakdown = 'loss_reason' and compare = 'current' "
    "and period = 'last_12_months' and source <> 'All' and {chosen}",
    "by-tier": "select deals, lost, tier, loss_reason from marts.lost_by_tier "
    "where period = 'last_12_months' and {chosen}",
}
EXCLUDED = (
    "select records from marts.exclusion_ledger "
    "where lower(replace(reason, '_', ' ')) = lower($line)"
)
# Lists that a page shows whole or the first rows of: each figure must be one of these.
LISTS = {
    "audit_disagreements_people": "select sum(people) from marts.audit_agreement "
    "where verdict <> 'side by side' group by topic, verdict",
    "audit_drift_records": "select count(*) from marts.source_drift where source = $line "
    "group by subject, system, raw_source_now",
    "tests_passed": None, "records_staged": "select sum(records) from marts.cast_failure",
    "unmapped": "select records from marts.unmapped_value where value = $line",
    "audit_unmapped_records": "select records from marts.unmapped_value where value = $line",
    "excluded": EXCLUDED,
    "audit_excluded_records": EXCLUDED,
    "cast_failures": "select failures from marts.cast_failure where staged_table = $line",
    "currency_without_rate": "select opportunities from marts.currency_without_rate "
    "where currency = $line",
    "audit_values_records": "select records from marts.audit_value where value = $line",
    "audit_values_recent_changes": "select recent_changes from marts.audit_value "
    "where value = $line",
    "audit_missing_records": "select records from marts.audit_missing",
    "audit_missing_missing": "select missing from marts.audit_missing",
    "audit_missing_recent_missing": "select recent_missing from marts.audit_missing",
    "audit_history_records": "select records from marts.history_coverage",
    "audit_history_late": "select late from marts.history_coverage",
    "feedback_week": "select records from marts.feedback_week where is_reviewed and topic = $line",
    "content_uses": "select uses from marts.content_outcome where is_reviewed "
    "and content = $line",
    "content_won": "select won_with / nullif(won_deals, 0)::double from marts.content_outcome "
    "where is_reviewed and content = $line",
}  # fmt: skip


class Warehouse:
    """Answers of one published warehouse; what many figures need is read once."""

    def __init__(self, con: Any, units: dict[str, str]) -> None:
        self.con = con
        self.units = units
        self.values: dict[tuple[str, str], str] = {}
        for name in DIMENSIONS:
            found = [row[0] for row in con.execute(
                f"select distinct {name} from marts.metric_slice where {name} <> 'All' "
                f"union select distinct {name} from marts.funnel where {name} <> 'All' order by 1"
            ).fetchall()]  # fmt: skip
            self.values |= {(name, slug): value for slug, value in zip(slugs(found), found,
                                                                       strict=True)}  # fmt: skip
            self.values[(name, "all")] = "All"

    def place(self, one: dict[str, str], names: tuple[str, ...] = DIMENSIONS) -> str:
        """Conditions for what was chosen."""
        return " and ".join(
            f"{name} = '{self.values[(name, one[name])].replace(chr(39), chr(39) * 2)}'"
            for name in names
        )

    def ask(self, query: str, **given: str) -> list[float | None]:
        """The first column."""
        given = {name: value for name, value in given.items() if f"${name}" in query}
        rows = self.con.execute(query, given).fetchall()
        return [None if row[0] is None else float(row[0]) for row in rows]

    def wanted(self, one: dict[str, str]) -> list[float | None]:
        """What the figure may be: one number, or those of the list that it stands in."""
        metric = one["metric"]
        if "row" in one:
            return self._in_matrix(one)
        if "category" in one:
            return self._in_breakdown(one)
        if metric.startswith("attribution_"):
            return self.ask(
                f"select {metric.removeprefix('attribution_')}_amount from marts.attribution_slice "
                f"where period = $period and channel = $channel and {self.place(one)}",
                period=one["period"], channel=one["channel"],
            )  # fmt: skip
        if "month" in one and metric == "pipeline_by_source":
            return self.ask(
                "select amount from marts.pipeline_by_source where month = $month::date and "
                + self.place(one),
                month=one["month"],
            ) or [0]  # fmt: skip
        if metric.startswith("restated_"):
            return self.ask(
                f"select {metric.removeprefix('restated_')}_value from marts.restatement "
                "where metric = $figure and month = $month::date and source = $source",
                figure=one["figure"], month=one["month"], source=one["source"],
            )  # fmt: skip
        if metric.startswith("funnel_"):
            _, stage, column = metric.split("_")
            return self.ask(
                f"select {column} from marts.funnel where stage = '{stage}' and period = $period "
                f"and {self.place(one)}",
                period=one["period"],
            ) or [0]  # fmt: skip
        if metric.startswith("cohort_"):
            return self.ask(
                "select coalesce(numerator, 0) / nullif(denominator, 0)::double "
                "from marts.metric_trend where metric = $metric and segment = 'All' "
                "and region = 'All' and source = 'All' and strftime(month, '%b %Y') = $line",
                metric=metric, line=one["line"].removesuffix(" (running)"),
            )  # fmt: skip
        if metric.startswith("clause_"):
            return self.ask(
                f"select {metric.removeprefix('clause_')} from marts.definition_clause "
                "where definition = $definition and clause = $clause",
                definition=one["definition"], clause=one["clause"],
            )  # fmt: skip
        if metric.startswith("audit_counts_"):
            column = metric.removeprefix("audit_counts_")
            shared = one["definition"] == "shared"
            return self.ask(
                f"select distinct {'shared' if shared else column} from marts.audit_count "
                f"where period = $within {'' if shared else 'and definition = $definition'}",
                within=one["within"], definition=one["definition"],
            )  # fmt: skip
        if metric == "audit_reasons_records":
            return self.ask(
                "select sum(counts) from marts.audit_difference where period = $within "
                "and definition = $definition group by reason, detail union all "
                "select gap from marts.audit_count where period = $within "
                "and definition = $definition",
                within=one["within"], definition=one["definition"],
            )  # fmt: skip
        if metric == "rows":
            return self.ask(f"select count(*) from definitions.{one['table']}")
        if metric in LISTS:
            return self.ask(LISTS[metric], line=one["line"]) if LISTS[metric] else [None]
        if metric in SQL:
            return [by_sql(self.con, metric, one)]
        found = self.ask(
            "select value from marts.metric_slice where metric = $metric and period = $period "
            f"and compare = 'current' and {self.place(one)}",
            metric=metric, period=one["period"],
        )  # fmt: skip
        known = self.ask("select 1 from marts.metric_slice where metric = $metric", metric=metric)
        if not known:
            raise KeyError(f"{metric} is marked on a page and no query here knows it")
        return found or [None]

    def _in_matrix(self, one: dict[str, str]) -> list[float | None]:
        names = tuple(n for n in DIMENSIONS if not (one["card"] == "by-source" and n == "source"))
        query = MATRIX[one["card"]].format(chosen=self.place(one, names))
        asked = (one["row"], humane(one["column"]))
        rows = [
            row
            for row in self.con.execute(query).fetchall()
            if (clean(row[2]), humane(row[3])) == asked
        ]
        return [float(row[0]) / float(row[1]) if row[1] else None for row in rows] or [0]

    def _in_breakdown(self, one: dict[str, str]) -> list[float | None]:
        is_number = self.units[one["metric"]] in ("count", "money")
        rows = self.con.execute(
            f"select category, {'numerator' if is_number else 'value'} from marts.breakdown_slice "
            "where breakdown = $metric and period = $period and compare = 'current' and "
            + self.place(one),
            {"metric": one["metric"], "period": one["period"]},
        ).fetchall()
        return [None if value is None else float(value)
                for category, value in rows if humane(category) == one["category"]]  # fmt: skip


# Shipped in whole units or cents: the page may differ by what rounding does.
WHOLE = {"pipeline_by_source", "pipeline_movement", "campaign_pipeline", "campaign_won",
         "loss_amount", "pipeline_by_fit"}  # fmt: skip


def agrees(one: dict[str, str], wanted: list[float | None]) -> bool:
    """Whether the figure is one of what SQL says."""
    found = float(one["value"]) if one["value"] else None
    slack = 0.51 if one["metric"] in WHOLE or one["metric"].startswith("attribution_") else 0.006
    if "." not in one["value"] and slack < 0.5:
        slack = 0
    for value in wanted:
        if value is None or found is None:
            if (value or 0) == (found or 0):
                return True
        elif abs(value - found) <= (slack if abs(value) >= 1 else 1e-9):
            return True
    return False
