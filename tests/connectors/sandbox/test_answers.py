"""What a client may do with the answers: log in, follow pages, run jobs, search, be refused."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest
import requests

from tests.connectors.sandbox.conftest import BEARER, V, control, get, post


@pytest.mark.parametrize(
    ("form", "basic"),
    [
        ({"grant_type": "client_credentials"}, True),
        ({"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}, False),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "x"}, False),
        ({"grant_type": "refresh_token", "client_id": "a", "refresh_token": "r"}, False),
        ({"grant_type": "password", "client_id": "a", "username": "u", "password": "p"}, False),
    ],
)
def test_every_grant_gives_a_token_with_instance_and_identity(full, form, basic):
    headers = {"Authorization": "Basic " + base64.b64encode(b"a:b").decode()} if basic else {}
    url = f"{full.url}/services/oauth2/token"
    told = requests.post(url, data=form, headers=headers, timeout=5).json()
    assert told["instance_url"] == full.url
    assert {"issued_at", "token_type"} <= told.keys()
    _, _, org, user = told["id"].rsplit("/", 3)
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    who = requests.get(told["id"], headers=bearer, timeout=5).json()
    assert (who["organization_id"], who["user_id"]) == (org, user)
    for path in ("/services/oauth2/token", "/oauth/v1/token"):
        refused = requests.post(full.url + path, data={"grant_type": "magic"}, timeout=5)
        assert refused.status_code == 400
        assert {"error", "error_description"} <= refused.json().keys()


def test_locators_ignore_a_repeated_query_and_end_without_a_next_url(full):
    first = get(full, f"{V}/query", q="SELECT Id FROM Lead").json()
    assert first["nextRecordsUrl"].startswith("/services/data/v62.0/query/")
    last = get(full, first["nextRecordsUrl"], q="SELECT nonsense").json()
    assert (last["done"], len(last["records"]), "nextRecordsUrl" in last) == (True, 500, False)
    unknown = get(full, f"{V}/query/01gNOPE-2000")
    assert unknown.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_everything_that_is_listed_can_be_described(full):
    for row in get(full, f"{V}/sobjects").json()["sobjects"]:
        assert row["queryable"] is True
        assert get(full, f"{V}/sobjects/{row['name']}/describe").status_code == 200


@pytest.mark.parametrize(
    "literal",
    [
        "2025-05-26T14:00:00Z",
        "2025-05-26T14:00:00.000000Z",
        "2025-05-26T14:00:00.000+00:00",
        "2025-05-26T14:00:00.000+0000",
    ],
)
def test_a_time_may_be_written_in_each_way(full, literal):
    soql = (
        f"SELECT Id FROM Lead WHERE CreatedDate >= {literal} AND CreatedDate < 2025-05-26T15:00:00Z"
    )
    assert get(full, f"{V}/query", q=soql).json()["totalSize"] == 1


def test_a_bulk_job_lives_as_it_should(full):
    spec = {
        "operation": "queryAll",
        "query": "SELECT Id FROM Lead",
        "contentType": "CSV",
        "columnDelimiter": "PIPE",
        "lineEnding": "CRLF",
    }
    made = post(full, f"{V}/jobs/query", spec).json()
    assert (made["state"], made["object"]) == ("UploadComplete", "Lead")
    path = f"{V}/jobs/query/{made['id']}"
    seen = get(full, path).json()
    assert (seen["state"], seen["numberRecordsProcessed"]) == ("JobComplete", 2501)
    whole = get(full, f"{path}/results")
    told = (whole.headers["Sforce-Locator"], whole.headers["Sforce-NumberOfRecords"])
    assert told == ("null", "2501")
    pages, locator = [], ""
    while locator != "null":
        page = get(full, f"{path}/results", maxRecords=1000, locator=locator)
        assert page.text.startswith('"Id"\r\n')
        pages.append(int(page.headers["Sforce-NumberOfRecords"]))
        locator = page.headers["Sforce-Locator"]
    assert pages == [1000, 1000, 501]
    headers = {**BEARER, "Content-Type": "application/json"}
    assert requests.delete(full.url + path, headers=headers, timeout=5).status_code == 204
    assert get(full, path).status_code == 404


def test_a_bulk_job_can_be_aborted_while_it_runs(own_crm):
    control(own_crm, "faults", {"kind": "stuck_job", "object": "Lead"})
    spec = {"operation": "query", "query": "SELECT Id FROM Lead"}
    made = post(own_crm, f"{V}/jobs/query", spec).json()
    url = f"{own_crm.url}{V}/jobs/query/{made['id']}"
    assert requests.get(url, headers=BEARER, timeout=5).json()["state"] == "InProgress"
    wrong = requests.patch(url, json={"state": "Done"}, headers=BEARER, timeout=5)
    assert wrong.json()[0]["errorCode"] == "INVALIDJOBSTATE"
    aborted = requests.patch(url, json={"state": "Aborted"}, headers=BEARER, timeout=5)
    assert aborted.json()["state"] == "Aborted"
    assert get(own_crm, f"{V}/jobs/query/{made['id']}/results").status_code == 400


@pytest.mark.parametrize(
    "content",
    [
        {"operation": "insert", "query": "SELECT Id FROM Lead"},
        {"operation": "query", "query": "SELECT Id FROM Lead", "contentType": "JSON"},
        {"operation": "query", "query": "SELECT COUNT() FROM Lead"},
        {"operation": "query", "query": "nonsense"},
        ["query"],
    ],
)
def test_a_wrong_bulk_job_is_refused_as_a_list_of_errors(full, content):
    refused = post(full, f"{V}/jobs/query", content)
    assert refused.status_code == 400
    assert {"message", "errorCode"} <= refused.json()[0].keys()


def test_pages_never_say_paging_null_and_hold_every_record_once(full):
    for parameters in ({"limit": 100}, {"limit": 50, "propertiesWithHistory": "email"}):
        seen, after = [], None
        while True:
            more = {"after": after} if after else {}
            body = get(full, "/crm/v3/objects/contacts", **parameters, **more).json()
            seen += [row["id"] for row in body["results"]]
            if "paging" not in body:
                break
            after = body["paging"]["next"]["after"]
        assert len(set(seen)) == len(seen) == 250
        assert all(int(one) < int(two) for one, two in pairwise(seen))


@pytest.mark.parametrize(
    "content",
    [
        {"filterGroups": [{"filters": [{"propertyName": "zip", "operator": "NOT_HAS_PROPERTY"}]}]},
        {"sorts": ["-createdate"], "after": 100},
        {"sorts": [{"propertyName": "createdate", "direction": "DESCENDING"}], "after": "100"},
        {"filters": [{"propertyName": "hs_object_id", "operator": "GT", "value": "0"}]},
        {"filters": [{"propertyName": "hs_object_id", "operator": "GT", "value": 0}]},
    ],
)
@pytest.mark.parametrize("version", ["v3/objects", "objects/2026-09"])
def test_search_takes_what_clients_write(full, content, version):
    body = post(full, f"/crm/{version}/contacts/search", {**content, "limit": 200}).json()
    assert body["total"] == 250
    assert len(body["results"]) == (150 if "after" in content else 200)


def test_lists_are_paged_by_offset(full):
    body = post(full, "/crm/v3/lists/search", {"count": 1000, "offset": 0}).json()
    assert (body["hasMore"], body["offset"]) == (False, 1)
    assert body["lists"][0]["listId"] == "7"
    assert body["lists"][0]["updatedAt"]


def test_errors_are_in_hubspots_shape(full):
    wrong = get(full, "/crm/v3/objects/contacts", limit=500)
    keys = {"status", "message", "category", "correlationId"}
    assert keys <= wrong.json().keys()
    assert requests.get(f"{full.url}/crm/v3/owners", timeout=5).json().keys() >= keys
    long = get(full, "/crm/v3/objects/contacts", properties=",".join(["lifecyclestage"] * 1200))
    assert long.status_code == 414
