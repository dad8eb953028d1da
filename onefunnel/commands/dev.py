"""`onefunnel dev`: the Dagster UI and its daemon, with the local CRM when none is configured."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from connectors import loopback
from connectors.loopback import HOST
from onefunnel import config as settings
from onefunnel import dbt_manifest, local_crm, run_all, with_parent
from onefunnel.config import PROJECT_ROOT

USUAL_PORT = 3000
END_SECONDS = 20


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port of the UI (default 3000, or a free one)."
)
def command(port: int | None) -> None:
    """Open the Dagster UI: lineage, checks, schedule. Ctrl-C ends everything.

    Without a configured CRM it starts the local one, so "Materialize all" works at once.

    \b
    Example:
      onefunnel dev --port 3000
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    config = settings.prepare(settings.load())
    if config.has_crm:
        config.sources()
    dbt_manifest.ensure(config.home)
    run_all.set_up_instance(config)
    with contextlib.ExitStack() as stack:
        if not config.has_crm:
            click.echo("No CRM is configured: starting the local one …", err=True)
            crm = stack.enter_context(local_crm.started(config))
            os.environ.update(crm.environment())
        chosen = free_port(port)
        click.echo("Starting the Dagster UI …", err=True)
        process, asked_to_end = stack.enter_context(dagster(chosen))
        tell_when_it_answers(process, chosen)
        code = wait_for_end(process, asked_to_end)
    if not asked_to_end.is_set() and code not in (0, -signal.SIGINT, -signal.SIGTERM):
        raise click.ClickException(f"Dagster ended with code {code}")


def interrupt(number: int, _: object) -> None:
    """End as Ctrl-C does, so that what was started here is ended too."""
    raise KeyboardInterrupt


def free_port(port: int | None) -> int:
    """The port that was asked for, else the usual one, else any."""
    try:
        with loopback.bind(
            USUAL_PORT if port is None else port, is_demanded=port is not None
        ) as probe:
            return int(probe.getsockname()[1])
    except loopback.PortBusyError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def dagster(port: int) -> Iterator[tuple[subprocess.Popen[bytes], threading.Event]]:
    """Run the UI in a process group of its own, pass signals on to the whole group, and note them.

    Started in the background of a script it would ignore them.
    """
    process = subprocess.Popen(
        with_parent.command(
            *("dagster_dg_cli.cli", "dev", "--module-name", "orchestration.definitions"),
            *("--host", HOST, "--port", str(port), "--log-level", "warning"),
        ),
        cwd=PROJECT_ROOT,
        start_new_session=True,
    )

    asked_to_end = threading.Event()

    def pass_on(number: int, _: object) -> None:
        asked_to_end.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)

    before = {
        number: signal.signal(number, pass_on)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield process, asked_to_end
    finally:
        end_group(process)
        for number, handler in before.items():
            signal.signal(number, handler)


def wait_for_end(process: subprocess.Popen[bytes], asked_to_end: threading.Event) -> int:
    """Wait for Dagster, but not for ever once it was asked to end: it does not always hear."""
    waited = 0
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            waited += asked_to_end.is_set()
        if waited >= END_SECONDS:
            end_group(process)


def tell_when_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    """Name the address once a browser finds something there."""
    while process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            click.echo(f"The Dagster UI is at http://{HOST}:{port} (Ctrl-C ends)")
            return


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask the group to end, then insist."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=END_SECONDS)
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
