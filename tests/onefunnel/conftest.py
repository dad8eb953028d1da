"""Shared by tests of the commands and of what they check."""

import shutil

import pytest

from tests.conftest import DBT_PROJECT


@pytest.fixture
def project(tmp_path):
    """A copy of the seeds, to be spoiled."""
    shutil.copytree(DBT_PROJECT / "seeds", tmp_path / "dbt_project/seeds")
    return tmp_path / "dbt_project"
