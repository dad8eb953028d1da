"""`onefunnel serve`: the published site on this machine."""

from __future__ import annotations

import http.server
from functools import partial
from pathlib import Path

import click

from onefunnel import config as settings
from onefunnel.releases import Releases

HOST = "127.0.0.1"
USUAL_PORT = 8080
# The same policy stands in each page; as a header it also covers what is no page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Files of the current release: the link is followed anew for each request."""

    def end_headers(self) -> None:
        """Add what a browser needs to be strict."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        is_hashed = self.path.startswith("/assets/")
        self.send_header("Cache-Control", "max-age=31536000" if is_hashed else "no-cache")
        super().end_headers()

    def list_directory(self, path: object) -> None:
        """Show no folders."""
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing per request."""


def server_for(site: Path, port: int | None) -> http.server.ThreadingHTTPServer:
    """Listen on the port; the usual one may be busy, then any free one does."""
    handler = partial(SiteHandler, directory=str(site))
    try:
        return http.server.ThreadingHTTPServer(
            (HOST, USUAL_PORT if port is None else port), handler
        )
    except OSError:
        if port is not None:
            raise click.UsageError(f"port {port} is taken; give --port another number") from None
        return http.server.ThreadingHTTPServer((HOST, 0), handler)


@click.command()
@click.option("--port", type=int, help="Port (default 8080, or a free one).")
def command(port: int | None) -> None:
    """Serve the published site on 127.0.0.1 until Ctrl-C.

    For other people put a web server in front, which decides who may read: deploy/apache/README.md.

    \b
    Example:
      onefunnel serve --port 8080
    """
    home = settings.load().home
    Releases(home).require_current()
    with server_for(home.current / "site", port) as server:
        click.echo(f"The dashboards are at http://{HOST}:{server.server_port}/ (Ctrl-C ends)")
        server.serve_forever()
