"""What Salesforce tells about its objects and fields: describe, the global list, field look-up.

The fields are those of `salesforce_fields` plus every field that occurs in records, minus what a
fault hides. Running queries over them is `salesforce_query`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from connectors.sandbox.call import ApiProblem
from connectors.sandbox.faults import Faults
from connectors.sandbox.salesforce_fields import (
    OBJECTS,
    Field,
    key_prefix,
    plural_label,
    standard_fields,
)
from connectors.sandbox.world import Table, World

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
    "anyType": "xsd:anyType",
}
_PICKLISTS = {
    ("Opportunity", "StageName"): "OpportunityStage",
    ("OpportunityHistory", "StageName"): "OpportunityStage",
    ("Lead", "Status"): "LeadStatus",
}


def problem(status: int, code: str, message: str) -> ApiProblem:
    """Return an error as Salesforce's REST API writes it."""
    return ApiProblem(status, [{"message": message, "errorCode": code}])


class Catalog:
    """Objects and fields of the org that a world is."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    def names(self) -> list[str]:
        """Every object that can be described and queried."""
        names = sorted({*OBJECTS, *self._world.objects("salesforce")})
        return [name for name in names if not self._is_hidden(name)]

    def resolve(self, obj: str) -> str | None:
        """Return the object's name as Salesforce spells it, None when there is no such object."""
        by_lower = {name.lower(): name for name in self.names()}
        return by_lower.get(obj.lower())

    def table(self, obj: str) -> Table:
        """Return the records of an object."""
        return self._world.table("salesforce", obj)

    def fields(self, obj: str) -> dict[str, Field]:
        """Fields of an object by lower-cased name."""
        table = self.table(obj)
        found = table.cached(("fields", obj), lambda: _all_fields(obj, table.rows.values()))
        hidden = {
            str(fault.options["field"]).lower()
            for fault in self._faults.showing("hidden_field", object=obj)
        }
        retyped = {
            str(fault.options["field"]).lower(): str(fault.options["type"])
            for fault in self._faults.showing("retyped_field", object=obj)
        }
        if not hidden and not retyped:
            return found
        return {
            name: replace(field, type=retyped.get(name, field.type))
            for name, field in found.items()
            if name not in hidden
        }

    def describe(self, obj: str, version: str) -> dict[str, Any]:
        """Return the describe answer of one object."""
        path = f"/services/data/{version}/sobjects/{obj}"
        fields = self.fields(obj)
        told = [self._field(obj, field) for field in fields.values()]
        return {
            **self._summary(obj, path),
            "childRelationships": [],
            "compactLayoutable": True,
            "recordTypeInfos": [],
            "supportedScopes": [],
            "namedLayoutInfos": [],
            "actionOverrides": [],
            "fields": told,
        }

    def listing(self, version: str) -> dict[str, Any]:
        """Return the global describe answer."""
        return {
            "encoding": "UTF-8",
            "maxBatchSize": 200,
            "sobjects": [
                self._summary(name, f"/services/data/{version}/sobjects/{name}")
                for name in self.names()
            ],
        }

    def _is_hidden(self, obj: str) -> bool:
        return any(True for _ in self._faults.showing("hidden_object", object=obj))

    def _summary(self, obj: str, path: str) -> dict[str, Any]:
        is_history = obj.endswith("History")
        urls = {"sobject": path, "describe": f"{path}/describe", "rowTemplate": path + "/{ID}"}
        return {
            "name": obj,
            "label": obj,
            "labelPlural": plural_label(obj),
            "keyPrefix": key_prefix(obj),
            "custom": obj.endswith("__c"),
            "customSetting": False,
            "deprecatedAndHidden": False,
            "activateable": False,
            "createable": not is_history,
            "deletable": not is_history,
            "updateable": not is_history,
            "undeletable": not is_history,
            "mergeable": obj in ("Account", "Contact", "Lead"),
            "layoutable": not is_history,
            "searchable": not is_history,
            "triggerable": not is_history,
            "feedEnabled": False,
            "hasSubtypes": False,
            "isSubtype": False,
            "isInterface": False,
            "mruEnabled": False,
            "queryable": True,
            "replicateable": not is_history,
            "retrieveable": True,
            "urls": urls,
        }

    def _field(self, obj: str, field: Field) -> dict[str, Any]:
        is_number = field.type in ("double", "currency", "percent")
        is_custom = field.name.endswith("__c")
        return {
            "name": field.name,
            "label": field.name.removesuffix("__c").replace("_", " "),
            "type": field.type,
            "soapType": _SOAP_TYPES.get(field.type, "xsd:string"),
            "length": field.length,
            "byteLength": field.length * 3,
            "precision": 18 if is_number else 0,
            "scale": 2 if is_number else 0,
            "digits": 9 if field.type == "int" else 0,
            "custom": is_custom,
            "compoundFieldName": field.compound,
            "referenceTo": list(field.reference_to),
            "relationshipName": field.relationship,
            "polymorphicForeignKey": len(field.reference_to) > 1,
            "picklistValues": self._picklist(obj, field),
            "restrictedPicklist": False,
            "dependentPicklist": False,
            "controllerName": None,
            "filterable": field.is_filterable,
            "sortable": field.is_filterable,
            "groupable": field.is_filterable and field.type not in ("datetime", "currency"),
            "aggregatable": field.is_filterable,
            "nillable": field.type != "boolean" and field.name != "Id",
            "nameField": field.name in ("Name", "Subject", "MasterLabel"),
            "idLookup": field.name == "Id",
            "unique": False,
            "externalId": False,
            "autoNumber": False,
            "calculated": False,
            "calculatedFormula": None,
            "caseSensitive": False,
            "createable": field.name not in ("Id", "SystemModstamp"),
            "updateable": field.name not in ("Id", "SystemModstamp"),
            "defaultedOnCreate": field.type in ("boolean", "id"),
            "defaultValue": False if field.type == "boolean" else None,
            "deprecatedAndHidden": False,
            "encrypted": False,
            "extraTypeInfo": None,
            "htmlFormatted": False,
            "inlineHelpText": None,
            "namePointing": False,
            "permissionable": is_custom,
            "queryByDistance": False,
            "relationshipOrder": None,
            "cascadeDelete": False,
            "restrictedDelete": False,
            "writeRequiresMasterRead": False,
        }

    def _picklist(self, obj: str, field: Field) -> list[dict[str, Any]]:
        source = _PICKLISTS.get((obj, field.name))
        if source is None:
            return []
        rows = sorted(self.table(source).records(), key=lambda row: row.get("SortOrder") or 0)
        return [
            {
                "active": bool(row.get("IsActive", True)),
                "defaultValue": bool(row.get("IsDefault", False)),
                "label": row.get("MasterLabel"),
                "value": row.get("ApiName") or row.get("MasterLabel"),
                "validFor": None,
            }
            for row in rows
        ]


def _all_fields(obj: str, records: Iterable[dict[str, Any]]) -> dict[str, Field]:
    fields = {field.name.lower(): field for field in standard_fields(obj)}
    known = {field.name for field in fields.values()}
    seen: dict[str, list[Any]] = {}
    for record in records:
        for name in record.keys() - known:
            seen.setdefault(name, []).append(record[name])
    if "id" not in fields:
        fields["id"] = Field("Id", "id", 18)
    for name in sorted(seen):
        if name.lower() not in fields and name != "attributes":
            fields[name.lower()] = _inferred(name, seen[name])
    return fields


def _inferred(name: str, values: list[Any]) -> Field:
    present = [value for value in values if value is not None and value != ""]
    if present and all(isinstance(value, bool) for value in present):
        return Field(name, "boolean")
    if present and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in present
    ):
        return Field(name, "double")
    texts = [str(value) for value in present]
    if texts and all(map(_TIME.fullmatch, texts)):
        return Field(name, "datetime")
    if texts and all(map(_DATE.fullmatch, texts)):
        return Field(name, "date")
    if max(map(len, texts), default=0) > 255:
        return Field(name, "textarea", 32000)
    return Field(name, "string", 255)
