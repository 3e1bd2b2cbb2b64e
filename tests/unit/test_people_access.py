"""Access as a table, wrong passwords, tokens, sessions and keys: the rules of row P9."""

from __future__ import annotations

import datetime as dt
import json
import string
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.access.context import CONTEXT_HEADER, SIGNATURE_HEADER, Context, seal, unseal
from services.chassis.errors import Conflict, Forbidden, Internal, Invalid, Unauthenticated
from services.chassis.handling.session import actor_of, supervisor_of
from services.people.access import tokens
from services.people.access.model import (
    BUILT_IN,
    KEY_PERMISSIONS,
    OWN,
    PERMISSIONS,
    SCOPES,
    SECTIONS,
    Access,
    access_of,
    built_in_roles,
    check_permissions,
    supervised_by,
)
from services.people.companies.model import Company
from services.people.keys.model import ApiKey
from services.people.sessions.model.sessions import MOST_REPEATABLE, REPEATED_FOR, SignedSession
from services.people.users.model import Membership, User, refuse_self, refuse_unlinkable
from tests.support.stack.wire_keys import WireKeys

NOW = dt.datetime(2031, 3, 5, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

names = st.frozensets(st.sampled_from("abc"))
scopes = st.dictionaries(st.sampled_from(sorted(SCOPES)), names)
accesses = st.builds(Access.of, st.frozensets(st.sampled_from(sorted(PERMISSIONS))), scopes)


def test_the_table_is_whole() -> None:
    assert all(permission.split(".")[0] in SECTIONS for permission in PERMISSIONS)
    assert all(PERMISSIONS.values())
    for label, permissions in BUILT_IN.values():
        assert label
        assert set(permissions) <= set(PERMISSIONS)
    assert set(BUILT_IN["admin"][1]) == set(PERMISSIONS)
    assert OWN not in PERMISSIONS
    assert not {p for p in KEY_PERMISSIONS if p.endswith((".administer", ".supervise"))}


def test_without_a_role_nothing_is_allowed() -> None:
    assert access_of([]) == Access()
    assert access_of(role for role in built_in_roles() if role.id == "viewer").permissions == set(BUILT_IN["viewer"][1])


@given(accesses, accesses)
def test_two_roles_together_cover_each_of_them(first: Access, second: Access) -> None:
    both = first.union(second)
    assert both == second.union(first)
    assert both.covers(first)
    assert both.covers(second)
    assert first.union(first) == first


@given(accesses, accesses, accesses)
def test_to_cover_is_an_order(a: Access, b: Access, c: Access) -> None:
    assert a.covers(a)
    if a.covers(b) and b.covers(c):
        assert a.covers(c)
    if a.covers(b) and b.covers(a):
        assert a == b


@given(accesses, accesses)
def test_nobody_hands_out_what_they_may_not_do(own: Access, other: Access) -> None:
    """Whatever is granted opens no permission, and no name of any kind, that the giver has not."""
    if not own.covers(other):
        with pytest.raises(Forbidden, match="grant_exceeds_own"):
            own.refuse_beyond(other)
        return
    own.refuse_beyond(other)
    assert other.permissions <= own.permissions
    for kind in SCOPES:
        for name in "abc":
            assert _sees(own, kind, name) or not _sees(other, kind, name)


def _sees(access: Access, kind: str, name: str) -> bool:
    return kind not in access.scopes or name in access.scopes[kind]


@pytest.mark.parametrize("asked", [[], ["people.fly"], ["people.read", OWN]])
def test_unknown_permissions_are_refused(asked: list[str]) -> None:
    with pytest.raises(Invalid, match="permission_unknown"):
        check_permissions(asked)


def test_an_action_is_approved_by_its_sections_supervisors() -> None:
    assert supervised_by("sales.reopen_opportunity") == "sales.supervise"
    for action in ("people.merge_persons", "sales", "sales.", "", "moon.land"):
        with pytest.raises(Invalid, match="action_unknown"):
            supervised_by(action)


def test_a_user_of_two_companies_is_no_single_companys() -> None:
    user = User("u", "a@x.com", "Ana", "hash", {"c1": Membership(["seller"])})
    user.rename("Ana Lima")
    user.reset_password("other")
    assert (user.name, user.password_hash, user.epoch) == ("Ana Lima", "other", 2)
    user.join("c2", ["viewer"], None)
    with pytest.raises(Forbidden, match="user_shared"):
        user.rename("x")
    with pytest.raises(Forbidden, match="user_shared"):
        user.reset_password("x")
    with pytest.raises(Conflict, match="membership_exists"):
        user.join("c2", ["admin"], None)
    user.set_password("own")
    assert (user.password_hash, user.epoch) == ("own", 3)


def test_an_inactive_membership_is_none() -> None:
    user = User(
        "u", "a@x.com", "Ana", "hash", {"c1": Membership(["seller"]), "c2": Membership(["viewer"], None, False)}
    )
    assert user.choose_company(None, asked=False)[0] == "c1"
    assert user.active_in("c2") is None
    with pytest.raises(Forbidden, match="membership_missing"):
        user.choose_company("c2", asked=True)


def test_links_and_own_access() -> None:
    refuse_unlinkable(["client", "employee"])
    with pytest.raises(Conflict, match="person_not_linkable"):
        refuse_unlinkable(["client"])
    with pytest.raises(Conflict, match="user_is_self"):
        refuse_self(User("u", "a@x.com", "Ana", "hash"), "u")


@pytest.mark.parametrize("zone", ["America/Nowhere", "", "../etc/passwd", "/etc/passwd", "a" * 300, "America"])
def test_a_company_needs_a_known_zone(zone: str) -> None:
    with pytest.raises(Invalid, match="time_zone_unknown"):
        Company("c", "c", "C", zone)


def test_a_companys_settings_have_bounds() -> None:
    company = Company("c", "c", "C")
    company.change(settings={"session_hours": 8})
    assert company.all_settings == {"approval_seconds": 300, "session_hours": 8}
    for settings, code in (({"colour": 1}, "setting_unknown"), ({"session_hours": 0}, "setting_invalid")):
        with pytest.raises(Invalid, match=code):
            company.change(settings=settings)


@given(st.sampled_from([tokens.REFRESH, tokens.KEY]), st.text(string.hexdigits.lower()[:16], min_size=8, max_size=32))
def test_a_token_is_read_as_it_was_made(kind: str, record: str) -> None:
    token, digest = tokens.make(kind, "c1", record)
    assert tokens.read(kind, token) == ("c1", record, digest)
    assert tokens.read(tokens.KEY if kind == tokens.REFRESH else tokens.REFRESH, token) is None
    assert tokens.read(kind, token[:-1]) is None
    assert digest not in token


@given(st.text())
def test_what_is_no_token_is_none(text: str) -> None:
    assert tokens.read(tokens.KEY, text) is None


def test_a_session_goes_on_while_used_and_ends_after_thirty_days() -> None:
    session = SignedSession.begin("s", "u", 1, "d0", NOW, HOUR)
    assert session.lives(1, NOW)
    assert not session.lives(1, NOW + HOUR)
    assert not session.lives(2, NOW)
    session.rotate("d1", "sealed", NOW + HOUR / 2, HOUR)
    assert session.is_newest("d1")
    assert not session.is_newest("d0")
    assert session.lives(1, NOW + HOUR)
    session.rotate("d2", "sealed", NOW + dt.timedelta(days=30) - HOUR / 2, HOUR)
    assert session.expires_at == NOW + dt.timedelta(days=30)


def test_each_used_token_has_its_own_successor_for_thirty_seconds() -> None:
    session = SignedSession.begin("s", "u", 1, "d0", NOW, HOUR)
    session.rotate("d1", "to d1", NOW, HOUR)
    session.rotate("d2", "to d2", NOW + dt.timedelta(seconds=10), HOUR)
    answers = {
        second: [
            session.successor_of(digest, NOW + dt.timedelta(seconds=second)) for digest in ("d0", "d1", "d2", "dx")
        ]
        for second in (10, 29, 30, 39, 40)
    }
    assert answers == {
        10: ["to d1", "to d2", None, None],
        29: ["to d1", "to d2", None, None],
        30: [None, "to d2", None, None],
        39: [None, "to d2", None, None],
        40: [None, None, None, None],
    }


def test_what_a_session_remembers_of_used_tokens_is_bounded() -> None:
    session = SignedSession.begin("s", "u", 1, "d0", NOW, HOUR)
    for number in range(1, 100):
        session.rotate(f"d{number}", "sealed", NOW, HOUR)
    assert len(session.used) == MOST_REPEATABLE
    session.rotate("later", "sealed", NOW + REPEATED_FOR, HOUR)
    assert [used.digest for used in session.used] == ["d99"]


def test_a_successor_is_read_with_the_used_token_only() -> None:
    used, digest = tokens.make(tokens.REFRESH, "c1", "0" * 32)
    following, _ = tokens.make(tokens.REFRESH, "c1", "0" * 32)
    text = tokens.encrypt_under(following, used)
    assert tokens.decrypt_under(text, used) == following
    assert following.rsplit(".", 1)[1] not in text
    for other in (following, digest, used[:-1]):
        with pytest.raises(Internal, match="token_unsealable"):
            tokens.decrypt_under(text, other)


def test_a_key_is_checked_and_its_use_noted_once_a_minute() -> None:
    key = ApiKey("k", "ERP", "d", ("people.read",), "u", NOW, NOW + HOUR)
    key.check("d", NOW)
    assert [key.use(NOW + dt.timedelta(seconds=s)) for s in (0, 59, 60, 61)] == [True, False, True, False]
    for digest, at, code in (("x", NOW, "key_invalid"), ("d", NOW + HOUR, "key_expired")):
        with pytest.raises(Unauthenticated, match=code):
            key.check(digest, at)
    key.revoke(NOW)
    with pytest.raises(Unauthenticated, match="key_revoked"):
        key.check("d", NOW)


def test_the_supervisor_and_the_own_person_travel_signed() -> None:
    keys = WireKeys()
    ring, heard = keys.ring(), keys.ring("people")
    supervisor = {"id": "s1", "name": "Sueli", "grant": "g1"}
    context = Context("c1", "u1", "Ana", ("x.write",), "r", 1.0, None, {"flow": ("f1",)}, "p1", supervisor)
    headers = seal(context, "people.y", b"{}", ring)
    opened = unseal(headers, "people.y", b"{}", heard)
    assert opened == context
    assert actor_of(opened).person == "p1"
    approved = supervisor_of(opened)
    assert approved is not None
    assert (approved.id, approved.name) == ("s1", "Sueli")
    forged = {**headers, "vinculo-context": headers["vinculo-context"].replace("Sueli", "Outra")}
    with pytest.raises(Unauthenticated, match="signature_invalid"):
        unseal(forged, "people.y", b"{}", heard)


def test_a_newer_gateways_context_is_opened_without_what_this_version_does_not_know() -> None:
    keys = WireKeys()
    ring, heard = keys.ring(), keys.ring("people")
    context = Context("c1", "u1", "Ana", ("x.write",), "r", 1.0)
    text = json.dumps({**asdict(context), "coming": "later"})
    signed = ring.tag("people", b"people.y", text.encode(), b"{}")
    assert unseal({CONTEXT_HEADER: text, SIGNATURE_HEADER: signed}, "people.y", b"{}", heard) == context
