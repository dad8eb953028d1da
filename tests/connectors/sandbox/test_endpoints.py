"""Every path that the vendors' clients call, with each parameter, by plain requests."""

from __future__ import annotations

import pytest

from tests.connectors.sandbox.conftest import V, get

LEADS = "SELECT Id FROM Lead"
# Path, parameters, and what the answer must have (dots lead into objects and first list items).
SALESFORCE = [
    ("/services/oauth2/userinfo", {}, ["user_id", "organization_id"]),
    ("/services/data", {}, ["0.version", "0.url", "0.label"]),
    ("/services/data/v99.9", {}, ["sobjects", "query", "queryAll", "jobs", "limits"]),
    (f"{V}/limits", {}, ["DailyApiRequests.Max", "DailyApiRequests.Remaining"]),
    (f"{V}/limits", {}, ["DailyBulkV2QueryJobs.Max", "DailyBulkV2QueryFileStorageMB.Remaining"]),
    (f"{V}/sobjects", {}, ["sobjects.0.name", "sobjects.0.queryable"]),
    (
        f"{V}/sobjects/Lead/describe/",
        {},
        [
            f"fields.0.{key}"
            for key in [
                "name",
                "type",
                "compoundFieldName",
                "length",
                "filterable",
                "referenceTo",
                "picklistValues",
            ]
        ],
    ),
    ("//services/data/v62.0//query", {"q": "SELECT Id FROM Lead"}, ["records.0.attributes.url"]),
    (f"{V}/query/", {"q": " SELECT  Id  FROM  Lead  "}, ["totalSize", "nextRecordsUrl"]),
    (
        f"{V}/query",
        {"q": LEADS, "columns": "true"},
        ["columnMetadata.0.columnName"],
    ),
    (f"{V}/queryAll", {"q": "SELECT Id, IsDeleted FROM Lead"}, ["records.0.IsDeleted", "done"]),
    (f"{V}/jobs/query", {}, ["records", "done"]),
]
HUBSPOT = [
    ("/crm/v3/objects/contact", {"limit": 1}, ["results.0.id", "results.0.properties.email"]),
    ("/crm/v3/objects/0-1", {"limit": 1}, ["results.0.updatedAt", "paging.next.after"]),
    ("/crm/objects/2026-09/contacts/", {"limit": 1}, ["results.0.archived", "paging.next.link"]),
    (
        "/crm/v3/objects/contacts",
        {"limit": 1, "associations": "companies"},
        ["results.0.associations.companies.results.0.id"],
    ),
    (
        "/crm/v3/objects/contacts",
        {"limit": 1, "propertiesWithHistory": ["lifecyclestage", "email"]},
        ["results.0.propertiesWithHistory.lifecyclestage.0.timestamp"],
    ),
    ("/crm/v3/objects/contacts/1", {"properties": ["email", "zip"]}, ["properties.email"]),
    (
        "/crm/v3/properties/contacts",
        {},
        [f"results.0.{key}" for key in ("name", "type", "label", "fieldType", "groupName")],
    ),
    ("/crm/v3/owners/", {"limit": 1}, ["results.0.id", "results.0.userId", "results.0.archived"]),
    ("/crm/owners/2026-09", {}, ["results.0.firstName", "results.0.email"]),
    (
        "/crm/v3/pipelines/deals",
        {},
        [
            f"results.0.stages.0.{key}"
            for key in ("id", "label", "displayOrder", "metadata.isClosed", "metadata.probability")
        ],
    ),
    ("/crm/pipelines/2026-09/deals", {}, ["results.0.id", "results.0.label"]),
    ("/crm/v3/schemas", {}, ["results"]),
    (
        "/crm/v4/objects/contacts/1/associations/companies",
        {},
        ["results.0.toObjectId", "results.0.associationTypes.0.typeId"],
    ),
    ("/crm/v3/lists/7/memberships", {"limit": 1}, ["results.0.recordId", "paging.next.after"]),
    ("/crm/lists/2026-09/7/memberships", {}, ["results.0.membershipTimestamp"]),
    (
        "/marketing/v3/forms",
        {"limit": 1},
        [
            f"results.0.{key}"
            for key in [
                "id",
                "name",
                "formType",
                "createdAt",
                "updatedAt",
                "archived",
                "fieldGroups",
            ]
        ],
    ),
    (
        "/form-integrations/v1/submissions/forms/f-1",
        {"limit": 50},
        [
            "results.0.conversionId",
            "results.0.submittedAt",
            "results.0.values",
            "paging.next.after",
        ],
    ),
    ("/marketing/v3/emails", {"limit": 1}, ["results.0.id", "results.0.updatedAt"]),
    ("/marketing/emails/2026-09", {}, ["results.0.name"]),
    ("/marketing/v3/campaigns", {}, ["results.0.id", "results.0.updatedAt"]),
    (
        "/email/public/v1/events",
        {"limit": 1},
        [f"events.0.{key}" for key in ("id", "type", "created", "emailCampaignId")] + ["hasMore"],
    ),
    ("/account-info/v3/details", {}, ["portalId"]),
]


def _has(content, path: str) -> bool:
    for part in path.split("."):
        if isinstance(content, list):
            if not content:
                return False
            content = content[int(part)] if part.isdigit() else content[0].get(part)
        elif part not in content:
            return False
        else:
            content = content[part]
    return True


@pytest.mark.parametrize(("path", "parameters", "keys"), SALESFORCE + HUBSPOT)
def test_a_path_answers_what_clients_look_for(full, path, parameters, keys):
    answer = get(full, path, **parameters)
    assert answer.status_code == 200, answer.text
    assert [key for key in keys if not _has(answer.json(), key)] == []
    if path.lstrip("/").startswith("services"):
        used, _, most = (
            answer.headers["Sforce-Limit-Info"].removeprefix("api-usage=").partition("/")
        )
        assert int(used) <= int(most)
    else:
        assert "X-HubSpot-RateLimit-Daily-Remaining" in answer.headers
