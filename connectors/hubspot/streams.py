"""The objects that are read from HubSpot, under the API's own names. No network here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from connectors.stream import Stream


@dataclass(frozen=True)
class CrmObject:
    """A CRM object type: its cursor property, and the properties whose history is kept."""

    name: str
    description: str
    scope: str
    cursor: str = "hs_lastmodifieddate"
    history: tuple[str, ...] = ()


CRM_OBJECTS: tuple[CrmObject, ...] = (
    CrmObject(
        "contacts",
        "People known to marketing.",
        "crm.objects.contacts.read",
        "lastmodifieddate",
        (
            "lifecyclestage",
            "hs_lead_status",
            "hubspot_owner_id",
            "hs_analytics_source",
            "hs_analytics_last_url",
            "lead_rejection_reason",
            "associatedcompanyid",
        ),
    ),
    CrmObject(
        "companies",
        "Companies known to marketing.",
        "crm.objects.companies.read",
        history=("industry", "numberofemployees", "country", "annualrevenue", "lifecyclestage"),
    ),
    CrmObject(
        "deals",
        "Deals, some of which mirror a Salesforce opportunity.",
        "crm.objects.deals.read",
        history=(
            "dealstage",
            "amount",
            "deal_currency_code",
            "closedate",
            "hubspot_owner_id",
            "pipeline",
            "dealtype",
        ),
    ),
    CrmObject(
        "leads",
        "Leads of HubSpot's own: a sales attempt at a contact.",
        "crm.objects.leads.read",
        history=("hs_pipeline_stage", "hubspot_owner_id"),
    ),
    CrmObject("calls", "Logged calls.", "crm.objects.contacts.read"),
    CrmObject("meetings", "Meetings, with who booked them.", "crm.objects.contacts.read"),
    CrmObject("emails", "One-to-one sales e-mails.", "sales-email-read"),
    CrmObject("tasks", "To-dos of sales people.", "crm.objects.contacts.read"),
)
CRM_OBJECT: Mapping[str, CrmObject] = {crm.name: crm for crm in CRM_OBJECTS}


def association_pairs(objects: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Which edges are read: from each side; what changes on one is refreshed on the other."""
    return tuple(
        (left, right)
        for left in objects
        for right in ("contacts", "companies", "deals")
        if left != right
    )


def extra_object(name: str) -> CrmObject:
    """An object that only the configuration names: a custom one, or one more of HubSpot's."""
    return CrmObject(name, f"{name}, named in HUBSPOT_OBJECTS.", f"crm.objects.{name}.read")


HISTORY_COLUMNS = (
    "id",
    "property",
    "value",
    "timestamp",
    "sourceType",
    "sourceId",
    "updatedByUserId",
)
ASSOCIATION_COLUMNS = (
    "fromObjectType",
    "fromObjectId",
    "toObjectType",
    "toObjectId",
    "associationTypes",
)
ENVELOPE = ("id", "createdAt", "updatedAt", "archived", "archivedAt")


def stream(
    name: str,
    description: str,
    key: tuple[str, ...],
    permission: str,
    reading: Literal["incremental", "full"] = "incremental",
    *,
    columns: tuple[str, ...] = (),
    group: tuple[str, ...] = (),
    absence: bool = True,
) -> Stream:
    """One raw table of HubSpot; its permission is a scope of the private app."""
    return Stream(
        "hubspot", name, key, description, reading, group, absence, columns, f"scope {permission}"
    )


STREAMS: tuple[Stream, ...] = (
    stream("owners", "Users who own records.", ("id",), "crm.objects.owners.read", "full"),
    stream(
        "pipelines",
        "Deal pipelines, one row a stage.",
        ("objectType", "pipelineId", "stageId"),
        "crm.objects.deals.read",
        "full",
        columns=(
            "objectType",
            "pipelineId",
            "pipelineLabel",
            "stageId",
            "stageLabel",
            "displayOrder",
            "isClosed",
            "probability",
            "archived",
        ),
    ),
    *(
        stream(crm.name, crm.description, ("id",), crm.scope, columns=ENVELOPE)
        for crm in CRM_OBJECTS
    ),
    stream(
        "properties",
        "Which properties each object type has, with their options.",
        ("objectType", "name"),
        "crm.schemas.contacts.read",
        "full",
        columns=("objectType", "name", "type", "label", "fieldType", "options"),
    ),
    *(
        stream(
            f"{crm.name}_history",
            f"Each known earlier value of chosen properties of {crm.name}.",
            ("id", "property", "timestamp", "value"),
            crm.scope,
            columns=HISTORY_COLUMNS,
            absence=False,
        )
        for crm in CRM_OBJECTS
        if crm.history
    ),
    stream(
        "associations",
        "Edges between records. The edges of the newest batch that speaks of a record and a type "
        "are the truth; a row without toObjectId says that there are none any more.",
        ("fromObjectType", "fromObjectId", "toObjectType", "toObjectId"),
        "crm.objects.contacts.read, crm.objects.companies.read, crm.objects.deals.read",
        columns=ASSOCIATION_COLUMNS,
        group=("fromObjectType", "fromObjectId", "toObjectType"),
    ),
    stream("forms", "Forms and their names.", ("id",), "forms", "full"),
    stream(
        "form_submissions",
        "What people sent through forms.",
        ("conversionId",),
        "forms",
        columns=("conversionId", "formId", "submittedAt", "pageUrl", "values", "email"),
        absence=False,
    ),
    stream(
        "email_events",
        "Opens, clicks and other events of marketing e-mails. An id alone may come twice.",
        ("id", "created"),
        "content",
        columns=("id", "type", "created", "recipient", "emailCampaignId", "filteredEvent"),
        absence=False,
    ),
    stream("campaigns", "Marketing campaigns.", ("id",), "marketing.campaigns.read", "full"),
    stream(
        "marketing_emails",
        "Marketing e-mails: name, subject, campaign, state.",
        ("id",),
        "content",
        "full",
        columns=("id", "name", "subject", "campaign", "state", "createdAt", "updatedAt"),
    ),
    stream("lists", "Lists of records, with their size.", ("listId",), "crm.lists.read", "full"),
    stream(
        "list_memberships",
        "Which records a list holds. The rows of the newest batch that speaks of a list are the "
        "truth; one without recordId says that it is empty now.",
        ("listId", "recordId"),
        "crm.lists.read",
        columns=("listId", "recordId", "membershipTimestamp"),
        group=("listId",),
    ),
)


def streams_with(extra: Iterable[str]) -> tuple[Stream, ...]:
    """All streams, and those of objects that only the configuration names."""
    known = {one.name for one in STREAMS}
    return (
        *STREAMS,
        *(
            stream(one.name, one.description, ("id",), one.scope, columns=ENVELOPE)
            for one in map(extra_object, extra)
            if one.name not in known
        ),
    )
