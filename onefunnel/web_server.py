"""Serves the published site on loopback: files of the current release, compressed, with the headers
that make a browser strict.

    with running(home.current / "site") as url: ...     # in a thread, for tests and benchmarks
    serve(home.current / "site", port, on_ready=print)  # in this process, until Ctrl-C

For other people a web server stands in front of the site (deploy/apache/README.md).
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors import loopback
from connectors.loopback import in_thread, url_of

USUAL_PORT = 8080
# The same policy stands in each page; as a header it also covers what is no page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What other web servers take too: the last percent costs half as much time again.
COMPRESSION = 6


class CurrentRelease(StaticFiles):
    """Files of the release that is served: its link is followed once for each request.

    (The original follows it twice, and finds nothing when a release comes in between.)
    """

    def __init__(self, link: Path) -> None:
        super().__init__(directory=link, html=True)
        self.link = link

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Where the file is; nothing outside of the release is found."""
        release = os.path.realpath(self.link)
        found = os.path.realpath(os.path.join(release, path))
        if os.path.commonpath([found, release]) != release:
            return "", None
        try:
            return found, os.stat(found)
        except (FileNotFoundError, NotADirectoryError):
            return "", None


class Strict:
    """Adds to every answer what a browser needs to be strict, and how long it may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with more headers."""

        async def strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                # A page is asked for anew each time; an asset has its hash in its name.
                is_kept = scope["path"].startswith("/assets/") and message["status"] in (200, 304)
                headers["Cache-Control"] = "max-age=31536000, immutable" if is_kept else "no-cache"
            await send(message)

        await self.app(scope, receive, strictly if scope["type"] == "http" else send)


def app_for(site: Path) -> Starlette:
    """The site at `site`, which may lie behind a link that releases replace."""
    return Starlette(
        routes=[Mount("/", CurrentRelease(site))],
        middleware=[
            Middleware(Strict),
            Middleware(GZipMiddleware, compresslevel=COMPRESSION),
        ],
    )


def bind(port: int | None) -> socket.socket:
    """Listen on the port; the usual one may be busy, then any free one does."""
    listening = loopback.bind(USUAL_PORT if port is None else port, is_demanded=port is not None)
    # From here on nobody who is told the address is turned away.
    listening.listen()
    return listening


def serve(site: Path, port: int | None, on_ready: Callable[[str], object]) -> None:
    """Serve until Ctrl-C; `on_ready` is told the address."""
    listening = bind(port)
    on_ready(url_of(listening))
    # The server ends quietly at Ctrl-C and then raises it again for whoever started it.
    with contextlib.suppress(KeyboardInterrupt):
        _server(site).run(sockets=[listening])


@contextlib.contextmanager
def running(site: Path) -> Iterator[str]:
    """Serve from a thread of this process, at the address that is given."""
    listening = bind(0)
    server = _server(site)
    running_now = in_thread(server, server.serve(sockets=[listening]), "the server of the site")
    try:
        yield url_of(listening)
    finally:
        running_now.stop()


def _server(site: Path) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app_for(site), log_level="error", access_log=False, lifespan="off", server_header=False,
            timeout_graceful_shutdown=2,
        )
    )  # fmt: skip
