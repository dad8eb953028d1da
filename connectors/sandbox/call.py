"""One request to the local CRM, its answer, and the table that leads from one to the other.

Vendor-neutral: paths, bodies and error shapes of a vendor belong to its own modules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from connectors.sandbox.app import Sandbox

JSON = "application/json;charset=UTF-8"


@dataclass
class Call:
    """A request. `subject` is the object it is about, for the request counts."""

    sandbox: Sandbox
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    base_url: str
    subject: str = ""
    version: str = ""

    def one(self, name: str, default: str = "") -> str:
        """First value of a query parameter."""
        values = self.query.get(name)
        return values[0] if values else default

    def many(self, name: str) -> list[str]:
        """All values of a parameter that may be repeated or comma-joined."""
        return [
            part.strip()
            for value in self.query.get(name, ())
            for part in value.split(",")
            if part.strip()
        ]

    def flag(self, name: str) -> bool:
        """Whether a query parameter says true."""
        return self.one(name).lower() == "true"


@dataclass
class Delivery:
    """How the bytes of an answer reach the client when a fault disturbs them."""

    cut_at: int | None = None
    chunk: int | None = None
    pause: float = 0.0


@dataclass
class Answer:
    """A response, not yet sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = JSON
    delivery: Delivery | None = None


def answer_json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Return an answer with a JSON body."""
    return Answer(status, orjson.dumps(content), headers or {})


class ApiProblem(Exception):
    """An error in the vendor's own shape, raised anywhere while answering."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__(status)
        self.status = status
        self.content = content

    def answer(self) -> Answer:
        """Return the response that says so."""
        return answer_json(self.content, self.status)


Answering = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """`GET /crm/objects/{obj}` leads to a function; `family` is its name in the request counts."""

    method: str
    template: str
    family: str
    answering: Answering

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return the template as a regular expression, one group a placeholder."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template))


class RouteTable:
    """Finds the route of a request."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._by_length: dict[tuple[str, int], list[tuple[re.Pattern[str], Route]]] = {}
        for route in routes:
            key = (route.method, route.template.count("/"))
            self._by_length.setdefault(key, []).append((route.pattern, route))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the first route that matches, with the values of its placeholders."""
        for pattern, route in self._by_length.get((method, path.count("/")), ()):
            found = pattern.fullmatch(path)
            if found:
                return route, found.groupdict()
        return None
