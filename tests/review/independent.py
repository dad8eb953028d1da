"""The figures of an impact report, computed another way: in Python, from two full builds.

Shares no query and no arithmetic with `review/effect/`. Grain: one warehouse file a side.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import duckdb

DECIDED = ("accepted", "rejected", "recycled", "disqualified", "overdue")


@dataclass
class Warehouse:
    """Rows of one full build."""

    lead_rows: int
    record_rows: int
    mqls: list[dict]
    deals: list[dict]
    all_deals: int
    all_won: int
    targets: list[dict]
    episodes: list[dict]
    icp: dict[str, str]
    tables: dict[str, Counter]
    facts: list[dict]


def read(path: Path, review: Path | None = None) -> Warehouse:
    """Everything that is needed of a warehouse."""
    con = duckdb.connect(str(path), read_only=True)
    con.execute("set timezone = 'UTC'")

    def rows(sql: str) -> list[dict]:
        cursor = con.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def by(sql: str, key: str) -> dict:
        return {row[key]: row for row in rows(sql)}

    sal = by("from definitions.sal", "episode_id")
    follow_up = by("from definitions.follow_up", "episode_id")
    win = by("from definitions.win", "opportunity_id")
    source = by("from definitions.pipeline_source", "opportunity_id")
    influenced = {
        row["opportunity_id"]
        for row in rows("from definitions.pipeline_influence")
        if (row["team"], row["kind"]) == ("marketing", "influenced")
    }
    names = by("from intermediate.int_campaign", "campaign_id")
    opportunities = rows("from definitions.opportunity")
    deals = [
        {
            "id": row["opportunity_id"],
            "episode": row["episode_id"],
            "at": row["pipeline_at"],
            "amount": source[row["opportunity_id"]]["amount"] or Decimal(0),
            "source": source[row["opportunity_id"]]["source"],
            "team": source[row["opportunity_id"]]["team"],
            "segment": row["segment"] or "Unknown",
            "influenced": row["opportunity_id"] in influenced,
            "outcome": win[row["opportunity_id"]]["outcome"],
            "closed": win[row["opportunity_id"]]["closed_at"],
            "cycle": win[row["opportunity_id"]]["cycle_days"],
            "won_amount": win[row["opportunity_id"]]["amount_reporting"] or Decimal(0),
        }
        for row in opportunities
        if row["is_pipeline"]
    ]
    led: dict[str, list[dict]] = {}
    for deal in deals:
        led.setdefault(deal["episode"], []).append(deal)
    episodes = rows("from definitions.mql")
    mqls = []
    for row in episodes:
        if not row["is_mql"]:
            continue
        key, campaign = row["episode_id"], row["campaign_id"]
        known = names.get(campaign, {}).get("campaign_name")
        mqls.append(
            {
                "id": key,
                "person": row["person_id"],
                "at": row["mql_at"],
                "source": row["source"],
                "segment": row["segment"] or "Unknown",
                "campaign": "No campaign"
                if campaign is None
                else known or "Campaign no longer in the CRM",
                "outcome": sal[key]["outcome"],
                "accepted_at": sal[key]["accepted_at"],
                "follow_up": follow_up[key]["status"],
                "deals": led.get(key, []),
            }
        )
    tables = {
        f"{table}": Counter(
            tuple(map(repr, row)) for row in con.execute(f"from {schema}.{table}").fetchall()
        )
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where schema_name in ('definitions', 'marts')"
        ).fetchall()
    }
    found = Warehouse(
        lead_rows=len(rows("from definitions.lead")),
        record_rows=len(rows("from definitions.person_record")),
        mqls=mqls,
        deals=deals,
        all_deals=len(opportunities),
        all_won=sum(row["outcome"] == "won" for row in win.values()),
        targets=rows("from seeds.target"),
        episodes=episodes,
        icp={
            r["account_id"]: r["fit"] for r in rows("from definitions.icp where valid_to is null")
        },
        tables=tables,
        facts=rows("from intermediate.int_metric_fact"),
    )
    con.close()
    return found


def figures(mqls: list[dict], deals: list[dict]) -> dict[str, object]:
    """The headline of some MQLs and deals; a rate as its two counts."""
    outcomes = Counter(row["outcome"] for row in mqls)
    ends = Counter(deal["outcome"] for deal in deals)
    follow_ups = Counter(row["follow_up"] for row in mqls)
    decided = sum(outcomes[name] for name in DECIDED)
    return {
        "mqls": len(mqls),
        "sals": outcomes["accepted"],
        "acceptance": [outcomes["accepted"], decided],
        "mql_to_opportunity": [sum(bool(row["deals"]) for row in mqls), len(mqls)],
        "opportunities": len(deals),
        "pipeline_created": money(deal["amount"] for deal in deals),
        "sourced": money(deal["amount"] for deal in deals if deal["team"] == "marketing"),
        "influenced": money(deal["amount"] for deal in deals if deal["influenced"]),
        "won": ends["won"],
        "won_amount": money(deal["won_amount"] for deal in deals if deal["outcome"] == "won"),
        "win_rate": [ends["won"], ends["won"] + ends["lost"]],
        "sla_met": [follow_ups["met"], follow_ups["met"] + follow_ups["breached"]],
    }


def money(values) -> float:
    """Cents."""
    return round(float(sum(values, Decimal(0))), 2)


def quarter_of(moment) -> date | None:
    """The first day of a moment's quarter, UTC as the calendar's default is."""
    return moment and date(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1)


def attained(found: Warehouse, quarter: date, team: str, metric: str) -> float | None:
    """What was reached of one target."""
    created = [deal for deal in found.deals if quarter_of(deal["at"]) == quarter]
    closed = [deal for deal in found.deals if quarter_of(deal["closed"]) == quarter]
    won = [deal for deal in closed if deal["outcome"] == "won"]
    mqls = [row for row in found.mqls if quarter_of(row["at"]) == quarter]
    told = figures(mqls, created)
    if metric == "pipeline_created":
        return float(sum(deal["amount"] for deal in created)) if created else None
    if metric == "sourced_pipeline":
        own = [deal["amount"] for deal in created if deal["team"] == team]
        return float(sum(own)) if own else None
    if metric == "marketing_sourced_share":
        total = sum(deal["amount"] for deal in created)
        return told["sourced"] / float(total) if total else None
    if metric == "won_amount":
        return float(sum(deal["won_amount"] for deal in won)) if won else None
    if metric == "cycle_days":
        days = [deal["cycle"] for deal in won if deal["cycle"] is not None]
        return float(median(days)) if days else None
    if metric == "win_rate":
        lost = sum(deal["outcome"] == "lost" for deal in closed)
        return len(won) / (len(won) + lost) if won or lost else None
    if metric in ("mqls", "accepted_leads"):
        return float(told["mqls" if metric == "mqls" else "sals"]) or None
    if metric in ("acceptance_rate", "sla_met_rate"):
        hits, total = told["acceptance" if metric == "acceptance_rate" else "sla_met"]
        return hits / total if total else None
    facts = [
        one
        for one in found.facts
        if one["metric"] == metric and quarter_of(one["occurred_on"]) == quarter
    ]
    top = sum((one["numerator"] for one in facts if one["numerator"] is not None), Decimal(0))
    bottom = [one["denominator"] for one in facts if one["denominator"] is not None]
    if not facts:
        return None
    if not bottom:
        return float(top)
    return float(top / sum(bottom)) if sum(bottom) else None


def moved(base: list[dict], head: list[dict], who: str, at: str) -> dict[str, list[dict]]:
    """Who leaves, enters, moves and stays, by taking equal ones out and pairing the rest."""
    found: dict[str, list[dict]] = {"leaves": [], "enters": [], "moves": [], "stays": []}
    for person in {row[who] for row in base} | {row[who] for row in head}:
        before = sorted((row for row in base if row[who] == person), key=lambda row: row[at])
        after = sorted((row for row in head if row[who] == person), key=lambda row: row[at])
        times = {row[at] for row in before} & {row[at] for row in after}
        found["stays"] += [row for row in before if row[at] in times]
        before = [row for row in before if row[at] not in times]
        after = [row for row in after if row[at] not in times]
        pairs = min(len(before), len(after))
        found["moves"] += before[:pairs]
        found["leaves"] += before[pairs:]
        found["enters"] += after[pairs:]
    return found


def became(rows: list[dict]) -> dict[str, object]:
    """What became of some MQLs."""
    outcomes = Counter(row["outcome"] for row in rows)
    return {
        "n": len(rows),
        "accepted": outcomes["accepted"],
        "rejected": sum(outcomes[name] for name in ("rejected", "recycled", "disqualified")),
        "never_worked": outcomes["overdue"] + outcomes["no_status"],
        "pending": outcomes["pending"],
        "decided": sum(outcomes[name] for name in DECIDED),
        "with_opportunity": sum(bool(row["deals"]) for row in rows),
        "won": sum(any(deal["outcome"] == "won" for deal in row["deals"]) for row in rows),
        "pipeline": money(deal["amount"] for row in rows for deal in row["deals"]),
    }


def fails(rows: list[dict], judging: Warehouse) -> Counter:
    """The clauses for which each MQL is none on the other side."""
    every = ("c_icp_fit", "c_not_customer", "c_no_open_opportunity", "c_not_excluded")
    counted: Counter = Counter()
    for row in rows:
        open_then = [
            one
            for one in judging.episodes
            if one["person_id"] == row["person"] and one["opened_at"] <= row["at"]
        ]
        running = [
            one for one in open_then if one["closed_at"] is None or one["closed_at"] >= row["at"]
        ]
        if not open_then:
            counted[("no attempt at that time",)] += 1
            continue
        said = max(running or open_then, key=lambda one: one["opened_at"])
        if said["is_mql"]:
            counted[("counted at another time",)] += 1
            continue
        names = [name for name in every if not said[name]]
        if not (said["c_engaged"] or said["c_hand_raised"]):
            names.append("c_engaged or c_hand_raised")
        counted[tuple(names)] += 1
    return counted
