"""One run of every dbt unit test, for all that ask what became of them."""

from datetime import datetime

import pytest

from onefunnel.home import Home
from tests.warehouse import begin, dbt


@pytest.fixture(scope="session")
def unit_tested(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which every unit test ran, on tables that were built empty."""
    home = begin(tmp_path_factory.mktemp("unit") / "home", datetime(2026, 6, 30, 12))
    built = dbt(home, "build", "--quiet", "--resource-type", "seed", "--resource-type", "model")
    assert built.returncode == 0, built.stdout[-4000:]
    dbt(home, "test", "--quiet", "--select", "test_type:unit")
    return home
