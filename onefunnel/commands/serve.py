"""`onefunnel serve`: the published site on this machine."""

from __future__ import annotations

import click

from connectors.loopback import PortBusyError
from onefunnel import config as settings
from onefunnel import web_server
from onefunnel.releases import Releases


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port (default 8080, or a free one).")
def command(port: int | None) -> None:
    """Serve the published site on 127.0.0.1 until Ctrl-C.

    For other people put a web server in front, which decides who may read: deploy/apache/README.md.

    \b
    Example:
      onefunnel serve --port 8080
    """
    home = settings.load().home
    Releases(home).require_current()
    try:
        web_server.serve(
            home.current / "site",
            port,
            on_ready=lambda url: click.echo(f"The dashboards are at {url}/ (Ctrl-C ends)"),
        )
    except PortBusyError as error:
        raise click.UsageError(str(error)) from None
