"""Vendors' and common clients, as processes of their own, agree with the local CRM's truth."""

from __future__ import annotations

import shutil
import sys
from collections import Counter

import pytest

from connectors.sandbox.record_shape import CRM_OBJECTS
from connectors.sandbox.timestamps import to_ms
from tests.foreign import truth
from tests.foreign.connectors import Records, told
from tests.foreign.workshop import PROGRAMS, as_vendor, node_environment, or_skip, run

pytestmark = pytest.mark.slow
IN_BULK = ("Lead", "Opportunity", "LeadHistory", "Task")


@pytest.fixture(scope="module")
def node(crm, place):
    """Run one of our small node programs beside the packages that it uses."""
    modules = or_skip(node_environment)

    def reading(name: str, *args: str) -> Records:
        program = modules / name
        shutil.copy(PROGRAMS / name, program)
        command = [modules / "node_modules" / ".bin" / "node", program, *args]
        environment = {"LOCAL_CRM_URL": crm.url}
        return told(run(command, place / f"{name}.out", environment, folder=place))

    return reading


def python(crm, place, name: str, *args: str) -> Records:
    command = [sys.executable, PROGRAMS / name, *args]
    environment = as_vendor(crm.stand_in, crm.url)
    return told(run(command, place / f"{name}.out", environment, folder=place))


def test_simple_salesforce_reads_what_is_there(crm, place):
    found = python(crm, place, "simple_salesforce_reader.py", *IN_BULK)
    check_salesforce(crm.world, found)


def test_jsforce_reads_what_is_there(crm, node):
    check_salesforce(crm.world, node("jsforce_reader.mjs", *IN_BULK))


def check_salesforce(world, found: Records) -> None:
    for obj in world.objects("salesforce"):
        for way, deleted in (("query", False), ("queryAll", True)):
            kept = truth.salesforce(world, obj, deleted=deleted)
            assert truth.agree(found[f"{obj}/{way}"], kept) == [], f"{obj} by {way}"
    for obj in IN_BULK:
        for way, deleted in (("bulk", False), ("bulkAll", True)):
            kept = truth.salesforce(world, obj, deleted=deleted)
            assert truth.agree(found[f"{obj}/{way}"], kept) == [], f"{obj} by {way}"
    deleted = [row for row in found["Lead/queryAll"] if row["IsDeleted"]]
    assert len(deleted) > 40


def test_hubspot_api_client_reads_what_is_there(crm, place):
    found = python(crm, place, "hubspot_api_client_reader.py")
    check_hubspot(crm.world, found)
    seen = Counter(
        (row["id"], row["property"], row["value"] or "", to_ms(row["timestamp"]))
        for row in found["contacts/history"]
    )
    assert seen == truth.history(crm.world, "contacts", ("lifecyclestage", "hubspot_owner_id"))
    assert {row["id"] for row in found["forms/list"]} == set(truth.hubspot(crm.world, "forms"))


def test_hubspots_node_client_reads_what_is_there(crm, node):
    check_hubspot(crm.world, node("hubspot_node_reader.mjs"))


def check_hubspot(world, found: Records) -> None:
    for obj in CRM_OBJECTS & set(world.objects("hubspot")):
        for way, archived in (("list", False), ("archived", True)):
            kept = {
                key: row["properties"]
                for key, row in truth.hubspot(world, obj, archived=archived).items()
            }
            differences = truth.agree(
                found[f"{obj}/{way}"], kept, key="id", values=lambda row: row["properties"]
            )
            assert differences == [], f"{obj} by {way}"
    assert len(found["contacts/archived"]) >= 9
    searched = {row["id"] for row in found["contacts/search"]}
    assert searched == set(truth.hubspot(world, "contacts"))
    for way, archived in (("list", False), ("archived", True)):
        owners = {str(row["id"]) for row in found[f"owners/{way}"]}
        assert owners == set(truth.hubspot(world, "owners", archived=archived))
    stages = {stage["id"] for row in found["pipelines/list"] for stage in row["stages"]}
    kept = world.table("hubspot", "pipelines").rows.values()
    assert stages == {stage["id"] for row in kept for stage in row["stages"]}
    pairs = {(row["from"], row["to"]) for row in found["deals-contacts/edges"]}
    assert pairs == truth.edges(world, "deals", "contacts")
