"""What a run knows about itself before anything is built: moment, landing, definition versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import requests

from connectors.landing import Landing
from connectors.settings import LOOPBACK, HubSpotSettings, SalesforceSettings
from onefunnel import sources
from onefunnel.config import DBT_PROJECT, Config
from onefunnel.private_warehouse import DefinitionVersion, RunFacts, StreamLoad
from onefunnel.stream_status import StreamStatus
from review import registry
from review.fingerprint import definitions, rules


def run_facts(config: Config, dagster_run_id: str) -> RunFacts:
    """The facts of a run that begins now."""
    landing = Landing(config.home.landing)
    started = datetime.now(UTC)
    return RunFacts(
        run_id=f"{started:%Y%m%d-%H%M%S}-{dagster_run_id[:8]}",
        as_of=as_of(config),
        landing_fingerprint=landing.fingerprint(),
        salesforce_watermark=landing.watermark("salesforce"),
        hubspot_watermark=landing.watermark("hubspot"),
    )


def as_of(config: Config) -> datetime:
    """The moment as of which all is judged, naive UTC, whole seconds."""
    if config.as_of:
        return config.as_of
    moment = local_crm_clock(config) or datetime.now(UTC).replace(tzinfo=None)
    return moment.replace(microsecond=0)


def local_crm_clock(config: Config) -> datetime | None:
    """The clock of the local CRM when that is what we read, so that a demo never ages."""
    for settings in (config.salesforce, config.hubspot):
        if settings and is_loopback(settings):
            try:
                answer = requests.get(f"{settings.url}/_sandbox/clock", timeout=5)
                given = datetime.fromisoformat(answer.json()["now"])
            except (requests.RequestException, ValueError, KeyError, TypeError):
                continue
            return given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given
    return None


def is_loopback(settings: SalesforceSettings | HubSpotSettings) -> bool:
    """Whether the source is on this machine."""
    return any(settings.url.startswith(f"http://{host}") for host in LOOPBACK)


def definition_versions(manifest: Mapping[str, Any]) -> list[DefinitionVersion]:
    """Every version of each definition: the one in force as computed, others as agreed."""
    found = rules(manifest, DBT_PROJECT)
    rows = []
    for name, node in definitions(manifest).items():
        meta = node["config"].get("meta") or {}
        owners = meta.get("owners") or {}
        changed_on = meta.get("changed_on")
        agreed = {row.version: row for row in registry.versions(DBT_PROJECT, name)}
        version = meta.get("version")
        current = agreed.pop(version, None) if version else None
        # Signatures under another rule say nothing of this one.
        signed = current if current and current.rule == found[name] else None
        in_force = DefinitionVersion(
            name,
            version,
            date.fromisoformat(str(changed_on)) if changed_on else None,
            found[name],
            owners.get("marketing"),
            owners.get("sales"),
        )
        rows.append(with_agreement(in_force, signed))
        rows += [
            with_agreement(replace(in_force, is_in_force=False), row) for row in agreed.values()
        ]
    return rows


def with_agreement(row: DefinitionVersion, agreed: registry.Entry | None) -> DefinitionVersion:
    """A version with who agreed to it, and when."""
    if agreed is None:
        return row
    return replace(
        row,
        version=agreed.version,
        changed_on=row.changed_on if row.is_in_force else agreed.changed_on,
        fingerprint=agreed.rule,
        marketing_agreed_on=agreed.agreed_on("marketing"),
        sales_agreed_on=agreed.agreed_on("sales"),
        reviewed_on=agreed.reviewed_on,
        effect=agreed.effect,
        pull_request=agreed.pull_request,
    )


def stream_loads(landing: Landing, told: Mapping[str, StreamStatus]) -> list[StreamLoad]:
    """One row per stream: what its last reading said, and what the landing holds."""
    loads = []
    for spec in sources.specs():
        for stream in spec.streams:
            state = landing.state(stream.source, stream.name)
            status = told.get("/".join(stream.asset_key))
            loads.append(
                StreamLoad(
                    stream.source,
                    stream.name,
                    status.status if status else ("landed" if state else "never_read"),
                    status.rows if status else 0,
                    state.total_rows if state else 0,
                    status.requests if status else 0,
                    state.window_end if state else None,
                    state.extracted_at if state else None,
                )
            )
    return loads
