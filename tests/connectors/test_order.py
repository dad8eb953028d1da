"""Every list and every search comes in an order that nothing moves while its pages are read."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.hubspot import lists
from connectors.hubspot.transport import HubSpotTransport
from tests.connectors.conftest import Crm, ago, contact


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, Any]]:
    """What was asked: endpoint, query, body."""
    sent, call = [], HubSpotTransport.call

    def noting(self, method, endpoint, query, body, parts):
        sent.append((endpoint, list(query), body))
        return call(self, method, endpoint, query, body, parts)

    monkeypatch.setattr(HubSpotTransport, "call", noting)
    return sent


def meanwhile(monkeypatch: pytest.MonkeyPatch, endpoint: str, happen: Callable[[], None]) -> None:
    """Let something happen right after the first page of an endpoint."""
    call, pages = HubSpotTransport.call, []

    def happening(self, method, of, *rest):
        answer = call(self, method, of, *rest)
        if of == endpoint:
            pages.append(answer)
            if len(pages) == 1:
                happen()
        return answer

    monkeypatch.setattr(HubSpotTransport, "call", happening)


def told(number: int, name: str) -> dict[str, Any]:
    times = {"createdAt": ago(days=300 - number), "updatedAt": ago(days=9), "archived": False}
    return {
        "id": str(number),
        "name": name,
        "subject": name,
        "properties": {"hs_name": name},
    } | times


@pytest.mark.parametrize("name", ["campaigns", "marketing_emails"])
def test_what_is_renamed_while_pages_are_read_hides_no_other(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for number in range(150):
        crm.world.add("hubspot", name, told(number, f"a{number:03d}"))
    crm.read(f"hubspot/{name}")
    renamed = told(3, "zzz")
    meanwhile(monkeypatch, name, lambda: crm.world.add("hubspot", name, renamed, crm.world.now))
    crm.read(f"hubspot/{name}")
    assert crm.table(f"hubspot/{name}", "id, _is_deleted") == sorted(
        ((str(number), False) for number in range(150)), key=str
    )


def test_a_list_that_is_deleted_while_pages_are_read_hides_no_other(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "LISTS_PAGE", 10)
    for number in range(25, 0, -1):
        crm.world.add("hubspot", "lists", {"listId": str(number), "name": f"L{number}"})
    crm.read("hubspot/lists")
    meanwhile(monkeypatch, "lists", lambda: crm.world.purge("hubspot", "lists", "4"))
    crm.read("hubspot/lists")
    found = dict(crm.table("hubspot/lists", '"listId", _is_deleted'))
    assert [one for one, is_gone in found.items() if is_gone] == ["4"]
    assert len(found) == 25


def test_lists_whose_count_never_holds_are_not_taken_for_gone(
    crm: Crm,
) -> None:
    for number in range(5):
        crm.world.add("hubspot", "lists", {"listId": str(number), "name": f"L{number}"})
    crm.read("hubspot/lists")
    body = {"lists": [{"listId": "1", "name": "L1"}], "hasMore": False, "offset": 1, "total": 5}
    crm.fault("status", match="lists/search", status=200, body=body)
    crm.read("hubspot/lists")
    assert {row[0] for row in crm.table("hubspot/lists", "_is_deleted")} == {False}


def test_each_search_names_its_order_and_each_list_goes_on_by_the_vendors_token(
    crm: Crm, asked: list[tuple[str, Any, Any]]
) -> None:
    for number in range(250):
        crm.world.add("hubspot", "contacts", contact(5_000 + number, ago(days=9)))
    crm.read()
    crm.later(hours=2)
    for number in range(250):
        crm.world.add("hubspot", "contacts", contact(5_000 + number, ago(hours=-1)))
    crm.read()
    searches = [body for endpoint, _, body in asked if endpoint == "search"]
    assert len(searches) > 5
    assert all(body.get("sorts") for body in searches)
    own = [query for _, query, _ in asked if {"page", "skip"} & {name for name, _ in query}]
    assert own == []
    # E-mail events have a token of their own name.
    by_offset = {endpoint for endpoint, query, _ in asked if "offset" in dict(query)}
    assert by_offset <= {"email_events"}
