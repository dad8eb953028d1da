"""What a world knows of each raw table: {key: {column: value}}, None for what is gone."""

from collections.abc import Callable
from typing import Any

from connectors.hubspot.records import column_of
from connectors.hubspot.streams import CRM_OBJECT, association_pairs
from connectors.sandbox.timestamps import to_ms
from connectors.sandbox.world import World


def salesforce(name: str) -> Callable[[World], dict]:
    def truth(world: World) -> dict[tuple, dict[str, Any] | None]:
        found: dict[tuple, dict[str, Any] | None] = {
            (record["Id"],): None for record in ever(world, "salesforce", name)
        }
        for record in world.table("salesforce", name).records():
            found[(record["Id"],)] = {**record, "_is_deleted": bool(record.get("IsDeleted"))}
        return found

    return truth


def ever(world: World, vendor: str, name: str) -> list[dict[str, Any]]:
    return [
        record
        for of, obj, record, shown in world.versions()
        if (of, obj) == (vendor, name) and record is not None and shown <= world.now_ms
    ]


def hubspot(name: str) -> Callable[[World], dict]:
    envelope = ("id", "createdAt", "updatedAt", "archived", "archivedAt")

    def truth(world: World) -> dict[tuple, dict[str, Any] | None]:
        found: dict[tuple, dict[str, Any] | None] = {
            (record["id"],): None for record in ever(world, "hubspot", name)
        }
        for record in world.table("hubspot", name).records():
            row = {column: record.get(column) for column in envelope}
            row |= {column_of(one): text for one, text in record["properties"].items()}
            found[(record["id"],)] = {**row, "_is_deleted": bool(record["archived"])}
        return found

    return truth


def history(name: str) -> Callable[[World], dict]:
    """Every value that the vendor ever told and that was read by someone who looks hourly."""

    def truth(world: World) -> dict[tuple, dict[str, Any] | None]:
        return {
            (record["id"], one, entry["timestamp"], entry["value"]): {
                "sourceType": entry.get("sourceType")
            }
            for record in ever(world, "hubspot", name)
            for one, entries in record.get("propertiesWithHistory", {}).items()
            if one in CRM_OBJECT[name].history
            for entry in entries
        }

    return truth


def associations(world: World) -> dict[tuple, dict[str, Any] | None]:
    pairs = set(association_pairs(CRM_OBJECT))
    found: dict[tuple, dict[str, Any] | None] = {}
    for row in world.table("hubspot", "associations").records():
        left = (row["fromObjectType"], row["fromObjectId"])
        right = (row["toObjectType"], row["toObjectId"])
        for start, end in ((left, right), (right, left)):
            if (start[0], end[0]) in pairs and alive(world, *start) and alive(world, *end):
                found[(*start, *end)] = {}
    return found


def alive(world: World, obj: str, key: str) -> bool:
    record = world.table("hubspot", obj).get(key)
    return record is not None and not record.get("archived")


def rows(name: str, key: tuple[str, ...], columns: tuple[str, ...]) -> Callable[[World], dict]:
    def truth(world: World) -> dict[tuple, dict[str, Any] | None]:
        return {
            tuple(str(row[one]) for one in key): {one: row.get(one) for one in columns}
            for row in world.table("hubspot", name).records()
        }

    return truth


def email_events(world: World) -> dict[tuple, dict[str, Any] | None]:
    """HubSpot names an event by its id and its moment, which the API tells in milliseconds."""
    return {
        (record["id"], str(to_ms(record["created"]))): {
            one: record.get(one) for one in ("type", "recipient")
        }
        for record in world.table("hubspot", "email_events").records()
    }


TRUTHS: dict[str, Callable[[World], dict]] = {
    "salesforce/Lead": salesforce("Lead"),
    "salesforce/LeadHistory": salesforce("LeadHistory"),
    "hubspot/contacts": hubspot("contacts"),
    "hubspot/companies": hubspot("companies"),
    "hubspot/contacts_history": history("contacts"),
    "hubspot/associations": associations,
    "hubspot/forms": rows("forms", ("id",), ("name", "formType")),
    "hubspot/form_submissions": rows(
        "form_submissions", ("conversionId",), ("formId", "submittedAt", "pageUrl", "values")
    ),
    "hubspot/email_events": email_events,
    "hubspot/lists": rows("lists", ("listId",), ("name",)),
    "hubspot/list_memberships": rows(
        "list_memberships", ("listId", "recordId"), ("membershipTimestamp",)
    ),
}
