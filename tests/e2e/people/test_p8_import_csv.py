"""Row P8: a CSV is looked at, corrected, imported line by line with its errors, and never by halves."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.support.builders import people
from tests.support.builders.csv_import import IMPORTS, NOBODY, file_of, found, report, run, state, upload
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


def test_a_file_is_looked_at_before_anybody_is_registered(ana: Client) -> None:
    word = people.unique_word()
    text = f"Nome;CPF;E-mail;Observação\r\n{word} Á;;a@x.example;oi\r\n{word} B;123;;\r\n"
    uploaded = upload(ana, text.encode("windows-1252"))
    assert (uploaded["state"], uploaded["encoding"], uploaded["separator"]) == ("previewed", "windows-1252", ";")
    assert [column["field"] for column in uploaded["columns"]] == ["name", "document", "emails", None]
    assert [column["note"] for column in uploaded["columns"]] == [
        None, None, None, "Esta coluna não é importada; dê-lhe um campo, se quiser."
    ]  # fmt: skip
    preview = ana.get(f"{IMPORTS}/{uploaded['id']}/preview")
    assert preview["rows"][0] == {"line": 2, "cells": [f"{word} Á", "", "a@x.example", "oi"], "reason": None,
                                  "left_out": []}  # fmt: skip
    assert (preview["checked"], preview["refused"]) == (2, 1)
    assert preview["errors"] == [{"line": 3, "reason": "CPF ou CNPJ inválido."}]
    assert found(ana, word) == []


def test_600_lines_every_good_one_in_and_every_bad_one_named(system: System, ana: Client) -> None:
    word = people.unique_word()
    uploaded = upload(ana, file_of(word, 600, bad_every=100))
    done = run(ana, uploaded["id"])
    assert (done["state"], done["progress"], done["failure"]) == ("done", 100, None)
    assert done["counts"] == {**NOBODY, "registered": 594, "refused": 6}
    lines = report(ana, uploaded["id"])
    assert [int(line[0]) for line in lines] == list(range(2, 602))
    bad = report(ana, uploaded["id"], outcome="refused")
    assert [int(line[0]) for line in bad] == [101, 201, 301, 401, 501, 601]
    assert {line[3] for line in bad} == {"CPF ou CNPJ inválido."}
    stored = system.mongo("people")
    assert stored["persons"].count_documents({"name": {"$regex": f"^{word} "}}) == 594
    assert stored["import_parts"].count_documents({"import_id": uploaded["id"]}) == 0, "no copy of the file stays"
    again = upload(ana, file_of(word, 1))["id"]
    assert again in {item["id"] for item in ana.get(IMPORTS)["items"]}


def test_a_cancelled_import_takes_no_further_line(ana: Client) -> None:
    word = people.unique_word()
    uploaded = upload(ana, file_of(word, 3000))["id"]
    ana.post(f"{IMPORTS}/{uploaded}/start", {})
    wait_for(lambda: state(ana, uploaded)["counts"]["registered"] > 0, 30, "the first chunk")
    cancelled = ana.request("POST", f"{IMPORTS}/{uploaded}/cancel").json()
    assert cancelled["state"] == "cancelled"
    count = cancelled["counts"]["registered"]
    assert 0 < count < 3000
    assert len(report(ana, uploaded)) == count
    refused(ana.request("POST", f"{IMPORTS}/{uploaded}/start", json={}), 409, "import_cancelled")
    assert state(ana, uploaded)["counts"]["registered"] == count


def test_imported_persons_reach_the_other_services(system: System, ana: Client) -> None:
    word = people.unique_word()
    run(ana, upload(ana, file_of(word, 30, bad_every=30))["id"])
    for name in ("attendance", "sales", "scheduling", "notifications"):
        copies = system.mongo(name)["persons"]
        wait_for(partial(_has, copies, word, 29), 60, f"the copies in {name}")


def _has(copies: Any, word: str, count: int) -> bool:
    return int(copies.count_documents({"name": {"$regex": f"^{word} "}})) == count


def test_an_upload_over_64_mebibytes_is_refused(ana: Client) -> None:
    files = {"file": ("x.csv", b"nome\n" + b"x\n" * (33 << 20))}
    refused(ana.request("POST", IMPORTS, files=files, timeout=60), 413, "body_too_large")
