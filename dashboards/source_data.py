"""The published tables as pages read them: marts and definitions of one release, nothing else.

Belongs here: the queries of the site. Not here: judging (definitions), summing (marts), packing
for the browser (`payload.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from dashboards.crm import NOWHERE, checked
from dashboards.glossary import Glossary
from dashboards.labels import clean, slugs

ALL = "All"
TREND_MONTHS, CHART_MONTHS = 13, 25
SYSTEMS = {"hubspot": "HubSpot", "salesforce": "Salesforce"}
SEGMENT_ORDER = {"SMB": 1, "Mid-market": 2, "Enterprise": 3}
TEAM_ORDER = {"marketing": 1, "sales": 2, "partner": 3, "various": 4}
LAST = ("Other", "Unknown", "Not recorded", "Unmapped")


@dataclass(frozen=True)
class Slice:
    """One figure as dbt computed it."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    n: int = 0
    p25: float | None = None
    p75: float | None = None


@dataclass(frozen=True)
class Choice:
    """An entry of a filter: the value in the tables, its slug in addresses, its text on pages."""

    value: str
    slug: str
    label: str
    team: str = ""
    is_gap: bool = False


Key = tuple[str, str, str, str, str, str]  # metric, period, compare, segment, region, source


@dataclass
class PageData:
    """Everything a page is made of. Queries run once and are shared by all pages of a build."""

    con: duckdb.DuckDBPyConnection
    glossary: Glossary
    built_at: datetime
    # Where each CRM shows its records; without an address nothing is linked.
    crm: Mapping[str, str] = field(default_factory=dict)
    _cache: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, ask: Callable[[], Any]) -> Any:
        """What was asked before under this name, else asked now."""
        if name not in self._cache:
            self._cache[name] = ask()
        return self._cache[name]

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """The rows of a query over marts or definitions."""
        cursor = self.con.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @cached_property
    def run(self) -> dict[str, Any]:
        """The run that made the warehouse."""
        found = self.rows("select * from marts.run")
        if len(found) != 1:
            raise ValueError(
                f"marts.run has {len(found)} rows instead of one: build the warehouse again "
                "(`onefunnel run`)"
            )
        return found[0]

    @cached_property
    def unread(self) -> list[str]:
        """Objects that the credentials may not read: what rests on them is incomplete."""
        rows = self.rows(
            "select source, stream from marts.stream_freshness where status = 'not_permitted' "
            "order by source desc, stream"
        )
        return [f"{SYSTEMS[row['source']]} {row['stream']}" for row in rows]

    @cached_property
    def periods(self) -> list[dict[str, Any]]:
        """Periods with what each is compared with, in the order of the list."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.rows("select * from marts.period order by sort_order, compare"):
            if row["compare"] == "current":
                found[row["period"]] = {**row, "compares": {}}
            else:
                found[row["period"]]["compares"][row["compare"]] = row
        return list(found.values())

    @cached_property
    def choices(self) -> dict[str, list[Choice]]:
        """What can be chosen in each filter of a dimension; the first is `All`."""
        sources = self.rows("select * from marts.source order by is_gap, source_rank, source")
        sources.sort(key=lambda row: (TEAM_ORDER.get(row["team"], 9), row["source"] in LAST))
        found = {"source": sources}
        for name in ("segment", "region"):
            values = self.rows(f"select distinct {name} as value from marts.metric_slice union "
                               f"select distinct {name} from marts.funnel")  # fmt: skip
            known = sorted(
                (row["value"] for row in values if row["value"] != ALL),
                key=lambda value: (value in LAST, SEGMENT_ORDER.get(value, 0), value),
            )
            found[name] = [{name: value} for value in known]
        return {name: _choices(name, found[name]) for name in ("segment", "region", "source")}

    @property
    def sources(self) -> list[Choice]:
        """The sources without `All`."""
        return self.choices["source"][1:]

    @cached_property
    def slices(self) -> dict[Key, Slice]:
        """Every figure, by metric, period, compare, segment, region and source."""
        cursor = self.con.execute(
            "select metric, period, compare, segment, region, source, numerator, denominator, "
            "value, n, p25, p75 from marts.metric_slice order by all"
        )
        return {row[:6]: Slice(*row[6:]) for row in cursor.fetchall()}

    def figure(self, metric: str, period: str, **chosen: str) -> Slice:
        """One figure; nothing recorded is an empty slice."""
        segment, region, source = (chosen.get(n, ALL) for n in ("segment", "region", "source"))
        key = (metric, period, chosen.get("compare", "current"), segment, region, source)
        return self.slices.get(key, Slice())

    @cached_property
    def funnel(self) -> list[dict[str, Any]]:
        """How far people get, all slices."""
        return self.rows("select * from marts.funnel order by all")

    @cached_property
    def trend(self) -> dict[tuple[str, str, str, str], dict[date, float]]:
        """Value a month of each metric, along one dimension at a time."""
        found: dict[tuple[str, str, str, str], dict[date, float]] = {}
        for row in self.rows(
            "select metric, segment, region, source, month, value from marts.metric_trend "
            "where month >= ? and value is not null order by all", self.trend_months[0],
        ):  # fmt: skip
            place = (row["metric"], row["segment"], row["region"], row["source"])
            found.setdefault(place, {})[row["month"]] = row["value"]
        return found

    @cached_property
    def today(self) -> date:
        """The day as of which the run judges, reporting zone."""
        return max(period["ends_on"] for period in self.periods)

    @property
    def trend_months(self) -> list[date]:
        """Months of a sparkline; the running one last."""
        return months_back(self.today, TREND_MONTHS)

    @cached_property
    def months(self) -> list[date]:
        """Months of a monthly chart, from the first that has anything."""
        first = self.rows("select min(month) as month from marts.pipeline_by_source")[0]["month"]
        wanted = months_back(self.today, CHART_MONTHS)
        # Half a year at least: a single month would be one bar as wide as the card.
        return [month for month in wanted if (first and month >= first) or month >= wanted[-6]]

    @cached_property
    def pipeline_months(self) -> list[dict[str, Any]]:
        """Pipeline created by month and source, all slices of segment and region."""
        return self.rows(
            "select * from marts.pipeline_by_source where month >= ? order by all", self.months[0]
        )

    @cached_property
    def targets(self) -> dict[str, dict[str, float]]:
        """Shared targets by name and period."""
        found: dict[str, dict[str, float]] = {}
        for row in self.rows("select * from marts.metric_target where team = 'both' order by all"):
            found.setdefault(row["metric"], {})[row["period"]] = row["target"]
        return found

    @cached_property
    def changes(self) -> list[tuple[date, str]]:
        """Months in which a definition changed, with what to write there."""
        found: dict[date, list[str]] = {}
        for row in self.rows(
            "select * from marts.definition_change where version > 1 order by changed_on"
        ):
            known = self.glossary.definitions.get(row["definition"])
            name = known.title if known else row["definition"]
            month = row["changed_on"].replace(day=1)
            found.setdefault(month, []).append(f"{clean(name)} v{row['version']}")
        return [(m, ", ".join(names)) for m, names in found.items() if m in self.months]


def months_back(today: date, count: int) -> list[date]:
    """The first days of the last `count` months, the running one last."""
    month = today.replace(day=1)
    found = [month]
    while len(found) < count:
        month = (month - timedelta(days=1)).replace(day=1)
        found.append(month)
    return found[::-1]


def _choices(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Choice]:
    names = [row[name] for row in rows]
    return [
        Choice(ALL, "all", ALL),
        *(
            Choice(
                row[name], place, clean(row[name]), row.get("team") or "", bool(row.get("is_gap"))
            )
            for row, place in zip(rows, _unlike_all(slugs(names)), strict=True)
        ),
    ]


def _unlike_all(names: Iterable[str]) -> list[str]:
    return [f"{name}-" if name == "all" else name for name in names]


@contextmanager
def opened(
    warehouse: Path, glossary: Glossary, built_at: datetime, crm: Mapping[str, str] = NOWHERE
) -> Iterator[PageData]:
    """Open a release's copy, read-only."""
    if not warehouse.is_file():
        raise FileNotFoundError(
            f"{warehouse}: no published warehouse there; run `onefunnel run` first"
        )
    con = duckdb.connect(str(warehouse), read_only=True)
    try:
        yield PageData(con, glossary, built_at, checked(crm))
    finally:
        con.close()
