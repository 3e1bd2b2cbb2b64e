"""API keys of other systems (row P9)."""

from __future__ import annotations

from typing import Any

from services.chassis.entrypoints import command, query
from services.chassis.sections import ACCESS
from services.people import contract, tokens
from services.people.domain.access import ADMINISTER, KEY_PERMISSIONS, Access, known_permissions
from services.people.domain.credentials import ApiKey, key_invalid
from services.people.store import PeopleSession
from services.people.use_cases.checking import access_in_company, own_access

Data = dict[str, Any]


@command(
    takes=contract.CreateKey, gives=contract.NewKey, needs="people.administer", section=ACCESS, secret=True, fresh=True
)
def create_key(tx: PeopleSession, data: Data) -> Data:
    """The key is answered this once; raises Invalid("expiry_invalid"), Forbidden("grant_exceeds_own")..."""
    permissions = known_permissions(data["permissions"], KEY_PERMISSIONS)
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
    tx.audit("key_created", key.id, name=key.name, permissions=list(permissions))
    return {**_shown(tx, key), "key": token}


@command(takes=contract.RevokeKey, gives=contract.Key, needs="people.administer", section=ACCESS, fresh=True)
def revoke_key(tx: PeopleSession, data: Data) -> Data:
    """Told again, nothing changes."""
    key = tx.access.keys.get(data["key_id"])
    if key.revoked_at is None:
        _revoke(tx, key)
    return _shown(tx, key)


@command(takes=contract.RevokeKeysOf, gives=contract.RevokedKeys, needs="people.administer", section=ACCESS, fresh=True)
def revoke_keys_of(tx: PeopleSession, data: Data) -> Data:
    """All that a member of the company made and that still open something; raises NotFound("user_not_found")."""
    user = tx.users.member(data["user_id"], tx.company)
    live = tx.access.keys.live_of(user.id, tx.now)
    for key in live:
        _revoke(tx, key)
    return {"user_id": user.id, "revoked": len(live)}


@query(takes=contract.GetKey, gives=contract.Key, needs="people.administer", section=ACCESS, fresh=True)
def get_key(session: PeopleSession, data: Data) -> Data:
    return _shown(session, session.access.keys.get(data["key_id"]))


@query(takes=contract.ListKeys, gives=contract.KeyPage, needs="people.administer", section=ACCESS, fresh=True)
def list_keys(session: PeopleSession, data: Data) -> Data:
    """Newest first, each with what its maker is today: the key of somebody who is gone goes on until it is revoked."""
    found = session.access.keys.page(**data)
    makers = {maker: access_in_company(session, maker) for maker in {key.created_by for key in found["items"]}}
    return {**found, "items": [{**vars(key), "maker": _maker(key, makers[key.created_by])} for key in found["items"]]}


@command(
    takes=contract.VerifyKey, gives=contract.VerifiedKey, needs="installation.sign_in", section=ACCESS, secret=True
)
def verify_key(tx: PeopleSession, data: Data) -> Data:
    """Whose key this is, and what it may do; notes its use. Raises Unauthenticated."""
    token = tokens.read(tokens.KEY, data["key"])
    there = tx.access_in(token.company) if token else None
    key = there.keys.find(token.record) if there and token else None
    if key is None or there is None or token is None:
        raise key_invalid()
    key.check(token.digest, tx.now)
    if key.use(tx.now):
        there.keys.save(key)
    return {**vars(key), "company": token.company}


def _revoke(tx: PeopleSession, key: ApiKey) -> None:
    key.revoke(tx.now)
    tx.access.keys.save(key)
    tx.audit("key_revoked", key.id, name=key.name)


def _shown(session: PeopleSession, key: ApiKey) -> Data:
    return {**vars(key), "maker": _maker(key, access_in_company(session, key.created_by))}


def _maker(key: ApiKey, access: Access | None) -> str:
    """What the key's maker is today: may still give such a key, may not, or is active here no more."""
    if access is None:
        return "inactive"
    could = ADMINISTER in access.permissions and access.covers(Access.of(key.permissions, key.scopes))
    return "administrator" if could else "member"
