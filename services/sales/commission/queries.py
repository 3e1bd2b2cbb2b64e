"""Reading commission accounts, closings and rates, for their person and for who closes accounts (row S19)."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import Forbidden, NotFound
from services.chassis.handling.entrypoints import query
from services.chassis.pages import cursor_of, read_cursor, word
from services.chassis.schemas import ById
from services.sales.commission import contract
from services.sales.commission.model import Balance, Closing, Entry, may_earn_commission
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
    where = {"person_id": _account_of(session, data.pop("person_id")), "status": data.pop("status")}
    return session.commission_entries.page(where, **data)


@query(
    takes=contract.ListCommissionByStatus,
    gives=contract.CommissionItemPage,
    needs="sales.read",
    section="commission_account",
)
def list_commission_items(session: SalesSession, data: Data) -> Data:
    """As list_commission_entries, by item."""
    where = {"person_id": _account_of(session, data.pop("person_id")), "status": data.pop("status")}
    found = session.commission_entries.items(where, **data)
    return {**found, "items": [_present_item(entry, number) for entry, number in found["items"]]}


@query(
    takes=contract.GetCommissionBalance,
    gives=contract.CommissionBalance,
    needs="sales.read",
    section="commission_account",
)
def get_commission_balance(session: SalesSession, data: Data) -> Data:
    """The stored balance of an account; raises what list_commission_entries raises."""
    person_id = _account_of(session, data["person_id"])
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
    """The balances of all visible persons, for users who close accounts. Raises Forbidden("commission_of_another")."""
    if not session.actor.holds(CLOSES):
        raise _refuse_another()
    after = "" if data["cursor"] is None else read_cursor(data["cursor"], word)[0]
    found, more = session.commission_totals.by_person(after, data["limit"])
    following = cursor_of([*found][-1]) if more and found else None
    return {"items": present_balances(session, found), "next_cursor": following}


@query(takes=ById, gives=contract.CommissionEntry, needs="sales.read", section="commission_account")
def get_commission_entry(session: SalesSession, data: Data) -> Entry:
    """Raises NotFound("commission_entry_not_found"), also for an account that the user may not see."""
    entry = session.commission_entries.get(data["id"])
    if not _sees_account_of(session, entry.person_id):
        raise NotFound("commission_entry_not_found", "Lançamento de comissão não encontrado.")
    return entry


@query(
    takes=contract.ListCommission,
    gives=contract.CommissionClosingPage,
    needs="sales.read",
    section="commission_account",
)
def list_commission_closings(session: SalesSession, data: Data) -> Data:
    """The newest first; raises what list_commission_entries raises."""
    found = session.commission_closings.page(_account_of(session, data.pop("person_id")), **data)
    return {**found, "items": present_closings(session, found["items"])}


@query(takes=ById, gives=contract.CommissionClosing, needs="sales.read", section="commission_account")
def get_commission_closing(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("commission_closing_not_found")."""
    return present_closings(session, [_visible_closing(session, data["id"])])[0]


@query(
    takes=contract.ListClosedEntries,
    gives=contract.CommissionEntryPage,
    needs="sales.read",
    section="commission_account",
)
def list_closed_entries(session: SalesSession, data: Data) -> Data:
    """Raises NotFound("commission_closing_not_found")."""
    closing = _visible_closing(session, data.pop("closing_id"))
    return session.commission_entries.page({"closing_id": closing.id}, **data)


@query(
    takes=contract.ListCommissionRates,
    gives=contract.CommissionRatePage,
    needs="sales.configure",
    section="commission_account",
)
def list_commission_rates(session: SalesSession, data: Data) -> Data:
    """The rates of persons or of products, the last set first."""
    found = session.commission_rates.page(**data)
    return {**found, "items": present_rates(session, found["items"])}


def _account_of(session: SalesSession, asked: str | None) -> str:
    """The person whose account is read: the caller's own, or `asked`, another's, for users who close accounts.

    Raises Forbidden("person_not_linked", "commission_not_entitled" or "commission_of_another").
    """
    if asked is not None and not _sees_account_of(session, asked):
        raise _refuse_another()
    person_id = asked or session.actor.person
    if person_id is None:
        detail = "Seu usuário não está ligado a um funcionário ou representante."
        raise Forbidden("person_not_linked", detail)
    person = (
        session.persons.get_own(person_id) if _is_own_account(session, person_id) else session.persons.get(person_id)
    )
    if asked is None and not may_earn_commission(person.get("categories")):
        detail = "Só funcionários e representantes têm conta corrente de comissões."
        raise Forbidden("commission_not_entitled", detail)
    return str(person["_id"])


def _refuse_another() -> Forbidden:
    return Forbidden("commission_of_another", "Você só pode consultar a própria conta corrente.")


def _sees_account_of(session: SalesSession, person_id: str) -> bool:
    """Whether it is the caller's own account, or the caller closes accounts and may see the person."""
    return _is_own_account(session, person_id) or (
        session.actor.holds(CLOSES) and session.persons.is_visible(person_id)
    )


def _is_own_account(session: SalesSession, person_id: str) -> bool:
    """Whether the person is the caller's own; merged records are one person."""
    own, lead = session.actor.person, session.redirects.current
    return own is not None and lead(own) == lead(person_id)


def _visible_closing(session: SalesSession, closing_id: str) -> Closing:
    closing = session.commission_closings.get(closing_id)
    if not _sees_account_of(session, closing.person_id):
        raise NotFound("commission_closing_not_found", "Fechamento não encontrado.")
    return closing


def _present_item(entry: Entry, number: int) -> Data:
    return {**vars(entry), **vars(entry.parts[number]), "entry_id": entry.id}
