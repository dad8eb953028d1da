"""Every request to Salesforce passes here: address, session, pace, attempts, errors.

`simple-salesforce` has no timeouts, attempts or back-off, always speaks https and puts bodies into
its exceptions. Mounted under it, this adapter adds the former and lets no body out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
from requests.adapters import HTTPAdapter

from connectors import json_text
from connectors.errors import (
    ConnectorError,
    NotPermitted,
    QuotaExhausted,
    RefusedRequest,
    Unreachable,
    UnreadableAnswer,
    WrongCredentials,
)
from connectors.rate_limit import RateLimiter, number, server_time
from connectors.settings import SalesforceSettings

TOKEN_PATH = "/services/oauth2/token"
NOT_PERMITTED = frozenset(
    {
        "INVALID_TYPE",
        "INVALID_TYPE_FOR_OPERATION",
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "FUNCTIONALITY_NOT_ENABLED",
        "NOT_FOUND",
    }
)
QUOTA = frozenset({"REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."})
# Sharing is worked out record by record for a user who may not see all, up to a limit.
TOO_LARGE = "OPERATION_TOO_LARGE"
# 406 and 420 are the edge's, of moments in which it has no room.
AGAIN = frozenset({406, 408, 420, 429, 500, 502, 503, 504})
# Too many requests at once have the code of the daily quota, and other words.
AT_ONCE = "ConcurrentRequests"


def error_of(response: requests.Response) -> tuple[str, str]:
    """Return error code and request id of a refusal, nothing else of it."""
    code = ""
    try:
        told: Any = orjson.loads(response.content)
        first = told[0] if isinstance(told, list) and told else told
        if isinstance(first, dict):
            code = str(first.get("errorCode") or first.get("error") or "")
            if code in QUOTA and str(first.get("message", "")).startswith(AT_ONCE):
                code = AT_ONCE
    except orjson.JSONDecodeError:
        code = ""
    return code, response.headers.get("X-Request-Id", "")


class SalesforceTransport(HTTPAdapter):
    """Sends for one session of one org."""

    def __init__(self, settings: SalesforceSettings, limiter: RateLimiter) -> None:
        super().__init__(pool_maxsize=4, max_retries=0)
        self.settings, self.limiter = settings, limiter
        self.requests = 0
        self.server_now: datetime | None = None
        self.token = ""
        self.log_in: Callable[[], None] | None = None
        host = urlsplit(settings.url).hostname or ""
        # A local server, or a gateway: whatever the client believes, requests go there.
        self.send_to = None if host.endswith(".salesforce.com") else settings.url

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send until there is an answer to work with; raise our own errors only."""
        is_login = urlsplit(str(request.url)).path.endswith(TOKEN_PATH)
        if self.send_to:
            parts = urlsplit(str(request.url))
            request.url = self.send_to + parts.path + (f"?{parts.query}" if parts.query else "")
        failure: ConnectorError = Unreachable(f"{self.settings.url} does not answer")
        may_renew = not is_login and self.log_in is not None
        wait: float | None = None
        for attempt in range(1, self.settings.patience.attempts + 1):
            if attempt > 1:
                self.limiter.pause(attempt - 1, wait)
            wait = None
            try:
                response = self.send_once(request, stream, verify, cert, proxies)
            except requests.RequestException as error:
                failure = Unreachable(
                    f"{self.settings.url} does not answer ({type(error).__name__})",
                    remedy="Check SALESFORCE_URL and the network",
                )
                continue
            status = response.status_code
            if status == 401 and may_renew and self.log_in:
                # Sessions expire in the middle of long readings.
                may_renew, wait = False, 0.0
                self.log_in()
                failure = self.refusal(response, is_login)
            elif status >= 300:
                failure = self.refusal(response, is_login)
                if status not in AGAIN and failure.code != AT_ONCE:
                    raise failure
                wait = number(response.headers.get("Retry-After"))
            elif not stream and is_no_json(response):
                failure = UnreadableAnswer(
                    "the answer is not JSON, is cut, or is an error in disguise",
                    status=status,
                    remedy="Often a login page or a proxy: check SALESFORCE_URL",
                )
            else:
                self.limiter.observe(response.headers)
                return response
        raise failure

    def send_once(
        self, request: requests.PreparedRequest, stream: bool, verify: Any, cert: Any, proxies: Any
    ) -> requests.Response:
        """Send under the current session and read the answer whole, unless it is a download."""
        if self.token and not str(request.url).endswith(TOKEN_PATH):
            request.headers["Authorization"] = f"Bearer {self.token}"
        self.limiter.wait()
        self.requests += 1
        response = super().send(request, True, self.settings.timeouts.pair, verify, cert, proxies)
        if not stream or response.status_code >= 300:
            _ = response.content
        self.server_now = server_time(response.headers.get("Date")) or self.server_now
        return response

    def refusal(self, response: requests.Response, is_login: bool) -> ConnectorError:
        """Turn a refusal into an error that says what to do."""
        status = response.status_code
        code, request_id = error_of(response)
        about: dict[str, Any] = {"status": status, "code": code, "request_id": request_id}
        if code in QUOTA:
            spent = self.limiter.exhausted(response.headers, "the daily quota is used up")
            return QuotaExhausted(
                spent.problem, remedy=spent.remedy, resume_at=spent.resume_at, **about
            )
        if status in AGAIN or code == AT_ONCE:
            return Unreachable(
                "Salesforce answers with errors",
                remedy="Run again later; status.salesforce.com tells about incidents",
                **about,
            )
        if is_login or status == 401:
            return WrongCredentials(
                "Salesforce does not accept the credentials",
                remedy="Check SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET (or "
                "SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY), and that the External Client "
                "App allows this flow and has a run-as user",
                **about,
            )
        if code in NOT_PERMITTED or (status == 404 and not code):
            return NotPermitted("the credentials may not read this object", **about)
        if code == TOO_LARGE:
            return RefusedRequest(
                "the run-as user may not see all records that these belong to",
                remedy="Give it the permission View All Data: Task and Event have none of their "
                "own, see docs/connect.md",
                **about,
            )
        return RefusedRequest(
            "Salesforce refuses the request",
            remedy="Run again; if it stays, report it with this line",
            **about,
        )


def is_no_json(response: requests.Response) -> bool:
    """Whether an answer that should be JSON cannot be."""
    if response.status_code == 204 or "text/csv" in response.headers.get("Content-Type", ""):
        return False
    try:
        told = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        # The client reads the answer anew, and would pass half of a character on.
        response._content = json_text.whole_characters(response.content)
        try:
            told = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            return True
    # An error may come with a good status.
    return isinstance(told, list) and bool(told) and "errorCode" in (told[0] or {})
