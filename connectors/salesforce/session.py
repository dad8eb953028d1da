"""Log in to Salesforce and give `simple-salesforce` a session that is safe to work with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
from jwt import PyJWTError
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceError
from simple_salesforce.login import SalesforceLogin

from connectors.errors import UnreadableAnswer, WrongCredentials, WrongSettings, harmless
from connectors.rate_limit import RateLimiter
from connectors.salesforce.transport import SalesforceTransport
from connectors.settings import LOOPBACK, SalesforceSettings


class SalesforceSession:
    """One login, renewed when it expires."""

    def __init__(self, settings: SalesforceSettings) -> None:
        self.settings = settings
        limiter = RateLimiter("salesforce", settings.quota_reserve, settings.patience)
        self.transport = SalesforceTransport(settings, limiter)
        self.http = requests.Session()
        self.host = urlsplit(settings.url).hostname or ""
        self.http.trust_env = self.host not in LOOPBACK
        self.http.mount("https://", self.transport)
        self.instance = ""

    def log_in(self) -> None:
        """Get a token by client credentials, or by a signed assertion."""
        settings, domain = self.settings, self.host.removesuffix(".salesforce.com")
        is_sandbox = any(kind in self.host for kind in (".sandbox.", ".scratch."))
        flow: dict[str, Any] = {"consumer_key": settings.client_id}
        if settings.private_key:
            # The assertion names the login service; the token is asked of the org itself.
            flow["username"] = settings.username
            flow["privatekey"] = settings.private_key
            flow["domain"] = "test" if is_sandbox else "login"
            flow["instance_url"] = domain
        else:
            flow["consumer_secret"] = settings.client_secret
            flow["domain"] = domain
        try:
            token, self.instance = SalesforceLogin(session=self.http, **flow)
        except (SalesforceError, PyJWTError, ValueError, TypeError, AttributeError) as error:
            raise WrongCredentials(
                f"Salesforce login failed ({type(error).__name__})",
                remedy="Check SALESFORCE_CLIENT_ID and its secret or private key",
            ) from None
        if not token or not self.instance:
            raise UnreadableAnswer(
                "Salesforce's login answer has no token", remedy="Check SALESFORCE_URL"
            )
        self.transport.token = token
        self.transport.log_in = self.log_in

    def check_version(self) -> None:
        """Refuse a version that the org does not offer: asked by it, no object would be there."""
        answer = self.http.get(f"https://{self.instance}/services/data")
        offered = [str(one.get("version")) for one in answer.json() if isinstance(one, dict)]
        if offered and self.settings.api_version not in offered:
            raise WrongSettings(
                f"Salesforce does not offer version {self.settings.api_version} of its API "
                f"(the newest is {harmless(offered[-1])})",
                source="salesforce",
                remedy="Set SALESFORCE_API_VERSION to one that it offers",
            )

    def client(self) -> Salesforce:
        """The vendor's client on this session; numbers keep the text they came in."""
        return Salesforce(
            session_id=self.transport.token,
            instance_url=f"https://{self.instance}",
            session=self.http,
            version=self.settings.api_version,
            object_pairs_hook=None,
            parse_float=str,
        )
