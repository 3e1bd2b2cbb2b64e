"""Row P7: two records of one person become one in every list of every service, and unmerging restores them exactly."""

from __future__ import annotations

import datetime as dt

from tests.support.builders import people, rights
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


def together(ana: Client, survivor: str, wanted: dict[str, set[str]]) -> bool:
    return rights.ids(rights.lists(ana, survivor)) == wanted


def test_the_old_id_and_the_old_code_lead_to_the_survivor(ana: Client) -> None:
    word = people.unique_word()
    survivor, person = ana.register(f"Fica {word}"), ana.register(f"Vai {word}", document=people.cpf())
    rights.merge(ana, survivor["id"], person["id"])
    answer = ana.request("GET", f"/v1/persons/{person['id']}")
    assert answer.json()["id"] == survivor["id"]
    assert answer.headers["Content-Location"] == f"/v1/persons/{survivor['id']}"
    for q in (f"#{person['code']}", person["document"], f"Vai {word}"):
        assert [item["id"] for item in ana.get("/v1/persons", params={"q": q})["items"]] == [survivor["id"]], q
    view = ana.get(f"/v1/persons/{person['id']}/view")
    assert view["person"]["id"] == survivor["id"]
    listed = ana.get(f"/v1/persons/{survivor['id']}/merged")["items"]
    assert [(item["person"]["id"], item["person"]["code"]) for item in listed] == [(person["id"], person["code"])]
    # its document is the survivor's now
    body = {"name": "Outra", "document": person["document"]}
    problem = refused(ana.request("POST", "/v1/persons", json=body), 409, "person_exists")
    assert problem["params"]["person_code"] == survivor["code"]


def test_the_preview_names_conflicts_and_take_chooses(ana: Client) -> None:
    word = people.unique_word()
    survivor, person = ana.register(f"Um {word}"), ana.register(f"Dois {word}", short_name="Dois")
    path, params = f"/v1/persons/{survivor['id']}/merge-preview", {"person_id": person["id"]}
    preview = ana.get(path, params=params)
    assert [(c["field"], c["kept"]) for c in preview["conflicts"]] == [("name", "survivor")]
    assert preview["survivor"]["name"] == survivor["name"]
    assert preview["survivor"]["short_name"] == "Dois"
    assert ana.get(path, params={**params, "take": "name"})["survivor"]["name"] == person["name"]
    refused(ana.request("GET", path, params={**params, "take": "document"}), 422, "merge_field_unknown")
    assert ana.get(f"/v1/persons/{survivor['id']}")["short_name"] == "", "a preview changes nothing"
    assert rights.merge(ana, survivor["id"], person["id"], take=["name"])["name"] == person["name"]
    apart = ana.post(f"/v1/persons/{person['id']}/unmerge", {})
    assert (apart["survivor"]["name"], apart["person"]["name"]) == (survivor["name"], person["name"])


def test_a_chain_comes_apart_in_its_order_and_each_record_gets_its_own(ana: Client) -> None:
    word = people.unique_word()
    a, b, c = (ana.register(f"{name} {word}")["id"] for name in ("Alfa", "Beta", "Gama"))
    for person, name in ((a, "alfa"), (b, "beta"), (c, "gama")):
        rights.with_records(ana, person, f"{word} {name}", watched=False)
    before = {person: rights.lists(ana, person) for person in (a, b, c)}
    own = {person: rights.ids(shown) for person, shown in before.items()}
    rights.merge(ana, b, a)
    rights.merge(ana, c, b)
    everything = {name: own[a][name] | own[b][name] | own[c][name] for name in own[a]}
    wait_for(lambda: together(ana, c, everything), what="all at the last survivor")
    assert ana.get(f"/v1/persons/{a}")["id"] == c
    refused(ana.request("POST", f"/v1/persons/{a}/unmerge", json={}), 409, "survivor_merged")
    ana.post(f"/v1/persons/{b}/unmerge", {})
    both = {name: own[a][name] | own[b][name] for name in own[a]}
    wait_for(lambda: together(ana, b, both) and together(ana, c, own[c]), what="the last one apart")
    ana.post(f"/v1/persons/{a}/unmerge", {})
    wait_for(lambda: all(rights.lists(ana, person) == before[person] for person in (a, b, c)), what="all as before")


def test_later_changes_of_the_survivor_stay_when_it_comes_apart(ana: Client) -> None:
    word = people.unique_word()
    phones = [{"number": people.phone()} for _ in range(3)]
    survivor = ana.register(f"Fica {word}", phones=phones[:1])
    person = ana.register(f"Vai {word}", phones=phones[1:2])
    rights.merge(ana, survivor["id"], person["id"])
    ana.post(f"/v1/persons/{survivor['id']}/contacts", {"name": "Rita"})
    apart = ana.post(f"/v1/persons/{person['id']}/unmerge", {})
    assert [contact["name"] for contact in apart["survivor"]["contacts"]] == ["Rita"]
    assert [p["number"] for p in apart["survivor"]["phones"]] == [p["number"] for p in survivor["phones"]]
    assert apart["person"]["phones"] == person["phones"]


def test_refusals(ana: Client, bruno: Client) -> None:
    word = people.unique_word()
    survivor, person, third = (ana.register(f"{name} {word}") for name in ("Um", "Dois", "Tres"))
    path, versions = f"/v1/persons/{survivor['id']}/merge", {"survivor_version": 1, "person_version": 1}
    body = {"person_id": person["id"], **versions}
    refused(ana.request("POST", path, json={**body, "person_id": survivor["id"]}), 409, "merge_itself")
    refused(ana.request("POST", path, json={**body, "person_id": "nobody"}), 404, "person_not_found")
    refused(ana.request("POST", path, json={**body, "person_version": 7}), 409, "version_changed")
    refused(ana.request("POST", path, json={"person_id": person["id"]}), 422, "input_invalid")
    refused(bruno.request("POST", path, json=body), 404, "person_not_found")
    theirs = bruno.register(f"Da outra {word}")
    refused(ana.request("POST", path, json={**body, "person_id": theirs["id"]}), 404, "person_not_found")
    refused(ana.request("POST", f"/v1/persons/{person['id']}/unmerge", json={}), 409, "person_not_merged")
    ana.post(path, body)
    refused(ana.request("POST", path, json=body), 409, "person_already_merged")
    again = {**versions, "person_id": person["id"]}
    refused(
        ana.request("POST", f"/v1/persons/{third['id']}/merge", json=again), 409, "person_already_merged"
    )  # fmt: skip
    refused(bruno.request("POST", f"/v1/persons/{person['id']}/unmerge", json={}), 404, "person_not_found")


def test_a_preview_shows_the_relations_contacts_and_addresses_that_the_survivor_gets(ana: Client) -> None:
    word = people.unique_word()
    survivor, third = ana.register(f"Fica {word}", short_name=word), ana.register(f"Sócia {word}")
    address = {"street": "Rua A", "city": "Santos", "state": "SP"}
    person = ana.register(
        f"Vai {word}", short_name=f"V{word}", addresses=[address], contacts=[{"name": "Rita"}], document=people.cpf()
    )
    ana.post(f"/v1/persons/{person['id']}/related", {"related_id": third["id"], "kind": "partner"})
    asked = {"person_id": person["id"]}
    shown = ana.get(f"/v1/persons/{survivor['id']}/merge-preview", params=asked)
    (relation,) = shown["added"]["relations"]
    assert (relation["person"]["id"], relation["kind"]) == (third["id"], "partner")
    assert dt.datetime.fromisoformat(relation["since"]).tzinfo is not None
    assert shown["added"]["addresses"][0]["street"] == "Rua A"
    assert shown["added"]["contacts"][0]["name"] == "Rita"
    told = {conflict["field"]: (conflict["survivor"], conflict["person"]) for conflict in shown["conflicts"]}
    assert told["short_name"] == (word, f"V{word}")
    # the service lives on
    assert ana.get(f"/v1/persons/{survivor['id']}")["id"] == survivor["id"]
