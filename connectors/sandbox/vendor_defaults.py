"""What a new Salesforce org or HubSpot portal comes with: stages, statuses, the deal pipeline.

Only values that the vendors ship (and the few that this product's seeds add to them) belong here.
"""

from __future__ import annotations

from typing import Any

from connectors.sandbox.world import World

_STAMP = "2010-01-01T00:00:00.000+0000"
# label, probability, closed, won, forecast category
_STAGES = (
    ("Prospecting", 10, False, False, "Pipeline"),
    ("Qualification", 10, False, False, "Pipeline"),
    ("Needs Analysis", 20, False, False, "Pipeline"),
    ("Value Proposition", 50, False, False, "Pipeline"),
    ("Id. Decision Makers", 60, False, False, "Pipeline"),
    ("Perception Analysis", 70, False, False, "Pipeline"),
    ("Proposal/Price Quote", 75, False, False, "Pipeline"),
    ("Negotiation/Review", 90, False, False, "Pipeline"),
    ("Closed Won", 100, True, True, "Closed"),
    ("Closed Lost", 0, True, False, "Omitted"),
    ("Unqualified", 0, True, False, "Omitted"),
    ("Duplicate", 0, True, False, "Omitted"),
)
# label, default, converted
_STATUSES = (
    ("Open - Not Contacted", True, False),
    ("Working - Contacted", False, False),
    ("Closed - Converted", False, True),
    ("Closed - Not Converted", False, False),
    ("Unqualified", False, False),
    ("Nurture", False, False),
    ("Recycled", False, False),
    ("Disqualified", False, False),
)
# id, label, probability
_DEAL_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)


def _stamps() -> dict[str, str]:
    return dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), _STAMP)


def opportunity_stages() -> list[dict[str, Any]]:
    """Rows of OpportunityStage."""
    return [
        {
            "Id": f"01Jxx0000000{order:03d}AAA",
            "MasterLabel": label,
            "ApiName": label,
            "IsActive": True,
            "SortOrder": order,
            "IsClosed": closed,
            "IsWon": won,
            "ForecastCategory": category,
            "ForecastCategoryName": category,
            "DefaultProbability": probability,
            **_stamps(),
        }
        for order, (label, probability, closed, won, category) in enumerate(_STAGES, 1)
    ]


def lead_statuses() -> list[dict[str, Any]]:
    """Rows of LeadStatus."""
    return [
        {
            "Id": f"01Jxx0000001{order:03d}AAA",
            "MasterLabel": label,
            "ApiName": label,
            "SortOrder": order,
            "IsDefault": default,
            "IsConverted": converted,
            **_stamps(),
        }
        for order, (label, default, converted) in enumerate(_STATUSES, 1)
    ]


def organization() -> dict[str, Any]:
    """Return the one row of Organization, which command-line tools ask for first."""
    return {
        "Id": "00Dxx0000001gPFEAY",
        "Name": "Local CRM",
        "OrganizationType": "Developer Edition",
        "InstanceName": "LOCAL",
        "IsSandbox": True,
        "LanguageLocaleKey": "en_US",
        "TimeZoneSidKey": "UTC",
        **_stamps(),
    }


def deal_pipeline() -> dict[str, Any]:
    """Return the one pipeline of a new portal."""
    stamps = {"createdAt": "2010-01-01T00:00:00.000Z", "updatedAt": "2010-01-01T00:00:00.000Z"}
    return {
        "objectType": "deals",
        "id": "default",
        "label": "Sales Pipeline",
        "displayOrder": 0,
        "archived": False,
        **stamps,
        "stages": [
            {
                "id": stage,
                "label": label,
                "displayOrder": order,
                "metadata": {
                    "isClosed": "true" if stage.startswith("closed") else "false",
                    "probability": probability,
                },
                "archived": False,
                **stamps,
            }
            for order, (stage, label, probability) in enumerate(_DEAL_STAGES)
        ],
    }


def add_missing(world: World) -> None:
    """Give a world the vendors' stages, statuses and pipeline where it has none of its own."""
    salesforce, hubspot = world.objects("salesforce"), world.objects("hubspot")
    if "Organization" not in salesforce:
        world.add("salesforce", "Organization", organization())
    if "OpportunityStage" not in salesforce:
        for row in opportunity_stages():
            world.add("salesforce", "OpportunityStage", row)
    if "LeadStatus" not in salesforce:
        for row in lead_statuses():
            world.add("salesforce", "LeadStatus", row)
    if "pipelines" not in hubspot:
        world.add("hubspot", "pipelines", deal_pipeline())
