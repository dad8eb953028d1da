"""Can the sources be read, and do they have what we need? Findings, not output: others show them.

Belongs here: reachability, credentials, readable objects, missing fields. Not here: whether the
business mappings fit, which is a question to the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connectors.errors import ConnectorError, NotPermitted
from connectors.hubspot.connector import HubSpotConnector
from connectors.hubspot.records import column_of
from connectors.hubspot.streams import CRM_OBJECT, ENVELOPE
from connectors.salesforce.connector import SalesforceConnector
from connectors.settings import HubSpotSettings, SalesforceSettings
from connectors.stream import META_COLUMNS, Stream

Required = Mapping[str, Sequence[str]]

# One request that shows whether a stream may be read.
HUBSPOT_PROBES: Mapping[str, tuple[str, dict[str, str]]] = {
    "owners": ("owners", {}),
    "pipelines": ("pipelines", {"type": "deals"}),
    "forms": ("forms", {}),
    "email_events": ("email_events", {}),
    "campaigns": ("campaigns", {}),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: Literal["ok", "warning", "error"]
    subject: str
    problem: str = ""
    remedy: str = ""


def of_error(subject: str, error: ConnectorError) -> Finding:
    """Show an error as a finding; an object that may not be read is a warning."""
    level: Literal["warning", "error"] = "warning" if isinstance(error, NotPermitted) else "error"
    remedy, error.remedy = error.remedy, ""
    return Finding(level, subject, str(error), remedy)


def missing_fields(stream: Stream, present: Sequence[str], required: Required) -> list[str]:
    """Required columns that the vendor does not show, in the order in which they are required."""
    have = {name.lower() for name in (*present, *META_COLUMNS)}
    return [name for name in required.get(stream.name, ()) if name.lower() not in have]


def of_fields(stream: Stream, present: Sequence[str], required: Required) -> Finding:
    """Say whether all required fields can be seen."""
    subject = "/".join(stream.asset_key)
    missing = missing_fields(stream, present, required)
    if not missing:
        return Finding("ok", subject)
    remedy = (
        "Show them to the integration user by field-level security, or create them; figures that "
        "need them stay empty until then"
        if stream.source == "salesforce"
        else "Create them in HubSpot, or map others; figures that need them stay empty until then"
    )
    return Finding("warning", subject, f"not visible: {', '.join(missing)}", remedy)


def examine_salesforce(settings: SalesforceSettings, required: Required) -> list[Finding]:
    """Log in, then describe every object."""
    connector = SalesforceConnector(settings)
    subject = f"salesforce at {settings.url}"
    try:
        connector.open()
    except ConnectorError as error:
        return [of_error(subject, error)]
    findings = [Finding("ok", subject)]
    for stream in connector.streams:
        try:
            present = list(connector.describe(stream.name).fields)
        except ConnectorError as error:
            error.remedy = error.remedy or f"Ask for {stream.permission}"
            findings.append(of_error("/".join(stream.asset_key), error))
            continue
        findings.append(of_fields(stream, present, required))
    connector.close()
    return findings


def examine_hubspot(settings: HubSpotSettings, required: Required) -> list[Finding]:
    """Try the token, then the properties of each object, then one request of everything else."""
    connector = HubSpotConnector(settings)
    subject = f"hubspot at {settings.url}"
    try:
        connector.open()
    except ConnectorError as error:
        return [of_error(subject, error)]
    findings = [Finding("ok", subject)]
    for stream in connector.streams:
        try:
            findings.extend(probe(connector, stream, required))
        except ConnectorError as error:
            error.remedy = error.remedy or f"Ask for {stream.permission}"
            findings.append(of_error("/".join(stream.asset_key), error))
    connector.close()
    return findings


def probe(connector: HubSpotConnector, stream: Stream, required: Required) -> Iterator[Finding]:
    """Look at one stream of HubSpot; streams that follow another are seen with it."""
    if stream.name in CRM_OBJECT:
        connector.transport.get("objects", [("limit", 1)], type=stream.name)
        names = [column_of(one["name"]) for one in connector.objects.schema(stream.name)]
        yield of_fields(stream, [*ENVELOPE, *names], required)
    elif stream.name in HUBSPOT_PROBES:
        endpoint, parts = HUBSPOT_PROBES[stream.name]
        connector.transport.get(endpoint, [], **parts)
        yield Finding("ok", "/".join(stream.asset_key))
