"""One connection to HubSpot, kept open between requests and opened anew once it is closed.

The standard library's, and no client above it: the address of a list holds every property's name,
thousands of signs that are the same page after page, and each layer looks at all of them again.
"""

from __future__ import annotations

import select
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import cast
from urllib.parse import urlsplit

from connectors.settings import Timeouts

# What it raises when there is no answer, or only a part of one.
NO_ANSWER = (HTTPException, OSError)


class Connection:
    """To the host of an address, over TLS when it says https. For one thread at a time."""

    def __init__(self, url: str, timeouts: Timeouts) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._line = kind(parts.hostname or "", parts.port, timeout=timeouts.connect)
        self._prefix, self._timeouts = parts.path, timeouts

    def send(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and the whole body, whatever they say. Raises `NO_ANSWER`."""
        try:
            self._open()
            self._line.request(method, self._prefix + target, body, headers)
            answer = self._line.getresponse()
            # They read like a mapping in which case does not count.
            told = cast("Mapping[str, str]", answer.headers)
            return answer.status, told, answer.read()
        except NO_ANSWER:
            # What still comes would be taken for the next answer.
            self.close()
            raise

    def _open(self) -> None:
        # What can be read before anything was asked is the other side's goodbye.
        if self._line.sock is not None and select.select([self._line.sock], [], [], 0)[0]:
            self.close()
        if self._line.sock is None:
            self._connect()

    def _connect(self) -> None:
        self._line.connect()
        self._line.sock.settimeout(self._timeouts.read)

    def close(self) -> None:
        """Give it back; the next request opens another."""
        self._line.close()
