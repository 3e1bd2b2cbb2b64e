"""What the operator does is one transaction on people's own database, recorded in the company's audit as `operator`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from deploy.operations.installation import database_of
from services.chassis.access.context import INSTALLATION
from services.chassis.clock import now
from services.chassis.errors import NotFound
from services.chassis.handling.session import Actor
from services.people.session import INDEXES, PeopleSession

OPERATOR = Actor("operator", "Operador da instalação")
SECONDS = 30.0
# Acts that are recorded in one transaction.
TOGETHER = 200


@dataclass(frozen=True)
class Act:
    """Something done to `subject`, of a company where one is known; `details` hold no secret."""

    company: str | None
    action: str
    subject: str
    details: dict[str, Any] = field(default_factory=dict)


def transact(company_id: str, work: Callable[[PeopleSession], Any]) -> Any:
    """One transaction for this company; what it announces is published by people, at once when it runs."""
    with database_of("people") as database:
        database.ensure_indexes(INDEXES)

        def once(client_session: Any) -> Any:
            session = PeopleSession(database.tenant(company_id, client_session), OPERATOR, now(), "admin", 0)
            result = work(session)
            session.flush()
            return result

        return database.transact(once, SECONDS)


def record(acts: Iterable[Act]) -> None:
    """Each in its company's audit; in the installation's where that is no company's id."""
    by_company: dict[str, list[Act]] = {}
    for act in acts:
        by_company.setdefault(act.company or INSTALLATION, []).append(act)
    for company, all_of_it in by_company.items():
        tenant = company if _is_company(company) else INSTALLATION
        for start in range(0, len(all_of_it), TOGETHER):
            _record(tenant, all_of_it[start : start + TOGETHER])


def _record(tenant: str, acts: list[Act]) -> None:
    def work(tx: PeopleSession) -> None:
        for act in acts:
            tx.audit(act.action, act.subject, **act.details)

    transact(tenant, work)


def _is_company(company_id: str) -> bool:
    try:
        transact(INSTALLATION, lambda tx: tx.companies.get(company_id))
    except NotFound:
        return False
    return True
