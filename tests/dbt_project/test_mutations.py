"""Whoever breaks a definition breaks a test: each clause and guard is taken away in turn.

The mutants of the definitions should all be noticed, those apart that `unnoticed.yml` lists with a
reason; the survivors are listed. The shares that are noticed may only grow.
"""

from pathlib import Path

import duckdb
import pytest
import yaml

from onefunnel import dbt_manifest
from tests.dbt_project.mutation import survivors, unit_tests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

# Change -> why no test can notice it (it is the same rule said otherwise), by definition.
UNNOTICED = Path(__file__).with_name("unnoticed.yml")
# Of the mutants, in hundredths: of the definitions (those explained apart; aim for 100), and of all
# models below them.
NOTICED = 90
NOTICED_BELOW = 40


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
    with duckdb.connect() as con:
        for model, texts in unit_tests(manifest, unit_tested.dbt_target).items():
            count, unnoticed = survivors(con, texts)
            print(f"{model}: {len(texts)} tests, {count} mutants, {len(unnoticed)} unnoticed")
            found[folders[model], model] = (count, unnoticed)
    return found


def test_broken_clauses_and_guards_of_the_definitions_are_noticed(survived):
    explained = yaml.safe_load(UNNOTICED.read_text(encoding="utf-8")) or {}
    mutants, unexplained = 0, {}
    for (folder, model), (count, unnoticed) in survived.items():
        if folder == "definitions":
            mutants += count
            unexplained[model] = [one for one in unnoticed if one not in explained.get(model, {})]
    left = sum(map(len, unexplained.values()))
    print(f"of {mutants} mutants of the definitions {left} survive: {unexplained}")
    assert left * 100 <= (100 - NOTICED) * mutants, unexplained


def test_below_the_definitions_most_is_noticed(survived):
    below = [found for (folder, _), found in survived.items() if folder != "definitions"]
    mutants = sum(count for count, _ in below)
    noticed = mutants - sum(len(unnoticed) for _, unnoticed in below)
    print(f"below the definitions: {noticed} of {mutants} mutants are noticed")
    assert noticed * 100 >= NOTICED_BELOW * mutants
