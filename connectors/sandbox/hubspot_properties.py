"""HubSpot's default properties of each object type that the local CRM serves, in one table.

One token a property: `name:type`, where the type is HubSpot's. Only data and the shape of a
property definition belong here; which properties a portal has is `hubspot_objects.Portal`'s part.
"""

from __future__ import annotations

from typing import Any

_ALL = "hs_object_id:number hs_merged_object_ids:string hubspot_owner_id:enumeration"
_ACTIVITY = (
    f"{_ALL} hs_createdate:datetime hs_lastmodifieddate:datetime hs_timestamp:datetime "
    "hs_created_by_user_id:number hs_object_source:string hs_activity_type:enumeration "
)
_PROPERTIES: dict[str, str] = {
    "contacts": (
        f"{_ALL} createdate:datetime lastmodifieddate:datetime email:string firstname:string "
        "lastname:string jobtitle:string phone:string company:string website:string city:string "
        "state:string country:string zip:string industry:string numemployees:enumeration "
        "annualrevenue:string lifecyclestage:enumeration hs_lead_status:enumeration "
        "hs_analytics_source:enumeration hs_analytics_source_data_1:string "
        "hs_analytics_source_data_2:string hs_latest_source:enumeration "
        "hs_analytics_first_timestamp:datetime hs_analytics_first_url:string "
        "hs_analytics_last_url:string hs_analytics_num_page_views:number "
        "hs_additional_emails:enumeration hs_email_domain:string hs_email_optout:bool "
        "associatedcompanyid:number num_associated_deals:number hubspotscore:number "
        "hubspot_owner_assigneddate:datetime hs_persona:enumeration lead_rejection_reason:"
        "enumeration salesforceleadid:string salesforcecontactid:string salesforceaccountid:string "
        "hs_calculated_merged_vids:string utm_source:string utm_medium:string utm_campaign:string"
    ),
    "companies": (
        f"{_ALL} createdate:datetime hs_lastmodifieddate:datetime name:string domain:string "
        "website:string phone:string city:string state:string country:string zip:string "
        "industry:enumeration numberofemployees:number annualrevenue:number type:enumeration "
        "lifecyclestage:enumeration hs_lead_status:enumeration hs_analytics_source:enumeration "
        "hs_additional_domains:enumeration salesforceaccountid:string"
    ),
    "deals": (
        f"{_ALL} createdate:datetime hs_lastmodifieddate:datetime dealname:string "
        "dealstage:enumeration pipeline:enumeration amount:number closedate:datetime "
        "dealtype:enumeration hs_is_closed:bool hs_is_closed_won:bool "
        "deal_currency_code:enumeration hs_analytics_source:enumeration hs_forecast_amount:number "
        "closed_lost_reason:string closed_won_reason:string salesforceopportunityid:string"
    ),
    "calls": (
        f"{_ACTIVITY}hs_call_title:string hs_call_direction:enumeration hs_call_status:enumeration "
        "hs_call_disposition:enumeration hs_call_duration:number hs_call_body:string"
    ),
    "meetings": (
        f"{_ACTIVITY}hs_meeting_title:string hs_meeting_outcome:enumeration "
        "hs_meeting_start_time:datetime hs_meeting_end_time:datetime hs_meeting_body:string "
        "hs_meeting_source:string hs_meeting_location:string"
    ),
    "emails": (
        f"{_ACTIVITY}hs_email_subject:string hs_email_direction:enumeration "
        "hs_email_status:enumeration hs_email_from_email:string hs_email_to_email:string "
        "hs_email_text:string hs_sequence_id:number"
    ),
    "tasks": (
        f"{_ACTIVITY}hs_task_subject:string hs_task_status:enumeration hs_task_type:enumeration "
        "hs_task_priority:enumeration hs_task_completion_date:datetime hs_task_body:string "
        "hs_sequence_id:number"
    ),
}
_ALWAYS = f"{_ALL} hs_createdate:datetime hs_lastmodifieddate:datetime"
# What is returned when a caller asks for no properties.
_SHOWN = {
    "contacts": ("email", "firstname", "lastname"),
    "companies": ("domain", "name"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
}
_FIELD_TYPES = {
    "enumeration": "select",
    "datetime": "date",
    "date": "date",
    "number": "number",
    "bool": "booleancheckbox",
}


def default_types(obj: str) -> dict[str, str]:
    """Names and types of the properties that every portal has for this object type."""
    tokens = _PROPERTIES.get(obj, _ALWAYS).split()
    return {name: kind for name, _, kind in (token.partition(":") for token in tokens)}


def shown_by_default(obj: str) -> tuple[str, ...]:
    """Properties that are answered when none are asked for, the envelope's apart."""
    return _SHOWN.get(obj, ())


def definition(obj: str, name: str, kind: str) -> dict[str, Any]:
    """Return a property as the properties API describes it."""
    is_own = name.startswith(("hs_", "hubspot"))
    return {
        "name": name,
        "label": name.removeprefix("hs_").replace("_", " ").capitalize(),
        "type": kind,
        "fieldType": _FIELD_TYPES.get(kind, "text"),
        "description": "",
        "groupName": f"{obj}information",
        "options": [],
        "displayOrder": -1,
        "calculated": False,
        "externalOptions": False,
        "hasUniqueValue": False,
        "hidden": False,
        "hubspotDefined": is_own,
        "formField": False,
        "archived": False,
        "modificationMetadata": {
            "archivable": not is_own,
            "readOnlyDefinition": is_own,
            "readOnlyValue": name == "hs_object_id",
        },
    }
