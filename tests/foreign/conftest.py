"""The small company with a few hostile records and more than a page of others, served twofold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.sandbox import company
from connectors.sandbox.serve import RunningSandbox, start
from connectors.sandbox.timestamps import iso_z
from connectors.sandbox.world import World

HOSTILE = ("00501", "NA", "None", "null", 'a, "b"\nc\r\nd', "🎉 =1+1", " x ", "<b>&amp;</b>")
LEADS, CONTACTS = 2_100, 450


def crowded() -> World:
    """Return the company, larger than one page of each vendor, with texts that readers trip on."""
    world = company.build("small")
    for number in range(LEADS):
        stamp = iso_z(world.now_ms - 60_000 * (number + 1))
        record = {
            "Id": f"00Q9z{number:010d}AAA",
            "LastName": f"Lead {number}",
            "Company": HOSTILE[number % len(HOSTILE)],
            "PostalCode": "00501",
            "Status": "Open - Not Contacted",
            "IsDeleted": number % 50 == 0,
            "CreatedDate": stamp,
            "LastModifiedDate": stamp,
            "SystemModstamp": stamp,
        }
        world.add("salesforce", "Lead", record, world.now)
    for number in range(CONTACTS):
        stamp = iso_z(world.now_ms - 60_000 * (number + 1))
        record = {
            "id": str(95_000_000_000 + number),
            "properties": {
                "email": f"p{number}@crowd.example",
                "company": HOSTILE[number % len(HOSTILE)],
                "zip": "00501",
            },
            "createdAt": stamp,
            "updatedAt": stamp,
            "archived": number % 50 == 0,
        }
        if record["archived"]:
            record["archivedAt"] = stamp
        world.add("hubspot", "contacts", record, world.now)
    world.advance_to(world.now + timedelta(minutes=1))
    return world


@pytest.fixture(scope="session")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start(crowded(), as_vendors=tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("foreign")
