"""Row P8: a CSV is imported line by line with its errors; importing it again makes no second person."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from tests.support import people
from tests.support.ports import wait_for
from tests.support.problems import refused
from tests.support.system import Client, System


def upload(ana: Client, text: str, layout: str = "auto") -> list[dict[str, Any]]:
    files = {"file": ("pessoas.csv", text.encode(), "text/csv")}
    answer = ana.request("POST", "/v1/persons/imports", files=files, data={"layout": layout}, timeout=60)
    assert answer.ok, answer.text
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def file_of(word: str, count: int) -> str:
    rows = [f"{word} {number},{people.cpf()},{word.lower()}{number}@x.example" for number in range(count)]
    rows[3] = f"{word} 3,111.111.111-11,"
    return "\n".join(["nome,documento,email", *rows]) + "\n"


def test_good_lines_are_registered_and_bad_ones_named_with_their_reason(ana: Client) -> None:
    word = people.unique_word()
    *progress, last = upload(ana, file_of(word, 120))
    report = last["report"]
    assert (report["registered"], report["refused"], report["done"]) == (119, 1, 120)
    assert [error["line"] for error in report["errors"]] == [5]
    assert report["errors"][0]["reason"]
    done = [line["done"] for line in progress]
    assert len(done) >= 2
    assert done == sorted(done)
    found = ana.get("/v1/persons", params={"q": f"{word} 77", "limit": 100})["items"]
    assert {f"{word} 77"} == {person["name"] for person in found}


def test_importing_again_makes_no_second_person(ana: Client) -> None:
    word = people.unique_word()
    text = file_of(word, 20)
    upload(ana, text)
    report = upload(ana, text)[-1]["report"]
    assert (report["registered"], report["existing"], report["refused"]) == (0, 19, 1)
    assert len(ana.get("/v1/persons", params={"q": word, "limit": 100})["items"]) == 19


def test_imported_persons_reach_the_other_services(system: System, ana: Client) -> None:
    word = people.unique_word()
    upload(ana, file_of(word, 30))
    for name in ("attendance", "sales", "scheduling", "notifications"):
        copies = system.mongo(name)["persons"]
        wait_for(partial(_has, copies, word, 29), 60, f"the copies in {name}")


def test_a_file_without_a_name_column_or_no_file_is_refused(ana: Client) -> None:
    files = {"file": ("x.csv", b"a,b\n1,2\n", "text/csv")}
    refused(ana.request("POST", "/v1/persons/imports", files=files), 422, "import_layout_unknown")
    refused(ana.request("POST", "/v1/persons/imports", data={"layout": "auto"}), 422)


def _has(copies: Any, word: str, count: int) -> bool:
    return int(copies.count_documents({"name": {"$regex": f"^{word} "}})) == count
