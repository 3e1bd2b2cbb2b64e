"""Row P8: persons as a CSV that spreadsheets open without harm, and that another company imports unchanged."""

from __future__ import annotations

from typing import Any

from tests.support.builders import people
from tests.support.builders.csv_export import EXPORT, export, full
from tests.support.builders.csv_import import found, run, upload
from tests.support.problems import refused
from tests.support.stack.system import PASSWORD, Client, System


def comparable(person: dict[str, Any]) -> dict[str, Any]:
    """Without what each company gives anew: ids, codes, versions, the numbers of items."""
    kept = {key: value for key, value in person.items() if key not in ("id", "code", "version", "created_at")}
    for many in ("emails", "phones", "addresses", "contacts"):
        kept[many] = sorted(repr(sorted({**item, "id": ""}.items())) for item in kept[many])
    return kept


def test_exported_and_imported_elsewhere_gives_equal_persons(ana: Client, bruno: Client) -> None:
    word = people.unique_word()
    full(ana, word)
    ours = sorted(map(repr, map(comparable, found(ana, word))))
    assert len(ours) == 4
    done = run(bruno, upload(bruno, export(ana, q=word))["id"])
    assert (done["counts"]["registered"], done["counts"]["refused"]) == (4, 0)
    assert sorted(map(repr, map(comparable, found(bruno, word)))) == ours


def test_exporting_needs_a_permission_of_its_own(system: System) -> None:
    login = f"{people.unique_word().lower()}@padaria.example"
    system.run(
        "-m", "deploy.operations", "user", "create", "--login", login, "--name", "Vito",
        "--company", "padaria", "--role", "seller",
    )  # fmt: skip
    refused(Client(system.url, login, PASSWORD).request("GET", EXPORT), 403, "permission_missing")
