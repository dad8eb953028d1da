from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.sandbox.load import LoadError, load


def write(root: Path, name: str, *records: object) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_clock_is_one_hour_after_the_newest_record_or_history_entry(tmp_path):
    write(tmp_path, "salesforce/Lead.jsonl", {"Id": "1", "SystemModstamp": "2026-01-01T00:00:00Z"})
    history = {"hs_lead_status": [{"value": "NEW", "timestamp": "2026-01-03T09:00:00Z"}]}
    contact = {"id": "7", "propertiesWithHistory": history, "createdAt": "2026-01-02T00:00:00Z"}
    write(tmp_path, "hubspot/contacts.jsonl", contact)
    world = load(tmp_path)
    assert world.now == datetime(2026, 1, 3, 10, tzinfo=UTC)
    assert world.table("hubspot", "contacts").ids() == ["7"]


def test_missing_files_fall_back_to_the_vendors_stages_and_pipelines(tmp_path):
    write(tmp_path, "salesforce/Lead.jsonl", {"Id": "1"})
    world = load(tmp_path)
    stages = {row["MasterLabel"] for row in world.table("salesforce", "OpportunityStage").records()}
    assert {"Prospecting", "Closed Won", "Closed Lost"} <= stages
    assert world.table("hubspot", "pipelines").ids() == ["deals:default"]
    assert world.table("salesforce", "Opportunity").ids() == []


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("salesforce/Lead.jsonl", '{"Id": "1"', "not JSON"),
        ("salesforce/Lead.jsonl", "[1]", "write one JSON object a line"),
        ("salesforce/Lead.jsonl", {"Name": "x"}, "field Id is missing"),
        ("salesforce/Lead.jsonl", {"Id": "1", "CreatedDate": "soon"}, "field CreatedDate has"),
        ("salesforce/Opportunity.jsonl", {"Id": "1", "Amount": "a lot"}, "field Amount has"),
        ("hubspot/contacts.jsonl", {"properties": {}}, "field id is missing"),
        ("hubspot/contacts.jsonl", {"id": 1, "properties": []}, "field properties is not"),
        (
            "hubspot/contacts.jsonl",
            {"id": 1, "propertiesWithHistory": {"email": [{"value": "x"}]}},
            "field propertiesWithHistory.email needs",
        ),
        (
            "hubspot/associations.jsonl",
            {"fromObjectType": "contacts", "fromObjectId": 1, "toObjectType": "deals"},
            "field toObjectId is missing",
        ),
        ("hubspot/form_submissions.jsonl", {"conversionId": "a"}, "field formId is missing"),
    ],
)
def test_a_bad_line_names_file_line_field_and_remedy(tmp_path, name, line, said):
    write(tmp_path, name, "", line)
    with pytest.raises(LoadError) as raised:
        load(tmp_path)
    assert f"{Path(name).name}, line 2:" in str(raised.value)
    assert said in str(raised.value)


def test_a_folder_without_records_says_what_is_expected(tmp_path):
    with pytest.raises(LoadError, match="one file per object"):
        load(tmp_path)
