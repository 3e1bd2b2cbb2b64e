"""Driving an import over HTTP: upload, start, wait, read its report."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.support.builders import people
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client

IMPORTS = "/v1/persons/imports"
NOBODY = {"registered": 0, "updated": 0, "existing": 0, "refused": 0, "warned": 0, "left_out": 0}


def upload(client: Client, content: str | bytes, name: str = "pessoas.csv") -> dict[str, Any]:
    """The import, ready to be looked at."""
    raw = content.encode() if isinstance(content, str) else content
    answer = client.request("POST", IMPORTS, files={"file": (name, raw, "text/csv")}, timeout=60)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def state(client: Client, import_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{IMPORTS}/{import_id}")
    return found


def run(client: Client, import_id: str, seconds: float = 60, **options: Any) -> dict[str, Any]:
    """Starts, and waits for the end."""
    client.post(f"{IMPORTS}/{import_id}/start", options)
    return finished(client, import_id, seconds)


def finished(client: Client, import_id: str, seconds: float = 60) -> dict[str, Any]:
    wait_for(lambda: state(client, import_id)["state"] != "running", seconds, "the end of the import")
    return state(client, import_id)


def report(client: Client, import_id: str, **query: Any) -> list[list[str]]:
    """Lines of the report without its titles: line, outcome, code, reason."""
    answer = client.request("GET", f"{IMPORTS}/{import_id}/report.csv", params={"profile": "utf-8", **query})
    assert answer.ok, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode())))[1:]


def file_of(word: str, count: int, bad_every: int = 0) -> str:
    """Persons of one made-up name; every `bad_every`-th has a document that nobody has."""
    rows = ["nome;cpf;e-mail;telefone;cidade;uf;logradouro"]
    for number in range(count):
        bad = bad_every and number % bad_every == bad_every - 1
        document = "111.111.111-11" if bad else people.cpf()
        rows.append(
            f"{word} {number};{document};{word.lower()}{number}@x.example;{people.phone()};Niterói;RJ;Rua {number}"
        )
    return "\r\n".join(rows) + "\r\n"


def found(client: Client, q: str) -> list[dict[str, Any]]:
    """Who is there of a made-up name."""
    persons: list[dict[str, Any]] = client.get("/v1/persons", params={"q": q, "limit": 100})["items"]
    return persons
