"""Mailings, their recipients, and opt-outs in the database (row N6)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.chassis.errors import NotFound
from services.chassis.jobs.retention import Retention
from services.chassis.pages import after, beyond, cursor_invalid, cursor_of, page, read_cursor, word
from services.chassis.storage.indexes import Index
from services.chassis.storage.records import as_record
from services.chassis.storage.rows import Document
from services.chassis.storage.tenant import Tenant, TenantCollection
from services.notifications.mailings.model import EMAIL, WAITING, Mailing, Recipient

MAILINGS, RECIPIENTS, OPT_OUTS = "mailings", "mailing_recipients", "opt_outs"
NEWEST = [("created_at", -1), ("_id", -1)]
IN_ORDER = [("place", 1), ("_id", 1)]
INDEXES = (
    Index(MAILINGS, NEWEST),
    Index(MAILINGS, [("state", 1), *NEWEST]),
    Index(RECIPIENTS, [("mailing_id", 1), *IN_ORDER]),
    Index(RECIPIENTS, [("mailing_id", 1), ("outcome", 1), *IN_ORDER]),
    Index(RECIPIENTS, [("mailing_id", 1), ("outcome", 1), ("address_key", 1)]),
    Index(OPT_OUTS, [("person_id", 1), ("purpose", 1)]),
)
# As the deliveries, which say the same.
RETENTIONS = (
    Retention(RECIPIENTS, "created_at", "VINCULO_DELIVERY_DAYS", 730),
    Retention(MAILINGS, "created_at", "VINCULO_DELIVERY_DAYS", 730),
)
# Of a filter: kept as ISO texts, for the database has no type for days.
DAYS = ("contact_since", "no_contact_since")
# Of one person and purpose: what was decided for channels, and addresses that opted out.
MOST_OF_ONE = 30


class Mailings:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def find(self, mailing_id: str) -> Mailing | None:
        found = self._documents.find_one({"_id": mailing_id})
        return mailing_of(found) if found else None

    def get(self, mailing_id: str) -> Mailing:
        """Raises NotFound("mailing_not_found")."""
        found = self.find(mailing_id)
        if found is None:
            raise mailing_not_found()
        return found

    def states_and_purposes(self, mailing_ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """By mailing id its state and purpose; read before each mail."""
        where = {"_id": {"$in": sorted(mailing_ids)}}
        found = self._documents.find(where, [("_id", 1)], len(mailing_ids), ("state", "purpose"))
        return {row["_id"]: (row["state"], row["purpose"]) for row in found}

    def recent(self, limit: int, cursor: str | None, state: str | None) -> dict[str, Any]:
        where = {"state": state} if state else {}
        found = self._documents.find({**where, **after(cursor, "created_at")}, NEWEST, limit + 1)
        return page(found, limit, "created_at", mailing_of)

    def insert(self, mailing: Mailing) -> None:
        self._documents.insert(_document(mailing))

    def save(self, mailing: Mailing) -> None:
        """The next version; raises ConcurrentUpdate("version_changed") when another writer was first."""
        mailing.version += 1
        self._documents.replace(_document(mailing))


def mailing_not_found() -> NotFound:
    return NotFound("mailing_not_found", "Mala direta não encontrada.")


def mailing_of(row: Document) -> Mailing:
    kept = row["filter"]
    days = {name: dt.date.fromisoformat(kept[name]) if kept.get(name) else None for name in DAYS}
    return as_record(row, Mailing, filter={**kept, **days})


class Recipients:
    def __init__(self, documents: TenantCollection) -> None:
        self._documents = documents

    def add(self, recipients: Sequence[Recipient]) -> None:
        self._documents.insert_many([{**_document(one), "address_key": one.address_key} for one in recipients])

    def drop(self, mailing_id: str) -> None:
        self._documents.delete_many({"mailing_id": mailing_id})

    def find(self, recipient_id: str) -> Recipient | None:
        found = self._documents.find_one({"_id": recipient_id})
        return recipient_of(found) if found else None

    def existing(self, ids: Sequence[str]) -> set[str]:
        """The ids that are recipients already."""
        found = self._documents.find({"_id": {"$in": sorted(ids)}}, [("_id", 1)], len(ids), ()) if ids else []
        return {row["_id"] for row in found}

    def addresses_in_use(self, mailing_id: str, addresses: Collection[str]) -> set[str]:
        """The addresses that other recipients of the mailing have."""
        where = {"mailing_id": mailing_id, "address_key": {"$in": sorted(addresses)}, "outcome": WAITING}
        found = self._documents.find(where, [], len(addresses), ("address_key",)) if addresses else []
        return {row["address_key"] for row in found}

    def with_outcome(self, mailing_id: str, outcome: str, limit: int) -> list[Recipient]:
        """In the mailing's order."""
        where = {"mailing_id": mailing_id, "outcome": outcome}
        return [recipient_of(row) for row in self._documents.find(where, IN_ORDER, limit)]

    def page(self, mailing_id: str, outcome: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """Those whom the user may see, in the mailing's order. The cursor names a recipient and not their place, which
        may tell where they live."""
        where: Document = {"mailing_id": mailing_id, **({"outcome": outcome} if outcome else {})}
        if cursor is not None:
            last = self._documents.find_one({"_id": read_cursor(cursor, word)[0], "mailing_id": mailing_id})
            if last is None:
                raise cursor_invalid()
            where |= beyond("place", last["place"], last["_id"], descending=False)
        found = self._documents.visible.find(where, IN_ORDER, limit + 1)
        shown = found[:limit]
        following = cursor_of(shown[-1]["_id"]) if len(found) > limit else None
        return {"items": [recipient_of(row) for row in shown], "next_cursor": following}

    def settle(self, ids: Sequence[str], was: str, **fields: Any) -> int:
        """Writes the outcome of those that still have the outcome `was`; how many."""
        where = {"_id": {"$in": sorted(ids)}, "outcome": was}
        return self._documents.update_many(where, {"$set": fields}) if ids else 0

    def settle_by_address(self, mailing_id: str, address: str, was: str, **fields: Any) -> int:
        where = {"mailing_id": mailing_id, "outcome": was, "address_key": address.lower()}
        return self._documents.update_many(where, {"$set": fields})

    def settle_all(self, mailing_id: str, was: str, **fields: Any) -> int:
        return self._documents.update_many({"mailing_id": mailing_id, "outcome": was}, {"$set": fields})


def recipient_of(row: Document) -> Recipient:
    return as_record(row, Recipient)


@dataclass(frozen=True)
class Addressee:
    """The recipient of a mail with a purpose."""

    person_id: str
    purpose: str
    email: str


class OptOuts:
    """Who receives no more e-mails of a purpose: the persons' own last decisions, told by people, and addresses that
    opted out. One that opted out here counts at once, before people has heard of it."""

    def __init__(self, tenant: Tenant) -> None:
        self._rows = tenant.collection(OPT_OUTS)
        self._company = tenant.company

    def add(self, addressee: Addressee, at: dt.datetime) -> bool:
        """False where the person had opted out before. One of several who share an address says so for themselves, too:
        another one's consent, given later, opens it for that one alone."""
        person_id, purpose = addressee.person_id, addressee.purpose
        known = self._rows.find_one({"_id": self._id(addressee)})
        if known is None:
            row = {"_id": self._id(addressee), "person_id": person_id, "purpose": purpose}
            self._rows.insert({**row, "given": False, "at": at})
            return True
        said = self._rows.find_one({"_id": self._of_person(person_id, purpose)})
        return known["person_id"] != person_id and (said is None or said["given"])

    def has(self, addressee: Addressee) -> bool:
        return addressee in self.among([addressee])

    def put_decision(self, person_id: str, purpose: str, given: bool, at: dt.datetime) -> None:
        """A consent to e-mails, given or withdrawn; for handlers with `once=False`. A consent that is given after an
        address opted out counts for it again."""
        row = {"_id": self._of_person(person_id, purpose), "person_id": person_id, "purpose": purpose}
        self._rows.put_newer({**row, "given": given, "at": at}, by="at")
        if given:
            self._rows.delete_many({"person_id": person_id, "purpose": purpose, "given": False, "at": {"$lt": at}})

    def among(self, addressees: Collection[Addressee]) -> set[Addressee]:
        """The addressees that have opted out. Two reads."""
        if not addressees:
            return set()
        keys = {self._id(one): one for one in addressees}
        closed = {row["_id"] for row in self._rows.find({"_id": {"$in": sorted(keys)}}, [("_id", 1)], len(keys), ())}
        persons, purposes = {one.person_id for one in addressees}, {one.purpose for one in addressees}
        where = {"person_id": {"$in": sorted(persons)}, "purpose": {"$in": sorted(purposes)}}
        last: dict[tuple[str, str], Document] = {}
        for row in self._rows.find(where, [], MOST_OF_ONE * len(addressees)):
            key = (row["person_id"], row["purpose"])
            last[key] = max(last.get(key, row), row, key=lambda one: one["at"])
        declined = {key for key, row in last.items() if not row["given"]}
        return {one for one in addressees if self._id(one) in closed or (one.person_id, one.purpose) in declined}

    def _of_person(self, person_id: str, purpose: str) -> str:
        return f"{self._company}:{purpose}:person:{person_id}"

    def _id(self, addressee: Addressee) -> str:
        digest = hashlib.sha256(addressee.email.lower().encode()).hexdigest()
        return f"{self._company}:{addressee.purpose}:{EMAIL}:{digest}"


def _document(record: Mailing | Recipient) -> Document:
    fields = asdict(record)
    if isinstance(record, Mailing):
        fields["filter"] |= {name: day.isoformat() for name in DAYS if (day := record.filter.get(name))}
    return {"_id": fields.pop("id"), **fields}
