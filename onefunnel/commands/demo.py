"""`onefunnel demo`: the whole path once, on the local CRM."""

from __future__ import annotations

import os
import threading
from importlib import import_module

import click

from onefunnel import config as settings
from onefunnel import exit_codes, local_crm, summary
from onefunnel.config import Config
from onefunnel.refusal import Refusal
from onefunnel.run_lock import run_lock


@click.command()
@click.option("--size", type=click.Choice(["small", "demo"]), default="demo", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Another company.")
def command(size: str, seed: int) -> None:
    """Run everything on a simulated company and publish its dashboards.

    \b
    Example:
      onefunnel demo
    """
    config = settings.prepare(settings.load())
    refuse_real_home(config)
    with run_lock(config.home, "onefunnel demo"):
        click.echo("Starting the local CRM …", err=True)
        # The other core loads what the run needs while the CRM makes its company.
        threading.Thread(target=import_module, args=("dagster_dbt",), daemon=True).start()
        with local_crm.started(config, size=size, seed=seed) as crm:
            os.environ.update(crm.environment())
            summary.run_and_tell(settings.load(), None)
    click.echo(
        "\nDashboards:  onefunnel serve   (or open the file above)\n"
        "Dagster UI:  onefunnel dev     (lineage, checks, schedule; Materialize all)\n"
        "A week on:   onefunnel sandbox advance --days 7 && onefunnel run"
    )


def refuse_real_home(config: Config) -> None:
    """Simulated records never get among real ones."""
    if any(config.home.landing.glob("*/*/*")) and not local_crm.knows(config.home):
        raise Refusal(
            f"{config.home.root} holds records of real CRMs",
            remedy="Give the demo a folder of its own: ONEFUNNEL_HOME=./demo onefunnel demo",
            exit_code=exit_codes.USAGE,
        )
