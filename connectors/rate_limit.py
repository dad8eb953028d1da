"""How fast to ask: what vendors' headers and refusals say, obeyed at one place.

Belongs here: waiting, and knowing when waiting no longer helps. Not here: sending requests.
"""

from __future__ import annotations

import random
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from connectors.errors import QuotaExhausted
from connectors.settings import Patience

# HubSpot allows 5 searches a second in an account, and says so in no header.
SEARCHES_PER_SECOND = 5
# What to wait after the first 429 that does not say, per HubSpot policy; others of the account
# share its limits, so each further one waits longer.
POLICY_WAIT = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}
SALESFORCE_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")


def server_time(date_header: str | None) -> datetime | None:
    """Return a `Date` header as naive UTC."""
    if not date_header:
        return None
    try:
        moment = parsedate_to_datetime(date_header)
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def number(text: str | None) -> float | None:
    """Return a header's number, None when it has none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


class RateLimiter:
    """The pace of one vendor's requests."""

    def __init__(
        self,
        source: str,
        reserve: float,
        patience: Patience,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source, self.reserve, self.patience = source, reserve, patience
        self._sleep, self._clock = sleep, clock
        self._not_before = 0.0
        # What the vendor has told so far: requests a day, those left, requests a second.
        self.day_limit: int | None = None
        self.day_left: int | None = None
        self.pace: float | None = None
        self._searches: deque[float] = deque(maxlen=SEARCHES_PER_SECOND)

    def wait(self, *, search: bool = False) -> None:
        """Wait until a request may be sent."""
        now = self._clock()
        until = self._not_before
        if search and len(self._searches) == SEARCHES_PER_SECOND:
            until = max(until, self._searches[0] + 1.0)
        if until > now:
            self._sleep(until - now)
        if search:
            self._searches.append(max(now, until))

    def pause(self, attempt: int, retry_after: float | None = None) -> None:
        """Wait after a failed attempt: what the vendor says, else longer each time."""
        if retry_after is None:
            retry_after = self.patience.wait(attempt) * random.uniform(0.5, 1.0)
        self._sleep(min(retry_after, self.patience.longest))

    def after_429(self, headers: Mapping[str, str], policy: str, attempt: int) -> None:
        """Wait as a refusal says; raise when only another day helps."""
        if policy == "DAILY":
            raise self.exhausted(headers, "the daily quota is used up")
        said = number(headers.get("Retry-After"))
        if said is None and policy in POLICY_WAIT:
            said = POLICY_WAIT[policy] * attempt * random.uniform(1.0, 1.5)
        self.pause(attempt, said)

    def observe(self, headers: Mapping[str, str]) -> None:
        """Learn from an answer; raise when only the share of other users is left."""
        usage = SALESFORCE_USAGE.search(headers.get("Sforce-Limit-Info", ""))
        if usage:
            used, allowed = int(usage[1]), int(usage[2])
            self.day_limit, self.day_left = allowed, allowed - used
            if used > allowed * (1 - self.reserve):
                raise self.exhausted(headers, f"{used:,} of {allowed:,} daily requests are used")
        left = number(headers.get("X-HubSpot-RateLimit-Daily-Remaining"))
        day = number(headers.get("X-HubSpot-RateLimit-Daily"))
        if left is not None and day:
            self.day_limit, self.day_left = int(day), int(left)
        if left is not None and day and left < day * self.reserve:
            raise self.exhausted(headers, f"{left:,.0f} of {day:,.0f} daily requests are left")
        most = number(headers.get("X-HubSpot-RateLimit-Max"))
        interval = number(headers.get("X-HubSpot-RateLimit-Interval-Milliseconds")) or 10_000
        if most:
            self.pace = most / interval * 1000
        remaining = number(headers.get("X-HubSpot-RateLimit-Remaining"))
        if remaining is not None and remaining < 1:
            # The window rolls: a tenth of it makes room for some requests.
            self._not_before = self._clock() + interval / 1000 / 10

    def exhausted(self, headers: Mapping[str, str], problem: str) -> QuotaExhausted:
        """Say when the vendor will answer again."""
        now = server_time(headers.get("Date")) or datetime.now(UTC).replace(tzinfo=None)
        if self.source == "salesforce":
            # The limit counts the last 24 hours, so it frees itself little by little.
            resume, rule = now + timedelta(hours=1), "The limit counts the last 24 hours"
        else:
            resume = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
            rule = "The quota starts anew at midnight of the account's time zone"
        return QuotaExhausted(
            problem,
            source=self.source,
            resume_at=resume,
            remedy=f"{rule}; {self.reserve:.0%} of it is left to other users. What was read is "
            "kept, and the next run continues",
        )
