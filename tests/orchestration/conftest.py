"""The code location as Dagster loads it, in a home of its own."""

import os

import pytest


@pytest.fixture(scope="session")
def definitions(tmp_path_factory):
    """All definitions; importing them compiles the dbt project once."""
    for name in list(os.environ):
        if name.startswith(("SALESFORCE_", "HUBSPOT_")):
            del os.environ[name]
    os.environ["ONEFUNNEL_HOME"] = str(tmp_path_factory.mktemp("home"))
    from orchestration.definitions import defs

    return defs()


@pytest.fixture(scope="session")
def graph(definitions):
    return definitions.resolve_asset_graph()
