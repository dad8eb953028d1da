"""A local CRM with as many contacts, leads or tasks as one likes, as a process of its own.

    python -m benchmarks.crowd --object Lead --records 20000 --folder DIR     # says where, as JSON

Records look like those of the simulated company: two thirds of the fields empty, text of ordinary
length, no two stamps the same.
"""

from __future__ import annotations

import argparse
import gc
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.sandbox import serve
from connectors.sandbox.stand_in import StandIn
from connectors.sandbox.timestamps import iso_z
from connectors.sandbox.world import World

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
FIRST_CONTACT = 90_000_000_000
SOURCES = ("ORGANIC_SEARCH", "PAID_SOCIAL", "DIRECT_TRAFFIC", "REFERRALS", "EMAIL_MARKETING")
COUNTRIES = ("Germany", "United Kingdom", "United States", "France", "Netherlands")
STAGES = ("subscriber", "lead", "marketingqualifiedlead", "opportunity", "customer")


def moment(number: int) -> str:
    """The stamp of a record: one a minute, back from yesterday."""
    return iso_z(round((NOW - timedelta(days=1, minutes=number)).timestamp() * 1000))


def contact(number: int) -> dict:
    stamp = moment(number)
    properties = {
        "email": f"person.{number}@company-{number % 9973}.example",
        "firstname": f"First{number % 499}",
        "lastname": f"Last{number % 4999}",
        "jobtitle": "Director of Revenue Operations",
        "company": f"Company {number % 9973} GmbH",
        "country": COUNTRIES[number % 5],
        "lifecyclestage": STAGES[number % 5],
        "hs_lead_status": "OPEN" if number % 3 else None,
        "hs_analytics_source": SOURCES[number % 5],
        "hs_analytics_source_data_1": "brand-and-category",
        "hs_analytics_last_url": f"https://www.cloudfern.example/product/{number % 997}",
        "hs_analytics_num_page_views": str(number % 40),
        "hubspot_owner_id": str(80_000_000_000 + number % 29),
        "associatedcompanyid": str(91_000_000_000 + number % 9973),
        "salesforceleadid": f"00Q9z{number:010d}AAA" if number % 2 else None,
        "zip": f"{number % 100_000:05d}",
    }
    return {
        "id": str(FIRST_CONTACT + number),
        "properties": properties,
        "createdAt": stamp,
        "updatedAt": stamp,
        "archived": False,
    }


def lead(number: int) -> dict:
    stamp = moment(number)
    return {
        "Id": f"00Q9z{number:010d}AAA",
        "FirstName": f"First{number % 499}",
        "LastName": f"Last{number % 4999}",
        "Company": f"Company {number % 9973} GmbH",
        "Title": "Director of Revenue Operations",
        "Email": f"person.{number}@company-{number % 9973}.example",
        "Country": COUNTRIES[number % 5],
        "PostalCode": f"{number % 100_000:05d}",
        "Status": "Working - Contacted" if number % 3 else "Open - Not Contacted",
        "LeadSource": SOURCES[number % 5],
        "NumberOfEmployees": number % 5000,
        "AnnualRevenue": float(number % 1000) * 1000 + 0.5,
        "OwnerId": f"0059z{number % 29:010d}AAA",
        "IsConverted": number % 7 == 0,
        "IsDeleted": number % 101 == 0,
        "CreatedDate": stamp,
        "LastModifiedDate": stamp,
        "SystemModstamp": stamp,
    }


def task(number: int) -> dict:
    stamp = moment(number)
    return {
        "Id": f"00T9z{number:010d}AAA",
        "WhoId": f"00Q9z{number:010d}AAA",
        "OwnerId": f"0059z{number % 29:010d}AAA",
        "Subject": "Call: first conversation",
        "Status": "Completed",
        "Priority": "Normal",
        "ActivityDate": stamp[:10],
        "IsClosed": True,
        "IsDeleted": False,
        "CreatedDate": stamp,
        "LastModifiedDate": stamp,
        "SystemModstamp": stamp,
    }


OBJECTS = {
    "contacts": ("hubspot", contact),
    "Lead": ("salesforce", lead),
    "Task": ("salesforce", task),
}


def build(obj: str, records: int) -> World:
    """Return a world with this many of one object."""
    world = World()
    vendor, make = OBJECTS[obj]
    for number in range(records):
        world.add(vendor, obj, make(number))
    world.advance_to(NOW)
    return world


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--object", choices=OBJECTS, required=True)
    asked.add_argument("--records", type=int, required=True)
    asked.add_argument("--folder", type=Path, required=True)
    options = asked.parse_args()
    gc.disable()
    world = build(options.object, options.records)
    gc.freeze()
    gc.enable()
    told: dict[str, object] = {}

    def stand_in(way: StandIn) -> None:
        told["environment"] = way.environment()
        told["secure_url"] = way.url

    def ready(url: str) -> None:
        print(json.dumps({**told, "url": url}), flush=True)

    serve.run(world, 0, as_vendors=options.folder, on_stand_in=stand_in, on_ready=ready)


if __name__ == "__main__":
    main()
