"""How large the sources are, and what a first load would cost: requests, time, share of the day.

Counts are asked for, one request an object; the rest is arithmetic over the page sizes that the
connectors use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from connectors.errors import ConnectorError
from connectors.hubspot import crm_objects, history, records
from connectors.hubspot.associations import BATCH as EDGES_A_REQUEST
from connectors.hubspot.connector import HubSpotConnector
from connectors.hubspot.streams import CRM_OBJECT
from connectors.rate_limit import RateLimiter
from connectors.salesforce import bulk
from connectors.salesforce.connector import BULK_FROM, SalesforceConnector

SALESFORCE_PAGE = 2_000
# Describe, the first page, and what a bulk job needs besides its pages.
JOB_REQUESTS = 5
# Where the vendor states no pace: requests a second that answers of this size take.
USUAL_PACE = 4.0
ROWS_A_SECOND = 20_000


@dataclass(frozen=True)
class Estimate:
    """A first load of one source."""

    records: Mapping[str, int]
    requests: int
    seconds: float
    day_limit: int | None
    day_left: int | None

    def words(self) -> str:
        """As a person reads it."""
        total = sum(self.records.values())
        text = f"a first load of {total:,} records takes about {self.requests:,} requests"
        if self.day_limit:
            text += f" ({self.requests / self.day_limit:.1%} of {self.day_limit:,} a day)"
        return f"{text} and {duration(self.seconds)}"


def duration(seconds: float) -> str:
    """A rough length of time."""
    if seconds < 90:
        return "about a minute"
    if seconds < 90 * 60:
        return f"about {seconds / 60:.0f} minutes"
    return f"about {seconds / 3600:.1f} hours"


def of_salesforce(connector: SalesforceConnector) -> Estimate:
    """Count every object that may be read."""
    counts: dict[str, int] = {}
    requests = 2
    for stream in connector.streams:
        try:
            found = connector.opened().query(f"SELECT COUNT() FROM {stream.name}")
        except ConnectorError:
            continue
        count = counts[stream.name] = int(found["totalSize"])
        requests += JOB_REQUESTS + ceil(count / bulk.PAGE_ROWS) if count > BULK_FROM else 2
    return estimate(counts, requests, connector.session.transport.limiter)


def of_hubspot(connector: HubSpotConnector) -> Estimate:
    """Ask the search for the size of every object that may be read."""
    counts: dict[str, int] = {}
    requests = 20
    for name in connector.objects.crm:
        body = {"limit": 1, "properties": ["hs_object_id"], "filterGroups": []}
        try:
            counts[name] = int(connector.transport.post("search", body, type=name)["total"])
            names = [one["name"] for one in connector.objects.schema(name)]
        except ConnectorError:
            continue
        chunks = len(records.name_chunks(names))
        requests += 2 + ceil(counts[name] / crm_objects.LIST_PAGE) * chunks
        if name in CRM_OBJECT and CRM_OBJECT[name].history:
            requests += 2 + ceil(counts[name] / history.BATCH)
    for left, _ in connector.objects.pairs:
        requests += ceil(counts.get(left, 0) / EDGES_A_REQUEST)
    return estimate(counts, requests, connector.transport.limiter)


def estimate(counts: Mapping[str, int], requests: int, limiter: RateLimiter) -> Estimate:
    """Put sizes, pace and quota together."""
    seconds = requests / (limiter.pace or USUAL_PACE) + sum(counts.values()) / ROWS_A_SECOND
    return Estimate(counts, requests, seconds, limiter.day_limit, limiter.day_left)
