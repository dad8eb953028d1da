from __future__ import annotations

import socket
import time

import pytest
import requests

from connectors.loopback import PortBusyError, bind
from connectors.sandbox import control as control_api
from connectors.sandbox import state
from connectors.sandbox.fault_kinds import KINDS
from connectors.sandbox.faults import parse_fault
from connectors.sandbox.serve import start
from tests.conftest import ROOT
from tests.connectors.sandbox.conftest import (
    build_world,
    control,
    salesforce_client,
)

BEARER = {"Authorization": "Bearer token"}
CONTACTS = "/crm/v3/objects/contacts"
LEADS = "/services/data/v64.0/query?q=SELECT+Id+FROM+Lead+LIMIT+5"


def _get(crm, path: str) -> requests.Response:
    return requests.get(crm.url + path, headers=BEARER, timeout=5)


def _search(crm) -> int:
    url = f"{crm.url}{CONTACTS}/search"
    return requests.post(url, json={"limit": 1}, headers=BEARER, timeout=5).json()["total"]


@pytest.fixture
def faulty(crm):
    yield lambda **spec: control(crm, "faults", spec)
    requests.delete(f"{crm.url}/_sandbox/faults", timeout=5)


def test_the_clock_lets_later_versions_appear(own_crm):
    sf = salesforce_client(own_crm)
    soql = "SELECT Status FROM Lead WHERE NumberOfEmployees = 7"
    assert sf.query(soql)["records"][0]["Status"] == "Open - Not Contacted"
    assert control(own_crm, "clock", {"advance_days": 2}) == {"now": "2026-07-02T12:00:00.000Z"}
    assert sf.query(soql)["records"][0]["Status"] == "Working - Contacted"
    history = f"{CONTACTS}/1?propertiesWithHistory=lifecyclestage"
    assert len(_get(own_crm, history).json()["propertiesWithHistory"]["lifecyclestage"]) == 1
    control(own_crm, "clock", {"now": "2026-07-04T00:00:00Z"})
    newest = _get(own_crm, history).json()["propertiesWithHistory"]["lifecyclestage"][0]
    assert newest["value"] == "customer"
    assert _get(own_crm, "/crm/v3/owners").headers["Date"] == "Sat, 04 Jul 2026 00:00:00 GMT"


def test_records_can_be_added_changed_and_purged(own_crm):
    record = {"id": "1", "properties": {"email": "new@acme.example"}}
    added = {"vendor": "hubspot", "object": "contacts", "records": [record], "delete": ["2"]}
    control(own_crm, "records", added)
    changed = _get(own_crm, f"{CONTACTS}/1").json()
    assert changed["properties"]["email"] == "new@acme.example"
    assert changed["updatedAt"] == "2026-06-30T12:00:00.000Z"
    assert _get(own_crm, f"{CONTACTS}/2").status_code == 404
    bad = {"vendor": "salesforce", "object": "Lead", "records": [{"Name": "x"}]}
    refused = requests.post(f"{own_crm.url}/_sandbox/records", json=bad, timeout=5)
    assert (refused.status_code, refused.json()["error"]) == (
        400,
        "salesforce Lead: field Id is missing",
    )


def test_requests_are_counted_by_family_and_object(own_crm):
    _get(own_crm, LEADS)
    _get(own_crm, f"{CONTACTS}?limit=1")
    _get(own_crm, f"{CONTACTS}/1")
    counted = _get(own_crm, "/_sandbox/requests").json()
    assert counted == {
        "total": 3,
        "families": {
            "hubspot/list/contacts": 1,
            "hubspot/read/contacts": 1,
            "salesforce/query/Lead": 1,
        },
    }
    requests.delete(f"{own_crm.url}/_sandbox/requests", timeout=5)
    assert _get(own_crm, "/_sandbox/requests").json()["total"] == 0


def test_a_required_secret_is_required():
    with start(build_world(), require_secret="s3cret") as crm:
        form = {"grant_type": "client_credentials", "client_id": "sandbox"}
        url = f"{crm.url}/services/oauth2/token"
        refused = requests.post(url, data={**form, "client_secret": "wrong"}, timeout=5)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client")
        token = requests.post(url, data={**form, "client_secret": "s3cret"}, timeout=5).json()
        assert "s3cret" not in str(token)
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        assert requests.get(crm.url + LEADS, headers=bearer, timeout=5).status_code == 200
        assert _get(crm, LEADS).status_code == 401
        assert _get(crm, CONTACTS).status_code == 401
        secret = {"Authorization": "Bearer s3cret"}
        assert requests.get(crm.url + CONTACTS, headers=secret, timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("spec", "path", "status", "said"),
    [
        ({"kind": "rate_limited", "policy": "DAILY"}, CONTACTS, 429, '"policyName":"DAILY"'),
        ({"kind": "server_error", "status": 502}, LEADS, 502, "UNKNOWN_EXCEPTION"),
        ({"kind": "unauthorized"}, LEADS, 401, "INVALID_SESSION_ID"),
        ({"kind": "unauthorized"}, CONTACTS, 401, "EXPIRED_AUTHENTICATION"),
        ({"kind": "missing_scope"}, CONTACTS, 403, "MISSING_SCOPES"),
        ({"kind": "missing_scope"}, LEADS, 403, "INSUFFICIENT_ACCESS"),
        ({"kind": "request_limit_exceeded"}, LEADS, 403, "REQUEST_LIMIT_EXCEEDED"),
        ({"kind": "html_page"}, LEADS, 200, "<title>Login</title>"),
        ({"kind": "status", "status": 414, "body": {"a": 1}}, CONTACTS, 414, '{"a":1}'),
    ],
)
def test_a_fault_answers_as_often_as_declared_and_then_no_more(
    crm, faulty, spec, path, status, said
):
    faulty(**spec, match=path.partition("?")[0], times=1, skip=1)
    assert _get(crm, path).status_code == 200
    met = _get(crm, path)
    assert met.status_code == status
    assert said in met.text
    assert _get(crm, path).headers["Content-Type"].startswith("application/json")


def test_a_rate_limit_may_come_without_retry_after(crm, faulty):
    faulty(kind="rate_limited", match="/contacts", times=1, retry_after=None)
    assert "Retry-After" not in _get(crm, CONTACTS).headers
    faulty(kind="rate_limited", match="/contacts", times=1, retry_after=7)
    assert _get(crm, CONTACTS).headers["Retry-After"] == "7"


def test_a_session_that_expired_stays_so_until_a_new_token(crm, faulty):
    faulty(kind="unauthorized", match="/services/data", times=1, until_new_token=True)
    assert _get(crm, LEADS).status_code == 401
    assert _get(crm, LEADS).status_code == 401
    assert salesforce_client(crm).query("SELECT Id FROM Lead LIMIT 1")["done"]


def test_a_cut_body_breaks_the_connection(crm, faulty):
    faulty(kind="cut_body", match="/contacts", times=1)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _get(crm, CONTACTS)
    assert _get(crm, CONTACTS).status_code == 200


def test_a_slow_drip_is_slow_and_whole(crm, faulty):
    faulty(kind="slow_drip", match="/contacts", times=1, seconds=0.4, chunks=4)
    started = time.monotonic()
    assert len(_get(crm, CONTACTS).json()["results"]) == 10
    assert time.monotonic() - started > 0.3


def test_search_lags_behind(crm, faulty):
    before = _search(crm)
    faulty(kind="search_lag", seconds=300 * 86400 - 3600 * 10)
    assert _search(crm) == 10 < before


def test_hidden_fields_and_objects_are_gone_from_describe_and_query(crm, faulty):
    sf = salesforce_client(crm)
    faulty(kind="hidden_field", object="Lead", field="Rejection_Reason__c")
    faulty(kind="hidden_object", object="Campaign")
    faulty(kind="hidden_field", object="contacts", field="lifecyclestage")
    assert "Rejection_Reason__c" not in {f["name"] for f in sf.Lead.describe()["fields"]}
    assert "Campaign" not in {entry["name"] for entry in sf.describe()["sobjects"]}
    for soql, code in (
        ("SELECT+Rejection_Reason__c+FROM+Lead", "INVALID_FIELD"),
        ("SELECT+Id+FROM+Campaign", "INVALID_TYPE"),
    ):
        assert code in _get(crm, f"/services/data/v64.0/query?q={soql}").text
    names = {p["name"] for p in _get(crm, "/crm/v3/properties/contacts").json()["results"]}
    assert "lifecyclestage" not in names


def test_an_unknown_fault_is_refused_with_what_exists(crm):
    url = f"{crm.url}/_sandbox/faults"
    answer = requests.post(url, json={"kind": "earthquake"}, timeout=5)
    assert (answer.status_code, "use one of change, cut_body" in answer.json()["error"]) == (
        400,
        True,
    )
    answer = requests.post(url, json={"kind": "cut_body", "depth": 3}, timeout=5)
    assert "depth is no option of cut_body" in answer.json()["error"]


def test_a_fault_can_be_written_on_the_command_line():
    assert parse_fault("rate_limited,match=/search,times=2,retry_after=null") == {
        "kind": "rate_limited",
        "match": "/search",
        "times": 2,
        "retry_after": None,
    }


def test_it_stands_in_for_the_vendors_and_for_nobody_else(tmp_path):
    with start(build_world(), as_vendors=tmp_path) as crm, requests.Session() as session:
        environment = crm.stand_in.environment()
        session.trust_env = False
        session.verify = environment["REQUESTS_CA_BUNDLE"]
        session.proxies = {"https": environment["HTTPS_PROXY"]}
        session.headers.update(BEARER)
        page = session.get("https://api.hubapi.com/crm/v3/objects/contacts?limit=1", timeout=5)
        assert page.json()["paging"]["next"]["link"].startswith("https://api.hubapi.com/crm/")
        form = {"grant_type": "refresh_token", "client_id": "a", "refresh_token": "b"}
        login = "https://login.salesforce.com/services/oauth2/token"
        token = session.post(login, data=form, timeout=5).json()
        assert token["instance_url"] == "https://login.salesforce.com"
        with pytest.raises(requests.exceptions.ProxyError):
            session.get("https://example.com/", timeout=5)
        # The plain way in shows the same world, counted together.
        told = requests.get(f"{crm.url}/_sandbox/requests", timeout=5).json()
        assert told["families"] == {"hubspot/list/contacts": 1, "salesforce/token": 1}


def test_header_names_have_the_vendors_capitals(crm):
    # A connector in wide use looks for "content-type" letter by letter and fails when it finds it.
    raw = _get(crm, "/crm/v3/owners").raw.headers
    assert {"Content-Type", "X-HubSpot-RateLimit-Max"} <= set(raw.keys())


def test_a_busy_port_falls_back_unless_it_was_demanded():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortBusyError, match=str(port)):
            bind(port)
        with bind(port, is_demanded=False) as free:
            assert free.getsockname()[1] != port


def test_the_state_file_is_read_back(tmp_path):
    assert state.read(tmp_path) is None
    kept = state.SandboxState("demo", 7, None, "2026-06-30T12:00:00.000Z", 8765, 42)
    state.write(tmp_path, kept)
    assert state.read(tmp_path) == kept
    state.path_in(tmp_path).write_text("{")
    with pytest.raises(ValueError, match="delete the file"):
        state.read(tmp_path)


def test_a_search_may_answer_out_of_order_with_strangers(crm, faulty):
    asked = {"filters": [{"propertyName": "hs_object_id", "operator": "GT", "value": 240}]}
    faulty(kind="search_disorder", match="/search", times=1, strangers=2)
    url = f"{crm.url}{CONTACTS}/search"
    results = requests.post(url, json=asked, headers=BEARER, timeout=5).json()["results"]
    assert [row["id"] for row in results] == [*map(str, range(250, 240, -1)), "1", "2"]


def test_a_cursor_may_lead_nowhere_new_and_a_field_change_its_type(crm, faulty):
    faulty(kind="repeated_cursor", match="/contacts", times=1)
    body = _get(crm, f"{CONTACTS}?limit=10&after=20").json()
    assert body["paging"]["next"]["after"] == "20"
    faulty(kind="retyped_field", object="Lead", field="AnnualRevenue", type="string")
    fields = salesforce_client(crm).Lead.describe()["fields"]
    assert {f["name"]: f["type"] for f in fields}["AnnualRevenue"] == "string"


def test_bulk_jobs_may_fail_hang_or_lose_rows(crm, faulty):
    url = f"{crm.url}/services/data/v64.0/jobs/query"
    spec = {"operation": "query", "query": "SELECT Id FROM Lead"}

    def job() -> str:
        created = requests.post(url, json=spec, headers=BEARER, timeout=5).json()
        return f"/services/data/v64.0/jobs/query/{created['id']}"

    faulty(kind="truncated_csv", match="/results", times=1)
    path = job()
    assert _get(crm, path).json()["state"] == "JobComplete"
    cut = _get(crm, f"{path}/results")
    assert int(cut.headers["Sforce-NumberOfRecords"]) == 2500 > cut.text.count("\n")
    faulty(kind="stuck_job", object="Lead")
    assert _get(crm, job()).json()["state"] == "InProgress"
    requests.delete(f"{crm.url}/_sandbox/faults", timeout=5)
    faulty(kind="failed_job", object="Lead", message="InternalServerError")
    failed = _get(crm, job()).json()
    assert (failed["state"], failed["errorMessage"]) == ("Failed", "InternalServerError")


def test_every_fault_and_control_path_is_in_the_documentation():
    text = (ROOT / "docs" / "local-crm.md").read_text()
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []
    paths = {route.template.removeprefix("/_sandbox/") for route in control_api.ROUTES}
    assert [path for path in sorted(paths) if f" {path}" not in text] == []


def test_a_record_has_a_page_where_each_vendors_application_would_show_it(crm):
    lead = requests.get(f"{crm.url}/lightning/r/Lead/00Q5e0000000007AAA/view", timeout=5)
    assert "<h1>Lead 00Q5e0000000007AAA</h1>" in lead.text
    assert "<td>Lead 7</td>" in lead.text
    assert lead.headers["Content-Security-Policy"] == "default-src 'none'"
    contact = requests.get(f"{crm.url}/contacts/1/record/0-1/1", timeout=5)
    assert "<h1>contacts 1</h1>" in contact.text
    gone = requests.get(f"{crm.url}/lightning/r/Lead/00Q5e0000099999AAA/view", timeout=5)
    assert gone.status_code == 404
