"""Row N8: who would be told is who is told, once the entry is saved."""

from __future__ import annotations

from tests.support.builders import documents, people, users
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def test_the_dry_run_names_whom_the_entry_then_tells_and_sends_nothing(
    system: System, ana: Client, bruno: Client
) -> None:
    person = people.with_two_addresses(ana, people.unique_word())
    watchers = f"/v1/persons/{person['id']}/watchers/me"
    told, muted = (users.create(ana, "seller") for _ in range(2))
    users.as_user(system, told).put(watchers)
    users.as_user(system, muted).put(watchers, {"mode": "muted"})
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Caso"})
    documents.deliveries(ana, person["id"])  # the opening tells the watcher: the rights are known
    before = {one["id"] for one in ana.get("/v1/deliveries", params={"person_id": person["id"]})["items"]}
    path = f"/v1/persons/{person['id']}/audience"
    asked = {"attendance_id": opened["id"], "notify_customer": True}
    found = {one["recipient"]: one["reason"] for one in ana.get(path, params=asked)["items"]}
    main = next(one["address"] for one in person["emails"] if one["main"])
    assert found == {told["login"]: None, muted["login"]: "muted", main: None}
    refused(bruno.request("GET", path), 404, "person_not_found")

    def fresh() -> set[str]:
        items = ana.get("/v1/deliveries", params={"person_id": person["id"]})["items"]
        return {one["recipient"] for one in items if one["id"] not in before}

    assert fresh() == set()
    ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Segue.", "notify_customer": True})
    wait_for(lambda: fresh() == {told["login"], main}, what="whom the dry run named")
