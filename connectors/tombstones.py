"""What was erased for good, and how rows are cleaned of it: when it is erased, and ever after.

The file names records by their ids and addresses by a salted hash, so it holds no personal data
that anyone could read. The same cleaning is done to batches that exist and to every row that a
later reading brings, so an erased record does not come back and a cleaned row is no change.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from connectors.errors import LandingDamaged
from connectors.manifest import force_to_disk
from connectors.sql import identifier, literal

FILE = "erased.json"
Key = tuple[str, str]

# Rows that are about a person, by the columns that name them: the row goes.
PERSONAL: Mapping[Key, tuple[str, ...]] = {
    ("salesforce", "Lead"): ("Id",),
    ("salesforce", "Contact"): ("Id",),
    ("salesforce", "LeadHistory"): ("LeadId",),
    ("salesforce", "ContactHistory"): ("ContactId",),
    ("salesforce", "CampaignMember"): ("LeadId", "ContactId"),
    ("salesforce", "OpportunityContactRole"): ("ContactId",),
    ("salesforce", "Task"): ("WhoId",),
    ("salesforce", "Event"): ("WhoId",),
    ("hubspot", "contacts"): ("id",),
    ("hubspot", "contacts_history"): ("id",),
    ("hubspot", "associations"): ("fromObjectId",),
}
ONLY: Mapping[Key, str] = {("hubspot", "associations"): "\"fromObjectType\" = 'contacts'"}
# Rows that name a person by address only, up to the moment of the erasure: the row goes.
BY_ADDRESS: Mapping[Key, str] = {
    ("hubspot", "form_submissions"): "email",
    ("hubspot", "email_events"): "recipient",
}
# Statements that are replaced together: the row stays, and says that there is nobody.
VOIDED: Mapping[Key, tuple[str, str]] = {
    ("hubspot", "associations"): ("toObjectId", "\"toObjectType\" = 'contacts'"),
    ("hubspot", "list_memberships"): ("recordId", "true"),
}


@dataclass
class Tombstone:
    """One request: whom it concerns, and whether all batches have been cleaned."""

    erased_at: datetime
    ids: dict[str, list[str]]
    addresses: list[str]
    # source/stream -> column -> keys of rows in which an address stood among other text.
    blanked: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    is_done: bool = False


@dataclass
class Tombstones:
    """All requests of a landing."""

    salt: str
    requests: list[Tombstone]

    def hashed(self, address: str) -> str:
        """An address as it is kept."""
        return hashlib.sha256((self.salt + address.strip().lower()).encode()).hexdigest()

    def conditions(self, key: Key, columns: Iterable[str]) -> tuple[list[str], list[str]]:
        """Which rows go, and which are voided, as conditions; only over columns that are there."""
        have = set(columns)
        gone, void = [], []
        for request in self.requests:
            ids = ", ".join(map(literal, request.ids.get(key[0], ())))
            if ids:
                gone += [
                    f"coalesce({identifier(column)} in ({ids}) and {ONLY.get(key, 'true')}, false)"
                    for column in PERSONAL.get(key, ())
                    if column in have
                ]
                if key in VOIDED:
                    column, only = VOIDED[key]
                    void.append(f"coalesce({identifier(column)} in ({ids}) and {only}, false)")
            address = BY_ADDRESS.get(key)
            if address in have and request.addresses:
                hashes = ", ".join(map(literal, request.addresses))
                moment = literal(request.erased_at.isoformat())
                gone.append(
                    f"coalesce(sha256({literal(self.salt)} || lower(trim({identifier(address)})))"
                    f" in ({hashes}) and _source_modified_at <= {moment}::timestamp, false)"
                )
        return gone, void

    def blanks(self, key: Key, row_key: str, columns: Iterable[str]) -> dict[str, str]:
        """Columns with cells to empty, each with its condition."""
        name, have = "/".join(key), set(columns)
        found: dict[str, list[str]] = {}
        for request in self.requests:
            for column, keys in request.blanked.get(name, {}).items():
                if column in have:
                    found.setdefault(column, []).extend(keys)
        return {
            column: f"{identifier(row_key)} in ({', '.join(map(literal, keys))})"
            for column, keys in found.items()
        }

    def cleaning(self, key: Key, row_key: str, columns: Iterable[str]) -> tuple[str, str] | None:
        """A query over `{rows}` that cleans them, and a condition for rows that it would change.

        None when nothing that was erased can be in such rows.
        """
        gone, void = self.conditions(key, columns)
        blanks = self.blanks(key, row_key, columns)
        if not (gone or void or blanks):
            return None
        anyone = " or ".join(void) or "false"
        emptied = {VOIDED[key][0]: anyone} if void else {}
        changed = [
            f"case when {where} then null else {identifier(one)} end as {identifier(one)}"
            for one, where in {**blanks, **emptied}.items()
        ]
        changed.append(f"(_is_deleted or {anyone}) as _is_deleted")
        kept = " or ".join(gone) or "false"
        filled = [f"({where} and {identifier(one)} is not null)" for one, where in blanks.items()]
        return (
            f"select * replace ({', '.join(changed)}) from {{rows}} where not ({kept})",
            " or ".join([*gone, *void, *filled]),
        )


def read(root: Path) -> Tombstones | None:
    """The tombstones of a landing, None when nothing was ever erased."""
    path = root / FILE
    try:
        told = orjson.loads(path.read_bytes())
        requests = [
            Tombstone(datetime.fromisoformat(one.pop("erased_at")), **one)
            for one in told["requests"]
        ]
        return Tombstones(told["salt"], requests)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LandingDamaged(
            f"{path} cannot be read ({type(error).__name__})",
            remedy="Restore it from a copy: without it, what was erased would come back",
        ) from None


def new() -> Tombstones:
    """No request yet."""
    return Tombstones(secrets.token_hex(16), [])


def write(root: Path, tombstones: Tombstones) -> None:
    """Keep them; a stop in between leaves the old ones."""
    root.mkdir(parents=True, exist_ok=True)
    draft = root / f".{FILE}.{os.getpid()}"
    draft.write_bytes(orjson.dumps(asdict(tombstones), option=orjson.OPT_INDENT_2))
    force_to_disk(draft)
    draft.replace(root / FILE)
    force_to_disk(root)
