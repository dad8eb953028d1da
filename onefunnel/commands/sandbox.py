"""`onefunnel sandbox`: serve the local CRM, move its clock."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import click
import requests

from connectors.loopback import PortBusyError
from connectors.sandbox import serve, state
from connectors.sandbox.faults import parse_fault
from connectors.sandbox.load import LoadError, load
from connectors.sandbox.stand_in import StandIn
from connectors.sandbox.timestamps import from_ms, iso_z, to_ms
from connectors.sandbox.world import World
from onefunnel import config as settings
from onefunnel import exit_codes, local_crm
from onefunnel.commands import sandbox_land
from onefunnel.home import Home
from onefunnel.refusal import Refusal


@click.group()
def command() -> None:
    """The local CRM: both vendors' APIs on 127.0.0.1, and its clock.

    \b
    Example:
      onefunnel sandbox serve --size demo --port 8900
    """


@command.command("serve")
@click.option("--size", type=click.Choice(["small", "demo", "1m"]), help="Size of the company.")
@click.option("--seed", type=int, help="Another company of the same kind (default 1).")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port (default 8765, or a free one; 0 for a free one).",
)
@click.option("--load", "folder", type=click.Path(path_type=Path), help="Serve real records.")
@click.option("--fault", "faults", multiple=True, help="A fault from the start: kind,name=value,…")
@click.option("--require-secret", envvar="SANDBOX_SECRET", help="Accept only this secret.")
@click.option(
    "--as-vendors",
    is_flag=True,
    help="Also answer under the vendors' own names, for connectors that have them built in.",
)
@click.option("--ready-file", type=click.Path(path_type=Path), help="Write the URL here.")
def serve_command(
    size: str | None,
    seed: int | None,
    port: int | None,
    folder: Path | None,
    faults: tuple[str, ...],
    require_secret: str | None,
    as_vendors: bool,
    ready_file: Path | None,
) -> None:
    """Serve a simulated company, or real records, until Ctrl-C.

    Without options it goes on where this home's local CRM last stood.

    \b
    Examples:
      onefunnel sandbox serve --size demo --seed 7
      onefunnel sandbox serve --load records --port 8900
      onefunnel sandbox serve --fault rate_limited,match=/search,times=2
    """
    home = settings.prepare(settings.load()).home
    world, seen = world_of(home, size, seed, folder)

    def note(world: World, at: int) -> None:
        now = iso_z(world.now_ms)
        state.write(
            home.root,
            state.SandboxState(seen.size, seen.seed, seen.load, now, at, os.getpid()),
        )

    bound: dict[str, int] = {}

    def ready(url: str) -> None:
        bound["port"] = int(url.rpartition(":")[2])
        note(world, bound["port"])
        click.echo(f"The local CRM answers at {url}; its clock stands at {iso_z(world.now_ms)}")
        if ready_file:
            draft = ready_file.with_suffix(".part")
            draft.write_text(url, encoding="utf-8")
            draft.replace(ready_file)

    def explain(stand_in: StandIn) -> None:
        click.echo("Run a connector with these, and the vendors' addresses lead here:")
        for name, value in stand_in.environment().items():
            click.echo(f"  export {name}={value}")

    try:
        serve.run(
            world,
            port=port,
            require_secret=require_secret,
            faults=[parse_fault(text) for text in faults],
            as_vendors=home.root / "sandbox" / "authority" if as_vendors else None,
            on_stand_in=explain,
            on_ready=ready,
            on_clock=lambda moved: note(moved, bound["port"]),
        )
    except PortBusyError as error:
        raise Refusal(str(error), exit_code=exit_codes.USAGE) from None
    except ValueError as error:
        raise Refusal(f"--fault: {error}", exit_code=exit_codes.USAGE) from None


def world_of(
    home: Home, size: str | None, seed: int | None, folder: Path | None
) -> tuple[World, state.SandboxState]:
    """The world that was asked for, else the one of this home, with its clock where it stood."""
    from connectors.sandbox import company

    last = local_crm.read_state(home)
    if size is None and seed is None and folder is None and last is not None:
        size, seed, folder = last.size, last.seed, Path(last.load) if last.load else None
    if folder:
        asked = state.SandboxState(None, None, str(folder.absolute()), "", 0, 0)
    else:
        asked = state.SandboxState(size or "demo", 1 if seed is None else seed, None, "", 0, 0)
    same = last is not None and (last.size, last.seed, last.load) == (
        asked.size,
        asked.seed,
        asked.load,
    )
    if last is not None and not same and any(home.landing.glob("*/*/*")):
        raise Refusal(
            f"{home.root} holds what landed from another local CRM; mixing two companies would "
            "give the figures of neither",
            remedy="Set ONEFUNNEL_HOME to another folder, or remove that one",
            exit_code=exit_codes.USAGE,
        )
    try:
        world = load(folder) if folder else company.build(asked.size, asked.seed)  # type: ignore[arg-type]
    except LoadError as error:
        raise Refusal(str(error), exit_code=exit_codes.USAGE) from None
    if same and last is not None and to_ms(last.now) > world.now_ms:
        world.advance_to(from_ms(to_ms(last.now)))
    return world, asked


@command.command("advance")
@click.option("--days", type=float, required=True, help="By how many days (below 1 is allowed).")
def advance_command(days: float) -> None:
    """Move the local CRM's clock; the next run sees what happened in that time.

    \b
    Example:
      onefunnel sandbox advance --days 7
    """
    home = settings.prepare(settings.load()).home
    running = local_crm.answering(home)
    last = local_crm.read_state(home)
    if running:
        answer = requests.post(
            f"{running.url}/_sandbox/clock", json={"advance_days": days}, timeout=120
        )
        if not answer.ok:
            raise Refusal(
                f"The local CRM did not advance: {answer.json().get('error', answer.status_code)}"
            )
        now = answer.json()["now"]
    elif last is not None:
        # No server needed: the next one starts at the noted clock.
        now = iso_z(to_ms(from_ms(to_ms(last.now)) + timedelta(days=days)))
        state.write(
            home.root, state.SandboxState(last.size, last.seed, last.load, now, last.port, 0)
        )
    else:
        raise Refusal(
            f"{home.root} has no local CRM yet",
            remedy="Start one with `onefunnel demo` or `onefunnel sandbox serve`",
            exit_code=exit_codes.USAGE,
        )
    click.echo(f"The local CRM's clock stands at {now}")


command.add_command(sandbox_land.command)
