from __future__ import annotations

import pytest
import requests
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.contacts import BatchReadInputSimplePublicObjectId, PublicObjectSearchRequest
from hubspot.crm.contacts.exceptions import ApiException

from tests.connectors.sandbox.conftest import CONTACTS, hubspot_client

BEARER = {"Authorization": "Bearer token"}


@pytest.fixture(scope="module")
def hs(crm):
    return hubspot_client(crm)


def _get(crm, path: str, **parameters: object) -> requests.Response:
    return requests.get(crm.url + path, params=parameters, headers=BEARER, timeout=5)


def _post(crm, path: str, content: dict[str, object]) -> requests.Response:
    return requests.post(crm.url + path, json=content, headers=BEARER, timeout=5)


def test_the_client_lists_everything_once(hs):
    found = hs.crm.contacts.get_all(properties=["email", "no_such_property"])
    assert len({row.id for row in found}) == len(found) == CONTACTS
    assert found[1].properties == {
        "email": "p2@acme.example",
        "createdate": "2025-09-03T14:00:00.000Z",
        "hs_object_id": "2",
        "lastmodifieddate": "2025-09-03T14:00:00.000Z",
    }


def test_archived_records_appear_in_the_archived_pass_only(hs, crm):
    page = hs.crm.contacts.basic_api.get_page(limit=100, archived=True)
    assert [(row.id, row.archived) for row in page.results] == [("900", True)]
    assert page.results[0].archived_at is not None
    assert _get(crm, "/crm/v3/objects/contacts/900").status_code == 404
    assert _get(crm, "/crm/v3/objects/contacts/900", archived="true").json()["archived"] is True


def test_history_never_tells_the_future(hs):
    batch = BatchReadInputSimplePublicObjectId(
        inputs=[{"id": "1"}, {"id": "31337"}],
        properties=["email"],
        properties_with_history=["lifecyclestage"],
    )
    answer = hs.crm.contacts.batch_api.read(
        batch_read_input_simple_public_object_id=batch, _preload_content=False
    )
    assert answer.status == 207
    body = answer.json()
    assert [row["id"] for row in body["results"]] == ["1"]
    history = body["results"][0]["propertiesWithHistory"]["lifecyclestage"]
    assert [entry["value"] for entry in history] == ["lead"]
    assert body["errors"][0]["context"]["ids"] == ["31337"]


def test_pages_carry_an_absolute_link_and_no_paging_at_the_end(crm):
    body = _get(crm, "/crm/objects/2026-09/contacts", limit=100, properties="email").json()
    link = body["paging"]["next"]["link"]
    assert link.startswith(f"{crm.url}/crm/objects/2026-09/contacts?")
    after = requests.get(link, headers=BEARER, timeout=5).json()
    assert after["results"][0]["id"] == "101"
    last = _get(crm, "/crm/v3/objects/contact", limit=100, after="200").json()
    assert len(last["results"]) == 50
    assert "paging" not in last


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/crm/v3/objects/contacts", {"limit": 101}),
        ("/crm/v3/objects/contacts", {"limit": 51, "propertiesWithHistory": "email"}),
        ("/crm/v3/objects/unicorns", {}),
    ],
)
def test_what_hubspot_refuses_is_refused(crm, path, parameters):
    answer = _get(crm, path, **parameters)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_search_filters_sorts_and_pages(hs):
    window = [
        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "2025-09-03T14:00:00Z"},
        {"propertyName": "lastmodifieddate", "operator": "LT", "value": "1756933200000"},
        {"propertyName": "hs_object_id", "operator": "GT", "value": "2"},
    ]
    request = PublicObjectSearchRequest(
        filter_groups=[{"filters": window}], sorts=["hs_object_id"], limit=2, properties=["email"]
    )
    page = hs.crm.contacts.search_api.do_search(public_object_search_request=request)
    assert page.total == 6
    assert [row.id for row in page.results] == ["3", "4"]
    assert page.paging.next.after == "2"


@pytest.mark.parametrize(
    ("entry", "total"),
    [
        ({"propertyName": "email", "operator": "EQ", "value": "P7@acme.example"}, 1),
        ({"propertyName": "email", "operator": "IN", "values": ["p1@acme.example"]}, 1),
        ({"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "*acme*"}, CONTACTS),
        ({"propertyName": "jobtitle", "operator": "HAS_PROPERTY"}, 0),
        ({"propertyName": "hs_object_id", "operator": "LTE", "value": 10}, 10),
        (
            {"propertyName": "hs_object_id", "operator": "BETWEEN", "value": 3, "highValue": 5},
            3,
        ),
    ],
)
def test_search_operators(crm, entry, total):
    body = _post(crm, "/crm/v3/objects/contacts/search", {"filters": [entry]}).json()
    assert body["total"] == total


@pytest.mark.parametrize(
    "content",
    [
        {"limit": 201},
        {"limit": 200, "after": "9900"},
        {"filterGroups": [{"filters": []}] * 6},
        {"filters": [{"propertyName": "nope", "operator": "EQ", "value": 1}]},
    ],
)
def test_search_caps(hs, crm, content):
    assert _post(crm, "/crm/v3/objects/contacts/search", content).status_code == 400
    with pytest.raises(ApiException):
        hs.crm.contacts.search_api.do_search(public_object_search_request=content)


def test_associations_are_served_in_both_directions(hs, crm):
    batch = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": "5000"}])
    found = hs.crm.associations.v4.batch_api.get_page(
        "companies", "contacts", batch_input_public_fetch_associations_batch_request=batch
    )
    assert [str(to.to_object_id) for to in found.results[0].to] == ["1", "2"]
    path = "/crm/associations/2026-09/contacts/companies/batch/read"
    answer = _post(crm, path, {"inputs": [{"id": "1"}, {"id": "3"}]})
    assert answer.status_code == 207
    assert answer.json()["results"] == [
        {
            "from": {"id": "1"},
            "to": [
                {
                    "toObjectId": 5000,
                    "associationTypes": [
                        {"category": "HUBSPOT_DEFINED", "label": "Primary", "typeId": 1}
                    ],
                }
            ],
        }
    ]
    listed = _get(crm, "/crm/v3/objects/contacts/1", associations="company").json()
    assert listed["associations"]["companies"]["results"][0]["id"] == "5000"
    old = _post(crm, "/crm/v3/associations/contact/company/batch/read", {"inputs": [{"id": "1"}]})
    assert old.json()["results"][0]["to"] == [
        {"id": "5000", "type": "contact_to_company_unlabeled"}
    ]


def test_owners_pipelines_properties_and_forms_through_the_client(hs):
    owner = hs.crm.owners.owners_api.get_page().results[0]
    assert (owner.id, owner.first_name, owner.archived) == ("77", "Sam", False)
    pipeline = hs.crm.pipelines.pipelines_api.get_all("deals").results[0]
    closed = {stage.id for stage in pipeline.stages if stage.metadata["isClosed"] == "true"}
    assert closed == {"closedwon", "closedlost"}
    names = {
        prop.name: prop.type for prop in hs.crm.properties.core_api.get_all("contacts").results
    }
    assert names["lifecyclestage"] == "enumeration"
    assert names["lead_rejection_reason"] == "enumeration"
    form = hs.marketing.forms.forms_api.get_page().results[0]
    assert (form.id, form.name, form.archived) == ("f-1", "Request a demo", False)


def test_submissions_and_events_come_newest_first_and_page(crm):
    path, seen, after = "/form-integrations/v1/submissions/forms/f-1", [], None
    while True:
        body = _get(crm, path, limit=25, **({"after": after} if after else {})).json()
        seen += [row["conversionId"] for row in body["results"]]
        if "paging" not in body:
            break
        after = body["paging"]["next"]["after"]
    assert seen == [f"c{number}" for number in reversed(range(60))]
    first = _get(crm, "/email/public/v1/events", limit=50).json()
    rest = _get(crm, "/email/public/v1/events", limit=50, offset=first["offset"]).json()
    assert (first["hasMore"], rest["hasMore"]) == (True, False)
    assert len({event["id"] for event in first["events"] + rest["events"]}) == 60
    start = first["events"][9]["created"]
    recent = _get(crm, "/email/public/v1/events", limit=50, startTimestamp=start).json()
    assert len(recent["events"]) == 10


def test_account_token_campaigns_and_lists_answer(crm):
    assert _get(crm, "/account-info/v3/details").json()["portalId"]
    form = {"grant_type": "refresh_token", "refresh_token": "r", "client_id": "a"}
    for path in ("/oauth/v1/token", "/oauth/2026-09/token"):
        token = requests.post(crm.url + path, data=form, timeout=5).json()
        assert token["access_token"]
        assert token["expires_in"] > 0
    assert _get(crm, "/marketing/v3/campaigns").json() == {"results": []}
    lists = _post(crm, "/crm/v3/lists/search", {"count": 10}).json()
    assert (lists["lists"], lists["hasMore"]) == ([], False)
    assert _get(crm, "/crm/v3/schemas").json() == {"results": []}


def test_headers_tell_the_clock_and_the_limits(crm):
    answer = _get(crm, "/crm/v3/owners")
    assert answer.headers["Date"] == "Tue, 30 Jun 2026 12:00:00 GMT"
    assert answer.headers["X-HubSpot-RateLimit-Max"] == "190"
    search = _post(crm, "/crm/v3/objects/contacts/search", {})
    assert "X-HubSpot-RateLimit-Max" not in search.headers
    assert requests.get(f"{crm.url}/crm/v3/owners", timeout=5).status_code == 401


def test_a_merge_leaves_the_survivor_with_the_losers_id(own_crm):
    content = {"primaryObjectId": "3", "objectIdToMerge": "2"}
    merged = _post(own_crm, "/crm/v3/objects/contacts/merge", content)
    assert merged.status_code == 200
    asked = _get(own_crm, "/crm/v3/objects/contacts/2", properties="hs_merged_object_ids").json()
    assert (asked["id"], asked["properties"]["hs_merged_object_ids"]) == ("3", "2")
    listed = _get(own_crm, "/crm/v3/objects/contacts", limit=100).json()["results"]
    assert [row["id"] for row in listed[:2]] == ["1", "3"]
    edges = _get(own_crm, "/crm/v4/objects/companies/5000/associations/contacts").json()
    assert [edge["toObjectId"] for edge in edges["results"]] == [1, 3]
