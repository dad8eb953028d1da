"""Send long addresses as they are: the HTTP library would look at every sign of them four times.

A list of a thousand properties makes an address of 15,000 signs, and it is the same page after
page. We encode it once (`transport.encoded`); it travels past the library's own encoding in a
header that never leaves this process, and is put back where the request is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

QUERY = "x-query-of-the-address"


class WithQuery(HTTPConnection):
    """A connection that adds the query to the address."""

    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        """Send; what the query was carried in is no header."""
        sent = dict(headers or {})
        super().request(method, url + sent.pop(QUERY, ""), body, sent, **options)


class SecureWithQuery(WithQuery, HTTPSConnection):
    """The same over TLS."""


class Pool(urllib3.HTTPConnectionPool):
    """Connections to one host."""

    ConnectionCls = WithQuery


class SecurePool(urllib3.HTTPSConnectionPool):
    """Connections to one host over TLS."""

    ConnectionCls = SecureWithQuery


def send_queries_as_they_are(manager: urllib3.PoolManager) -> None:
    """Let all connections that a client opens from now on take a query from its header."""
    manager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}
