"""The local CRM as one web application: finds the route, applies faults, adds the vendors' headers.

What an answer says is the API modules' part (`salesforce_api`, `bulk`, `hubspot_api`, `control`).
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as WebRoute
from starlette.types import Receive, Scope, Send

from connectors.sandbox import (
    bulk,
    changes,
    control,
    hubspot_api,
    record_page,
    salesforce_api,
    salesforce_session,
    vendor_defaults,
)
from connectors.sandbox.call import Answer, ApiProblem, Call, RouteTable, answer_json
from connectors.sandbox.faults import Faults
from connectors.sandbox.portal import Portal
from connectors.sandbox.salesforce_describe import Catalog
from connectors.sandbox.timestamps import http_date
from connectors.sandbox.tokens import Tokens
from connectors.sandbox.world import World

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
_SALESFORCE = RouteTable((*salesforce_api.ROUTES, *bulk.ROUTES))
_HUBSPOT = RouteTable(hubspot_api.ROUTES)
_CONTROL = RouteTable(control.ROUTES)
_PAGES = RouteTable(record_page.ROUTES)
_OPEN = frozenset(["salesforce/token", "salesforce/versions", "hubspot/token"])
# HubSpot puts its version second or third: /crm/v3/objects/…, /crm/objects/2026-09/…
_VERSION = re.compile(r"v\d+|\d{4}-\d{2}(-beta)?")
_MAX_URL = 16_384


class Counts:
    """Requests since the last reset, by family and object."""

    def __init__(self) -> None:
        self._counter: Counter[str] = Counter()
        self._vendors: Counter[str] = Counter()

    def note(self, family: str, subject: str) -> None:
        """Count one request."""
        self._counter[f"{family}/{subject}" if subject else family] += 1
        self._vendors[family.partition("/")[0]] += 1

    def of_vendor(self, vendor: str) -> int:
        """Requests to a vendor since the start, resets notwithstanding."""
        return self._vendors[vendor]

    def reset(self) -> None:
        """Start counting anew."""
        self._counter.clear()

    def told(self) -> dict[str, int]:
        """Return the counts by family and object."""
        return dict(sorted(self._counter.items()))


class Sandbox:
    """Everything that one running local CRM knows. `on_clock` is called when its clock moved."""

    def __init__(
        self,
        world: World,
        *,
        require_secret: str | None = None,
        on_clock: Callable[[World], None] | None = None,
    ) -> None:
        vendor_defaults.add_missing(world)
        self.world = world
        self.faults = Faults()
        self.tokens = Tokens(require_secret)
        self.counts = Counts()
        self.catalog = Catalog(world, self.faults)
        self.portal = Portal(world, self.faults)
        self.cursors = salesforce_api.Cursors()
        self.jobs = bulk.Jobs()
        self.on_clock = on_clock or (lambda moved: None)

    def change(self, spec: Mapping[str, Any]) -> list[str]:
        """Let something happen to records; return the ids concerned."""
        return changes.make(self, spec)


def build_app(sandbox: Sandbox) -> Starlette:
    """Return the web application for a sandbox."""

    async def endpoint(request: Request) -> Response:
        call = Call(
            sandbox,
            request.method,
            _clean(request.url.path),
            parse_qs(request.scope["query_string"].decode(), keep_blank_values=True),
            {name.decode(): value.decode("latin-1") for name, value in request.headers.raw},
            await request.body(),
            f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}",
        )
        line = f"{call.method} {request.url.path}?{request.url.query}"
        return _Delivered(_answer(call, line), http_date(sandbox.world.now))

    return Starlette(routes=[WebRoute("/{path:path}", endpoint, methods=_METHODS)])


def _clean(path: str) -> str:
    return re.sub("/{2,}", "/", path).rstrip("/") or "/"


def _answer(call: Call, line: str) -> Answer:
    if call.path.startswith("/_sandbox"):
        return _dispatch(call, _CONTROL, call.path) or answer_json({"error": "no such path"}, 404)
    if (page := _dispatch(call, _PAGES, call.path)) is not None:
        return page
    is_salesforce = call.path.startswith(("/services/", "/id/"))
    table = _SALESFORCE if is_salesforce else _HUBSPOT
    path = call.path if is_salesforce else _unversioned(call)
    faults = call.sandbox.faults
    answer = faults.instead(call, line) if faults else None
    if answer is not None:
        found = table.find(call.method, path)
        family = found[0].family if found else ("salesforce" if is_salesforce else "hubspot")
        call.sandbox.counts.note(family, found[1].get("obj", "") if found else "")
    elif len(line) > _MAX_URL:
        answer = Answer(414, b"", media_type="text/html")
    else:
        answer = _dispatch(call, table, path)
    if answer is None:
        answer = _nowhere(call, is_salesforce)
    if is_salesforce:
        answer.headers.update(salesforce_session.limit_info(call))
    else:
        answer.headers.update(hubspot_api.limit_info(call))
    return faults.disturb(call, answer, line) if faults else answer


def _dispatch(call: Call, table: RouteTable, path: str) -> Answer | None:
    found = table.find(call.method, path)
    if found is None:
        return None
    route, names = found
    call.subject = names.get("obj", "")
    try:
        if route.family not in _OPEN and table is not _CONTROL and table is not _PAGES:
            vendor = salesforce_session if table is _SALESFORCE else hubspot_api
            vendor.require_session(call)
        return route.answering(call, **names)
    except ApiProblem as problem:
        return problem.answer()
    finally:
        if table is not _CONTROL and table is not _PAGES:
            call.sandbox.counts.note(route.family, call.subject)


def _unversioned(call: Call) -> str:
    parts = call.path.split("/")
    for at in (2, 3):
        if at < len(parts) and _VERSION.fullmatch(parts[at]):
            call.version = parts.pop(at)
            break
    return "/".join(parts)


def _nowhere(call: Call, is_salesforce: bool) -> Answer:
    if is_salesforce:
        message = "The requested resource does not exist"
        return answer_json([{"errorCode": "NOT_FOUND", "message": message}], 404)
    return answer_json(
        {"status": "error", "message": "resource not found", "correlationId": "sandbox"}, 404
    )


class _Delivered(Response):
    """Sends an answer, disturbed as its delivery says.

    Header names keep the vendors' capitals: there are clients that look for them letter by letter.
    """

    def __init__(self, answer: Answer, date: str) -> None:
        super().__init__(answer.body, answer.status, media_type=None)
        headers = {"Date": date, "Content-Type": answer.media_type, **answer.headers}
        if answer.status != 204:
            headers["Content-Length"] = str(len(answer.body))
        self.raw_headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
        ]
        self._delivery = answer.delivery

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        delivery = self._delivery
        if delivery is None:
            await super().__call__(scope, receive, send)
            return
        body = bytes(self.body)
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        await send(start)
        end = len(body) if delivery.cut_at is None else delivery.cut_at
        step = delivery.chunk or max(end, 1)
        for at in range(0, end, step):
            await asyncio.sleep(delivery.pause)
            part = {"type": "http.response.body", "body": body[at : min(at + step, end)]}
            await send({**part, "more_body": True})
        if delivery.cut_at is None:
            await send({"type": "http.response.body", "body": b""})
