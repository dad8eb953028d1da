"""A small world behind a real server, and the vendors' own clients pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
from hubspot import HubSpot
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

from connectors.sandbox.serve import RunningSandbox, start
from connectors.sandbox.world import World

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
CONTACTS = 250
BEARER = {"Authorization": "Bearer token"}
V = "/services/data/v62.0"


def salesforce_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000+0000"


def hubspot_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def lead(number: int, **fields: object) -> dict[str, object]:
    stamp = salesforce_time(NOW - timedelta(days=400) + timedelta(hours=number))
    return {
        "Id": f"00Q5e00000{number:05d}AAA",
        "FirstName": "Ada",
        "LastName": f"Lead {number}",
        "Status": "Open - Not Contacted",
        "NumberOfEmployees": number,
        "AnnualRevenue": None if number % 2 else 12.5,
        "OwnerId": "0055e00000000001AA",
        "IsDeleted": False,
        "CreatedDate": stamp,
        "LastModifiedDate": stamp,
        "SystemModstamp": stamp,
        **fields,
    }


def contact(number: int, **envelope: object) -> dict[str, object]:
    created = NOW - timedelta(days=300) + timedelta(hours=number)
    stage = [
        {"value": "lead", "timestamp": hubspot_time(created), "sourceType": "FORM"},
        {"value": "customer", "timestamp": hubspot_time(NOW + timedelta(days=3))},
    ]
    return {
        "id": str(number),
        "properties": {"email": f"p{number}@acme.example", "lifecyclestage": "lead"},
        "propertiesWithHistory": {"lifecyclestage": stage},
        "createdAt": hubspot_time(created),
        "updatedAt": hubspot_time(created),
        "archived": False,
        **envelope,
    }


def build_world() -> World:
    world = World()
    world.add("salesforce", "User", {"Id": "0055e00000000001AA", "Name": "Sam Seller"})
    for number in range(2500):
        world.add("salesforce", "Lead", lead(number))
    later = salesforce_time(NOW + timedelta(days=2))
    changed = {"Status": "Working - Contacted", "SystemModstamp": later}
    world.add("salesforce", "Lead", lead(7, **changed))
    world.add("salesforce", "Lead", lead(9000, IsDeleted=True, Odd__c=True, LastName='"a,\nb"'))
    for number in range(1, CONTACTS + 1):
        world.add("hubspot", "contacts", contact(number))
    gone = {"archived": True, "archivedAt": hubspot_time(NOW - timedelta(days=1))}
    world.add("hubspot", "contacts", contact(900, **gone))
    world.add("hubspot", "companies", {"id": "5000", "properties": {"name": "Acme"}})
    for number in (1, 2):
        world.add(
            "hubspot",
            "associations",
            {
                "fromObjectType": "contacts",
                "fromObjectId": str(number),
                "toObjectType": "companies",
                "toObjectId": "5000",
                "associationTypes": [
                    {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"}
                ],
            },
        )
    world.add("hubspot", "owners", {"id": "77", "email": "sam@acme.example", "firstName": "Sam"})
    world.add("hubspot", "forms", {"id": "f-1", "name": "Request a demo"})
    for number in range(60):
        submitted = round((NOW - timedelta(days=60 - number)).timestamp() * 1000)
        submission = {"formId": "f-1", "conversionId": f"c{number}", "submittedAt": submitted}
        world.add("hubspot", "form_submissions", submission)
        event = {"id": f"e{number}", "type": "CLICK", "created": submitted, "emailCampaignId": 1}
        world.add("hubspot", "email_events", event)
    world.advance_to(NOW)
    return world


@pytest.fixture(scope="module")
def crm() -> Iterator[RunningSandbox]:
    """One server a module; tests that change the world or the clock start their own."""
    with start(build_world()) as running:
        yield running


@pytest.fixture
def own_crm() -> Iterator[RunningSandbox]:
    with start(build_world()) as running:
        yield running


def fuller_world():
    world = build_world()
    world.add("hubspot", "lists", {"listId": "7", "name": "Customers"})
    for number in (1, 2):
        membership = {"listId": "7", "recordId": str(number)}
        stamp = {"membershipTimestamp": hubspot_time(NOW)}
        world.add("hubspot", "list_memberships", {**membership, **stamp})
    stamps = {"createdAt": hubspot_time(NOW), "updatedAt": hubspot_time(NOW)}
    world.add("hubspot", "marketing_emails", {"id": "3", "name": "News", **stamps})
    world.add("hubspot", "campaigns", {"id": "4", "properties": {}, **stamps})
    return world


@pytest.fixture(scope="module")
def full():
    with start(fuller_world()) as running:
        yield running


class _ToLocal(HTTPAdapter):
    """simple-salesforce writes https itself: send it to the local server instead."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._netloc = urlsplit(url).netloc

    def send(self, request, *args, **kwargs):
        request.url = urlsplit(request.url)._replace(scheme="http", netloc=self._netloc).geturl()
        return super().send(request, *args, **kwargs)


def salesforce_client(crm: RunningSandbox) -> Salesforce:
    session = requests.Session()
    session.mount("https://", _ToLocal(crm.url))
    return Salesforce(
        consumer_key="sandbox",
        consumer_secret="secret",
        domain="local",
        session=session,
        version="64.0",
    )


def hubspot_client(crm: RunningSandbox) -> HubSpot:
    client = HubSpot(access_token="token")
    client.config["host"] = crm.url
    return client


def control(crm: RunningSandbox, path: str, content: dict[str, object]) -> dict[str, object]:
    answer = requests.post(f"{crm.url}/_sandbox/{path}", json=content, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.json()


def get(crm, path: str, **parameters: object) -> requests.Response:
    return requests.get(crm.url + path, params=parameters, headers=BEARER, timeout=5)


def post(crm, path: str, content: object) -> requests.Response:
    return requests.post(crm.url + path, json=content, headers=BEARER, timeout=5)
