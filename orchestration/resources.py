"""What the steps of a run share: settings, the home's lock, and dbt as a child process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version as installed_version
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version
from pydantic import PrivateAttr

from onefunnel import config as settings
from onefunnel import dbt_manifest
from onefunnel.releases import Releases
from onefunnel.run_lock import run_lock
from orchestration.orphans import fail_orphaned_runs, finish_ledger


class Pipeline(dg.ConfigurableResource):
    """The settings, for as long as this run holds the lock of its home."""

    _config: settings.Config = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Pipeline]:
        """Take the lock for the whole run; tidy up after runs that were killed."""
        self._config = settings.prepare(settings.load())
        with run_lock(self._config.home, f"Dagster run {context.run_id}"):
            if context.instance:
                fail_orphaned_runs(context.instance, besides=context.run_id)
            releases = Releases(self._config.home)
            finish_ledger(releases)
            releases.clear_leftovers()
            yield self

    @property
    def config(self) -> settings.Config:
        """The checked settings."""
        return self._config


class ChildDbt(DbtCliResource):
    """dbt through our child process, without the two extra starts of dbt that would be made."""

    @cached_property
    def _cli_version(self) -> Version:
        # `dbt --version` would ask the network.
        return Version(installed_version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Any) -> Any:
        # An adapter in this process would open the warehouse that dbt is writing.
        return None

    def cli(self, *args: Any, **kwargs: Any) -> Any:
        """Start dbt, which ends when this process ends."""
        os.environ["DBT_STARTED_BY"] = str(os.getpid())
        return super().cli(*args, **kwargs)


def dbt_resource() -> ChildDbt:
    """The dbt of this project."""
    python, *flags = dbt_manifest.DBT_COMMAND
    return ChildDbt(
        project_dir=str(settings.DBT_PROJECT),
        profiles_dir=str(settings.DBT_PROJECT),
        dbt_executable=python,
        global_config_flags=flags,
    )


PIPELINE = Pipeline()
CONFIG = settings.prepare(settings.load())
# The asset graph is made from the manifest, so it must fit the project's files at import.
MANIFEST = dbt_manifest.ensure(CONFIG.home)
