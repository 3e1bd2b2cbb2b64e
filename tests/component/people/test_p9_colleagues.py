"""Row P9: every user of a company finds its colleagues by name; nobody sees more of them, or another company's."""

from __future__ import annotations

import base64

from tests.support.builders import keys, people, users
from tests.support.problems import refused
from tests.support.stack.system import Client, System

LIST = "/v1/colleagues"


def named(admin: Client, name: str) -> str:
    return str(users.create(admin, "viewer", name=name)["id"])


def test_a_seller_finds_colleagues_by_the_beginning_of_their_names_and_sees_those_who_left(
    system: System, ana: Client
) -> None:
    word = people.unique_word()
    second, first = named(ana, f"Érica {word} Zimmer"), named(ana, f"erica {word} Alves")
    ana.patch(f"/v1/users/{second}", {"active": False})
    seller = users.as_user(system, users.create(ana, "seller"))
    refused(seller.request("GET", "/v1/users"), 403, "permission_missing")
    found = seller.get(LIST, params={"q": f"ÉRICA  {word.lower()}"})["items"]
    assert found == [
        {"id": first, "name": f"erica {word} Alves", "active": True},
        {"id": second, "name": f"Érica {word} Zimmer", "active": False},
    ]


def test_pages_go_by_name_and_their_cursors_tell_no_login(ana: Client) -> None:
    word = people.unique_word()
    made = [named(ana, f"{word} {letter}") for letter in "cab"]
    first = ana.get(LIST, params={"q": word, "limit": 2})
    assert "@" not in base64.urlsafe_b64decode(first["next_cursor"]).decode()
    rest = ana.get(LIST, params={"q": word, "limit": 2, "cursor": first["next_cursor"]})
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == [made[1], made[2], made[0]]
    assert rest["next_cursor"] is None
    assert [one["id"] for one in ana.every(LIST, limit=7) if one["id"] in made] == [made[1], made[2], made[0]]


def test_nobody_of_another_company_is_there_and_who_is_of_both_is_known_to_both(
    system: System, ana: Client, bruno: Client
) -> None:
    word = people.unique_word()
    own = named(ana, f"{word} Nossa")
    assert bruno.get(LIST, params={"q": word})["items"] == []
    assert [one["id"] for one in ana.get(LIST, params={"q": word})["items"]] == [own]


def test_a_renamed_colleague_is_found_by_the_new_name_alone(ana: Client) -> None:
    old, new = people.unique_word(), people.unique_word()
    user = named(ana, old)
    ana.patch(f"/v1/users/{user}", {"name": new})
    assert ana.get(LIST, params={"q": old})["items"] == []
    assert [one["id"] for one in ana.get(LIST, params={"q": new})["items"]] == [user]


def test_a_key_of_another_system_lists_nobody(system: System, ana: Client) -> None:
    key = keys.create(ana, "people.read", "sales.read")
    assert keys.ask(system, key["key"], path=LIST).status_code == 403


def test_the_session_says_who_and_where_as_they_are_now(system: System, ana: Client) -> None:
    created = users.create(ana, "seller")
    client = users.as_user(system, created)
    signed_in = client.session
    shown = client.get("/v1/session")
    assert shown == {name: signed_in[name] for name in ("user", "company", "permissions", "scopes")}
    name = people.unique_word()
    ana.patch(f"/v1/users/{created['id']}", {"name": name})
    assert client.get("/v1/session")["user"]["name"] == name
