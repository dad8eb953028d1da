"""Values that the CRMs offer where a mapping seed decides what they mean: picklists and stages.

Asked of describe, properties and pipelines, so they are known before anything was loaded. What a
value means is for people to say; only what the CRM itself states (won, lost, converted) is hinted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.errors import NotPermitted
from connectors.hubspot.connector import HubSpotConnector
from connectors.salesforce.connector import SalesforceConnector


@dataclass(frozen=True)
class Offered:
    """One value, the seed that should know it, and the meaning that the CRM states, if any."""

    seed: str
    system: str
    value: str
    hint: str = ""


# Object and field whose values a seed maps.
SALESFORCE = (
    ("lead_status", "Lead", "Status"),
    ("opportunity_stage", "Opportunity", "StageName"),
    ("opportunity_type", "Opportunity", "Type"),
    ("source_mapping", "Lead", "LeadSource"),
    ("source_mapping", "Opportunity", "LeadSource"),
    ("loss_reason", "Opportunity", "Loss_Reason__c"),
    ("rejection_reason", "Lead", "Rejection_Reason__c"),
    ("industry", "Lead", "Industry"),
    ("industry", "Account", "Industry"),
)
HUBSPOT = (
    ("lead_status", "contacts", "hs_lead_status"),
    ("source_mapping", "contacts", "hs_analytics_source"),
    ("rejection_reason", "contacts", "lead_rejection_reason"),
    ("opportunity_type", "deals", "dealtype"),
    ("loss_reason", "deals", "closed_lost_reason"),
    ("industry", "companies", "industry"),
)


def by_salesforce(connector: SalesforceConnector) -> Iterator[Offered]:
    """Active picklist values; an object that cannot be seen offers none."""
    described: dict[str, dict[str, Any]] = {}
    hints = stated_by_salesforce(connector)
    for seed, name, field in SALESFORCE:
        if name not in described:
            try:
                told: Any = connector.opened().restful(f"sobjects/{name}/describe")
            except NotPermitted:
                told = {"fields": []}
            described[name] = {one["name"]: one for one in told["fields"]}
        for value in described[name].get(field, {}).get("picklistValues") or []:
            if value.get("active", True) and value.get("value"):
                text = str(value["value"])
                yield Offered(seed, "salesforce", text, hints.get((seed, text), ""))


def stated_by_salesforce(connector: SalesforceConnector) -> dict[tuple[str, str], str]:
    """Which stages are won or lost, which lead statuses are converted."""
    found: dict[tuple[str, str], str] = {}
    try:
        stages = connector.opened().query("SELECT ApiName, IsClosed, IsWon FROM OpportunityStage")
        for row in stages["records"]:
            if row["IsClosed"]:
                kind = "won" if row["IsWon"] else "lost"
                found["opportunity_stage", str(row["ApiName"])] = kind
        statuses = connector.opened().query("SELECT ApiName, IsConverted FROM LeadStatus")
        for row in statuses["records"]:
            if row["IsConverted"]:
                found["lead_status", str(row["ApiName"])] = "converted"
    except NotPermitted:
        return found
    return found


def by_hubspot(connector: HubSpotConnector) -> Iterator[Offered]:
    """Options of properties, and stages of deal pipelines."""
    for seed, object_type, name in HUBSPOT:
        try:
            schema = connector.objects.schema(object_type)
        except NotPermitted:
            continue
        for one in schema:
            for option in (one.get("options") or []) if one["name"] == name else ():
                if option.get("value") and not option.get("hidden"):
                    yield Offered(seed, "hubspot", str(option["value"]))
    try:
        pipelines = connector.transport.get("pipelines", type="deals")["results"]
    except NotPermitted:
        return
    for pipeline in pipelines:
        for stage in pipeline.get("stages") or []:
            metadata = stage.get("metadata") or {}
            kind = ""
            if str(metadata.get("isClosed")).lower() == "true":
                kind = "won" if float(metadata.get("probability") or 0) == 1 else "lost"
            yield Offered("opportunity_stage", "hubspot", str(stage["id"]), kind)
