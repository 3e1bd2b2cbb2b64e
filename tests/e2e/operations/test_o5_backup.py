"""A backup of the running system, under load: brought back into an empty installation it is the same; one company alone
is brought back in its place, and the other one is not touched."""

from __future__ import annotations

import secrets
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.operations.backup import restoring, taking
from deploy.operations.backup.archive import Refused, contents
from deploy.operations.backup.records import Manifest, tally_of
from deploy.operations.backup.snapshot import PROBE, RAW
from deploy.operations.looking import RESTORE_MARK
from services.catalogue import SERVICES
from tests.support.builders import people, rights
from tests.support.builders.sales import newcomer
from tests.support.stack.operator import Operator
from tests.support.stack.ports import wait_for
from tests.support.stack.system import ROOT, Client, System

KEY = secrets.token_urlsafe(24)
SETTLED = 0.5


@pytest.fixture
def settings(system: System, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes this process an operator of the system, or of another installation on its broker and engine."""

    def use(**others: str) -> None:
        for name in ("AMQP_URI", "MONGO_URI", "VINCULO_DATABASE_PREFIX"):
            monkeypatch.setenv(name, others.get(name, system.env[name]))

    use()
    return use


@pytest.fixture(scope="module")
def here(system: System) -> Client:
    """Of a company of its own, as `there`: a backup of one company takes as long as it has documents."""
    return newcomer(system)


@pytest.fixture(scope="module")
def there(system: System) -> Client:
    return newcomer(system)


def code_of(client: Client) -> str:
    return str(client.get("/v1/company")["code"])


@pytest.fixture
def load(ana: Client, bruno: Client) -> Iterator[Callable[[], int]]:
    """Persons are registered in both companies all the while; the call ends it, and says how many there were."""
    over, count = threading.Event(), [0]

    def work(client: Client) -> None:
        while not over.is_set():
            person = client.register(f"Cliente {people.unique_word()}")
            opened = client.post(f"/v1/persons/{person['id']}/attendances", {"subject": "Pedido"})
            client.post(f"/v1/attendances/{opened['id']}/entries", {"text": "Ligou"})
            count[0] += 1

    threads = [threading.Thread(target=work, args=(client,)) for client in (ana, bruno)]
    for thread in threads:
        thread.start()

    def end() -> int:
        over.set()
        for thread in threads:
            thread.join()
        return count[0]

    yield end
    end()


def tallies(system: System, prefix: str, where: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """As a manifest says them, of what is in the databases now; without the collections that are empty."""
    found = {}
    for service in SERVICES:
        database = system.mongo(service).client[prefix + service]
        for name in database.list_collection_names():
            if name not in (PROBE, RESTORE_MARK):
                documents = database.get_collection(name, codec_options=RAW).find(where)
                found[f"{service}.{name}"] = tally_of(documents)
    return {path: one for path, one in found.items() if one["count"]}


def full(manifest: Manifest) -> dict[str, dict[str, Any]]:
    return {path: one for path, one in manifest.collections.items() if one["count"]}


def test_a_backup_under_load_is_the_same_in_an_empty_installation(
    system: System, settings: Callable[..., None], load: Callable[[], int], tmp_path: Path
) -> None:
    file = tmp_path / "all.backup"
    manifest = taking.take(file, None, KEY, SETTLED)
    assert load() > 3
    assert manifest.collections["people.persons"]["count"] > 0
    with pytest.raises(Refused, match="not empty"):
        restoring.restore(file, KEY, replace=True)
    prefix = f"r{secrets.token_hex(4)}_"
    settings(VINCULO_DATABASE_PREFIX=prefix)
    for wrong, why in ((KEY + "x", "not that of this backup"), (None, "VINCULO_BACKUP_KEY")):
        with pytest.raises(Refused, match=why):
            restoring.restore(file, wrong, replace=False)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(Refused, match="cut off"):
        restoring.restore(cut, KEY, replace=False)
    assert tallies(system, prefix, {}) == {}, "nothing is written before all was read"
    # a running service of the same broker is one of another installation here: only its databases are empty
    with pytest.raises(Refused, match="services run"):
        restoring.restore(file, KEY, replace=False)
    with restored_beside(system):
        restoring.restore(file, KEY, replace=False)
    assert tallies(system, prefix, {}) == full(manifest)
    consistent(system, prefix)


class restored_beside:  # noqa: N801 - used as a word
    """Within it the queues of the running system are not looked at nor emptied, and nothing is published to them."""

    def __init__(self, system: System) -> None:
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> None:
        self._patch.setattr(restoring, "queues", lambda names: [])
        self._patch.setattr(restoring, "empty_queues", lambda: None)
        self._patch.setattr("services.chassis.messaging.publisher.Publisher.publish", lambda *_: None)

    def __exit__(self, *_: object) -> None:
        self._patch.undo()


def consistent(system: System, prefix: str) -> None:
    """What one service has of another's is not newer than the other's own: they are of one moment."""
    client = system.mongo("people").client
    people = client[f"{prefix}people"]
    # who was merged into another one is kept with the merge
    known = {row["_id"] for kept in (people.persons, people.merges) for row in kept.find({}, {"_id": 1})}
    copies = list(client[f"{prefix}attendance"].persons.find({"erased": {"$ne": True}}, {"_id": 1}))
    assert copies
    assert [one["_id"] for one in copies if one["_id"].rpartition(":")[2] not in known] == []


def test_one_company_comes_back_alone_and_the_other_is_not_touched(
    system: System, settings: Callable[..., None], here: Client, there: Client, tmp_path: Path
) -> None:
    company, others = here.get("/v1/company")["id"], there.get("/v1/company")["id"]
    kept = here.register(f"Fica {people.unique_word()}")
    here.post(f"/v1/persons/{kept['id']}/attendances", {"subject": "Pedido"})
    wait_for(lambda: system.mongo("attendance").persons.find_one({"_id": {"$regex": kept["id"]}}), what="heard")
    file = tmp_path / "one.backup"
    manifest = taking.take(file, company, KEY, SETTLED)
    lost = here.register(f"Perdida {people.unique_word()}")
    theirs = there.register(f"Alheia {people.unique_word()}")
    here.patch(f"/v1/persons/{kept['id']}", {"name": "Mudada"}, headers={"If-Match": '"1"'})
    wait_for(lambda: system.mongo("attendance").persons.find_one({"_id": {"$regex": theirs["id"]}}), what="heard")
    wait_for(lambda: rights.quiet(system), what="a quiet bus")
    before = tallies(system, system.env["VINCULO_DATABASE_PREFIX"], {"company": others})
    with pytest.raises(Refused, match="--replace"):
        restoring.restore(file, KEY, replace=False)
    assert here.get(f"/v1/persons/{lost['id']}")["id"] == lost["id"], "nothing is written before it is agreed to"
    restoring.restore(file, KEY, replace=True)
    assert here.request("GET", f"/v1/persons/{lost['id']}").status_code == 404
    assert here.get(f"/v1/persons/{kept['id']}")["name"] == kept["name"]
    after = tallies(system, system.env["VINCULO_DATABASE_PREFIX"], {"company": others})
    assert after == before, "nothing of the other company changed"
    own = tallies(system, system.env["VINCULO_DATABASE_PREFIX"], {"company": company})
    assert own["attendance.attendances"] == manifest.collections["attendance.attendances"]
    assert there.get(f"/v1/persons/{theirs['id']}")["id"] == theirs["id"]
    # and it lives: what changes now is heard by the others
    changed = here.patch(f"/v1/persons/{kept['id']}", {"name": "De novo"}, headers={"If-Match": '"1"'})
    heard = {"_id": {"$regex": kept["id"]}, "name": changed["name"]}
    wait_for(lambda: system.mongo("attendance").persons.find_one(heard), what="the change is heard")


def test_a_user_of_two_companies_stays_what_they_are_to_the_other_one(
    system: System, settings: Callable[..., None], here: Client, there: Client, tmp_path: Path
) -> None:
    login = f"{people.unique_word().lower()}@duas.example"
    made = ("--login", login, "--name", "Duda")
    for code, role in ((code_of(here), "seller"), (code_of(there), "viewer")):
        system.run("-m", "deploy.operations", "user", "create", *made, "--company", code, "--role", role)
    company, others = here.get("/v1/company")["id"], there.get("/v1/company")["id"]
    file = tmp_path / "one.backup"
    taking.take(file, company, KEY, SETTLED)
    users = system.mongo("people").users
    assert others.encode() not in b"".join(map(bytes, contents_of(file))), "the other company is not in the file"
    system.run("-m", "deploy.operations", "user", "deactivate", "--login", login, "--company", code_of(here))
    system.run("-m", "deploy.operations", "user", "create", *made, "--company", code_of(there), "--role", "admin")
    nina = f"{people.unique_word().lower()}@nova.example"
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", nina, "--name", "Nina",
        "--company", code_of(here), "--role", "viewer",
    )  # fmt: skip
    restoring.restore(file, KEY, replace=True)
    user = users.find_one({"login": login})
    assert (user["memberships"][company]["active"], user["memberships"][company]["roles"]) == (True, ["seller"])
    assert user["memberships"][others]["roles"] == ["admin"]
    assert users.find_one({"login": nina})["memberships"] == {}
    copy = {"_id": {"$regex": user["_id"]}, "company": company, "active": True}
    wait_for(lambda: system.mongo("attendance").users.find_one(copy), what="the others are told")


def contents_of(file: Path) -> list[bytes]:
    return list(contents(file, KEY))


def test_what_was_on_its_way_is_kept_and_heard_after_it_is_brought_back(
    system: System, settings: Callable[..., None], here: Client, tmp_path: Path
) -> None:
    company = here.get("/v1/company")["id"]
    file = tmp_path / "one.backup"
    reader = system.processes["notifications"]
    reader.stop()
    try:
        person = here.register(f"A caminho {people.unique_word()}")
        wait_for(
            lambda: system.mongo("attendance").persons.find_one({"_id": {"$regex": person["id"]}}), what="announced"
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("deploy.operations.backup.in_flight.PATIENCE_SECONDS", 1.0)
            manifest = taking.take(file, company, KEY, SETTLED)
        assert manifest.messages > 0
        restoring.restore(file, KEY, replace=True)
    finally:
        reader.start()
        system.wait_ready("notifications")
    copy = {"_id": {"$regex": person["id"]}}
    wait_for(lambda: system.mongo("notifications").persons.find_one(copy), what="heard at last")


def test_the_command_creates_checks_and_refuses(system: System, tmp_path: Path) -> None:
    operator, file = Operator(system), tmp_path / "b"
    refused = operator.call("backup", "create", "--company", "padaria", str(file))
    assert (refused.code, "--unencrypted" in refused.err) == (2, True)
    operator.env["VINCULO_BACKUP_KEY"] = KEY
    assert "documents" in operator.says("backup", "create", "--company", "padaria", str(file))
    told = operator.says("backup", "check", str(file))
    assert "people.persons" in told
    operator.env["VINCULO_BACKUP_KEY"] = "another key of some length"
    wrong = operator.call("backup", "restore", "--replace", str(file))
    assert (wrong.code, "the key is not that of this backup" in wrong.err) == (1, True)
    assert subprocess.run(["grep", "-q", "padaria", str(file)], check=False, cwd=ROOT).returncode == 1
