"""Creating and changing the users of a company, and changing one's own password (row P9)."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.errors import Conflict, NotFound
from services.chassis.handling.entrypoints import command
from services.people import events
from services.people.access.administrators import keeping_administrators
from services.people.access.checking import refuse_beyond_own, refuse_outranked
from services.people.access.commands import role_event_data
from services.people.access.model import OWN
from services.people.session import PeopleSession
from services.people.sessions import passwords
from services.people.sessions.proving import check, known_of, prove_own
from services.people.users import contract
from services.people.users.model import User, refuse_self, refuse_unlinkable
from services.people.users.presenting import with_keys

Data = dict[str, Any]


def refuse_bad_link(tx: PeopleSession, person_id: str | None, user_id: str) -> None:
    """Raises NotFound("person_not_found"), Conflict("person_not_linkable") or Conflict("person_linked")."""
    if person_id is None:
        return
    refuse_unlinkable(tx.persons.get(person_id).categories)
    holder = tx.users.of_person(tx.company, person_id)
    if holder is not None and holder.id != user_id:
        raise Conflict("person_linked", "Esta pessoa já está ligada a outro usuário.")


@command(
    takes=contract.CreateUser, gives=contract.User, needs="people.administer", section=ACCESS, secret=True, fresh=True
)
def create_user(tx: PeopleSession, data: Data) -> Data:
    """Raises Conflict("user_exists"), Invalid("password_weak"), what refuse_beyond_own and refuse_bad_link raise."""
    login, user_id = data["login"].lower(), tx.new_id()
    if tx.users.by_login(login) is not None:
        raise Conflict("user_exists", "Este login já está em uso.")
    refuse_beyond_own(tx, data["roles"])
    refuse_bad_link(tx, data.get("person_id"), user_id)
    company = tx.companies.get(tx.company)
    passwords.refuse_weak(data["password"], login, data["name"], company.name, company.code)
    user = User(user_id, login, data["name"], passwords.hash_in_thread(data["password"]))
    user.join(tx.company, data["roles"], data.get("person_id"))
    tx.users.add(user)
    announce(tx, user)
    tx.audit("user_created", user.id, roles=data["roles"])
    return with_keys(tx, user)


@command(takes=contract.ChangeUser, gives=contract.User, needs="people.administer", section=ACCESS, fresh=True)
def change_user(tx: PeopleSession, data: Data) -> Data:
    """Changes name, roles, linked person, active.

    Raises Conflict: user_is_self, administrator_last; Forbidden("user_shared") and what access/checking.py raises.
    API keys that the user made stay valid; the answer says how many, and `revoke_keys_of` ends them.
    """
    user = tx.users.member(data.pop("user_id"), tx.company)
    refuse_outranked(tx, user)
    changes_access = "roles" in data or "active" in data
    if changes_access:
        refuse_self(user, tx.actor.id)
    with keeping_administrators(tx) if changes_access else nullcontext():
        _change(tx, user, data)
    announce(tx, user)
    tx.audit("user_changed", user.id, **data)
    return with_keys(tx, user)


def _change(tx: PeopleSession, user: User, data: Data) -> None:
    membership = user.memberships[tx.company]
    if data.get("name"):
        user.rename(data["name"])
    if "roles" in data:
        refuse_beyond_own(tx, data["roles"])
        membership.roles = data["roles"]
    if "person_id" in data:
        refuse_bad_link(tx, data["person_id"], user.id)
        membership.person_id = data["person_id"]
    membership.active = data.get("active", membership.active)
    tx.users.save(user)


@command(takes=contract.JoinCompany, gives=contract.User, needs="people.administer", section=ACCESS, fresh=True)
def join_company(tx: PeopleSession, data: Data) -> Data:
    """Adds a user of another company that the actor administers too; raises NotFound("user_not_found") for others."""
    user = tx.users.get(data["user_id"])
    if tx.company not in user.memberships and not _administers_one_of(tx, user):
        raise NotFound("user_not_found", "Usuário não encontrado.")
    refuse_beyond_own(tx, data["roles"])
    refuse_bad_link(tx, data.get("person_id"), user.id)
    user.join(tx.company, data["roles"], data.get("person_id"))
    tx.users.save(user)
    announce(tx, user)
    tx.audit("user_joined", user.id, roles=data["roles"])
    return with_keys(tx, user)


@command(
    takes=contract.ResetPassword,
    gives=contract.User,
    needs="people.administer",
    section=ACCESS,
    secret=True,
    fresh=True,
)
def reset_password(tx: PeopleSession, data: Data) -> Data:
    """Ends the user's sessions and a lock; raises Forbidden("user_shared") where it is not one company's own."""
    user = tx.users.member(data["user_id"], tx.company)
    refuse_self(user, tx.actor.id)
    refuse_outranked(tx, user)
    passwords.refuse_weak(data["password"], *known_of(tx, user))
    user.reset_password(passwords.hash_in_thread(data["password"]))
    tx.users.save(user)
    tx.tries.forget_login(user.login)
    tx.audit("password_reset", user.id)
    return with_keys(tx, user)


@command(
    takes=contract.ChangeOwnPassword,
    gives=contract.User,
    needs=OWN,
    section=ACCESS,
    secret=True,
    before_transaction=prove_own,
)
def change_own_password(tx: PeopleSession, data: Data) -> Data:
    """Ends the user's sessions; raises credentials_invalid, sign_in_locked or password_weak."""
    user = check(tx, data["proof"])
    passwords.refuse_weak(data["password"], *known_of(tx, user))
    user.set_password(passwords.hash_in_thread(data["password"]))
    tx.users.save(user)
    tx.audit("password_changed", user.id)
    return with_keys(tx, user)


def announce(tx: PeopleSession, user: User) -> None:
    """Publishes user_changed: the user as a member of the company that `tx` works for."""
    membership = user.memberships[tx.company]
    member = {"name": user.name, "login": user.login, "person_id": membership.person_id, "active": membership.active}
    roles = [{**role_event_data(role), "version": role.version} for role in tx.access.roles.existing(membership.roles)]
    tx.publish(events.USER_CHANGED, user.id, user.version, user_id=user.id, roles=roles, **member)


def _administers_one_of(tx: PeopleSession, user: User) -> bool:
    actor = tx.users.member(tx.actor.id, tx.company)
    common = [company for company in user.memberships if actor.active_in(company) is not None]
    accesses = (tx.access_in(company).roles.access_of(actor.memberships[company].roles) for company in common)
    return any("people.administer" in access.permissions for access in accesses)
