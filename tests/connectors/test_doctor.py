from pathlib import Path

from connectors.doctor import examine_hubspot, examine_salesforce
from connectors.sandbox import serve
from connectors.settings import HubSpotSettings, SalesforceSettings
from tests.connectors.conftest import QUICK, Crm, small_world


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
    assert set(told) == {"salesforce/Lead", "hubspot/contacts", "hubspot/companies"}


def test_wrong_credentials_are_one_finding_with_a_remedy(tmp_path: Path) -> None:
    with serve.start(small_world(), require_secret="right") as sandbox:
        found = [
            *examine_salesforce(SalesforceSettings(sandbox.url, "sandbox", "wrong"), {}),
            *examine_hubspot(HubSpotSettings("wrong", sandbox.url), {}),
        ]
    assert [finding.level for finding in found] == ["error", "error"]
    assert "SALESFORCE_CLIENT_SECRET" in found[0].remedy
    assert "HUBSPOT_ACCESS_TOKEN" in found[1].remedy
