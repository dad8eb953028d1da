"""Stand in for the vendors: connectors with `https://api.hubapi.com` built in reach the local CRM.

Nothing of such a connector is changed. It runs with three settings that HTTP libraries know: a
proxy, which leads the vendors' names to the local CRM and refuses all others, and an authority
that vouches for its certificate.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path

_VENDORS = (".hubapi.com", ".salesforce.com")
_LONGEST_GREETING = 16_384
_CHUNK = 1 << 16


@dataclass(frozen=True)
class StandIn:
    """Where it answers by https, where the proxy listens, and the authority's file."""

    url: str
    proxy: str
    authority: Path

    def environment(self) -> dict[str, str]:
        """Settings with which a connector's process is to run."""
        return {
            "HTTPS_PROXY": self.proxy,
            "https_proxy": self.proxy,
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "REQUESTS_CA_BUNDLE": str(self.authority),
            "SSL_CERT_FILE": str(self.authority),
            "NODE_EXTRA_CA_CERTS": str(self.authority),
        }


class Relay:
    """An HTTP proxy that knows CONNECT only, and one destination."""

    def __init__(self, host: str, port: int) -> None:
        self._destination = (host, port)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            greeting = await reader.readuntil(b"\r\n\r\n")
            method, target, *_ = greeting.split(b" ", 2)
            if method != b"CONNECT" or not _is_vendor(target.decode("latin-1")):
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
            else:
                await self._connect(reader, writer)
        with contextlib.suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._destination, limit=_CHUNK)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        ways = [
            asyncio.ensure_future(_pipe(source, sink))
            for source, sink in ((reader, back), (there, writer))
        ]
        # When one side is done the other has nothing left to say.
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        back.close()


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()


def _is_vendor(target: str) -> bool:
    return f".{target.partition(':')[0]}".endswith(_VENDORS)
