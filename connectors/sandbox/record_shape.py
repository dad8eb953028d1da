"""The shape of one record of the local CRM: its key, its envelope, when its version came true.

Pure functions over records in the JSON-lines format; storing them is `world`, files are `load`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.sandbox.timestamps import hubspot_time, to_ms

Record = dict[str, Any]

# HubSpot lets a caller name an object by plural, singular or type id.
_SPELLINGS = {
    "contacts": ("contact", "0-1"),
    "companies": ("company", "0-2"),
    "deals": ("deal", "0-3"),
    "tickets": ("ticket", "0-5"),
    "products": ("product", "0-7"),
    "line_items": ("line_item", "0-8"),
    "quotes": ("quote", "0-14"),
    "communications": ("communication", "0-18"),
    "feedback_submissions": ("feedback_submission", "0-19"),
    "tasks": ("task", "0-27"),
    "notes": ("note", "0-46"),
    "meetings": ("meeting", "0-47"),
    "calls": ("call", "0-48"),
    "emails": ("email", "0-49"),
    "deal_splits": ("deal_split", "0-72"),
    "goal_targets": ("goal_target", "goals", "0-74"),
    "postal_mail": ("postal_mails", "0-116"),
    "leads": ("lead", "0-136"),
}
CRM_OBJECTS = frozenset(_SPELLINGS)
_ALIASES = {alias: name for name, aliases in _SPELLINGS.items() for alias in aliases}
_NOT_CRM = frozenset(
    [
        "associations",
        "owners",
        "pipelines",
        "properties",
        "forms",
        "form_submissions",
        "email_events",
        "campaigns",
        "marketing_emails",
        "lists",
        "list_memberships",
    ]
)
_CREATED = {"contacts": "createdate", "companies": "createdate", "deals": "createdate"}
# Stamp of a record that came without any: older than whatever a reader asks for.
BEFORE_ALL = "2010-01-01T00:00:00.000Z"
_SALESFORCE_STAMPS = ("SystemModstamp", "LastModifiedDate", "CreatedDate")
_HUBSPOT_STAMPS = {
    "form_submissions": ("submittedAt",),
    "email_events": ("created",),
    "properties": (),
    "pipelines": (),
    "associations": ("updatedAt", "createdAt"),
}


def object_type(name: str) -> str:
    """Plural name of a HubSpot object type, however the caller spelled it."""
    lowered = name.lower()
    return _ALIASES.get(lowered, lowered)


def is_crm_object(obj: str) -> bool:
    """True for HubSpot objects with properties (standard and custom ones)."""
    return obj not in _NOT_CRM


def modified_property(obj: str) -> str:
    """Name of the property that HubSpot moves when a record of this type changes."""
    return "lastmodifieddate" if obj == "contacts" else "hs_lastmodifieddate"


def created_property(obj: str) -> str:
    """Name of the property with a HubSpot record's creation time."""
    return _CREATED.get(obj, "hs_createdate")


def key_of(vendor: str, obj: str, record: Record) -> str:
    """Identity of a record within its object. Raises ValueError naming the missing field."""
    if vendor == "salesforce":
        return _need(record, "Id")
    if obj == "associations":
        return ":".join(
            _need(record, name)
            for name in ("fromObjectType", "fromObjectId", "toObjectType", "toObjectId")
        )
    if obj == "form_submissions":
        return _need(record, "conversionId")
    if obj == "email_events":
        return f"{_need(record, 'id')}:{to_ms(_need(record, 'created'))}"
    if obj == "properties":
        return f"{_need(record, 'objectType')}:{_need(record, 'name')}"
    if obj == "pipelines":
        return f"{_need(record, 'objectType')}:{_need(record, 'id')}"
    if obj == "lists":
        return str(record.get("listId") or _need(record, "id"))
    if obj == "list_memberships":
        return f"{_need(record, 'listId')}:{_need(record, 'recordId')}"
    return _need(record, "id")


def _need(record: Record, name: str) -> str:
    value = record.get(name)
    if value is None or value == "":
        raise ValueError(f"field {name} is missing")
    return str(value)


def sort_key(key: str) -> tuple[int, str]:
    """Order ids as the vendors do: numeric ids by number, the others by text."""
    return (len(key), key) if key.isdigit() else (0, key)


def stamp_ms(vendor: str, obj: str, record: Record) -> int | None:
    """When this version came true, None when the record carries no time."""
    if vendor == "salesforce":
        names: tuple[str, ...] = _SALESFORCE_STAMPS
    else:
        names = _HUBSPOT_STAMPS.get(obj, ("archivedAt", "updatedAt", "createdAt"))
    times = [to_ms(record[name]) for name in names if record.get(name)]
    if not times:
        return None
    return times[0] if vendor == "salesforce" else max(times)


def times_in(vendor: str, obj: str, record: Record) -> Iterator[int]:
    """Every system time of a record, its history included: what "newest in the data" means."""
    names = (
        _SALESFORCE_STAMPS
        if vendor == "salesforce"
        else ("createdAt", "updatedAt", "archivedAt", "submittedAt", "created")
    )
    for name in names:
        if record.get(name):
            yield to_ms(record[name])
    if vendor == "hubspot" and isinstance(record.get("propertiesWithHistory"), dict):
        for entries in record["propertiesWithHistory"].values():
            for entry in entries or ():
                if entry.get("timestamp"):
                    yield to_ms(entry["timestamp"])


def complete(vendor: str, obj: str, record: Record) -> Record:
    """Fill in what the vendor always answers (in place): ids as text, envelope, stamps."""
    if vendor == "salesforce":
        return _complete_sobject(obj, record)
    if obj == "associations":
        for name in ("fromObjectType", "toObjectType"):
            record[name] = object_type(str(record[name]))
        for name in ("fromObjectId", "toObjectId"):
            record[name] = str(record[name])
        return record
    if not is_crm_object(obj):
        return record
    record["id"] = str(record["id"])
    properties = record.setdefault("properties", {})
    for name, value in properties.items():
        if value is not None and not isinstance(value, str):
            properties[name] = as_text(value)
    modified = record.get("updatedAt") or properties.get(modified_property(obj))
    created = record.get("createdAt") or properties.get(created_property(obj)) or modified
    record["createdAt"] = hubspot_time(created or BEFORE_ALL)
    properties.setdefault(created_property(obj), record["createdAt"])
    record["updatedAt"] = hubspot_time(modified or record["createdAt"])
    properties.setdefault(modified_property(obj), record["updatedAt"])
    properties["hs_object_id"] = record["id"]
    record.setdefault("archived", False)
    return record


def _complete_sobject(obj: str, record: Record) -> Record:
    # The vendor's rows are never without their stamp; incremental readers live on it.
    if not record.get("SystemModstamp") and has_modstamp(obj):
        stamp = record.get("LastModifiedDate") or record.get("CreatedDate") or BEFORE_ALL
        record["SystemModstamp"] = stamp
    return record


def has_modstamp(obj: str) -> bool:
    """Whether rows of a Salesforce object have SystemModstamp: all but field histories do."""
    return obj == "OpportunityHistory" or not obj.endswith("History")


def as_text(value: Any) -> str:
    """A property value as HubSpot writes it: always text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
