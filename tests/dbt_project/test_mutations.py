"""Whoever breaks a definition breaks a test: each clause and guard is taken away in turn.

The mutants of the definitions must all be noticed, those apart that `unnoticed.yml` lists with a
reason. Of the models below them the share that is noticed may only grow. Staging is not asked: it
reads a field as its type, and its cases are about single ones.
"""

import time
from pathlib import Path

import duckdb
import pytest
import yaml

from onefunnel import dbt_manifest
from tests.conftest import DBT_PROJECT
from tests.dbt_project.mutation import survivors, unit_tests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

FOLDER = "definitions"
DEFINITIONS = DBT_PROJECT / "models" / FOLDER
# Change -> why no test can notice it (it is the same rule said otherwise), by definition.
UNNOTICED = Path(__file__).with_name("unnoticed.yml")
# Of the mutants of all models below the definitions that have unit tests, in hundredths.
NOTICED_BELOW = 85


@pytest.fixture(scope="module")
def survived(unit_tested) -> dict[tuple[str, str], tuple[int, list[str]]]:
    """Mutants and survivors by folder and model."""
    manifest = dbt_manifest.read(unit_tested.dbt_target / "manifest.json")
    folders = {
        node["name"]: node["fqn"][1]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    found = {}
    begun = time.process_time()
    # Each query is tiny, so further threads only wait for each other.
    with duckdb.connect(config={"threads": 1}) as con:
        for model, texts in unit_tests(manifest, unit_tested.dbt_target).items():
            count, unnoticed = survivors(con, texts)
            print(f"{model}: {len(texts)} tests, {count} mutants, {len(unnoticed)} unnoticed")
            found[folders[model], model] = (count, unnoticed)
    print(f"in {time.process_time() - begun:.0f} s of computing")
    return found


@pytest.fixture(scope="module")
def explained() -> dict[str, dict[str, str]]:
    return yaml.safe_load(UNNOTICED.read_text(encoding="utf-8"))


def test_every_broken_clause_and_guard_of_a_definition_is_noticed(survived, explained):
    unnoticed = {model: found for (folder, model), found in survived.items() if folder == FOLDER}
    assert sorted(unnoticed) == sorted(path.stem for path in DEFINITIONS.glob("*.sql"))
    unexplained = {
        model: left
        for model, (_, changes) in unnoticed.items()
        if (left := [change for change in changes if change not in explained.get(model, {})])
    }
    mutants = sum(count for count, _ in unnoticed.values())
    alike = sum(len(changes) for _, changes in unnoticed.values())
    print(f"definitions: {mutants} mutants, {alike} of them the same rule said otherwise")
    assert unexplained == {}


def test_no_explanation_is_out_of_date(survived, explained):
    unnoticed = {model: changes for (_, model), (_, changes) in survived.items()}
    outdated = {
        model: gone
        for model, changes in explained.items()
        if (gone := [change for change in changes if change not in unnoticed.get(model, [])])
    }
    assert outdated == {}


def test_below_the_definitions_most_is_noticed(survived):
    below = [found for (folder, _), found in survived.items() if folder not in (FOLDER, "staging")]
    mutants = sum(count for count, _ in below)
    noticed = mutants - sum(len(unnoticed) for _, unnoticed in below)
    print(f"below the definitions: {noticed} of {mutants} mutants are noticed")
    assert noticed * 100 >= NOTICED_BELOW * mutants
