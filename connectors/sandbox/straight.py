"""Land what the local CRM shows straight from its memory, without HTTP: benchmarks, big tests.

The rows are those that the connectors would land, made by the same answer and row functions; only
the way between them is left out. A landing made here is complete up to the CRM's clock; it notes
no scheduled pass, so a run that goes on from it through the APIs begins with full readings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

from connectors.hubspot import records
from connectors.hubspot.associations import edge_rows
from connectors.hubspot.lists import list_row, member_row
from connectors.hubspot.marketing import CAMPAIGN_PROPERTIES, PIPELINES_OF
from connectors.hubspot.streams import CRM_OBJECT, CRM_OBJECTS, association_pairs
from connectors.hubspot.streams import STREAMS as HUBSPOT_STREAMS
from connectors.landing import Landing
from connectors.salesforce import soql
from connectors.salesforce.streams import STREAMS as SALESFORCE_STREAMS
from connectors.sandbox import hubspot_marketing, hubspot_settings, salesforce_query
from connectors.sandbox.app import Sandbox
from connectors.sandbox.hubspot_associations import edges
from connectors.sandbox.hubspot_objects import render, wanted
from connectors.sandbox.timestamps import to_ms
from connectors.sandbox.world import World
from connectors.stream import Reading, Stream, next_window

Rows = Iterator[dict[str, Any]]
VERSION = "v59.0"


def land(
    world: World, landing: Landing, on_stream: Callable[[str, int], None] = lambda name, rows: None
) -> int:
    """Land every stream of both vendors as one first batch each; return the number of rows."""
    sandbox, total = Sandbox(world), 0
    now = world.now.astimezone(UTC).replace(tzinfo=None)
    readers: dict[str, Callable[[Sandbox, Stream], tuple[Rows, dict[str, str]]]] = {
        "salesforce": salesforce_rows,
        "hubspot": hubspot_rows,
    }
    for stream in (*SALESFORCE_STREAMS, *HUBSPOT_STREAMS):
        window = next_window(stream.source, None, now)
        with landing.writer(stream.source, stream, extracted_at=now) as writer:
            rows, fields = readers[stream.source](sandbox, stream)
            total += writer.add(rows, asked_columns(stream, fields))
            landed = writer.commit(window=window, reading=Reading(is_full=True, fields=fields))
        on_stream("/".join(stream.asset_key), landed.total_rows)
    return total


def asked_columns(stream: Stream, fields: dict[str, str]) -> list[str]:
    """Columns of HubSpot's records, whose rows leave out what is null; all other rows say it."""
    names = CAMPAIGN_PROPERTIES if stream.asset_key == ("hubspot", "campaigns") else fields
    return records.columns_of(names) if stream.source == "hubspot" and names else []


def salesforce_rows(sandbox: Sandbox, stream: Stream) -> tuple[Rows, dict[str, str]]:
    """Rows of one object as a REST query gives them, and its fields."""
    schema = soql.schema_of(stream.name, sandbox.catalog.describe(stream.name, VERSION))
    query = salesforce_query.text_query(sandbox.catalog, soql.query_text(schema, None))
    selection = salesforce_query.run(
        sandbox.catalog,
        query,
        include_deleted=schema.keeps_deleted,
        now_ms=sandbox.world.now_ms,
    )
    rows = (
        soql.row_of(salesforce_query.row_json(selection, record, VERSION), schema)
        for record in selection.records
    )
    return rows, dict(schema.fields)


def hubspot_rows(sandbox: Sandbox, stream: Stream) -> tuple[Rows, dict[str, str]]:
    """Rows of one object, history, list or set of edges, and the properties of an object."""
    name = stream.name
    if name in CRM_OBJECT:
        kinds = {key: str(told["type"]) for key, told in sandbox.portal.properties(name).items()}
        return map(records.row_of, objects(sandbox, name, tuple(kinds), ())), kinds
    if name.endswith("_history"):
        return history(sandbox, name.removesuffix("_history")), {}
    return OTHERS[name](sandbox), {}


def objects(
    sandbox: Sandbox, name: str, properties: tuple[str, ...], tracked: tuple[str, ...]
) -> Rows:
    """Live records, then archived ones, as the list answers them."""
    want = wanted(sandbox.portal, name, properties, tracked)
    for archived in (False, True):
        for record in sandbox.portal.shown(name, archived=archived):
            yield render(sandbox.portal, want, record)


def history(sandbox: Sandbox, name: str) -> Rows:
    """Earlier values of the tracked properties."""
    for record in objects(sandbox, name, (), CRM_OBJECT[name].history):
        yield from records.history_rows(record)


def associations(sandbox: Sandbox) -> Rows:
    """Every edge, seen from each end that is read."""
    for left, right in association_pairs(CRM_OBJECT):
        for record in sandbox.portal.shown(left, archived=False):
            ends = [
                {"toObjectId": edge.to_id, "associationTypes": list(edge.types)}
                for edge in edges(sandbox.portal, left, record["id"], right)
            ]
            yield from edge_rows(left, right, record["id"], ends) if ends else ()


def form_submissions(sandbox: Sandbox) -> Rows:
    """Submissions of all forms."""
    for row in sandbox.portal.table("form_submissions").records():
        shown = {name: value for name, value in row.items() if name != "formId"}
        yield records.submission_row(row["formId"], {"values": [], "pageUrl": None, **shown})


def email_events(sandbox: Sandbox) -> Rows:
    """Events of marketing e-mails."""
    for row in sandbox.portal.table("email_events").records():
        created = to_ms(row["created"])
        stamp = records.iso_of(created)
        yield {**row, "created": created, "_source_modified_at": stamp, "_is_deleted": False}


def stages(sandbox: Sandbox) -> Rows:
    """Stages of all pipelines that are read."""
    for obj in PIPELINES_OF:
        for pipeline in hubspot_settings.told_pipelines(sandbox.portal, obj):
            yield from records.stage_rows(obj, pipeline)


def properties(sandbox: Sandbox) -> Rows:
    """Properties of all object types."""
    for crm in CRM_OBJECTS:
        for told in sandbox.portal.properties(crm.name).values():
            yield records.property_row(crm.name, told)


def memberships(sandbox: Sandbox) -> Rows:
    """Members of all lists."""
    for row in sandbox.portal.table("list_memberships").records():
        yield member_row(str(row["listId"]), {**row, "recordId": str(row["recordId"])})


def plain(shown: Callable[[Sandbox], list[dict[str, Any]]]) -> Callable[[Sandbox], Rows]:
    """Make rows of a small list that is read whole."""
    return lambda sandbox: map(records.flat_row, shown(sandbox))


OTHERS: dict[str, Callable[[Sandbox], Rows]] = {
    "owners": plain(lambda sandbox: hubspot_settings.told_owners(sandbox.portal)),
    "pipelines": stages,
    "properties": properties,
    "associations": associations,
    "forms": plain(lambda sandbox: hubspot_marketing.told_forms(sandbox.portal)),
    "form_submissions": form_submissions,
    "email_events": email_events,
    "campaigns": lambda sandbox: map(
        records.row_of, hubspot_marketing.told(sandbox.portal, "campaigns")
    ),
    "marketing_emails": plain(
        lambda sandbox: hubspot_marketing.told(sandbox.portal, "marketing_emails")
    ),
    "lists": lambda sandbox: map(list_row, hubspot_marketing.told_lists(sandbox.portal)),
    "list_memberships": memberships,
}
