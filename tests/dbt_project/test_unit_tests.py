"""The definitions' own tests: every dbt unit test, on tables that are built empty."""

import csv
import re

import pytest

from connectors.sandbox.company import setting
from onefunnel.home import Home
from tests.conftest import DBT_PROJECT
from tests.warehouse import run_results

pytestmark = pytest.mark.timeout(900)

# Edge cases of the agreement by family: those that the definitions of today decide. T5 belongs to
# the pages, L12 to the connectors.
CASES = {
    "I": range(1, 11),
    "L": range(1, 12),
    "O": range(1, 14),
    "S": range(1, 7),
    "A": range(1, 6),
    "T": (1, 2, 3, 4),
    "F": range(1, 7),
    "X": (1, 2),
}


@pytest.fixture(scope="module")
def results(unit_tested: Home) -> dict[str, dict]:
    """What became of each unit test, by name."""
    return {result["unique_id"].split(".")[-1]: result for result in run_results(unit_tested)}


def test_every_unit_test_passes(results):
    failed = {
        name: (result["message"] or "")[:600]
        for name, result in results.items()
        if result["status"] != "pass"
    }
    assert len(results) > 100
    assert failed == {}


def test_every_edge_case_is_named_by_a_test(manifest):
    names = [test["name"] for test in manifest["unit_tests"].values()]
    named = {case for name in names for case in re.findall(r"[ILOSATFX]\d+", name)}
    wanted = {f"{family}{number}" for family, numbers in CASES.items() for number in numbers}
    assert sorted(wanted - named) == []


def test_the_definition_that_changed_has_the_date_of_its_rule_and_of_the_simulated_company(
    manifest,
):
    with (DBT_PROJECT / "seeds/exclusions/exclusion_rule.csv").open(encoding="utf-8") as seed:
        partners = [row for row in csv.DictReader(seed) if row["reason"] == "partner"]
    meta = manifest["nodes"]["model.onefunnel.mql"]["config"]["meta"]
    assert {row["value"] for row in partners} == set(setting.PARTNER_DOMAINS)
    assert (
        {row["valid_from"] for row in partners}
        == {str(meta["changed_on"])}
        == {setting.PARTNERS_LEFT_OUT_FROM.date().isoformat()}
    )
    assert meta["version"] == 2
