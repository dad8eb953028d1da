"""What a SOQL statement says: the parts of a `Query`. `soql_parser` reads them from text.

Covered: columns, relationship columns, COUNT() and other aggregates with GROUP BY, FIELDS(…),
WHERE with AND/OR/NOT, comparisons, IN, LIKE, date literals, ORDER BY, LIMIT, OFFSET.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class SoqlError(ValueError):
    """The text is no SOQL that this server understands."""


@dataclass(frozen=True)
class Literal:
    """A value in a condition; kind is text, datetime, date, number, boolean, null or relative."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Comparison:
    """`Field operator value`; the operator in upper case, several values for IN."""

    field: str
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True)
class Junction:
    """AND, OR or NOT over conditions."""

    word: str
    parts: tuple[Condition, ...]


Condition = Comparison | Junction


@dataclass(frozen=True)
class Aggregate:
    """`COUNT(Id) alias`; an empty field is COUNT()."""

    function: str
    field: str
    alias: str


@dataclass(frozen=True)
class Order:
    """One key of ORDER BY."""

    field: str
    is_descending: bool
    nulls_last: bool


@dataclass(frozen=True)
class Query:
    """One parsed SELECT."""

    fields: tuple[str, ...]
    aggregates: tuple[Aggregate, ...]
    obj: str
    where: Condition | None
    group_by: tuple[str, ...]
    order_by: tuple[Order, ...]
    limit: int | None
    offset: int

    @property
    def is_count(self) -> bool:
        """True for `SELECT COUNT() FROM …`."""
        return len(self.aggregates) == 1 and not self.aggregates[0].field and not self.fields
