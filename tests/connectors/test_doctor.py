from pathlib import Path

import pytest

from connectors.doctor import examine_hubspot, examine_salesforce
from connectors.sandbox import serve
from connectors.settings import HubSpotSettings, SalesforceSettings
from onefunnel import cli
from tests.conftest import ROOT
from tests.connectors.conftest import QUICK, Crm, ago, lead, small_world


def test_missing_fields_and_permissions_are_found(crm: Crm) -> None:
    crm.fault("missing_scope", match="companies")
    salesforce = examine_salesforce(
        SalesforceSettings(crm.url, "sandbox", "x", patience=QUICK),
        {"Lead": ["Status", "Nowhere__c"]},
    )
    hubspot = examine_hubspot(
        HubSpotSettings("x", crm.url, patience=QUICK),
        {"contacts": ["email", "archivedAt", "nowhere"]},
    )
    told = {
        finding.subject: (finding.level, finding.problem)
        for finding in (*salesforce, *hubspot)
        if finding.level != "ok"
    }
    assert told["salesforce/Lead"] == ("warning", "not visible: Nowhere__c")
    assert told["hubspot/contacts"] == ("warning", "not visible: nowhere")
    assert told["hubspot/companies"][0] == "warning"
    assert told["salesforce/LeadHistory"] == ("warning", "no history of 30 Lead records")
    # Properties that only some accounts have.
    assert {name for name in told if not name.endswith("_history")} == {
        "salesforce/Lead",
        "salesforce/LeadHistory",
        "hubspot/contacts",
        "hubspot/companies",
    }


def test_histories_counts_and_the_cost_of_a_first_load_are_told(crm: Crm) -> None:
    for number in range(30):
        crm.world.add("salesforce", "Lead", lead(number, ago(days=30 + number), Status="x"))
    salesforce = examine_salesforce(SalesforceSettings(crm.url, "sandbox", "x"), {})
    hubspot = examine_hubspot(HubSpotSettings("x", crm.url), {})
    told = {one.subject: (one.level, one.problem) for one in (*salesforce, *hubspot)}
    assert told["salesforce/Lead"] == ("ok", "30 records")
    assert told["hubspot/companies"] == ("ok", "12 records")
    level, words = told["salesforce first load"]
    assert level == "ok"
    assert "a first load of" in words
    assert "a day)" in words
    level, words = told["hubspot first load"]
    assert (level, "of 1,000,000 a day" in words) == ("ok", True)
    # Near its end the day is too short, and the doctor says what becomes of it.
    crm.fault("nearly_used", left=100_010)
    hubspot = examine_hubspot(HubSpotSettings("x", crm.url), {})
    (load,) = (one for one in hubspot if one.subject == "hubspot first load")
    assert load.level == "warning"
    assert "10 are left today" in load.problem
    assert "the next run goes on" in load.remedy


def test_the_end_of_the_old_paths_is_told_when_it_is_near(crm: Crm) -> None:
    crm.later(days=190)
    subject = "hubspot API version"
    for version, expected in (("v3", [subject]), ("2026-09", [])):
        found = examine_hubspot(HubSpotSettings("x", crm.url, api_version=version), {})
        assert [one.subject for one in found if one.subject == subject] == expected


def test_values_that_no_seed_has_are_drafted_in_the_seeds_columns(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    stage = {"id": "1234567", "label": "Signed", "displayOrder": 9}
    metadata = {"isClosed": "true", "probability": "1.0"}
    pipeline = {"objectType": "deals", "id": "p2", "label": "New business"}
    stages = [{**stage, "metadata": metadata}]
    crm.world.add("hubspot", "pipelines", {**pipeline, "stages": stages}, crm.world.now)
    options = [{"label": "=HYPERLINK", "value": "=cmd()", "hidden": False}]
    status = {"objectType": "contacts", "name": "hs_lead_status", "options": options}
    crm.world.add("hubspot", "properties", {**status, "type": "enumeration"}, crm.world.now)
    for name, value in (
        ("ONEFUNNEL_HOME", str(tmp_path / "home")),
        ("SALESFORCE_URL", crm.url),
        ("SALESFORCE_CLIENT_ID", "sandbox"),
        ("SALESFORCE_CLIENT_SECRET", "x"),
        ("HUBSPOT_URL", crm.url),
        ("HUBSPOT_ACCESS_TOKEN", "x"),
    ):
        monkeypatch.setenv(name, value)
    into = tmp_path / "drafts"
    assert cli.run(["doctor", "--draft-mappings", "--into", str(into)]) == 0
    seeds = ROOT / "dbt_project" / "seeds" / "mappings"
    for path in into.iterdir():
        header = (seeds / path.name).read_text().splitlines()[0]
        assert path.read_text().splitlines()[0] == header
    assert "hubspot,1234567,won" in (into / "opportunity_stage.csv").read_text()
    assert "hubspot,'=cmd()," in (into / "lead_status.csv").read_text()
    # The seeds that ship know what the vendors ship.
    assert "hubspot,closedwon" not in (into / "opportunity_stage.csv").read_text()
    capsys.readouterr()
    assert cli.run(["doctor", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "mapping opportunity_stage: 1 not mapped: '1234567'" in said


def test_wrong_credentials_are_one_finding_with_a_remedy(tmp_path: Path) -> None:
    with serve.start(small_world(), require_secret="right") as sandbox:
        found = [
            *examine_salesforce(SalesforceSettings(sandbox.url, "sandbox", "wrong"), {}),
            *examine_hubspot(HubSpotSettings("wrong", sandbox.url), {}),
        ]
    assert [finding.level for finding in found] == ["error", "error"]
    assert "SALESFORCE_CLIENT_SECRET" in found[0].remedy
    assert "HUBSPOT_ACCESS_TOKEN" in found[1].remedy
