"""What the vendors do on a bad day; after it, a run gives what an undisturbed one gives."""

from datetime import timedelta
from pathlib import Path

import pytest

from connectors import rate_limit
from connectors.errors import (
    ConnectorError,
    JobFailed,
    QuotaExhausted,
    Unreachable,
    UnreadableAnswer,
    WrongCredentials,
    WrongSettings,
)
from connectors.extract import extract
from connectors.hubspot.connector import HubSpotConnector
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox import serve
from connectors.settings import HubSpotSettings, SalesforceSettings
from tests.connectors.conftest import QUICK, Crm, ago, contact, iso, lead, small_world

BOTH = ("salesforce/Lead", "hubspot/contacts")
CANARY = "c4n4ry-s3cret"
# Fault, its options, and whether the run is to succeed in spite of it.
PASSING = [
    ("server_error", {"times": 2}),
    ("server_error", {"times": 2, "status": 502, "match": "search|query"}),
    ("rate_limited", {"times": 2, "retry_after": 0}),
    ("rate_limited", {"times": 1, "retry_after": None, "policy": "SECONDLY"}),
    ("unauthorized", {"times": 1, "match": "describe|properties"}),
    ("unauthorized", {"times": 1, "match": "describe", "until_new_token": True}),
    ("html_page", {"times": 1, "match": "query|objects"}),
    ("cut_body", {"times": 2, "match": "query|objects"}),
]


@pytest.fixture(autouse=True)
def quick_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "POLICY_WAIT", {"SECONDLY": 0.05, "TEN_SECONDLY_ROLLING": 0.1})


@pytest.mark.parametrize(("kind", "options"), PASSING)
def test_a_passing_fault_costs_attempts_only(crm: Crm, kind: str, options: dict) -> None:
    fault = crm.fault(kind, **options)
    results = crm.read(*BOTH)
    assert {name: result.rows for name, result in results.items()} == {name: 30 for name in BOTH}
    assert fault.hits >= 1


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("server_error", {}, Unreachable),
        ("html_page", {"match": "query|objects"}, UnreadableAnswer),
        ("cut_body", {"match": "query|objects"}, Unreachable),
        ("unauthorized", {"match": "describe|properties"}, WrongCredentials),
        ("request_limit_exceeded", {"match": "query"}, QuotaExhausted),
        ("rate_limited", {"policy": "DAILY", "match": "objects"}, QuotaExhausted),
    ],
)
def test_a_lasting_fault_fails_and_the_next_run_heals(
    crm: Crm, kind: str, options: dict, error: type[ConnectorError]
) -> None:
    crm.fault(kind, **options)
    with pytest.raises(error) as caught:
        crm.read(*BOTH)
    said = str(caught.value)
    assert caught.value.remedy
    assert "html" not in said.lower()
    crm.sandbox.sandbox.faults.clear()
    crm.sandbox.sandbox.tokens.restore()
    crm.read(*BOTH)
    assert len(crm.table("salesforce/Lead", '"Id"')) == 30
    assert len(crm.table("hubspot/contacts", "id")) == 30


def test_a_quota_stop_keeps_what_was_read_and_says_when_to_go_on(crm: Crm) -> None:
    crm.fault("rate_limited", policy="DAILY", match="objects/companies")
    with pytest.raises(QuotaExhausted, match="Resume after 2026-07-01 00:00 UTC") as caught:
        crm.read("hubspot/contacts", "hubspot/companies", "salesforce/Lead")
    assert (caught.value.source, caught.value.stream) == ("hubspot", "companies")
    assert {result.stream for result in crm.results} == {"contacts", "Lead"}
    assert crm.landing().state("hubspot", "contacts") is not None


def test_an_object_without_permission_is_told_and_the_rest_goes_on(crm: Crm) -> None:
    crm.fault("missing_scope", match="companies")
    crm.fault("hidden_object", object="Campaign")
    crm.fault("missing_scope", match="sobjects/Task/")
    results = crm.read()
    refused = {name for name, result in results.items() if result.status == "not_permitted"}
    assert refused == {
        "hubspot/companies",
        "hubspot/companies_history",
        "salesforce/Campaign",
        "salesforce/Task",
    }
    assert "crm.objects.companies.read" in results["hubspot/companies"].message
    assert "Campaign" in results["salesforce/Campaign"].message
    assert results["hubspot/contacts"].rows == 30
    assert crm.table("hubspot/companies") == []


def test_wrong_credentials_fail_fast_with_at_most_two_logins_and_no_secret(tmp_path: Path) -> None:
    with serve.start(small_world(), require_secret="right") as sandbox:
        crm = Crm(sandbox, tmp_path)
        for source in ("salesforce", "hubspot"):
            (connector,) = crm.connectors(secret=CANARY, sources=(source,))
            with pytest.raises(WrongCredentials) as caught:
                connector.open()
            assert connector.requests <= 2
            assert CANARY not in f"{caught.value} {caught.value!r} {caught.value.__context__!r}"
            assert CANARY not in repr(connector.settings)
        crm.read(*BOTH, secret="right")


def test_no_secret_reaches_the_landing(crm: Crm, tmp_path: Path) -> None:
    crm.read(secret=CANARY)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_an_unreachable_host_is_named() -> None:
    for connector in (
        SalesforceConnector(SalesforceSettings("http://127.0.0.1:9", "a", "b", patience=QUICK)),
        HubSpotConnector(HubSpotSettings("a", "http://127.0.0.1:9", patience=QUICK)),
    ):
        with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:9 does not answer"):
            connector.open()


def test_settings_that_would_show_a_secret_are_refused() -> None:
    with pytest.raises(WrongSettings, match="SALESFORCE_URL uses http"):
        SalesforceSettings("http://example.com", "a", "b")
    with pytest.raises(WrongSettings, match="HUBSPOT_ACCESS_TOKEN is empty"):
        HubSpotSettings("")


def many_leads(crm: Crm) -> None:
    for number in range(2_200):
        crm.world.add("salesforce", "Lead", lead(5_000 + number, ago(days=1)), crm.world.now)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("truncated_csv", {"match": "/results", "times": 2}),
        ("cut_body", {"match": "/results", "times": 2}),
        ("html_page", {"match": "/results", "times": 1}),
        ("unauthorized", {"match": "/results", "times": 1, "until_new_token": True}),
    ],
)
def test_a_bulk_download_is_repeated_until_it_is_whole(crm: Crm, kind: str, options: dict) -> None:
    many_leads(crm)
    fault = crm.fault(kind, **options)
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 2_230
    assert fault.hits >= 1


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("truncated_csv", {"match": "/results"}, UnreadableAnswer),
        ("failed_job", {"object": "Lead"}, JobFailed),
        ("stuck_job", {"object": "Lead"}, JobFailed),
    ],
)
def test_a_bulk_job_that_does_not_deliver_fails_and_lands_nothing(
    crm: Crm, kind: str, options: dict, error: type[ConnectorError]
) -> None:
    many_leads(crm)
    crm.fault(kind, **options)
    with pytest.raises(error):
        crm.read("salesforce/Lead")
    assert crm.table("salesforce/Lead") == []
    state = crm.landing().state("salesforce", "Lead")
    # Only a job that is still there is noted, for the next run.
    assert (state is not None and bool(state.unfinished)) == (kind == "stuck_job")


def test_schema_drift_is_told_and_a_hidden_field_stays_in_the_table(crm: Crm) -> None:
    crm.read("salesforce/Lead")
    crm.fault("hidden_field", object="Lead", field="Status")
    crm.later(hours=1)
    result = crm.read("salesforce/Lead")["salesforce/Lead"]
    assert "removed field Status" in result.message
    assert len(crm.table("salesforce/Lead", '"Id", "Status"')) == 30


def test_a_search_that_lags_loses_nothing(crm: Crm) -> None:
    crm.read("hubspot/contacts")
    crm.fault("search_lag", seconds=60)
    now = crm.later(hours=1)
    crm.world.add("hubspot", "contacts", contact(1001, iso(now - timedelta(seconds=30))))
    crm.read("hubspot/contacts")
    crm.later(seconds=70)
    crm.read("hubspot/contacts")
    rows = crm.table("hubspot/contacts", 'id, "updatedAt"')
    assert ("1001", iso(now - timedelta(seconds=30))) in rows


def test_zero_rows_where_there_were_many_are_refused(crm: Crm) -> None:
    crm.read("salesforce/Lead")
    for number in range(30):
        crm.world.purge("salesforce", "Lead", lead(number, "")["Id"])
    crm.later(days=29)
    with pytest.raises(ConnectorError, match="returned 0 of 30 known records"):
        crm.read("salesforce/Lead")
    assert len(crm.table("salesforce/Lead", '"Id"')) == 30
    # Someone has looked, and it is the truth.
    (connector,) = crm.connectors(sources=("salesforce",))
    key = ("salesforce", "Lead")
    (result,) = extract([connector], crm.landing(), select={key}, accept_shrink={key})
    assert result.rows == 30
    assert {row[0] for row in crm.table("salesforce/Lead", "_is_deleted")} == {True}
