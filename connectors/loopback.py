"""Servers on this machine alone: the port that they listen on, and the thread that they run in.

Used by the local CRM and by the server of the published site.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uvicorn

HOST = "127.0.0.1"
_TIMEOUT = 20.0


class PortBusyError(OSError):
    """The port that was asked for is taken by another program."""


def bind(port: int = 0, *, is_demanded: bool = True) -> socket.socket:
    """Return a socket on 127.0.0.1 with this port.

    A busy port is an error when it was demanded, else a free one is taken instead.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            listening.close()
            raise
        if is_demanded:
            listening.close()
            raise PortBusyError(
                f"port {port} on {HOST} is taken; give --port another number, or 0 for a free one"
            ) from None
        listening.bind((HOST, 0))
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the address of what listens there."""
    return f"http://{HOST}:{listening.getsockname()[1]}"


@dataclass
class InThread:
    """A server that answers from a thread of this process until `stop()`."""

    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        """End the server and wait for its thread."""
        self.server.should_exit = True
        self.thread.join(timeout=_TIMEOUT)


def in_thread(server: uvicorn.Server, serving: Coroutine[Any, Any, None], name: str) -> InThread:
    """Run a server in a thread; returns once it answers. Raises RuntimeError when it does not."""
    thread = threading.Thread(target=asyncio.run, args=[serving], name=name, daemon=True)
    thread.start()
    deadline = time.monotonic() + _TIMEOUT
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError(f"{name} did not start")
        time.sleep(0.005)
    return InThread(server, thread)
