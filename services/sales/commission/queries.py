"""The commission account, its closings and rates, as their person or who may close them sees them (row S19)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Forbidden, NotFound
from services.chassis.handling.entrypoints import query
from services.chassis.pages import cursor_of, read_cursor, word
from services.chassis.schemas import ById
from services.sales.commission import contract
from services.sales.commission.model import Balance, Closing, Entry, entitled
from services.sales.commission.presenting import CLOSES, present_balances, present_closings, present_rates
from services.sales.session import SalesSession

Data = dict[str, Any]


@query(
    takes=contract.ListCommissionEntries,
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


@query(
    takes=contract.GetCommissionBalance,
    gives=contract.CommissionBalance,
    needs="sales.read",
    section="commission_account",
)
def get_commission_balance(session: SalesSession, data: Data) -> Data:
    """Kept with each change, and not added up; raises what list_commission_entries does."""
    person_id = _account(session, data["person_id"])
    found = session.commission_totals.of_person(person_id)
    for entry in session.commission_entries.uncounted(person_id):
        found.setdefault(entry.currency, Balance()).add_entry(entry)
    return present_balances(session, {person_id: found})[0]


@query(
    takes=contract.ListCommissionBalances,
    gives=contract.CommissionBalancePage,
    needs="sales.read",
    section="commission_account",
)
def list_commission_balances(session: SalesSession, data: Data) -> Data:
    """By person, of those that the user sees; for who closes accounts. Raises Forbidden("commission_of_another")."""
    if not session.actor.holds(CLOSES):
        raise _of_another()
    after = "" if data["cursor"] is None else read_cursor(data["cursor"], word)[0]
    found, more = session.commission_totals.by_person(after, data["limit"])
    following = cursor_of([*found][-1]) if more and found else None
    return {"items": present_balances(session, found), "next_cursor": following}


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
    return {**found, "items": present_closings(session, found["items"])}


@query(takes=ById, gives=contract.CommissionClosing, needs="sales.read", section="commission_account")
def get_commission_closing(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("commission_closing_not_found")."""
    return present_closings(session, [_closing(session, data["id"])])[0]


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


@query(
    takes=contract.ListCommissionRates,
    gives=contract.CommissionRatePage,
    needs="sales.configure",
    section="commission_account",
)
def list_commission_rates(session: SalesSession, data: Data) -> Data:
    """Of persons, or of products; the last set first."""
    found = session.commission_rates.page(**data)
    return {**found, "items": present_rates(session, found["items"])}


def _account(session: SalesSession, asked: str | None) -> str:
    """Whose account is looked at: the own one; another's for who closes accounts."""
    if asked is not None and not _sees(session, asked):
        raise _of_another()
    person_id = asked or session.actor.person
    if person_id is None:
        detail = "Seu usuário não está ligado a um funcionário ou representante."
        raise Forbidden("person_not_linked", detail)
    person = session.persons.get_own(person_id) if _own(session, person_id) else session.persons.get(person_id)
    if asked is None and not entitled(person.get("categories")):
        detail = "Só funcionários e representantes têm conta corrente de comissões."
        raise Forbidden("commission_not_entitled", detail)
    return str(person["_id"])


def _of_another() -> Forbidden:
    return Forbidden("commission_of_another", "Você só pode consultar a própria conta corrente.")


def _sees(session: SalesSession, person_id: str) -> bool:
    """The own account; all of the persons that they see for who closes them."""
    return _own(session, person_id) or (session.actor.holds(CLOSES) and session.persons.is_visible(person_id))


def _own(session: SalesSession, person_id: str) -> bool:
    """Whichever record it was merged into."""
    own, lead = session.actor.person, session.redirects.current
    return own is not None and lead(own) == lead(person_id)


def _closing(session: SalesSession, closing_id: str) -> Closing:
    closing = session.commission_closings.get(closing_id)
    if not _sees(session, closing.person_id):
        raise NotFound("commission_closing_not_found", "Fechamento não encontrado.")
    return closing


def _item(entry: Entry, number: int) -> Data:
    return {**vars(entry), **vars(entry.parts[number]), "entry_id": entry.id}
