"""Rows for the mapping seeds: what the CRMs offer or records hold, and no seed has.

A draft has the seed's own columns with everything filled in that is known; the meaning is left to
people unless the CRM states it (a stage that is won, a status that means converted).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import ConnectorError
from connectors.hubspot.connector import HubSpotConnector
from connectors.offered import Offered, by_hubspot, by_salesforce
from connectors.salesforce.connector import SalesforceConnector
from onefunnel.config import DBT_PROJECT, Config
from onefunnel.unmapped import UnmappedValue, harmless

SEEDS = DBT_PROJECT / "seeds" / "mappings"
# Per seed: the column of the raw value, and the column that says what it means.
COLUMNS = {
    "lead_status": ("status", "kind"),
    "opportunity_stage": ("stage", "kind"),
    "opportunity_type": ("type", "kind"),
    "source_mapping": ("value", "source"),
    "loss_reason": ("value", "reason"),
    "rejection_reason": ("raw_reason", "reason"),
    "industry": ("value", "industry"),
}
SEED_OF_LIST = {"source": "source_mapping"}


@dataclass(frozen=True)
class Draft:
    """One proposed row."""

    seed: str
    system: str
    value: str
    hint: str = ""
    records: int | None = None


def offered(config: Config) -> list[Offered]:
    """What both CRMs offer; one that cannot be reached offers nothing here."""
    found: list[Offered] = []
    if config.salesforce:
        salesforce = SalesforceConnector(config.salesforce)
        try:
            found += by_salesforce(salesforce)
        except ConnectorError:
            pass
        finally:
            salesforce.close()
    if config.hubspot:
        hubspot = HubSpotConnector(config.hubspot)
        try:
            found += by_hubspot(hubspot)
        except ConnectorError:
            pass
        finally:
            hubspot.close()
    return found


def drafts(values: Iterable[Offered], unmapped: Iterable[UnmappedValue]) -> list[Draft]:
    """Rows that no seed has, each once; those that records have already come first."""
    known = {seed: set(seed_values(seed)) for seed in COLUMNS}
    found: dict[tuple[str, str, str], Draft] = {}
    for one in unmapped:
        seed = SEED_OF_LIST.get(one.mapping, one.mapping)
        found[seed, "", one.value] = Draft(seed, "", one.value, records=one.records)
    for each in values:
        value = harmless(each.value)
        rows = known.get(each.seed, set())
        if (each.system, each.value.lower()) in rows or ("", each.value.lower()) in rows:
            continue
        counted = found.pop((each.seed, "", value), None)
        records = counted.records if counted else None
        found[each.seed, each.system, value] = Draft(
            each.seed, each.system, value, each.hint, records
        )
    return sorted(found.values(), key=lambda draft: (draft.seed, -(draft.records or 0)))


def seed_values(seed: str) -> Iterator[tuple[str, str]]:
    """System and raw value of every row that a seed has."""
    with open(SEEDS / f"{seed}.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row.get("system") or "", (row[COLUMNS[seed][0]] or "").lower()


def write(rows: Iterable[Draft], folder: Path) -> list[Path]:
    """Write a file per seed with the seed's own header, for people to complete."""
    by_seed: dict[str, list[Draft]] = {}
    for row in rows:
        by_seed.setdefault(row.seed, []).append(row)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for seed, some in by_seed.items():
        if seed not in COLUMNS:
            continue
        with open(SEEDS / f"{seed}.csv", encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        value_column, meaning = COLUMNS[seed]
        path = folder / f"{seed}.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
            writer.writeheader()
            for row in some:
                told = {"system": row.system, value_column: guarded(row.value), meaning: row.hint}
                writer.writerow({name: text for name, text in told.items() if name in header})
        written.append(path)
    return written


def guarded(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value
