"""Runs a parsed SOQL query over the current records and shapes the rows that it selects.

Paging, locators and Bulk files are the API modules' part; SOQL text is `soql_parser`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.call import ApiProblem
from connectors.sandbox.faults import Faults
from connectors.sandbox.record_shape import Record
from connectors.sandbox.salesforce_conditions import comparable, matching
from connectors.sandbox.salesforce_describe import Catalog, problem
from connectors.sandbox.salesforce_fields import Field
from connectors.sandbox.soql import Aggregate, Order, Query, SoqlError
from connectors.sandbox.soql_parser import parse
from connectors.sandbox.timestamps import salesforce_rest

_NUMBERS = frozenset(["double", "currency", "percent"])
_MAX_OFFSET = 2000
_MAX_FIELDS_ALL = 200
TOO_COMPLICATED = (
    "Query is either selecting too many fields or the filter conditions are too complicated."
)
Value = Callable[[Record], Any]


@dataclass(frozen=True)
class Column:
    """A selected column: where its value comes from and its type."""

    path: tuple[str, ...]
    type: str
    value: Value


@dataclass(frozen=True)
class Selection:
    """What a query selected: records and columns, or finished aggregate rows."""

    obj: str
    columns: tuple[Column, ...]
    records: list[Record]
    aggregated: list[dict[str, Any]] | None = None
    count: int | None = None


def text_query(catalog: Catalog, text: str) -> Query:
    """Parse SOQL; a failure becomes the vendor's MALFORMED_QUERY."""
    try:
        return parse(text)
    except SoqlError as error:
        raise problem(400, "MALFORMED_QUERY", str(error)) from None


def run(catalog: Catalog, query: Query, *, include_deleted: bool, now_ms: int) -> Selection:
    """Select the records of a query, typed by describe."""
    obj = catalog.resolve(query.obj)
    if obj is None:
        raise problem(
            400, "INVALID_TYPE", f"sObject type '{query.obj}' is not supported. Check the name."
        )
    if query.offset > _MAX_OFFSET:
        raise problem(400, "NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset is {_MAX_OFFSET}")
    names = _expanded(catalog, obj, query)
    columns = tuple(_column(catalog, obj, name) for name in names)
    records = catalog.table(obj).records()
    if not include_deleted:
        records = [row for row in records if not row.get("IsDeleted")]
    if query.where is not None:

        def resolve(name: str) -> tuple[Field, Value]:
            return _resolved(catalog, obj, name, is_filter=True)

        keep = matching(query.where, resolve, now_ms)
        records = [row for row in records if keep(row)]
    if query.is_count:
        return Selection(obj, (), [], count=len(records))
    if query.aggregates or query.group_by:
        rows = _aggregated(catalog, obj, query, records)
        return Selection(obj, (), [], aggregated=rows[: query.limit])
    for order in reversed(query.order_by):
        records = _ordered(catalog, obj, order, records)
    end = None if query.limit is None else query.offset + query.limit
    return Selection(obj, columns, records[query.offset : end])


def is_too_complicated(faults: Faults, selection: Selection) -> bool:
    """Whether a query selects more fields than a fault says that this org can work out."""
    shown = faults.showing("too_complicated", object=selection.obj)
    return any(len(selection.columns) > int(fault.options["fields"]) for fault in shown)


def row_json(selection: Selection, record: Record, version: str) -> dict[str, Any]:
    """Return one record as the REST API answers it."""
    row: dict[str, Any] = {"attributes": _attributes(selection.obj, record, version)}
    for column in selection.columns:
        if len(column.path) == 1:
            row[column.path[0]] = column.value(record)
        else:
            _nest(row, column, record)
    return row


def _attributes(obj: str, record: Record, version: str) -> dict[str, str]:
    return {"type": obj, "url": f"/services/data/{version}/sobjects/{obj}/{record['Id']}"}


def _nest(row: dict[str, Any], column: Column, record: Record) -> None:
    value = column.value(record)
    for name in column.path[:-1]:
        if row.get(name) is None:
            row[name] = None if value is None else {"attributes": {"type": name}}
        if row[name] is None:
            return
        row = row[name]
    row[column.path[-1]] = value


def _expanded(catalog: Catalog, obj: str, query: Query) -> list[str]:
    names: list[str] = []
    for name in query.fields:
        if not name.startswith("FIELDS("):
            names.append(name)
            continue
        if query.limit is None or query.limit > _MAX_FIELDS_ALL:
            raise problem(
                400, "MALFORMED_QUERY", f"{name} must have a LIMIT of at most {_MAX_FIELDS_ALL}"
            )
        for field in catalog.fields(obj).values():
            is_custom = field.name.endswith("__c")
            if name == "FIELDS(ALL)" or is_custom == (name == "FIELDS(CUSTOM)"):
                names.append(field.name)
    return names


def _column(catalog: Catalog, obj: str, name: str) -> Column:
    field, value = _resolved(catalog, obj, name)
    path = name.split(".")
    if path[0].lower() == obj.lower() and len(path) > 1:
        path = path[1:]
    return Column((*path[:-1], field.name), field.type, value)


def _resolved(
    catalog: Catalog, obj: str, name: str, *, is_filter: bool = False
) -> tuple[Field, Value]:
    path = name.split(".")
    if path[0].lower() == obj.lower() and len(path) > 1:
        path = path[1:]
    fields = catalog.fields(obj)
    if len(path) == 1:
        field = fields.get(path[0].lower())
        if field is None:
            raise no_such_column(path[0], obj)
        if is_filter and not field.is_filterable:
            raise problem(
                400,
                "INVALID_FIELD",
                f"field '{field.name}' can not be filtered in a query call",
            )
        return field, _reader(field, fields)
    by_relationship = {
        str(field.relationship).lower(): field for field in fields.values() if field.relationship
    }
    reference = by_relationship.get(path[0].lower())
    if reference is None:
        raise problem(
            400, "INVALID_FIELD", f"Didn't understand relationship '{path[0]}' in field path."
        )
    return _followed(catalog, reference, ".".join(path[1:]))


def _followed(catalog: Catalog, reference: Field, rest: str) -> tuple[Field, Value]:
    readers: list[tuple[dict[str, Record], Value]] = []
    found: Field | None = None
    failure: ApiProblem | None = None
    for target in reference.reference_to:
        try:
            found, value = _resolved(catalog, target, rest)
        except ApiProblem as missing:
            failure = missing
            continue
        readers.append((catalog.table(target).rows, value))
    if found is None:
        raise failure or no_such_column(rest, reference.name)
    name = reference.name

    def read(record: Record) -> Any:
        for rows, value in readers:
            parent = rows.get(record.get(name) or "")
            if parent is not None:
                return value(parent)
        return None

    return found, read


def no_such_column(name: str, obj: str) -> ApiProblem:
    """Return the vendor's answer to a column that is not there (or hidden from this user)."""
    return problem(
        400,
        "INVALID_FIELD",
        f"No such column '{name}' on entity '{obj}'. If you are attempting to use a custom field, "
        "be sure to append the '__c' after the custom field name.",
    )


def _reader(field: Field, fields: dict[str, Field]) -> Value:
    name = field.name
    if field.type == "boolean":
        return lambda record: record.get(name) in (True, "true", "True", 1)
    if field.type in _NUMBERS:
        return lambda record: _number(record.get(name), float)
    if field.type == "int":
        return lambda record: _number(record.get(name), lambda value: int(float(value)))
    if field.type == "datetime":
        return lambda record: salesforce_rest(record[name]) if record.get(name) else None
    if field.type == "date":
        return lambda record: str(record[name])[:10] if record.get(name) else None
    if field.type == "address":
        return lambda record: record.get(name) or _address(name, record)
    if name == "Name" and "lastname" in fields:
        return lambda record: record.get("Name") or _full_name(record)
    return lambda record: _present(record.get(name))


def _present(value: Any) -> Any:
    return None if value == "" else value


def _number(value: Any, convert: Callable[[Any], Any]) -> Any:
    if value is None or value == "":
        return None
    try:
        return value if type(value) in (int, float) else convert(value)
    except ValueError:
        return value  # a field that was text until now still holds it


def _full_name(record: Record) -> str | None:
    return " ".join(filter(None, (record.get("FirstName"), record.get("LastName")))) or None


def _address(name: str, record: Record) -> dict[str, Any] | None:
    prefix = name.removesuffix("Address")
    parts = ("Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude")
    found = {part[0].lower() + part[1:]: record.get(prefix + part) for part in parts}
    return found if any(value not in (None, "") for value in found.values()) else None


def _ordered(catalog: Catalog, obj: str, order: Order, records: list[Record]) -> list[Record]:
    field, value = _resolved(catalog, obj, order.field, is_filter=True)
    keys = {id(row): comparable(field.type, value(row)) for row in records}
    empty = [row for row in records if keys[id(row)] is None]
    rest = [row for row in records if keys[id(row)] is not None]
    rest.sort(key=lambda row: keys[id(row)], reverse=order.is_descending)
    return rest + empty if order.nulls_last else empty + rest


def _aggregated(
    catalog: Catalog, obj: str, query: Query, records: list[Record]
) -> list[dict[str, Any]]:
    keys = [_resolved(catalog, obj, name) for name in query.group_by]
    groups: dict[tuple[Any, ...], list[Record]] = {} if keys else {(): []}
    for row in records:
        groups.setdefault(tuple(value(row) for _, value in keys), []).append(row)
    return [
        {
            "attributes": {"type": "AggregateResult"},
            **{field.name: value for (field, _), value in zip(keys, group, strict=True)},
            **{part.alias: _aggregate(catalog, obj, part, rows) for part in query.aggregates},
        }
        for group, rows in groups.items()
    ]


def _aggregate(catalog: Catalog, obj: str, part: Aggregate, rows: list[Record]) -> Any:
    if not part.field:
        return len(rows)
    _, value = _resolved(catalog, obj, part.field)
    values = [found for found in map(value, rows) if found is not None]
    if part.function == "COUNT":
        return len(values)
    if part.function == "COUNT_DISTINCT":
        return len(set(values))
    if not values:
        return None
    if part.function == "AVG":
        return sum(values) / len(values)
    if part.function == "SUM":
        return sum(values)
    return min(values) if part.function == "MIN" else max(values)
