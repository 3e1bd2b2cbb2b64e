"""Creating, revoking and verifying API keys of other systems (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import ACCESS
from services.chassis.handling.entrypoints import command
from services.people import events
from services.people.access import tokens
from services.people.access.checking import own_access
from services.people.access.model import KEY_PERMISSIONS, Access, check_permissions
from services.people.keys import contract
from services.people.keys.model import KEY_ACTOR, ApiKey, key_invalid, refuse_more
from services.people.keys.presenting import present_key
from services.people.session import PeopleSession

Data = dict[str, Any]


@command(
    takes=contract.CreateKey, gives=contract.NewKey, needs="people.administer", section=ACCESS, secret=True, fresh=True
)
def create_key(tx: PeopleSession, data: Data) -> Data:
    """Creates a key; only this answer contains it.

    Raises Invalid: permission_unknown, expiry_invalid; Forbidden("grant_exceeds_own"); Conflict("keys_full").
    """
    tx.one_at_a_time("keys")
    refuse_more(len(tx.access.keys.live(tx.now)))
    permissions = check_permissions(data["permissions"], KEY_PERMISSIONS)
    own_access(tx).refuse_beyond(Access.of(permissions, data["scopes"]))
    key_id = tx.new_id()
    token, digest = tokens.make(tokens.KEY, tx.company, key_id)
    key = ApiKey(
        id=key_id,
        name=data["name"],
        digest=digest,
        permissions=permissions,
        created_by=tx.actor.id,
        created_at=tx.now,
        expires_at=data["expires_at"],
        scopes=data["scopes"],
    )
    key.refuse_bad_expiry()
    tx.access.keys.add(key)
    announce(tx, key)
    tx.audit("key_created", key.id, name=key.name, permissions=list(permissions))
    return {**present_key(tx, key), "key": token}


@command(takes=contract.RevokeKey, gives=contract.Key, needs="people.administer", section=ACCESS, fresh=True)
def revoke_key(tx: PeopleSession, data: Data) -> Data:
    """Revokes a key; repeating it changes nothing. Raises NotFound("key_not_found")."""
    key = tx.access.keys.get(data["key_id"])
    if key.revoked_at is None:
        _revoke(tx, key)
    return present_key(tx, key)


@command(takes=contract.RevokeKeysOf, gives=contract.RevokedKeys, needs="people.administer", section=ACCESS, fresh=True)
def revoke_keys_of(tx: PeopleSession, data: Data) -> Data:
    """Revokes all live keys that a member of the company made; raises NotFound("user_not_found")."""
    user = tx.users.member(data["user_id"], tx.company)
    live = tx.access.keys.live_of(user.id, tx.now)
    for key in live:
        _revoke(tx, key)
    return {"user_id": user.id, "revoked": len(live)}


@command(
    takes=contract.VerifyKey, gives=contract.VerifiedKey, needs="installation.sign_in", section=ACCESS, secret=True
)
def verify_key(tx: PeopleSession, data: Data) -> Data:
    """The key's company and access; notes its use. Raises Unauthenticated: key_invalid, key_revoked, key_expired."""
    token = tokens.read(tokens.KEY, data["key"])
    there = tx.access_in(token.company) if token else None
    key = there.keys.find(token.record) if there and token else None
    if key is None or there is None or token is None:
        raise key_invalid()
    key.check(token.digest, tx.now)
    if key.use(tx.now):
        there.keys.save(key)
    return {**vars(key), "company": token.company}


def announce(tx: PeopleSession, key: ApiKey) -> None:
    """Publishes key_changed, without the secret."""
    access = {"permissions": list(key.permissions), "scopes": key.scopes}
    validity = {"active": key.revoked_at is None, "expires_at": key.expires_at}
    tx.publish(
        events.KEY_CHANGED, key.id, key.version, key_id=key.id, actor_id=f"{KEY_ACTOR}{key.id}", name=key.name,
        **validity, **access,
    )  # fmt: skip


def _revoke(tx: PeopleSession, key: ApiKey) -> None:
    key.revoke(tx.now)
    tx.access.keys.save(key)
    announce(tx, key)
    tx.audit("key_revoked", key.id, name=key.name)
