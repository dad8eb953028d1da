"""Every request to HubSpot passes here: pace, attempts, errors, and answers as they came.

The vendor's client is used without its typed models, which lose data, and without its exceptions,
which carry whole bodies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import orjson
import urllib3
from hubspot import HubSpot
from hubspot.crm.owners.exceptions import ApiException

from connectors import json_text
from connectors.errors import (
    ConnectorError,
    Missing,
    NotPermitted,
    RefusedRequest,
    Unreachable,
    UnreadableAnswer,
    WrongCredentials,
)
from connectors.hubspot.address import QUERY, send_queries_as_they_are
from connectors.hubspot.endpoints import path_of
from connectors.rate_limit import RateLimiter, server_time
from connectors.settings import HubSpotSettings

AGAIN = frozenset({408, 423, 429, 477, 500, 502, 503, 504, 520, 521, 522, 523, 524})

# What the edge answers to a token that cannot be one.
WRONG_FORM = 530
FOUND_NOTHING = frozenset({"OBJECT_NOT_FOUND", "RESOURCE_NOT_FOUND"})

Query = Sequence[tuple[str, Any]]


class HubSpotTransport:
    """Sends for one account; build one and keep it."""

    def __init__(self, settings: HubSpotSettings) -> None:
        self.settings = settings
        self.limiter = RateLimiter("hubspot", settings.quota_reserve, settings.patience)
        self.requests = 0
        self.server_now: datetime | None = None
        # Attempts are made here, where the refusal can be read, so the client makes none. It has
        # the same way of sending in each of its parts; this is the one that is quickest to load.
        client = HubSpot(access_token=settings.access_token, host=settings.url, retry=False)
        self.api = client.crm.owners.owners_api.api_client
        send_queries_as_they_are(self.api.rest_client.pool_manager)

    def get(self, endpoint: str, query: Query = (), **parts: str) -> dict[str, Any]:
        """Ask for something."""
        return self.call("GET", endpoint, query, None, parts)

    def post(
        self, endpoint: str, body: Mapping[str, Any], query: Query = (), **parts: str
    ) -> dict[str, Any]:
        """Ask for something by a body."""
        return self.call("POST", endpoint, query, body, parts)

    def call(
        self,
        method: str,
        endpoint: str,
        query: Query,
        body: Mapping[str, Any] | None,
        parts: Mapping[str, str],
    ) -> dict[str, Any]:
        """Send until there is an answer to work with; raise our own errors only."""
        failure: ConnectorError = Unreachable(f"{self.settings.url} does not answer")
        has_doubted = False
        for attempt in range(1, self.settings.patience.attempts + 1):
            self.limiter.wait(search=endpoint == "search")
            try:
                status, headers, data = self.send_once(
                    method, path_of(endpoint, self.settings.api_version, **parts), query, body
                )
            except (urllib3.exceptions.HTTPError, OSError) as error:
                failure = Unreachable(
                    f"{self.settings.url} does not answer ({type(error).__name__})",
                    remedy="Check HUBSPOT_URL and the network",
                )
                self.limiter.pause(attempt)
                continue
            self.server_now = server_time(headers.get("Date")) or self.server_now
            answer = parsed(data)
            if 200 <= status < 300 and is_answer(answer):
                self.limiter.observe(headers)
                return answer
            failure = refusal(status, answer, endpoint)
            if status == 429:
                policy = str(answer.get("policyName", "")) if isinstance(answer, dict) else ""
                self.limiter.after_429(headers, policy, attempt)
            elif status in AGAIN or 200 <= status < 300:
                self.limiter.pause(attempt)
            elif status == 401 and not has_doubted:
                # One stray 401 is known to happen; a second one is the truth.
                has_doubted = True
            else:
                break
        raise failure

    def send_once(
        self, method: str, path: str, query: Query, body: Mapping[str, Any] | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send through the vendor's client and read the whole answer, whatever it is."""
        self.requests += 1
        try:
            response = self.api.call_api(
                path,
                method,
                header_params={"Accept": "application/json", QUERY: asked(query)},
                body=body,
                auth_settings=["oauth2"],
                _preload_content=False,
                _request_timeout=self.settings.timeouts.pair,
            )
        except ApiException as error:
            text = error.body or ""
            data = text.encode() if isinstance(text, str) else text
            return int(error.status or 0), error.headers or {}, data
        except UnicodeDecodeError:
            # The client insists on reading a refusal as text.
            return 502, {}, b""
        try:
            return int(response.status), response.headers, response.read()
        finally:
            response.release_conn()


def asked(query: Query) -> str:
    """Return a query as it ends an address."""
    return f"?{'&'.join(encoded(*part) for part in query)}" if query else ""


@lru_cache(maxsize=64)
def encoded(name: str, value: Any) -> str:
    """Encode one parameter. The same thousands of property names are asked for page after page."""
    return urlencode([(name, value)], safe=",")


def parsed(data: bytes) -> Any:
    """Return an answer's JSON, None when it is none."""
    try:
        return json_text.loads(data)
    except orjson.JSONDecodeError:
        return None


def is_answer(answer: Any) -> bool:
    """Whether it is what was asked for: an error may come with a good status.

    So may errors of single records of a batch, of which only "there is none" is an answer.
    """
    if not isinstance(answer, dict) or (answer.get("status") == "error" and "category" in answer):
        return False
    parts = answer.get("errors") or []
    return all(one.get("category", "OBJECT_NOT_FOUND") in FOUND_NOTHING for one in parts)


def refusal(status: int, answer: Any, endpoint: str) -> ConnectorError:
    """Turn a refusal into an error that says what to do."""
    told = answer if isinstance(answer, dict) else {}
    about: dict[str, Any] = {
        "status": status,
        "code": told.get("category") or told.get("errorType") or "",
        "request_id": told.get("correlationId", ""),
    }
    if 200 <= status < 300:
        return UnreadableAnswer(
            f"the answer of {endpoint} is not JSON, is cut, or is an error in disguise",
            remedy="Often a login page or a proxy: check HUBSPOT_URL",
            **about,
        )
    if status in AGAIN:
        return Unreachable(
            "HubSpot answers with errors",
            remedy="Run again later; status.hubspot.com tells about incidents",
            **about,
        )
    if status in (401, WRONG_FORM):
        return WrongCredentials(
            "HubSpot does not accept the token",
            remedy="Check HUBSPOT_ACCESS_TOKEN: the token of a private app, not revoked",
            **about,
        )
    if status == 403:
        return NotPermitted(f"the token may not read {endpoint}", **about)
    if status == 404 and about["code"] in FOUND_NOTHING:
        return Missing(f"HubSpot knows no such {endpoint}", **about)
    if status in (404, 410):
        return RefusedRequest(
            f"HubSpot has no such path any more ({endpoint})",
            remedy="Set HUBSPOT_API_VERSION to another version, see docs/connect.md",
            **about,
        )
    return RefusedRequest(
        f"HubSpot refuses the request ({endpoint})",
        remedy="Run again; if it stays, report it with this line",
        **about,
    )
