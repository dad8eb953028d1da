"""What can happen to records while others read: each change moves the stamps its vendor moves."""

from __future__ import annotations

import pytest
import requests

from connectors.sandbox.changes import CHANGES
from connectors.sandbox.fault_kinds import KINDS
from tests.conftest import ROOT
from tests.connectors.sandbox.conftest import control, hubspot_client, salesforce_client

BEARER = {"Authorization": "Bearer token"}
CONTACT = "/crm/v3/objects/contacts/{}?properties=email,jobtitle,hs_merged_object_ids&archived={}"


def _change(crm, change: str, vendor: str, obj: str, **more: object) -> list[str]:
    spec = {"change": change, "vendor": vendor, "object": obj, **more}
    return control(crm, "changes", spec)["concerned"]


def _contact(crm, key: str, archived: str = "false") -> requests.Response:
    return requests.get(crm.url + CONTACT.format(key, archived), headers=BEARER, timeout=5)


def _lead(crm, key: str) -> dict:
    soql = f"SELECT Id, Title, IsDeleted, MasterRecordId, SystemModstamp FROM Lead WHERE Id='{key}'"
    return salesforce_client(crm).query(soql, include_deleted=True)["records"][0]


def test_an_edit_moves_the_stamp_and_a_formula_does_not(own_crm):
    before = _contact(own_crm, "3").json()["updatedAt"]
    _change(own_crm, "formula", "hubspot", "contact", id="3", fields={"jobtitle": "nul \x00 é"})
    told = _contact(own_crm, "3").json()
    assert (told["properties"]["jobtitle"], told["updatedAt"]) == ("nul \x00 é", before)
    _change(own_crm, "update", "hubspot", "contacts", id="3", fields={"jobtitle": "CMO"})
    assert _contact(own_crm, "3").json()["updatedAt"] == "2026-06-30T12:00:00.000Z"
    key = "00Q5e0000000003AAA"
    before = _lead(own_crm, key)["SystemModstamp"]
    _change(own_crm, "formula", "salesforce", "Lead", id=key, fields={"Title": "x"})
    assert (_lead(own_crm, key)["Title"], _lead(own_crm, key)["SystemModstamp"]) == ("x", before)


def test_archive_restore_purge_and_merge_are_as_each_vendor_does_them(own_crm):
    (key,) = _change(own_crm, "archive", "hubspot", "contacts")
    stamp = _contact(own_crm, key, "true").json()["updatedAt"]
    assert stamp < "2026-06-30"
    assert _contact(own_crm, key).status_code == 404
    assert _change(own_crm, "restore", "hubspot", "contacts", id=key) == [key]
    assert _contact(own_crm, key).json()["updatedAt"] == stamp
    winner, loser = _change(own_crm, "merge", "hubspot", "contacts")
    assert _contact(own_crm, loser).json()["id"] == winner
    (gone,) = _change(own_crm, "purge", "hubspot", "contacts", id="9")
    assert _contact(own_crm, gone).status_code == 404
    winner, loser = _change(own_crm, "merge", "salesforce", "Lead")
    told = _lead(own_crm, loser)
    assert (told["IsDeleted"], told["MasterRecordId"]) == (True, winner)
    assert told["SystemModstamp"].startswith("2026-06-30T12:00:00")


def test_an_association_comes_and_goes_without_a_stamp(own_crm):
    before = _contact(own_crm, "5").json()["updatedAt"]
    edge = {"id": "5", "to": "companies", "to_id": "5000"}
    path = f"{own_crm.url}/crm/v4/objects/companies/5000/associations/contacts"

    def there() -> set[int]:
        results = requests.get(path, headers=BEARER, timeout=5).json()["results"]
        return {row["toObjectId"] for row in results}

    _change(own_crm, "associate", "hubspot", "contacts", **edge)
    assert there() == {1, 2, 5}
    _change(own_crm, "dissociate", "hubspot", "contacts", **edge)
    assert there() == {1, 2}
    assert _contact(own_crm, "5").json()["updatedAt"] == before


def test_thousands_share_a_millisecond_and_a_late_row_has_an_old_stamp(own_crm):
    _change(own_crm, "same_stamp", "hubspot", "contacts", count=12_000)
    body = {
        "filters": [
            {"propertyName": "lastmodifieddate", "operator": "EQ", "value": "2026-06-30T12:00:00Z"}
        ]
    }
    url = f"{own_crm.url}/crm/v3/objects/contacts/search"
    assert requests.post(url, json=body, headers=BEARER, timeout=9).json()["total"] == 12_000
    _change(own_crm, "same_stamp", "salesforce", "Lead", count=30)
    soql = "SELECT COUNT() FROM Lead WHERE SystemModstamp = 2026-06-30T12:00:00Z"
    assert salesforce_client(own_crm).query(soql)["totalSize"] == 30
    (key,) = _change(own_crm, "late", "salesforce", "Lead", seconds=600, fields={"Title": "late"})
    told = _lead(own_crm, key)
    assert (told["Title"], told["SystemModstamp"]) == ("late", "2026-06-30T11:50:00.000+0000")


def test_a_field_may_go_between_describe_and_query(own_crm):
    sf = salesforce_client(own_crm)
    change = {"change": "remove_field", "vendor": "salesforce", "object": "Lead", "field": "Title"}
    fault = {"kind": "change", "match": "/sobjects/Lead/describe", "times": 1, "change": change}
    control(own_crm, "faults", fault)
    assert "Title" in {field["name"] for field in sf.Lead.describe()["fields"]}
    url = f"{own_crm.url}/services/data/v64.0/query?q=SELECT+Title+FROM+Lead"
    assert "INVALID_FIELD" in requests.get(url, headers=BEARER, timeout=5).text
    requests.delete(f"{own_crm.url}/_sandbox/faults", timeout=5)
    assert requests.get(url, headers=BEARER, timeout=5).status_code == 200


def test_fields_are_added_renamed_and_retyped_with_their_values(own_crm):
    sf, hs = salesforce_client(own_crm), hubspot_client(own_crm)
    _change(own_crm, "add_field", "salesforce", "Lead", field="Tier__c", value="A")
    assert sf.query("SELECT Tier__c FROM Lead LIMIT 1")["records"][0]["Tier__c"] == "A"
    _change(own_crm, "rename_field", "salesforce", "Lead", field="Tier__c", to="Level__c")
    names = {field["name"] for field in sf.Lead.describe()["fields"]}
    assert ("Tier__c" in names, "Level__c" in names) == (False, True)
    assert sf.query("SELECT Level__c FROM Lead LIMIT 1")["records"][0]["Level__c"] == "A"
    change = {"field": "NumberOfEmployees", "type": "string"}
    _change(own_crm, "retype_field", "salesforce", "Lead", **change)
    soql = "SELECT NumberOfEmployees FROM Lead WHERE NumberOfEmployees = '2'"
    assert sf.query(soql)["records"][0]["NumberOfEmployees"] == "2"
    _change(own_crm, "rename_field", "hubspot", "contacts", field="email", to="mail")
    known = {row.name for row in hs.crm.properties.core_api.get_all("contacts").results}
    assert ("email" in known, "mail" in known) == (False, True)
    page = hs.crm.contacts.basic_api.get_page(limit=1, properties=["email", "mail"])
    told = page.results[0].properties
    assert ("email" in told, told["mail"]) == (False, "p1@acme.example")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"change": "vanish", "vendor": "hubspot", "object": "contacts"}, "use one of update"),
        ({"change": "purge", "vendor": "sap", "object": "contacts"}, "vendor must be"),
        ({"change": "purge", "vendor": "hubspot"}, "object is missing"),
        ({"change": "purge", "vendor": "hubspot", "object": "contacts", "id": "x"}, "no record x"),
        ({"change": "update", "vendor": "hubspot", "object": "contacts"}, "needs fields"),
        ({"change": "add_field", "vendor": "hubspot", "object": "contacts"}, "needs field"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_in_words(crm, spec, said):
    answer = requests.post(f"{crm.url}/_sandbox/changes", json=spec, timeout=5)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_locators_may_repeat_and_token_endpoints_refuse_in_their_own_words(own_crm):
    control(own_crm, "faults", {"kind": "repeated_cursor", "match": "query/"})
    url = f"{own_crm.url}/services/data/v64.0/query"
    first = requests.get(f"{url}?q=SELECT+Id+FROM+Lead", headers=BEARER, timeout=5).json()
    again = requests.get(own_crm.url + first["nextRecordsUrl"], headers=BEARER, timeout=5).json()
    assert again.get("nextRecordsUrl") is None  # the last page has no cursor to repeat
    job = {"operation": "query", "query": "SELECT Id FROM Lead"}
    jobs = f"{own_crm.url}/services/data/v64.0/jobs/query"
    made = requests.post(jobs, json=job, headers=BEARER, timeout=5).json()
    control(own_crm, "faults", {"kind": "repeated_cursor", "match": "/results"})
    page = f"{jobs}/{made['id']}/results?maxRecords=1000"
    requests.get(f"{jobs}/{made['id']}", headers=BEARER, timeout=5)
    told = requests.get(page, headers=BEARER, timeout=5)
    locator = told.headers["Sforce-Locator"]
    assert requests.get(f"{page}&locator={locator}", headers=BEARER, timeout=5).text == told.text
    for spec, status in (
        ({"kind": "rate_limited", "match": "oauth", "times": 2}, 429),
        ({"kind": "unauthorized", "match": "oauth", "times": 2}, 401),
    ):
        control(own_crm, "faults", spec)
        for path in ("/services/oauth2/token", "/oauth/v1/token"):
            refused = requests.post(own_crm.url + path, data={"grant_type": "x"}, timeout=5)
            assert refused.status_code == status
            assert {"error", "error_description"} <= refused.json().keys()


def test_every_change_and_fault_is_in_the_documentation():
    text = (ROOT / "docs" / "local-crm.md").read_text()
    assert [name for name in (*CHANGES, *KINDS) if f"`{name}`" not in text] == []
