"""What a connector needs to be told. The environment is read elsewhere (`onefunnel/config.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from connectors.errors import WrongSettings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def checked_url(url: str, field_name: str) -> str:
    """Return the URL without a trailing slash; refuse what would send a secret in the clear."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongSettings(
            f"{field_name} is not a web address",
            remedy=f"set {field_name} to something like https://yourcompany.my.salesforce.com",
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise WrongSettings(
            f"{field_name} uses http to another machine, which would show the credentials",
            remedy=f"use https in {field_name}; http is accepted for 127.0.0.1 only",
        )
    return url.rstrip("/")


def checked_names(names: tuple[str, ...], field_name: str) -> None:
    """Refuse what cannot be the name of an object: it becomes a folder and part of a query."""
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", name):
            raise WrongSettings(
                f"{field_name} names {name!r}, which is no object",
                remedy="write API names separated by commas, like Contract,Renewal__c",
            )


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait for a connection, and for the next bytes of an answer."""

    connect: float = 10.0
    read: float = 120.0
    # A bulk job that has not ended by then is left to the next run.
    job: float = 3600.0

    @property
    def pair(self) -> tuple[float, float]:
        """In the shape that HTTP libraries take."""
        return (self.connect, self.read)


@dataclass(frozen=True)
class Schedule:
    """How often to look for what moves no stamp, on the source's clock."""

    # Everything anew: formula and calculated fields, rollups.
    full_pass: timedelta = timedelta(days=28)
    # Ids only: purged records.
    sweep: timedelta = timedelta(days=7)
    # HubSpot: edges between records, members of lists; what was archived and restored.
    associations: timedelta = timedelta(days=7)
    archived: timedelta = timedelta(days=1)


@dataclass(frozen=True)
class Patience:
    """How often to ask again when a server stumbles, and how long to wait in between."""

    attempts: int = 6
    first: float = 0.5
    longest: float = 60.0

    def wait(self, attempt: int) -> float:
        """Seconds to wait after the n-th failed attempt."""
        return min(self.first * 2 ** (attempt - 1), self.longest)


@dataclass(frozen=True)
class SalesforceSettings:
    """Client credentials (id and secret), or JWT (id, username and private key)."""

    url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    username: str = ""
    private_key: str = field(default="", repr=False)
    api_version: str = "67.0"
    # Share of the daily requests that is left to other users of the org.
    quota_reserve: float = 0.1
    # Objects to read besides those that we know, custom ones for example.
    extra_objects: tuple[str, ...] = ()
    schedule: Schedule = Schedule()
    timeouts: Timeouts = Timeouts()
    patience: Patience = Patience()

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", checked_url(self.url, "SALESFORCE_URL"))
        checked_names(self.extra_objects, "SALESFORCE_OBJECTS")
        if not self.client_id:
            raise WrongSettings(
                "SALESFORCE_CLIENT_ID is empty",
                remedy="set it to the consumer key of the External Client App",
            )
        if not self.client_secret and not (self.username and self.private_key):
            raise WrongSettings(
                "Salesforce credentials are incomplete",
                remedy="set SALESFORCE_CLIENT_SECRET, or SALESFORCE_USERNAME and "
                "SALESFORCE_PRIVATE_KEY",
            )


@dataclass(frozen=True)
class HubSpotSettings:
    """The token of a private app, or a service key: both are sent in the same way."""

    access_token: str = field(repr=False)
    url: str = "https://api.hubapi.com"
    # "v3" (with v4 and v1, until 2027), or the date of the paths that replace them.
    api_version: str = "v3"
    quota_reserve: float = 0.1
    # Custom objects, by their fully qualified name or type id.
    extra_objects: tuple[str, ...] = ()
    schedule: Schedule = Schedule()
    timeouts: Timeouts = Timeouts()
    patience: Patience = Patience()

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", checked_url(self.url, "HUBSPOT_URL"))
        if self.api_version not in ("v3", "2026-09"):
            raise WrongSettings(
                f"HUBSPOT_API_VERSION is {self.api_version!r}",
                remedy="write v3 or 2026-09",
            )
        checked_names(self.extra_objects, "HUBSPOT_OBJECTS")
        if not self.access_token:
            raise WrongSettings(
                "HUBSPOT_ACCESS_TOKEN is empty",
                remedy="set it to the access token of a private app, or to a service key",
            )
