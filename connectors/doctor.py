"""Can the sources be read, and do they have what we need? Findings, not output: others show them.

Belongs here: reachability, credentials, readable objects, missing fields. Not here: whether the
business mappings fit, which is a question to the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from connectors import first_load
from connectors.errors import ConnectorError, NotPermitted
from connectors.hubspot.connector import HubSpotConnector
from connectors.hubspot.endpoints import CLASSIC, DATED
from connectors.hubspot.records import column_of
from connectors.hubspot.streams import ENVELOPE
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
    "marketing_emails": ("marketing_emails", {}),
}
TRACKED = {
    "LeadHistory": "Lead",
    "ContactHistory": "Contact",
    "AccountHistory": "Account",
    "OpportunityFieldHistory": "Opportunity",
}
# When to speak of the end of HubSpot's v3 and v4 paths.
END_IS_NEAR = datetime(2026, 12, 30)


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
    """Log in, then describe and count every object."""
    connector = SalesforceConnector(settings)
    subject = f"salesforce at {settings.url}"
    try:
        connector.open()
    except ConnectorError as error:
        return [of_error(subject, error)]
    flow = "JWT bearer" if settings.private_key else "client credentials"
    findings = [Finding("ok", subject, f"API {settings.api_version} by {flow}")]
    for stream in connector.streams:
        try:
            present = list(connector.describe(stream.name).fields)
        except ConnectorError as error:
            error.remedy = error.remedy or f"Ask for {stream.permission}"
            findings.append(of_error("/".join(stream.asset_key), error))
            continue
        findings.append(of_fields(stream, present, required))
    try:
        load = first_load.of_salesforce(connector)
        findings = [counted(finding, load) for finding in findings]
        findings += [*untracked(load), of_load("salesforce", load, settings.quota_reserve)]
    except ConnectorError as error:
        findings.append(of_error("salesforce first load", error))
    connector.close()
    return findings


def examine_hubspot(settings: HubSpotSettings, required: Required) -> list[Finding]:
    """Try the token, then properties of each object, one request of everything else, counts."""
    connector = HubSpotConnector(settings)
    subject = f"hubspot at {settings.url}"
    try:
        now = connector.open()
    except ConnectorError as error:
        return [of_error(subject, error)]
    findings = [Finding("ok", subject, f"paths of {settings.api_version}")]
    if settings.api_version == CLASSIC and now >= END_IS_NEAR:
        findings.append(
            Finding(
                "warning",
                "hubspot API version",
                "HubSpot ends v4 on 30 March 2027 and v3 in September 2027",
                f"Set HUBSPOT_API_VERSION={DATED} and run the doctor again",
            )
        )
    for stream in connector.streams:
        try:
            findings.extend(probe(connector, stream, required))
        except ConnectorError as error:
            error.remedy = error.remedy or f"Ask for {stream.permission}"
            findings.append(of_error("/".join(stream.asset_key), error))
    try:
        load = first_load.of_hubspot(connector)
        findings = [counted(finding, load) for finding in findings]
        findings.append(of_load("hubspot", load, settings.quota_reserve))
    except ConnectorError as error:
        findings.append(of_error("hubspot first load", error))
    connector.close()
    return findings


def probe(connector: HubSpotConnector, stream: Stream, required: Required) -> Iterator[Finding]:
    """Look at one stream of HubSpot; streams that follow another are seen with it."""
    subject = "/".join(stream.asset_key)
    if stream.name in connector.objects.crm:
        connector.transport.get("objects", [("limit", 1)], type=stream.name)
        names = [one["name"] for one in connector.objects.schema(stream.name)]
        yield of_fields(stream, [*ENVELOPE, *map(column_of, names)], required)
        kept = connector.objects.crm[stream.name].history
        if absent := [name for name in kept if name not in names]:
            yield Finding(
                "warning",
                f"{subject}_history",
                f"no such properties, so no history of them: {', '.join(absent)}",
                "Create them in HubSpot, or map your own in staging",
            )
    elif stream.name in ("lists", "list_memberships"):
        if stream.name == "lists":
            connector.transport.post("lists", {"count": 1, "offset": 0})
            yield Finding("ok", subject)
    elif stream.name in HUBSPOT_PROBES:
        endpoint, parts = HUBSPOT_PROBES[stream.name]
        connector.transport.get(endpoint, [], **parts)
        yield Finding("ok", subject)


def counted(finding: Finding, load: first_load.Estimate) -> Finding:
    """A good finding about an object says how many records it has."""
    count = load.records.get(finding.subject.partition("/")[2])
    if count is None or finding.level != "ok":
        return finding
    return replace(finding, problem=f"{count:,} records")


def untracked(load: first_load.Estimate) -> Iterator[Finding]:
    """Objects with records and without any history: tracking is off, clocks would be unknown."""
    for name, of in TRACKED.items():
        if load.records.get(of) and load.records.get(name) == 0:
            yield Finding(
                "warning",
                f"salesforce/{name}",
                f"no history of {load.records[of]:,} {of} records",
                f"Switch on Field History Tracking for {of} (status, owner, stage, amount, close "
                "date): Setup > Object Manager; it begins at that moment",
            )


def of_load(source: str, load: first_load.Estimate, reserve: float) -> Finding:
    """What a first load costs; a warning when the day is too short for it."""
    subject = f"{source} first load"
    left = (
        load.day_left if load.day_left is None else load.day_left - (load.day_limit or 0) * reserve
    )
    if left is not None and load.requests > left:
        return Finding(
            "warning",
            subject,
            f"{load.words()}; {max(left, 0):,.0f} are left today",
            "It stops at the reserve, keeps what was read, and the next run goes on; or raise "
            f"the quota, or lower {source.upper()}_QUOTA_RESERVE",
        )
    return Finding("ok", subject, load.words())
