"""New, removed, renamed, retyped and hidden fields: what is told, what fails, what is named."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.landing import Landing
from connectors.stream import Reading, Stream, next_window
from onefunnel import cli, drift
from onefunnel.refusal import Refusal
from tests.connectors.test_landing import START

LEAD = Stream("salesforce", "Lead", ("Id",), "Leads.")
FIELDS = {"Id": "id", "LeadSource": "picklist", "Status": "picklist", "Industry": "string",
          "CreatedDate": "datetime", "Fax": "phone"}  # fmt: skip


def reading(root: Path, day: int, fields: dict[str, str]) -> Landing:
    landing = Landing(root)
    now = START + timedelta(days=day)
    state = landing.state("salesforce", "Lead")
    window = next_window("salesforce", state and state.window_end, now)
    with landing.writer("salesforce", LEAD, extracted_at=now) as writer:
        writer.add([dict.fromkeys(fields, "x") | {"Id": "1"}])
        writer.commit(window=window, reading=Reading(fields=fields))
    return landing


def without(*names: str) -> dict[str, str]:
    return {name: kind for name, kind in FIELDS.items() if name not in names}


@pytest.mark.parametrize(
    ("after", "refused"),
    [
        (FIELDS, None),
        # New, and gone but read by no definition: told, nothing else.
        (FIELDS | {"New__c": "string"}, None),
        (without("Fax"), None),
        # Removed, hidden or renamed: for a reader it is the same.
        (without("LeadSource"), r"salesforce/Lead/LeadSource was removed or hidden; used by .*mql"),
        (without("Status") | {"Status__c": "picklist"}, r"salesforce/Lead/Status was removed"),
        # Another type of the same kind is none of our business, another kind is.
        (FIELDS | {"Industry": "picklist"}, None),
        (FIELDS | {"CreatedDate": "string"}, r"Lead/CreatedDate was datetime, is string; used by"),
    ],
)
def test_a_field_that_a_definition_uses_is_named_with_the_definition(
    tmp_path, manifest, after, refused
):
    reading(tmp_path, 1, FIELDS)
    landing = reading(tmp_path, 2, after)
    if refused is None:
        drift.require_fields(landing, manifest, ())
        return
    with pytest.raises(Refusal) as caught:
        drift.require_fields(landing, manifest, ())
    assert re.search(refused, caught.value.problem)
    # It stays refused until somebody has looked, and says how.
    landing = reading(tmp_path, 3, after)
    with pytest.raises(Refusal) as caught:
        drift.require_fields(landing, manifest, ())
    name = caught.value.remedy.partition("ONEFUNNEL_ACCEPT_DRIFT=")[2]
    drift.require_fields(landing, manifest, name.split(","))
    # And it is well again when the field is back.
    drift.require_fields(reading(tmp_path, 4, FIELDS), manifest, ())


def test_only_definitions_that_a_field_reaches_are_named(manifest):
    reached = drift.definitions_using(manifest, "salesforce", "Opportunity", "Amount")
    assert "opportunity" in reached
    assert "mql" not in reached
    assert drift.definitions_using(manifest, "salesforce", "Opportunity", "Nowhere__c") == []


def test_the_log_survives_compaction_and_is_listed(tmp_path, monkeypatch, capsys):
    home = tmp_path / "home"
    monkeypatch.setenv("ONEFUNNEL_HOME", str(home))
    for day in range(1, 20):
        reading(home / "landing", day, FIELDS if day % 2 else without("Fax"))
    assert cli.run(["landing", "--compact", "--drift", "3"]) == 0
    said = capsys.readouterr().out
    assert "18 changes of schemas" in said
    assert said.count("salesforce/Lead: new field Fax") == 2
    assert said.count("salesforce/Lead: removed field Fax") == 1
    assert len(Landing(home / "landing").files("salesforce", "Lead")) < 19
