"""Reads SOQL text into a `soql.Query`. What a query means is `salesforce_query`'s part."""

from __future__ import annotations

import re
from typing import Any

from connectors.sandbox.soql import (
    Aggregate,
    Comparison,
    Condition,
    Junction,
    Literal,
    Order,
    Query,
    SoqlError,
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|\\.)*')
    | (?P<datetime>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))
    | (?P<date>\d{4}-\d{2}-\d{2}(?![\dT]))
    | (?P<number>[-+]?\d+(?:\.\d+)?(?![\w-]))
    | (?P<symbol><=|>=|!=|<>|=|<|>|\(|\)|,)
    | (?P<word>[A-Za-z_][\w.]*(?::\d+)?)
    )""",
    re.VERBOSE,
)
_AGGREGATES = frozenset(["COUNT", "COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG"])
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def parse(text: str) -> Query:
    """Parse one SELECT. Raises SoqlError saying where it fails."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip().rstrip(";").rstrip())
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None:
                raise SoqlError(f"unexpected token: '{text[position : position + 20].strip()}'")
            kind = str(found.lastgroup)
            self._tokens.append((kind, found.group(kind)))
            position = found.end()
        self._at = 0

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ("end", "<EOF>")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _is(self, *words: str) -> bool:
        for ahead, word in enumerate(words):
            if self._peek(ahead)[1].upper() != word or self._peek(ahead)[0] == "text":
                return False
        return True

    def _skip(self, *words: str) -> bool:
        if self._is(*words):
            self._at += len(words)
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._skip(word):
            raise SoqlError(f"unexpected token: '{self._peek()[1]}', expecting {word}")

    def _word(self) -> str:
        kind, value = self._next()
        if kind != "word":
            raise SoqlError(f"unexpected token: '{value}'")
        return value

    def _number(self) -> int:
        kind, value = self._next()
        if kind != "number" or not value.isdigit():
            raise SoqlError(f"unexpected token: '{value}', expecting a number")
        return int(value)

    def query(self) -> Query:
        self._expect("SELECT")
        fields: list[str] = []
        aggregates: list[Aggregate] = []
        while True:
            self._column(fields, aggregates)
            if not self._skip(","):
                break
        self._expect("FROM")
        obj = self._word()
        if self._peek()[0] == "word" and not any(
            map(self._is, ("WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP", "FOR", "ALL", "WITH"))
        ):
            self._next()  # an alias of the object
        where = self._any() if self._skip("WHERE") else None
        group_by: list[str] = []
        if self._skip("GROUP", "BY"):
            group_by = self._words()
        order_by = self._orders() if self._skip("ORDER", "BY") else []
        limit = self._number() if self._skip("LIMIT") else None
        offset = self._number() if self._skip("OFFSET") else 0
        if self._skip("FOR"):
            self._word()
        self._skip("ALL", "ROWS")
        if self._peek()[0] != "end":
            raise SoqlError(f"unexpected token: '{self._peek()[1]}'")
        return Query(
            tuple(fields),
            tuple(aggregates),
            obj,
            where,
            tuple(group_by),
            tuple(order_by),
            limit,
            offset,
        )

    def _column(self, fields: list[str], aggregates: list[Aggregate]) -> None:
        if self._is("("):
            raise SoqlError("child subqueries are not supported by this server")
        name = self._word()
        if not self._skip("("):
            fields.append(name)
            return
        function = name.upper()
        inner = "" if self._is(")") else self._word()
        self._expect(")")
        if function == "FIELDS":
            fields.append(f"FIELDS({inner.upper()})")
        elif function in _AGGREGATES:
            has_alias = self._peek()[0] == "word" and not self._is("FROM")
            alias = self._word() if has_alias else f"expr{len(aggregates)}"
            aggregates.append(Aggregate(function, inner, alias))
        else:
            raise SoqlError(f"unexpected function: '{name}'")

    def _words(self) -> list[str]:
        words = [self._word()]
        while self._skip(","):
            words.append(self._word())
        return words

    def _orders(self) -> list[Order]:
        orders = []
        while True:
            field = self._word()
            descending = self._skip("DESC")
            if not descending:
                self._skip("ASC")
            nulls_last = descending
            if self._skip("NULLS"):
                nulls_last = self._word().upper() == "LAST"
            orders.append(Order(field, descending, nulls_last))
            if not self._skip(","):
                return orders

    def _any(self) -> Condition:
        return self._joined("OR", self._all)

    def _all(self) -> Condition:
        return self._joined("AND", self._single)

    def _joined(self, word: str, part: Any) -> Condition:
        parts = [part()]
        while self._skip(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))

    def _single(self) -> Condition:
        if self._skip("NOT"):
            return Junction("NOT", (self._single(),))
        if self._skip("("):
            inner = self._any()
            self._expect(")")
            return inner
        field = self._word()
        if self._skip("NOT", "IN"):
            return Comparison(field, "NOT IN", self._list())
        if self._skip("IN"):
            return Comparison(field, "IN", self._list())
        if self._skip("LIKE"):
            return Comparison(field, "LIKE", (self._literal(),))
        kind, operator = self._next()
        if kind != "symbol" or operator in "(),":
            raise SoqlError(f"unexpected token: '{operator}'")
        return Comparison(field, "!=" if operator == "<>" else operator, (self._literal(),))

    def _list(self) -> tuple[Literal, ...]:
        self._expect("(")
        values = [self._literal()]
        while self._skip(","):
            values.append(self._literal())
        self._expect(")")
        return tuple(values)

    def _literal(self) -> Literal:
        kind, value = self._next()
        if kind == "text":
            inner = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), value[1:-1])
            return Literal("text", inner)
        if kind in ("datetime", "date"):
            return Literal(kind, value)
        if kind == "number":
            return Literal("number", float(value))
        if kind == "word":
            upper = value.upper()
            if upper in ("TRUE", "FALSE"):
                return Literal("boolean", upper == "TRUE")
            if upper == "NULL":
                return Literal("null", None)
            if re.fullmatch(r"[A-Z_]+(:\d+)?", upper):
                return Literal("relative", upper)
        raise SoqlError(f"unexpected token: '{value}'")
