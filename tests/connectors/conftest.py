"""A local CRM over a small hand-made world, and a reader of it, for the connectors' tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors import CONNECTORS
from connectors.extract import LandResult, extract
from connectors.landing import Landing
from connectors.sandbox import serve
from connectors.sandbox.world import World
from connectors.settings import HubSpotSettings, Patience, SalesforceSettings, Timeouts

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
QUICK = Patience(attempts=4, first=0.01, longest=0.05)
HASTE = Timeouts(connect=2.0, read=2.0, job=1.0)
STREAMS = {stream.asset_key: stream for spec in CONNECTORS for stream in spec.streams}


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def ago(**parts: float) -> str:
    return iso(NOW - timedelta(**parts))


def lead(number: int, stamp: str, **fields: Any) -> dict[str, Any]:
    base = {
        "Id": f"00Q{number:012d}AAA",
        "LastName": f"Lead {number}",
        "Company": "Acme",
        "Status": "Open - Not Contacted",
        "CreatedDate": ago(days=100),
        "LastModifiedDate": stamp,
        "SystemModstamp": stamp,
        "IsDeleted": False,
    }
    return {**base, **fields}


def contact(number: int, stamp: str, *, archived_at: str | None = None, **properties: str) -> dict:
    email = f"p{number}@example.net"
    history = [{"value": email, "timestamp": stamp, "sourceType": "FORM"}]
    record = {
        "id": str(number),
        "properties": {"email": email, "lifecyclestage": "lead", **properties},
        "propertiesWithHistory": {
            "email": history,
            "lifecyclestage": [{"value": "lead", "timestamp": stamp, "sourceType": "FORM"}],
        },
        "createdAt": ago(days=100),
        "updatedAt": stamp,
        "archived": archived_at is not None,
    }
    return {**record, "archivedAt": archived_at} if archived_at else record


def company(number: int, stamp: str) -> dict[str, Any]:
    return {
        "id": str(number),
        "properties": {"name": f"Company {number}"},
        "createdAt": ago(days=100),
        "updatedAt": stamp,
        "archived": False,
    }


def edge(left: str, start: int, right: str, end: int) -> dict[str, Any]:
    return {
        "fromObjectType": left,
        "fromObjectId": str(start),
        "toObjectType": right,
        "toObjectId": str(end),
        "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}],
    }


def small_world() -> World:
    world = World()
    for number in range(30):
        world.add("salesforce", "Lead", lead(number, ago(days=30 + number)))
        world.add("hubspot", "contacts", contact(1000 + number, ago(days=30 + number)))
    for number in range(12):
        world.add("hubspot", "companies", company(500 + number, ago(days=40)))
        world.add("hubspot", "associations", edge("contacts", 1000 + number, "companies", 500))
    world.advance_to(NOW)
    return world


@dataclass
class Crm:
    """The local CRM with its reader."""

    sandbox: serve.RunningSandbox
    folder: Path
    results: list[LandResult] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.sandbox.url

    @property
    def world(self) -> World:
        return self.sandbox.world

    def fault(self, kind: str, **options: Any) -> Any:
        return self.sandbox.sandbox.faults.declare({"kind": kind, **options})

    def later(self, **parts: float) -> datetime:
        self.world.advance_to(self.world.now + timedelta(**parts))
        return self.world.now

    def landing(self, name: str = "landing") -> Landing:
        return Landing(self.folder / name)

    def connectors(self, *, secret: str = "x", sources: tuple[str, ...] = ()) -> list:
        settings = {
            "salesforce": SalesforceSettings(
                self.url, "sandbox", secret, patience=QUICK, timeouts=HASTE
            ),
            "hubspot": HubSpotSettings(secret, self.url, patience=QUICK, timeouts=HASTE),
        }
        return [
            spec.connect(settings[spec.source])
            for spec in CONNECTORS
            if not sources or spec.source in sources
        ]

    def read(self, *names: str, into: str = "landing", secret: str = "x") -> dict[str, LandResult]:
        """Read streams given as `source/name`, all of them when none is given."""
        select = {tuple(name.split("/")) for name in names} or None
        sources = tuple({name.split("/")[0] for name in names})
        self.results = []
        connectors = self.connectors(secret=secret, sources=sources)
        for result in extract(connectors, self.landing(into), select=select):
            self.results.append(result)
        return {f"{result.source}/{result.stream}": result for result in self.results}

    def table(self, name: str, columns: str = "*", into: str = "landing") -> list[tuple]:
        """The truth of a stream: per group, the rows of the newest batch."""
        source, stream = name.split("/")
        group = ", ".join(f'"{one}"' for one in STREAMS[source, stream].replaced_by)
        with duckdb.connect() as con:
            self.landing(into).register(con, {})
            return sorted(
                con.execute(
                    f"select {columns} from (from raw_{source}.{stream.lower()} qualify "
                    f"_batch_id = max(_batch_id) over (partition by {group}))"
                ).fetchall(),
                key=str,
            )


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Crm]:
    with serve.start(small_world()) as sandbox:
        yield Crm(sandbox, tmp_path)
