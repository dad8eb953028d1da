"""What Salesforce has stored: current records, history rows, and each version to show.

Knows how Salesforce stamps, tracks and deletes records; not what any record means. Versions before
`show_all` are folded into the one that is current then; each later change is its own version.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from connectors.sandbox.company.ids import IdCounter
from connectors.sandbox.company.simulation import Simulation
from connectors.sandbox.world import World

Fields = dict[str, Any]

# Field of the record -> name in the history object.
TRACKED = {
    "Lead": {
        "Status": "Status",
        "OwnerId": "Owner",
        "LeadSource": "LeadSource",
        "Rejection_Reason__c": "Rejection_Reason__c",
        "Revisit_On__c": "Revisit_On__c",
    },
    "Contact": {"OwnerId": "Owner", "Email": "Email", "AccountId": "Account", "Title": "Title"},
    "Account": {
        "Type": "Type",
        "Industry": "Industry",
        "NumberOfEmployees": "NumberOfEmployees",
        "BillingCountry": "BillingCountry",
        "OwnerId": "Owner",
    },
    "Opportunity": {
        "StageName": "StageName",
        "Amount": "Amount",
        "CloseDate": "CloseDate",
        "OwnerId": "Owner",
        "LeadSource": "LeadSource",
    },
}
HISTORY_OBJECT = {
    "Lead": ("LeadHistory", "LeadId"),
    "Contact": ("ContactHistory", "ContactId"),
    "Account": ("AccountHistory", "AccountId"),
    "Opportunity": ("OpportunityFieldHistory", "OpportunityId"),
}
SNAPSHOT_FIELDS = ("StageName", "Amount", "CloseDate", "Probability", "ForecastCategory")
# What is deleted with the record that one of these fields names.
BELONGS = {
    "Task": ("WhoId", "WhatId"),
    "Event": ("WhoId", "WhatId"),
    "CampaignMember": ("LeadId", "ContactId"),
    "OpportunityContactRole": ("OpportunityId", "ContactId"),
}


@lru_cache(maxsize=4096)
def sf_time(moment: datetime) -> str:
    """Spell a moment as Salesforce's REST API does."""
    return moment.isoformat()[:19] + ".000+0000"


class Salesforce:
    """Salesforce's records, by object and id."""

    def __init__(
        self, world: World, sim: Simulation, ids: IdCounter, tracking_since: datetime
    ) -> None:
        self.rows: dict[str, dict[str, Fields]] = {}
        self._world, self._sim, self._ids = world, sim, ids
        self._tracking_since = tracking_since
        self._is_shown = False
        # Told of every change as it is made: object, record, by whom, the fields that changed.
        self.witness: Callable[[str, Fields, str | None, Fields], None] | None = None

    def __getitem__(self, obj: str) -> dict[str, Fields]:
        return self.rows.setdefault(obj, {})

    def create(self, obj: str, by: str | None, **fields: Any) -> str:
        """Insert a record and its first history rows; give its id."""
        record_id = self._ids.salesforce(obj)
        now = sf_time(self._sim.now)
        record: Fields = {"Id": record_id, **fields}
        record.setdefault("IsDeleted", False)
        record.setdefault("CreatedDate", now)
        record["CreatedById"] = by
        record["LastModifiedDate"] = record["SystemModstamp"] = now
        record["LastModifiedById"] = by
        self[obj][record_id] = record
        self._show(obj, record)
        if self.witness:
            self.witness(obj, record, by, record)
        if obj in HISTORY_OBJECT:
            self._history(obj, record, by, "created", None, None)
        if obj == "Opportunity":
            self._snapshot(record, by)
        return record_id

    def change(self, obj: str, record_id: str, by: str | None, **fields: Any) -> None:
        """Update fields: stamps move and tracked fields leave history rows."""
        record = self[obj][record_id]
        changed = {name: value for name, value in fields.items() if record.get(name) != value}
        if not changed:
            return
        for name, value in changed.items():
            tracked = TRACKED.get(obj, {}).get(name)
            if tracked:
                self._history(obj, record, by, tracked, record.get(name), value)
        is_snapshot = obj == "Opportunity" and not changed.keys().isdisjoint(SNAPSHOT_FIELDS)
        record.update(changed)
        record["LastModifiedDate"] = record["SystemModstamp"] = sf_time(self._sim.now)
        record["LastModifiedById"] = by
        self._show(obj, record)
        if self.witness:
            self.witness(obj, record, by, changed)
        if is_snapshot:
            self._snapshot(record, by)

    def delete(self, obj: str, record_id: str, by: str | None, merged_into: str | None = None):
        """Soft-delete: the row and what belongs to it stay, marked, as `queryAll` shows them."""
        fields: Fields = {"IsDeleted": True}
        if merged_into:
            self.change(obj, record_id, by, **fields, MasterRecordId=merged_into)
            return
        self.change(obj, record_id, by, **fields)
        for child, names in BELONGS.items():
            for row in list(self[child].values()):
                if record_id in (row.get(name) for name in names):
                    self.change(child, row["Id"], by, **fields)

    def note_history(self, obj: str, record_id: str, by: str | None, field: str) -> None:
        """Add a history row that belongs to no field (`leadConverted`, `leadMerged`)."""
        self._history(obj, self[obj][record_id], by, field, None, None)

    def show_all(self) -> None:
        """From now on every change is its own version; what is current is shown first."""
        self._is_shown = True
        for obj, rows in self.rows.items():
            for record in rows.values():
                self._show(obj, record)

    def _show(self, obj: str, record: Fields) -> None:
        if self._is_shown:
            self._world.add("salesforce", obj, dict(record))

    def _insert_row(self, obj: str, fields: Fields) -> None:
        record = {"Id": self._ids.salesforce(obj), **fields, "IsDeleted": False}
        self[obj][record["Id"]] = record
        self._show(obj, record)

    def _history(
        self, obj: str, record: Fields, by: str | None, field: str, old: Any, new: Any
    ) -> None:
        if self._sim.now < self._tracking_since:
            return
        history, key = HISTORY_OBJECT[obj]
        row = {
            key: record["Id"],
            "Field": field,
            "OldValue": old,
            "NewValue": new,
            "CreatedDate": sf_time(self._sim.now),
            "CreatedById": by,
        }
        # A look-up leaves two rows, as in Salesforce: one with the names, one with the ids.
        if field in ("Owner", "Account"):
            names = {"OldValue": self._name(field, old), "NewValue": self._name(field, new)}
            self._insert_row(history, {**row, **names, "DataType": "Text"})
            self._insert_row(history, {**row, "DataType": "EntityId"})
        else:
            self._insert_row(history, {**row, "DataType": "Text"})

    def _name(self, field: str, record_id: str | None) -> str | None:
        objects = ("User", "Group") if field == "Owner" else ("Account",)
        for obj in objects:
            if record_id in self[obj]:
                return self[obj][record_id]["Name"]
        return None

    def _snapshot(self, record: Fields, by: str | None) -> None:
        if self._sim.now < self._tracking_since:
            return
        now = sf_time(self._sim.now)
        fields = {name: record.get(name) for name in SNAPSHOT_FIELDS}
        row = {
            "OpportunityId": record["Id"],
            **fields,
            "CurrencyIsoCode": record.get("CurrencyIsoCode"),
            "CreatedDate": now,
            "CreatedById": by,
            "SystemModstamp": now,
        }
        self._insert_row("OpportunityHistory", row)
