"""A world of hostile values, what changes in it, and how to compare the landing with its truth."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import duckdb

from connectors.sandbox.world import World
from connectors.settle import compared_text
from tests.connectors.conftest import NOW, STREAMS, Crm, ago, company, contact, edge, iso, lead
from tests.connectors.truths import TRUTHS

# One text of each kind that some connector is known to change or to lose.
TEXTS = (
    "00501", "NA", "None", "null", "nan", "true", "1e5", " padded ", 'a,b "c"\r\nd\n', "🎉 ‮rtl",
    "x\x00y", "=1+1", "\\N", "'", "é" * 400,
)  # fmt: skip
LONG = "long " * 200_000
NAMES = (
    "salesforce/Lead",
    "salesforce/LeadHistory",
    "hubspot/contacts",
    "hubspot/companies",
    "hubspot/contacts_history",
    "hubspot/associations",
    "hubspot/forms",
    "hubspot/form_submissions",
    "hubspot/email_events",
    "hubspot/lists",
    "hubspot/list_memberships",
)


def lead_history(number: int, of: int, stamp: str, old: str | None, new: str) -> dict[str, Any]:
    return {
        "Id": f"017{number:012d}AAA",
        "LeadId": lead(of, "")["Id"],
        "Field": "Status",
        "OldValue": old,
        "NewValue": new,
        "CreatedDate": stamp,
        "IsDeleted": False,
    }


def hostile_world(long: str = LONG) -> World:
    """Forty leads and contacts, two pages or jobs of everything when pages are small."""
    world = World()
    add = world.add
    for number in range(40):
        text = TEXTS[number % len(TEXTS)]
        more = {"Title": text, "Description": long if number == 7 else text, "Rating": None}
        # Text that a number can hold: what it cannot hold, a vendor changes itself.
        more["Fax"] = f"{number}.5"
        add("salesforce", "Lead", lead(number, ago(days=30 + number), **more))
        add("salesforce", "LeadHistory", lead_history(number, number, ago(days=20), None, text))
        properties = {"jobtitle": text, "message": long if number == 7 else text}
        add("hubspot", "contacts", contact(1000 + number, ago(days=30 + number), **properties))
        add("hubspot", "associations", edge("contacts", 1000 + number, "companies", 500))
        submission = {"formId": f"f{number % 2}", "conversionId": f"c{number}", "pageUrl": text}
        values = [{"name": "email", "value": f"p{1000 + number}@example.net"}]
        stamp = int((NOW - timedelta(days=number)).timestamp() * 1000)
        add("hubspot", "form_submissions", {**submission, "submittedAt": stamp, "values": values})
        event = {"id": f"e{number}", "type": "OPEN", "created": ago(days=3), "recipient": text}
        add("hubspot", "email_events", event)
        member = {"listId": "1", "recordId": str(1000 + number), "membershipTimestamp": ago(days=5)}
        add("hubspot", "list_memberships", member)
    for number in range(12):
        add("hubspot", "companies", company(500 + number, ago(days=40)))
    for number in (0, 1):
        form = {"id": f"f{number}", "name": f"Form {number}", "formType": "hubspot"}
        add("hubspot", "forms", {**form, "createdAt": ago(days=90), "archived": False})
    add("hubspot", "lists", {"listId": "1", "name": "Newsletter", "updatedAt": ago(days=9)})
    world.advance_to(NOW)
    return world


def changes(crm: Crm, many: int = 0) -> None:
    """An hour later: everything that can happen to a record has happened to one."""
    world, now = crm.world, iso(crm.later(hours=1))
    add, purge = world.add, world.purge
    add("salesforce", "Lead", lead(3, now, Title="changed", Status="Nurture"))
    add("salesforce", "Lead", lead(4, now, Title=TEXTS[4], IsDeleted=True))
    add("salesforce", "Lead", lead(5, now, IsDeleted=True, MasterRecordId=lead(6, "")["Id"]))
    add("salesforce", "Lead", lead(90, now, Title="00502"))
    add("salesforce", "Lead", lead(91, ago(minutes=6), Title="late to be seen"), world.now)
    add("salesforce", "LeadHistory", lead_history(90, 3, now, "Open - Not Contacted", "Nurture"))
    purge("salesforce", "Lead", lead(8, "")["Id"])
    add("hubspot", "contacts", grown(crm, 1003, now, lifecyclestage="opportunity"))
    add("hubspot", "contacts", contact(1004, ago(days=34), archived_at=now))
    add("hubspot", "contacts", grown(crm, 1005, now, hs_merged_object_ids="1006"))
    add("hubspot", "contacts", contact(1090, now, jobtitle="00502"))
    purge("hubspot", "contacts", "1006")
    purge("hubspot", "contacts", "1007")
    for number in range(many):
        add("hubspot", "contacts", contact(20_000 + number, now, jobtitle="same stamp"))
    for gone in (1004, 1006, 1007):
        purge("hubspot", "associations", f"contacts:{gone}:companies:500")
        purge("hubspot", "list_memberships", f"1:{gone}")
    # An edge that changes alone.
    purge("hubspot", "associations", "contacts:1010:companies:500")
    add("hubspot", "associations", edge("contacts", 1010, "companies", 501), world.now)
    add("hubspot", "associations", edge("contacts", 1090, "companies", 501), world.now)
    stamp = int(world.now.timestamp() * 1000)
    submission = {"formId": "f0", "conversionId": "c90", "submittedAt": stamp, "pageUrl": None}
    add("hubspot", "form_submissions", {**submission, "values": []})
    event = {"id": "e90", "type": "CLICK", "created": now, "recipient": "NA"}
    add("hubspot", "email_events", event)
    member = {"listId": "1", "recordId": "1090", "membershipTimestamp": now}
    add("hubspot", "list_memberships", member, world.now)


def grown(crm: Crm, number: int, now: str, **properties: str) -> dict[str, Any]:
    """A contact with new values, whose history grows by them."""
    record = crm.world.table("hubspot", "contacts").get(str(number))
    assert record is not None
    history = dict(record["propertiesWithHistory"])
    for name, value in properties.items():
        entry = {"value": value, "timestamp": now, "sourceType": "CRM_UI"}
        history[name] = [entry, *history.get(name, [])]
    values = {**record["properties"], **properties, "lastmodifieddate": now}
    return {**record, "properties": values, "propertiesWithHistory": history, "updatedAt": now}


@dataclass
class Losses:
    """What the comparison found; the first differences are named for whoever has to look."""

    compared: int = 0
    lost: int = 0
    duplicated: int = 0
    changed: int = 0
    examples: tuple[str, ...] = ()

    def note(self, kind: str, what: object) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        self.examples += (f"{kind}: {what!s:.200}",)

    def numbers(self) -> tuple[int, int, int]:
        return self.lost, self.duplicated, self.changed


def text_of(value: Any) -> str | None:
    """A value as it lands: as the API said it. Bulk CSV cannot tell '' from null."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value.replace(".000+0000", ".000Z")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def compare(crm: Crm, into: str = "landing") -> Losses:
    """Landed current records, histories, edges, members and deletions against the world."""
    found = Losses()
    with duckdb.connect() as con:
        crm.landing(into).register(con, {})
        for name in NAMES:
            check = Check(con, name, found)
            check.versions()
            check.against(TRUTHS[name](crm.world))
    return found


@dataclass
class Check:
    """One raw table against its truth: {key: {column: value}}, None for what was purged."""

    con: duckdb.DuckDBPyConnection
    name: str
    found: Losses

    def versions(self) -> None:
        """No version landed twice in a row, no key twice in its newest batch."""
        source, stream = self.name.split("/")
        spec = STREAMS[source, stream]
        columns = [
            row[0]
            for row in self.con.execute(f"describe {self.view}").fetchall()
            if not row[0].startswith("_")
        ]
        group = ", ".join(f'"{one}"' for one in spec.replaced_by)
        key = ", ".join(f'"{one}"' for one in spec.key)
        content = f"hash({compared_text(columns)}, _is_deleted)"
        if not spec.group:
            repeated = self.con.execute(
                f"select {key} from (select {key}, {content} as content, lag(content) over "
                f"(partition by {key} order by _batch_id) as before from {self.view}) "
                "where content = before"
            ).fetchall()
            for row in repeated:
                self.found.note("duplicated", f"{self.name} {row}: the same version landed twice")
        self.con.execute(
            f"create or replace temp table now_true as from {self.view} qualify "
            f"_batch_id = max(_batch_id) over (partition by {group})"
        )
        twins = self.con.execute(
            f"select {key}, count(*) from now_true group by all having count(*) > 1"
        ).fetchall()
        for row in twins:
            self.found.note("duplicated", f"{self.name} {row}")

    @property
    def view(self) -> str:
        return f"raw_{self.name.replace('/', '.').lower()}"

    def against(self, truth: dict[tuple, dict[str, Any] | None]) -> None:
        source, stream = self.name.split("/")
        spec = STREAMS[source, stream]
        cursor = self.con.execute("from now_true")
        names = [column[0] for column in cursor.description]
        landed = {}
        for row in cursor.fetchall():
            values = dict(zip(names, row, strict=True))
            # A row that says "none left" is no edge and no member.
            if not (spec.group and values["_is_deleted"]):
                landed[tuple(values[one] for one in spec.key)] = values
        for key, expected in truth.items():
            self.found.compared += 1
            values = landed.get(key)
            if values is None:
                if expected is not None or not spec.group:
                    self.found.note("lost", f"{self.name} {key}")
            elif expected is None:
                if not values["_is_deleted"]:
                    self.found.note("lost", f"{self.name} {key}: that it is gone")
            else:
                self.values(key, expected, values)
        for key in landed.keys() - truth.keys():
            self.found.note("changed", f"{self.name} {key}: is not there")

    def values(self, key: tuple, expected: dict[str, Any], landed: dict[str, Any]) -> None:
        for column, value in expected.items():
            is_own = column == "_is_deleted"
            wanted = value if is_own else text_of(value)
            if column not in landed:
                if wanted is not None:
                    self.found.note("lost", f"{self.name} {key}: field {column}")
                continue
            got = landed[column] if is_own else text_of(landed[column])
            if got != wanted:
                self.found.note("changed", f"{self.name} {key} {column}: {got!r} for {wanted!r}")
