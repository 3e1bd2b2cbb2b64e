"""Row P9: who lost their access gives none, erases nothing and exports nothing with the token that they still have.

On the real database, as the chassis runs it, without broker and gateway.
"""

from __future__ import annotations

import datetime as dt
import inspect
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local.database import Database as Engine
from services.chassis.access.context import Context
from services.chassis.clock import now
from services.chassis.errors import Failure
from services.chassis.handling.requests import RpcSpec
from services.chassis.schemas import load
from services.chassis.storage.database import Database
from services.people import session as people_session
from services.people.access import administrators
from services.people.access import commands as access_commands
from services.people.keys import commands as keys_commands
from services.people.keys import queries as keys_queries
from services.people.service import People
from services.people.sessions import commands as sessions_commands
from services.people.users import commands as users_commands
from services.people.users import queries as users_queries
from tests.support.builders.people_engine import COMPANY, PeopleEngine

FRESH: dict[str, RpcSpec] = {
    name: vars(method)["chassis_rpc"]
    for name, method in inspect.getmembers(People, inspect.isfunction)
    if "chassis_rpc" in vars(method) and vars(method)["chassis_rpc"].fresh
}


@pytest.fixture
def engine(database: Engine) -> Iterator[PeopleEngine]:
    opened = Database(database.uri, f"t{secrets.token_hex(4)}_people")
    engine = PeopleEngine(opened)
    engine.company()
    yield engine
    opened.client.drop_database(opened._database.name)
    opened.close()


class Reached(Exception):
    """The method ran."""


def reached(engine: PeopleEngine, spec: RpcSpec, context: Context) -> str:
    """ "reached" where the method would have run, else the code of the refusal."""

    def method(session: people_session.PeopleSession, data: Any) -> Any:
        raise Reached

    try:
        spec.runner(SimpleNamespace(runtime=engine), engine.asking(context), method, {}, spec.gives)
    except Reached:
        return "reached"
    except Failure as failure:
        return failure.code
    return "answered"


def deactivated(engine: PeopleEngine, ana: Context, bia: Context) -> None:
    engine.order(users_commands.change_user, ana, user_id=bia.user, active=False)


def demoted(engine: PeopleEngine, ana: Context, bia: Context) -> None:
    engine.order(users_commands.change_user, ana, user_id=bia.user, roles=["viewer"])


def given_a_password(engine: PeopleEngine, ana: Context, bia: Context) -> None:
    engine.order(users_commands.reset_password, ana, user_id=bia.user, password=secrets.token_hex(16))


def signed_out(engine: PeopleEngine, _: Context, bia: Context) -> None:
    engine.order(sessions_commands.sign_out, bia, session_id=bia.session)


@pytest.mark.parametrize(
    ("lose", "codes"),
    [
        (deactivated, {"membership_missing"}),
        (demoted, {"permission_missing"}),
        (given_a_password, {"session_ended"}),
        (signed_out, {"session_ended"}),
    ],
)
def test_no_fresh_call_runs_for_who_lost_their_access(
    engine: PeopleEngine, lose: Callable[[PeopleEngine, Context, Context], None], codes: set[str]
) -> None:
    ana, bia = engine.user("ana", "admin"), engine.user("bia", "admin")
    unready = {name: spec for name, spec in FRESH.items() if name != "approve_action"}  # asks the password first
    assert {reached(engine, spec, bia) for spec in unready.values()} == {"reached"}
    lose(engine, ana, bia)
    told = {name: reached(engine, spec, bia) for name, spec in unready.items()}
    allowed = {name for name, spec in unready.items() if not spec.needs.endswith((".administer", ".configure"))}
    # a viewer still imports and exports nothing; whatever needs less than that is not theirs to lose
    assert {code for name, code in told.items() if name not in allowed} == codes
    assert "reached" not in told.values()


def test_a_key_that_was_revoked_a_moment_ago_exports_nothing(engine: PeopleEngine) -> None:
    """The gateway believes a key for some seconds."""
    ana = engine.user("ana", "admin")
    made = engine.order(keys_commands.create_key, ana, **a_key("people.export"))
    key = Context(COMPANY, f"key:{made['id']}", "Robô", ("people.export",), "r", 0)
    assert reached(engine, FRESH["begin_export"], key) == "reached"
    engine.order(keys_commands.revoke_key, ana, key_id=made["id"])
    assert reached(engine, FRESH["begin_export"], key) == "key_revoked"


def test_a_role_that_lost_a_permission_gives_it_no_more(engine: PeopleEngine) -> None:
    """What the actor may hand out is what they hold now, not what their token says."""
    ana = engine.user("ana", "admin")
    role = engine.order(
        access_commands.define_role, ana, name="Chefe", permissions=["people.administer", "people.export"]
    )
    bia = engine.user("bia", role["id"])
    engine.order(access_commands.change_role, ana, role_id=role["id"], permissions=["people.administer"])
    assert engine.told(keys_commands.create_key, bia, **a_key("people.export")) == "grant_exceeds_own"


def test_of_two_administrators_who_demote_each_other_at_once_one_stays(
    engine: PeopleEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read that the other is an administrator before either writes."""
    ana, bia = engine.user("ana", "admin"), engine.user("bia", "admin")
    confirm, both = people_session.PeopleSession.confirm_actor, threading.Barrier(2, timeout=10)
    met: set[str] = set()

    def confirm_and_meet(session: people_session.PeopleSession, permission: str) -> None:
        confirm(session, permission)
        if session.actor.id not in met:
            met.add(session.actor.id)
            both.wait()

    monkeypatch.setattr(people_session.PeopleSession, "confirm_actor", confirm_and_meet)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(engine.told, users_commands.change_user, ana, user_id="bia", roles=["viewer"])
        second = pool.submit(engine.told, users_commands.change_user, bia, user_id="ana", active=False)
        told = sorted((first.result(), second.result()))
    assert told[0] == "done"
    assert told[1] in ("permission_missing", "membership_missing")
    assert len(administrators._administrators(engine.look())) == 1


def test_the_last_administrator_goes_by_no_way(engine: PeopleEngine) -> None:
    """Neither as a user, nor by the role that they hold, nor leaving only one who may give less."""
    ana = engine.user("ana", "admin")
    role = engine.order(
        access_commands.define_role, ana, name="Chefe", permissions=["people.administer", "people.read"]
    )
    bia = engine.user("bia", role["id"])
    assert engine.told(users_commands.change_user, ana, user_id="ana", active=False) == "user_is_self"
    # bia may not touch who may do more, and ana's going would leave nobody who may give everything
    assert engine.told(users_commands.change_user, bia, user_id="ana", active=False) == "grant_exceeds_own"
    with pytest.raises(Failure, match="administrator_last"):
        deactivate_as_the_operator(engine, "ana")
    assert engine.told(users_commands.change_user, ana, user_id="bia", active=False) == "done"


def test_of_two_operators_who_each_deactivate_one_of_two_administrators_at_once_one_is_refused(
    engine: PeopleEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have counted two administrators before either writes, unless something holds one of them up."""
    engine.user("ana", "admin")
    engine.user("bia", "admin")
    count, both = administrators._administrators, threading.Barrier(2, timeout=3)

    def count_and_meet(session: people_session.PeopleSession) -> Any:
        found = count(session)
        with suppress(threading.BrokenBarrierError):
            both.wait()
        return found

    monkeypatch.setattr(administrators, "_administrators", count_and_meet)

    def told(user_id: str) -> str:
        try:
            deactivate_as_the_operator(engine, user_id)
        except Failure as failure:
            return failure.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(told, ("ana", "bia"))) == ["administrator_last", "done"]
    assert len(count(engine.look())) == 1


def deactivate_as_the_operator(engine: PeopleEngine, user_id: str) -> None:
    """As `vinculo user create` does."""

    def work(client_session: Any) -> None:
        session = engine.session(engine.asking(engine.nobody), client_session)
        user = session.users.get(user_id)
        user.memberships[COMPANY].active = False
        with administrators.keeping_administrators(session):
            session.users.save(user)

    engine.database.transact(work, 20)


def test_a_role_does_not_lose_the_last_administrator_of_a_company(engine: PeopleEngine) -> None:
    ana = engine.user("ana", "admin")
    role = engine.order(
        access_commands.define_role, ana, name="Chefe", permissions=["people.administer", "people.read"]
    )
    bia = engine.user("bia", role["id"])
    engine.look().users._documents.delete({"_id": "ana"})
    assert (
        engine.told(access_commands.change_role, bia, role_id=role["id"], permissions=["people.read"])
        == "administrator_last"
    )
    assert engine.told(access_commands.change_role, bia, role_id=role["id"], name="Dono") == "done"


def test_the_keys_of_a_deactivated_maker_are_listed_and_offered_for_revoking(engine: PeopleEngine) -> None:
    ana, bia = engine.user("ana", "admin"), engine.user("bia", "admin")
    made = [engine.order(keys_commands.create_key, bia, **a_key("people.read")) for _ in range(3)]
    engine.order(keys_commands.revoke_key, bia, key_id=made[0]["id"])
    other = engine.order(keys_commands.create_key, ana, **a_key("people.read"))
    assert engine.order(users_commands.change_user, ana, user_id="bia", active=False)["live_keys"] == 2
    listed = engine.order(keys_queries.list_keys, ana, limit=10)["items"]
    assert {key["id"]: key["maker"] for key in listed} == {
        other["id"]: "administrator",
        **{key["id"]: "inactive" for key in made},
    }
    assert {key["id"] for key in engine.order(keys_queries.list_keys, ana, limit=10, created_by="bia")["items"]} == {
        key["id"] for key in made
    }
    revoked = engine.order(keys_commands.revoke_keys_of, ana, user_id="bia")
    assert revoked == {"user": {"id": "bia", "name": "bia"}, "revoked": 2}
    assert engine.order(users_queries.get_user, ana, user_id="bia")["live_keys"] == 0
    assert engine.order(keys_queries.get_key, ana, key_id=other["id"])["revoked_at"] is None


def a_key(*permissions: str) -> dict[str, Any]:
    return {"name": "Robô", "permissions": [*permissions], "expires_at": (now() + dt.timedelta(days=30)).isoformat()}


def test_a_recorded_create_key_gives_no_second_key_however_often_it_is_sent_at_once(engine: PeopleEngine) -> None:
    """The very same message, ten times over; a request of its own gives one."""
    ana = engine.user("ana", "admin")
    recorded, spec = engine.asking(ana), vars(keys_commands.create_key)["chassis_rpc"]
    data = load(spec.takes, a_key("people.read"))
    service, method = SimpleNamespace(runtime=engine), inspect.unwrap(keys_commands.create_key)

    def send(_: int) -> str:
        try:
            spec.runner(service, recorded, method, data, spec.gives)
        except Failure as failure:
            return failure.code
        return "made"

    with ThreadPoolExecutor(5) as threads:
        assert sorted(threads.map(send, range(10))) == ["made", *["request_repeated"] * 9]
    assert engine.told(keys_commands.create_key, ana, **a_key("people.read")) == "done"
    assert len(engine.order(keys_queries.list_keys, ana, limit=10)["items"]) == 2
