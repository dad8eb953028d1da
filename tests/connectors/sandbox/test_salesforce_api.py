from __future__ import annotations

import csv
import io

import pytest
import requests
from simple_salesforce.exceptions import SalesforceMalformedRequest

from tests.connectors.sandbox.conftest import salesforce_client


@pytest.fixture(scope="module")
def sf(crm):
    return salesforce_client(crm)


def _one(sf, soql: str) -> list[dict[str, object]]:
    return sf.query(soql)["records"]


def test_a_query_pages_through_locators_and_misses_nothing(crm, sf):
    first = sf.query("SELECT Id, Name FROM Lead")
    assert (first["totalSize"], first["done"], len(first["records"])) == (2500, False, 2000)
    assert first["nextRecordsUrl"].startswith("/services/data/v64.0/query/")
    ids = [row["Id"] for row in sf.query_all_iter("SELECT Id FROM Lead")]
    assert len(ids) == len(set(ids)) == 2500


def test_values_are_typed_as_describe_says(sf):
    soql = "SELECT Name, NumberOfEmployees, AnnualRevenue, IsConverted, CreatedDate, Owner.Name"
    row = _one(sf, f"{soql} FROM Lead WHERE NumberOfEmployees = 2")[0]
    assert row["Name"] == "Ada Lead 2"
    assert (row["NumberOfEmployees"], row["AnnualRevenue"], row["IsConverted"]) == (2, 12.5, False)
    assert row["CreatedDate"] == "2025-05-26T14:00:00.000+0000"
    assert row["Owner"]["Name"] == "Sam Seller"
    assert (
        _one(sf, "SELECT AnnualRevenue FROM Lead WHERE NumberOfEmployees = 3")[0]["AnnualRevenue"]
        is None
    )


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("SystemModstamp >= 2025-05-26T14:00:00Z AND SystemModstamp < 2025-05-26T17:00:00Z", 3),
        ("SystemModstamp  >=  2025-05-26T14:00:00.000000Z  AND NumberOfEmployees <= 4  ", 3),
        ("CreatedDate <= 2025-05-26T14:00:00.000+00:00", 3),
        ("Id IN ('00Q5e0000000001AAA', '00Q5e0000000002AAA')", 2),
        ("Id > '00Q5e0000002497AAA'", 2),
        ("AnnualRevenue = null AND NumberOfEmployees < 10", 5),
        ("NOT (Status = 'open - not contacted' OR Status != 'x')", 0),
        ("LastName LIKE 'Lead 24_' AND Status IN ('Open - Not Contacted')", 10),
        ("CreatedDate = LAST_N_DAYS:300", 112),
    ],
)
def test_where_selects_as_soql_means_it(sf, where, count):
    assert sf.query(f"SELECT COUNT() FROM Lead WHERE {where}")["totalSize"] == count


def test_deleted_rows_come_with_query_all_only(sf):
    deleted = "SELECT Id FROM Lead WHERE IsDeleted = true"
    assert sf.query(deleted)["totalSize"] == 0
    assert sf.query(deleted, include_deleted=True)["totalSize"] == 1


def test_order_limit_and_groups(sf):
    rows = _one(sf, "SELECT NumberOfEmployees FROM Lead ORDER BY NumberOfEmployees DESC LIMIT 2")
    assert [row["NumberOfEmployees"] for row in rows] == [2499, 2498]
    groups = _one(sf, "SELECT Status, COUNT(Id) total FROM Lead GROUP BY Status")
    assert [(row["Status"], row["total"]) for row in groups] == [("Open - Not Contacted", 2500)]


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT Nope__c FROM Lead", "INVALID_FIELD"),
        ("SELECT Id FROM Nope", "INVALID_TYPE"),
        ("SELECT Id FROM", "MALFORMED_QUERY"),
        ("SELECT Id FROM Lead WHERE CreatedDate > '2025-01-01'", "INVALID_FIELD"),
        ("SELECT Id FROM Lead WHERE Description = 'x'", "INVALID_FIELD"),
    ],
)
def test_a_wrong_query_gets_the_vendors_error(sf, soql, code):
    with pytest.raises(SalesforceMalformedRequest) as raised:
        sf.query(soql)
    assert raised.value.content[0]["errorCode"] == code


def test_describe_has_standard_custom_and_observed_fields(sf):
    fields = {field["name"]: field for field in sf.Lead.describe()["fields"]}
    assert fields["FirstName"]["compoundFieldName"] == "Name"
    assert fields["City"]["compoundFieldName"] == "Address"
    assert fields["Address"]["type"] == "address"
    assert fields["Revisit_On__c"]["type"] == "date"
    assert fields["Odd__c"]["type"] == "boolean"
    assert fields["OwnerId"]["referenceTo"] == ["Group", "User"]
    statuses = [entry["value"] for entry in fields["Status"]["picklistValues"]]
    assert "Closed - Converted" in statuses
    for name in ("Lead", "OpportunityFieldHistory", "DatedConversionRate"):
        assert name in {entry["name"] for entry in sf.describe()["sobjects"]}
    every = ",".join(f for f in fields if fields[f]["type"] != "address")
    assert len(_one(sf, f"SELECT {every} FROM Lead LIMIT 1")[0]) == len(every.split(",")) + 1


def test_bulk_gives_every_row_once_with_a_header_on_every_page(sf, tmp_path):
    client = sf.bulk2.Lead._client
    soql = "SELECT Id, LastName, IsDeleted, SystemModstamp, AnnualRevenue FROM Lead"
    job = client.create_job("queryAll", query=soql)
    client.wait_for_job(job["id"], True, wait=0.01)
    assert client.get_job(job["id"], True)["numberRecordsProcessed"] == 2501
    rows, locator = [], ""
    while locator != "null":
        page = client.get_query_results(job["id"], locator, 1000)
        locator = page["locator"] or "null"
        found = list(csv.DictReader(io.StringIO(page["records"])))
        assert len(found) == page["number_of_records"]
        rows += found
    assert len({row["Id"] for row in rows}) == len(rows) == 2501
    assert rows[2]["SystemModstamp"] == "2025-05-26T14:00:00.000Z"
    assert (rows[2]["AnnualRevenue"], rows[3]["AnnualRevenue"]) == ("12.5", "")
    assert rows[-1]["LastName"] == '"a,\nb"'
    assert rows[-1]["IsDeleted"] == "true"


def test_bulk_refuses_compound_fields_and_unknown_jobs(crm, sf):
    url = f"{crm.url}/services/data/v64.0/jobs/query"
    headers = {"Authorization": "Bearer x"}
    spec = {"operation": "query", "query": "SELECT Address FROM Lead"}
    refused = requests.post(url, json=spec, headers=headers, timeout=5)
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (
        400,
        "FUNCTIONALITY_NOT_ENABLED",
    )
    assert requests.get(f"{url}/750nope", headers=headers, timeout=5).status_code == 404


def test_every_answer_tells_the_clock_and_the_quota(crm):
    headers = {"Authorization": "Bearer x"}
    url = f"{crm.url}//services/data/v64.0/query/?q=SELECT+Id+FROM+Lead+LIMIT+1"
    answer = requests.get(url, headers=headers, timeout=5)
    assert answer.status_code == 200
    assert answer.headers["Date"] == "Tue, 30 Jun 2026 12:00:00 GMT"
    assert answer.headers["Sforce-Limit-Info"].startswith("api-usage=")
    assert answer.headers["Content-Type"].startswith("application/json")


def test_without_a_token_nothing_is_told(crm):
    answer = requests.get(f"{crm.url}/services/data/v64.0/sobjects", timeout=5)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")
