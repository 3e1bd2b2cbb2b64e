"""The commission account: looked at by its person, closed by who may, with the rates that feed it (row S19)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.errors import Forbidden, Invalid, NotFound
from services.chassis.schemas import ById
from services.sales import contract
from services.sales.domain.commission import (
    MOST_CLOSED,
    PERSON,
    PRODUCT,
    Closing,
    Entry,
    Rate,
    entitled,
    refuse_unclosable,
    total_of,
)
from services.sales.store import SalesSession
from services.sales.use_cases.today import today

Data = dict[str, Any]
CLOSES = "sales.supervise"


@query(
    takes=contract.ListCommissionByStatus,
    gives=contract.CommissionEntryPage,
    needs="sales.read",
    section="commission_account",
)
def list_commission_entries(session: SalesSession, data: Data) -> Data:
    """Raises Forbidden("person_not_linked", "commission_not_entitled" or "commission_of_another")."""
    where = {"person_id": _account(session, data.pop("person_id")), "status": data.pop("status")}
    return session.commission_entries.page(where, **data)


@query(
    takes=contract.ListCommissionByStatus,
    gives=contract.CommissionItemPage,
    needs="sales.read",
    section="commission_account",
)
def list_commission_items(session: SalesSession, data: Data) -> Data:
    """The same by item; raises what list_commission_entries does."""
    where = {"person_id": _account(session, data.pop("person_id")), "status": data.pop("status")}
    found = session.commission_entries.items(where, **data)
    return {**found, "items": [_item(entry, number) for entry, number in found["items"]]}


@query(takes=ById, gives=contract.CommissionEntry, needs="sales.read", section="commission_account")
def get_commission_entry(session: SalesSession, data: Data) -> Entry:
    """Another's is not there for who may not see it; raises NotFound("commission_entry_not_found")."""
    entry = session.commission_entries.get(data["id"])
    if not _sees(session, entry.person_id):
        raise NotFound("commission_entry_not_found", "Lançamento de comissão não encontrado.")
    return entry


@query(
    takes=contract.ListCommission,
    gives=contract.CommissionClosingPage,
    needs="sales.read",
    section="commission_account",
)
def list_commission_closings(session: SalesSession, data: Data) -> Data:
    """The newest first; raises what list_commission_entries does."""
    found = session.commission_closings.page(_account(session, data.pop("person_id")), **data)
    return {**found, "items": _shown_all(session, found["items"])}


@query(takes=ById, gives=contract.CommissionClosing, needs="sales.read", section="commission_account")
def get_commission_closing(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("commission_closing_not_found")."""
    return _shown_all(session, [_closing(session, data["id"])])[0]


@query(
    takes=contract.ListClosedEntries,
    gives=contract.CommissionEntryPage,
    needs="sales.read",
    section="commission_account",
)
def list_closed_entries(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("commission_closing_not_found")."""
    closing = _closing(session, data.pop("closing_id"))
    return session.commission_entries.page({"closing_id": closing.id}, **data)


@command(takes=contract.CloseCommission, gives=contract.CommissionClosing, needs=CLOSES, section="commission_account")
def close_commission(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("person_not_found"), Invalid("closing_date_future"), Conflict("commission_nothing_open")..."""
    person_id = tx.persons.get(data["person_id"])["_id"]
    ends_on = data["ends_on"] or today(tx)
    if ends_on > today(tx):
        detail = "O fechamento não pode terminar depois de hoje."
        raise Invalid("closing_date_future", detail, fields={"ends_on": [detail]})
    before = dt.datetime.combine(ends_on + dt.timedelta(days=1), dt.time.min, tx.zone.get()).astimezone(dt.UTC)
    entries = tx.commission_entries.payable(person_id, data["currency"], before, MOST_CLOSED + 1)
    refuse_unclosable(entries)
    closing = _made(tx, person_id, ends_on, entries)
    tx.commission_closings.add(closing)
    tx.commission_entries.close(closing, before)
    tx.publish(contract.COMMISSION_CLOSED, closing.id, closing.version, **_announced(closing))
    return _shown_all(tx, [closing])[0]


@command(
    takes=contract.PutCommissionRate,
    gives=contract.CommissionRate,
    needs="sales.configure",
    section="commission_account",
)
def put_commission_rate(tx: SalesSession, data: Data) -> Data:
    """For the orders to come; raises NotFound("person_not_found") or Invalid("seller_not_entitled")."""
    kind, person_id = data["kind"], data["person_id"]
    if kind == PERSON:
        person_id = seller(tx, person_id, "person_id")
        known = tx.commission_rates.of_person(person_id)
    else:
        known = tx.commission_rates.of_products([data["product"]]).get(data["product"])
    if known is None:
        rate_id = tx.commission_rates.id_of(kind, person_id or data["product"])
        given = {**data, "person_id": person_id}
        known = Rate(id=rate_id, set_at=tx.now, set_by=tx.actor.name, **given)
        tx.commission_rates.add(known)
    else:
        known.percent, known.set_at, known.set_by = data["percent"], tx.now, tx.actor.name
        tx.commission_rates.save(known)
    return _shown_rates(tx, [known])[0]


@command(
    takes=contract.DeleteCommissionRate,
    gives=contract.DeletedCommissionRate,
    needs="sales.configure",
    section="commission_account",
)
def delete_commission_rate(tx: SalesSession, data: Data) -> Data:
    """Raises NotFound("commission_rate_not_found")."""
    tx.commission_rates.remove(data["rate_id"])
    return {"id": data["rate_id"], "deleted": True}


@query(
    takes=contract.ListCommissionRates,
    gives=contract.CommissionRatePage,
    needs="sales.configure",
    section="commission_account",
)
def list_commission_rates(session: SalesSession, data: Data) -> Data:
    """Of persons, or of products; the last set first."""
    found = session.commission_rates.page(**data)
    return {**found, "items": _shown_rates(session, found["items"])}


def seller(tx: SalesSession, person_id: str, field: str) -> str:
    """Who may earn commissions: the person's id, or the id it leads to.

    Raises NotFound("person_not_found"), Conflict("person_erased"), Invalid("seller_not_entitled") on `field`.
    """
    person = tx.persons.get(person_id)
    if not entitled(person.get("categories")):
        detail = "Só funcionários e representantes recebem comissão."
        raise Invalid("seller_not_entitled", detail, fields={field: [detail]})
    return str(person["_id"])


def _account(session: SalesSession, asked: str | None) -> str:
    """Whose account is looked at: the own one; another's for who closes accounts."""
    if asked is not None and not _sees(session, asked):
        raise Forbidden("commission_of_another", "Você só pode consultar a própria conta corrente.")
    person_id = asked or session.actor.person
    if person_id is None:
        detail = "Seu usuário não está ligado a um funcionário ou representante."
        raise Forbidden("person_not_linked", detail)
    person = session.persons.get_own(person_id) if _own(session, person_id) else session.persons.get(person_id)
    if asked is None and not entitled(person.get("categories")):
        detail = "Só funcionários e representantes têm conta corrente de comissões."
        raise Forbidden("commission_not_entitled", detail)
    return str(person["_id"])


def _sees(session: SalesSession, person_id: str) -> bool:
    """The own account; all of the persons that they see for who closes them."""
    return _own(session, person_id) or (session.actor.holds(CLOSES) and session.persons.seen(person_id))


def _own(session: SalesSession, person_id: str) -> bool:
    """Whichever record it was merged into."""
    own, lead = session.actor.person, session.redirects.current
    return own is not None and lead(own) == lead(person_id)


def _closing(session: SalesSession, closing_id: str) -> Closing:
    closing = session.commission_closings.get(closing_id)
    if not _sees(session, closing.person_id):
        raise NotFound("commission_closing_not_found", "Fechamento não encontrado.")
    return closing


def _made(tx: SalesSession, person_id: str, ends_on: dt.date, entries: list[Entry]) -> Closing:
    zone = tx.zone.get()
    return Closing(
        id=tx.new_id(),
        number=tx.commission_closings.next_number(),
        person_id=person_id,
        currency=entries[0].currency,
        starts_on=min(entry.earned_at.astimezone(zone).date() for entry in entries if entry.earned_at),
        ends_on=ends_on,
        entries=len(entries),
        total=total_of(entries),
        closed_at=tx.now,
        closed_by=tx.actor.id,
        closed_by_name=tx.actor.name,
    )


def _announced(closing: Closing) -> Data:
    names = ("number", "person_id", "currency", "starts_on", "ends_on", "entries", "total")
    return {"closing_id": closing.id, **{name: getattr(closing, name) for name in names}}


def _item(entry: Entry, number: int) -> Data:
    return {**vars(entry), **vars(entry.parts[number]), "entry_id": entry.id}


def _shown_all(session: SalesSession, closings: list[Closing]) -> list[Data]:
    names = session.names.of(closing.person_id for closing in closings)
    return [{**vars(closing), "person_name": names.get(closing.person_id, "")} for closing in closings]


def _shown_rates(session: SalesSession, rates: list[Rate]) -> list[Data]:
    names = session.names.of(rate.person_id for rate in rates if rate.kind != PRODUCT)
    return [{**vars(rate), "person_name": names.get(rate.person_id, "")} for rate in rates]
