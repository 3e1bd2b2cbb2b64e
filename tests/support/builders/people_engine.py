"""The use cases of `people` on a real database, as the chassis runs them, without broker and gateway."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from services.chassis.access.context import INSTALLATION, Context
from services.chassis.clock import now
from services.chassis.errors import Failure
from services.chassis.handling.requests import RpcSpec
from services.chassis.handling.retrying import Retrier
from services.chassis.handling.session import actor_of, supervisor_of
from services.chassis.schemas import load
from services.chassis.storage.database import Database
from services.people import session as people_session
from services.people.access.model import OWN
from services.people.companies.model import Company
from services.people.sessions.model.sessions import SignedSession
from services.people.users.model import Membership, User

COMPANY = "c1"


class PeopleEngine:
    """Stands for the runtime of the service; `clock` may be the test's own."""

    nobody = Context(COMPANY, "test", "test", (), "r", 0)

    def __init__(self, database: Database, clock: Callable[[], dt.datetime] = now) -> None:
        self.database = database
        self.clock = clock
        database.ensure_indexes([*people_session.INDEXES])
        self.retrier = Retrier(20, time.sleep)

    def session(self, context: Context, client_session: Any) -> people_session.PeopleSession:
        tenant = self.database.tenant(context.company, client_session)
        session = people_session.PeopleSession(tenant, actor_of(context), self.clock(), context.request_id, 10)
        session.supervisor = supervisor_of(context)
        return session

    def hand_over(self, session: people_session.PeopleSession) -> None:
        """Nobody hears what is announced here."""

    def look(self, company: str = COMPANY) -> people_session.PeopleSession:
        """Outside a transaction, to prepare and to look."""
        return self.session(replace(self.nobody, company=company), None)

    def company(self) -> None:
        self.look(INSTALLATION).companies.put(Company(COMPANY, "padaria", "Padaria"))

    def user(self, user_id: str, *roles: str) -> Context:
        """An active member, signed in: what the token says, from now on."""
        session = self.look()
        user = User(user_id, f"{user_id}@padaria.example", user_id, "no hash", {COMPANY: Membership([*roles])})
        session.users.put(user)
        return self.signed_in(user_id)

    def signed_in(self, user_id: str) -> Context:
        session = self.look()
        user, sign_in = session.users.get(user_id), uuid.uuid4().hex
        idle = dt.timedelta(hours=8)
        session.access.sessions.add(SignedSession.begin(sign_in, user_id, user.epoch, "digest", session.now, idle))
        access = session.access.roles.access_of(user.memberships[COMPANY].roles)
        permissions = tuple(sorted({*access.permissions, OWN}))
        return Context(COMPANY, user_id, user_id, permissions, "r", 0, scopes=access.scopes, session=sign_in)

    def asking(self, context: Context) -> Context:
        """A request of its own, which comes now."""
        return replace(context, deadline=time.time() + 20, idempotency_key=uuid.uuid4().hex)

    def order(self, use_case: Any, context: Context, /, **data: Any) -> Any:
        """As handling/requests.py would with a request that comes now; raises the Failure that the caller is told."""
        asked = self.asking(context)
        spec: RpcSpec = use_case.chassis_rpc
        asked.require(spec.needs)
        service, taken = SimpleNamespace(runtime=self), load(spec.takes, data)
        return spec.runner(service, asked, use_case.__wrapped__, taken, spec.gives)

    def told(self, use_case: Any, context: Context, /, **data: Any) -> str:
        """The refusal's code, or "done"."""
        try:
            self.order(use_case, context, **data)
        except Failure as failure:
            return failure.code
        return "done"
