"""Starts the local CRM: in a thread for tests, in this process for the command line.

running = start(world)            # a free port on 127.0.0.1
requests.get(running.url + "/_sandbox/clock")
running.stop()

run(world, port=8765, on_ready=print, on_clock=lambda world: ...)   # until SIGINT or SIGTERM

With a folder `as_vendors` it also answers under the vendors' own names (`stand_in`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from connectors.loopback import InThread, bind, in_thread, url_of
from connectors.sandbox import certificate
from connectors.sandbox.app import Sandbox, build_app
from connectors.sandbox.stand_in import Relay, StandIn
from connectors.sandbox.world import World

DEFAULT_PORT = 8765


@dataclass
class RunningSandbox:
    """A local CRM that answers at `url` until `stop()`."""

    url: str
    world: World
    sandbox: Sandbox
    _running: InThread = field(repr=False)
    stand_in: StandIn | None = None

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        """End the server and wait for its thread."""
        self._running.stop()

    def __enter__(self) -> RunningSandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(
    world: World,
    port: int = 0,
    *,
    require_secret: str | None = None,
    faults: Iterable[Mapping[str, Any]] = (),
    on_clock: Callable[[World], None] | None = None,
    as_vendors: Path | None = None,
) -> RunningSandbox:
    """Serve a world from a thread of this process; returns once it answers."""
    listening = bind(port)
    sandbox = _sandbox(world, require_secret, faults, on_clock)
    server = _server(sandbox)
    entrance = None if as_vendors is None else _Entrance(sandbox, as_vendors)
    running = in_thread(server, _serve(server, listening, entrance), "the local CRM")
    stand_in = None if entrance is None else entrance.stand_in
    return RunningSandbox(url_of(listening), world, sandbox, running, stand_in)


def run(
    world: World,
    port: int | None = None,
    *,
    require_secret: str | None = None,
    faults: Iterable[Mapping[str, Any]] = (),
    on_ready: Callable[[str], None] | None = None,
    on_clock: Callable[[World], None] | None = None,
    as_vendors: Path | None = None,
    on_stand_in: Callable[[StandIn], None] | None = None,
) -> None:
    """Serve a world in this process until it is told to end (SIGINT, SIGTERM).

    Without `port` the usual one is taken, or a free one when it is busy; a given port that is
    busy raises PortBusyError. `on_ready` gets the URL just before the first request is answered;
    `on_clock` is called after each move of the clock (write the state file there); `on_stand_in`
    hears how to get in under the vendors' names.
    """
    sandbox = _sandbox(world, require_secret, faults, on_clock)
    listening = bind(DEFAULT_PORT if port is None else port, is_demanded=port is not None)
    server = _server(sandbox)
    entrance = None if as_vendors is None else _Entrance(sandbox, as_vendors)
    listening.listen(128)  # a client may connect as soon as it hears the URL
    if entrance is not None and on_stand_in is not None:
        on_stand_in(entrance.stand_in)
    if on_ready is not None:
        on_ready(url_of(listening))
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again when it is done
        asyncio.run(_serve(server, listening, entrance))


class _Entrance:
    """The second way in: https under the vendors' names, behind a proxy that leads only here."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        made = certificate.make(folder)
        self._listening, self._proxy = bind(), bind()
        for one in (self._listening, self._proxy):
            one.listen(128)
        self.server = _Second(_config(sandbox, ssl_certfile=made.certificate, ssl_keyfile=made.key))
        self.stand_in = StandIn(
            url_of(self._listening).replace("http", "https", 1),
            url_of(self._proxy),
            made.authority.absolute(),
        )

    async def serve(self) -> None:
        relay = Relay(*self._listening.getsockname())
        proxy = await asyncio.start_server(relay.serve, sock=self._proxy)
        try:
            await self.server.serve([self._listening])
        finally:
            proxy.close()


class _Second(uvicorn.Server):
    """A server beside another one, which is the one to hear signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(
    server: uvicorn.Server, listening: socket.socket, entrance: _Entrance | None
) -> None:
    """Serve until the server is told to end; both ways in share one loop, hence one state."""
    if entrance is None:
        await server.serve([listening])
        return
    second = asyncio.ensure_future(entrance.serve())
    try:
        await server.serve([listening])
    finally:
        entrance.server.should_exit = True
        await second


def _sandbox(
    world: World,
    require_secret: str | None,
    faults: Iterable[Mapping[str, Any]],
    on_clock: Callable[[World], None] | None,
) -> Sandbox:
    sandbox = Sandbox(world, require_secret=require_secret, on_clock=on_clock)
    for spec in faults:
        sandbox.faults.declare(spec)
    return sandbox


def _server(sandbox: Sandbox) -> uvicorn.Server:
    return uvicorn.Server(_config(sandbox))


def _config(sandbox: Sandbox, **more: Any) -> uvicorn.Config:
    # A cut answer is a fault on request: uvicorn's complaint about it would only disturb.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    return uvicorn.Config(
        build_app(sandbox),
        http="h11",  # the other implementation writes header names in lower case
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        lifespan="off",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
        **more,
    )
