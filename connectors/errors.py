"""Every way in which reading a source can fail, in words that name the thing and the remedy.

The vendors' clients put whole response bodies, and sometimes credentials, into their exceptions.
None of that passes: our errors carry status, error code, request id and remedy only.
"""

from __future__ import annotations

import re
from datetime import datetime

# Codes and ids come from the network too: only what looks like one is repeated.
_HARMLESS = re.compile(r"[A-Za-z0-9_.:\-]{1,80}")


def harmless(value: object) -> str:
    """Return a vendor's code or id if it looks like one, else nothing."""
    text = str(value or "")
    return text if _HARMLESS.fullmatch(text) else ""


class ConnectorError(Exception):
    """A reading failed. `problem` says what, `remedy` what to do."""

    kind = "failed"

    def __init__(
        self,
        problem: str,
        *,
        remedy: str = "",
        source: str = "",
        stream: str = "",
        status: int | None = None,
        code: object = "",
        request_id: object = "",
        resume_at: datetime | None = None,
    ) -> None:
        self.problem = problem
        self.remedy = remedy
        self.source = source
        self.stream = stream
        self.status = status
        self.code = harmless(code)
        self.request_id = harmless(request_id)
        self.resume_at = resume_at
        super().__init__(problem)

    def about(self, source: str, stream: str) -> ConnectorError:
        """Name where it happened, unless that is known already."""
        self.source = self.source or source
        self.stream = self.stream or stream
        return self

    def __str__(self) -> str:
        place = "/".join(part for part in (self.source, self.stream) if part)
        facts = [
            f"HTTP {self.status}" if self.status else "",
            self.code,
            f"request {self.request_id}" if self.request_id else "",
        ]
        told = ", ".join(fact for fact in facts if fact)
        text = f"{place}: {self.problem}" if place else self.problem
        if told:
            text += f" ({told})"
        if self.resume_at:
            text += f". Resume after {self.resume_at:%Y-%m-%d %H:%M} UTC"
        return f"{text}. {self.remedy}" if self.remedy else text


class WrongSettings(ConnectorError):
    """A setting is missing or makes no sense."""

    kind = "settings"


class WrongCredentials(ConnectorError):
    """The vendor does not accept the credentials."""

    kind = "credentials"


class NotPermitted(ConnectorError):
    """The credentials are right, but may not read this object. The rest goes on."""

    kind = "not_permitted"


class Missing(ConnectorError):
    """One thing that was asked for by id is not there (any more)."""

    kind = "missing"


class QuotaExhausted(ConnectorError):
    """The vendor, or our own reserve for other users, allows no further requests for now."""

    kind = "quota"


class Unreachable(ConnectorError):
    """No answer, or only server errors, after all attempts."""

    kind = "unreachable"


class UnreadableAnswer(ConnectorError):
    """An answer that is cut, is no JSON, or does not add up."""

    kind = "answer"


class RefusedRequest(ConnectorError):
    """The vendor understood the request and refuses it."""

    kind = "refused"


class SessionExpired(ConnectorError):
    """The session ended; a new login usually helps."""

    kind = "session"


class JobFailed(ConnectorError):
    """A bulk job failed."""

    kind = "job"


class JobUnfinished(JobFailed):
    """A bulk job takes longer than a run waits; it goes on at the vendor, for the next run."""


class SuddenShrink(ConnectorError):
    """A full reading has far fewer records than are known: more likely a fault than the truth."""

    kind = "shrink"


class LandingDamaged(ConnectorError):
    """Files of the landing are missing or are not what their manifest says."""

    kind = "landing"
