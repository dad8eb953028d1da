"""The shared audit with which two teams start: what their systems say, table by table.

Belongs here: which tables, in which order and words; the page and `onefunnel audit` show the same.
Not here: how a difference is judged (models `int_competing_*`), how a table is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboards import audit_lists
from dashboards.audit_section import (
    COUNT,
    SIGNED,
    Ask,
    Column,
    Section,
    sentence,
)
from dashboards.source_data import SYSTEMS

DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "hubspot_lifecycle": ("HubSpot life-cycle stage", "contacts that entered the stage"),
    "salesforce_status": ("Salesforce status", "leads that were given the status"),
    "custom_date": ("Own date field", "records whose MQL date is filled"),
    "naive_union": ("Both lists added up", "as in a spreadsheet, nobody matched"),
}
SHARED = "Shared definition"
# Definitions that one system decides; the others need both.
DECIDED_BY = {"hubspot_lifecycle": "hubspot", "salesforce_status": "salesforce"}


def sections(ask: Ask, period: str) -> list[Section]:
    """All tables: the counts and reasons of a period, then what is the same for every period."""
    return [
        counts(ask, period),
        reasons(ask, period),
        audit_lists.disagreements(ask),
        audit_lists.values(ask),
        audit_lists.missing(ask),
        audit_lists.unmapped(ask),
        audit_lists.excluded(ask),
        audit_lists.drift(ask),
        audit_lists.history(ask),
    ]


def counts(ask: Ask, period: str) -> Section:
    """How many qualified leads each definition counts."""
    found = {
        row["definition"]: row
        for row in ask("select * from marts.audit_count where period = ?", period)
    }
    shared = next((row["shared"] for row in found.values()), 0)
    absent = not_landed(ask)
    rows: list[dict[str, Any]] = [
        {"name": SHARED, "about": without("attempts that became an MQL", absent),
         "counted": shared, "in_both": None, "gap": None, "definition": "shared", "is_used": True}
    ]  # fmt: skip
    for slug, (name, about) in DEFINITIONS.items():
        row = found.get(slug)
        if row is None:
            continue
        is_used = row["counted_ever"] > 0
        about = about if is_used else "not used, or not mapped in competing_mql"
        decided_by = DECIDED_BY.get(slug)
        if decided_by in absent:
            about = nothing_from(decided_by)
        elif decided_by is None:
            about = without(about, absent)
        rows.append(
            {
                "name": name,
                "about": about,
                "counted": row["counted"] if is_used else None,
                "in_both": row["in_both"] if is_used else None,
                "gap": row["gap"] if is_used else None,
                "definition": slug,
                "is_used": is_used,
            }
        )
    return Section(
        "counts",
        "How many qualified leads does each definition count?",
        "The same period and the same data, counted as each system would by itself",
        (
            Column("Definition", "name"),
            Column("Qualified leads", "counted", COUNT),
            Column("Counted by both", "in_both", COUNT),
            Column("Gap", "gap", SIGNED),
            Column("What it counts", "about"),
        ),
        rows,
        "Nothing was counted.",
        notice=notice(absent),
    )


def not_landed(ask: Ask) -> list[str]:
    """The systems from which nothing has landed: they never said anything."""
    rows = ask(
        "select source from marts.stream_freshness group by 1 having sum(total_rows) = 0 order by 1"
    )
    return [row["source"] for row in rows]


def nothing_from(system: str) -> str:
    """That a system never said anything."""
    return f"nothing has landed from {SYSTEMS[system]}"


def without(about: str, absent: Iterable[str]) -> str:
    """What a count is, and which systems it does without."""
    return "; ".join([about, *(f"nothing from {SYSTEMS[one]}" for one in absent)])


def notice(absent: Iterable[str]) -> str:
    """What a reader has to know of counts and reasons that rest on one system."""
    told = " and ".join(map(nothing_from, absent))
    return told and (
        f"{sentence(told)}: a count of 0 and a reason below can come of that alone. "
        "`onefunnel doctor` says what its access lacks."
    )


def reasons(ask: Ask, period: str) -> Section:
    """Why each count differs from the shared one; the reasons add up to its gap."""
    found = ask(
        "select differences.definition, differences.reason, differences.detail, "
        "sum(differences.counts) as records "
        "from marts.audit_difference as differences inner join marts.audit_count as counted "
        "on differences.period = counted.period and differences.definition = counted.definition "
        "where differences.period = ? and counted.counted_ever > 0 "
        "group by 1, 2, 3 order by abs(sum(differences.counts)) desc, 2, 3",
        period,
    )
    rows = []
    for slug, (name, _) in DEFINITIONS.items():
        own = [row for row in found if row["definition"] == slug]
        rows += [
            {
                "name": name,
                "definition": slug,
                "reason": sentence(row["reason"], row["detail"]),
                "side": f"only {name}" if row["records"] > 0 else f"only {SHARED.lower()}",
                "records": row["records"],
            }
            for row in own
        ]
        if own:
            total = sum(row["records"] for row in own)
            rows.append(
                {"name": name, "definition": slug, "reason": "Gap", "side": "all reasons added up",
                 "records": total, "is_total": True}
            )  # fmt: skip
    return Section(
        "reasons",
        "Why do the counts differ?",
        "Every record that only one of the two counts, once, with its one reason",
        (
            Column("Reason", "reason"),
            Column("Counted by", "side"),
            Column("Records", "records", SIGNED),
        ),
        rows,
        "Every count agrees with the shared definition.",
        notice=notice(not_landed(ask)),
        group="name",
    )


def summary(section: Section) -> str:
    """The counts of a period in one sentence."""
    shared = next(row["counted"] for row in section.rows if row["definition"] == "shared")
    others = [
        f"{row['name']} {row['counted']:,}"
        for row in section.rows
        if row["definition"] != "shared" and row["is_used"]
    ]
    return f"{SHARED} {shared:,}" + "".join(f" · {text}" for text in others)


def differences(ask: Ask, period: str, definition: str) -> list[dict[str, Any]]:
    """Every record that only one side counts, by id, for a person to look up in the CRM."""
    return ask(
        "select definition, counts, reason, detail, system, object, record_id, person_id, "
        "episode_id, claimed_on, mql_on from marts.audit_difference "
        "where period = ? and definition = ? order by reason, record_id, episode_id",
        period,
        definition,
    )


def periods(ask: Ask) -> Iterable[dict[str, Any]]:
    """The periods of the page, in order."""
    return ask("select * from marts.period where compare = 'current' order by sort_order")


def every_period(ask: Ask) -> list[dict[str, Any]]:
    """All periods that can be asked for: the page's, fiscal quarters and months."""
    return ask("select * from marts.audit_period order by sort_order, starts_on")
