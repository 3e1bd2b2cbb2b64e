"""Answers of reads: the same one is not sent twice, a long one is sent compressed; a command's answer is left alone."""

from __future__ import annotations

import gzip
import json
from typing import Any

import brotli  # type: ignore[import-untyped, unused-ignore]
import pytest
from flask.testing import FlaskClient

from tests.support.fakes.gateway import FakeBus, app, bearer, bus, client, made, problem

__all__ = ["app", "bus", "client", "made"]

LONG = {"items": [{"id": f"p{number}", "name": "Ana"} for number in range(100)], "next_cursor": None}
SHORT: dict[str, Any] = {"items": [], "next_cursor": None}


def read(client: FlaskClient, **headers: str) -> Any:
    return client.get("/v1/persons?q=ana", headers={**bearer(), **{k.replace("_", "-"): v for k, v in headers.items()}})


def test_what_the_client_has_is_not_sent_again_until_it_changes(client: FlaskClient, bus: FakeBus) -> None:
    bus.answer = LONG
    tag = read(client).headers["ETag"]
    same = read(client, If_None_Match=f'"other", {tag}')
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    assert "Content-Type" not in same.headers
    bus.answer = SHORT
    changed = read(client, If_None_Match=tag)
    assert (changed.status_code, changed.get_json()) == (200, SHORT)
    assert changed.headers["ETag"] != tag


@pytest.mark.parametrize("tag", ['""', 'W/""', "", ",", '"', "x", '"" , "a"'])
def test_a_tag_that_is_none_is_passed_over(client: FlaskClient, bus: FakeBus, tag: str) -> None:
    bus.answer = SHORT
    assert read(client, If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding", "decompress"),
    [
        ("gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0.1, gzip", "gzip", gzip.decompress),
    ],
)
def test_a_long_answer_is_compressed_as_the_client_prefers(
    client: FlaskClient, bus: FakeBus, accepted: str, encoding: str, decompress: Any
) -> None:
    bus.answer = LONG
    answer = read(client, Accept_Encoding=accepted)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == (encoding, "Accept-Encoding")
    assert json.loads(decompress(answer.data)) == LONG
    assert int(answer.headers["Content-Length"]) == len(answer.data) < 1024
    assert read(client, If_None_Match=answer.headers["ETag"], Accept_Encoding=accepted).status_code == 304


@pytest.mark.parametrize("accepted", ["", "identity", "zstd", "gzip;q=0, br;q=0"])
def test_who_takes_no_compression_of_ours_gets_none(client: FlaskClient, bus: FakeBus, accepted: str) -> None:
    bus.answer = LONG
    answer = read(client, Accept_Encoding=accepted)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.get_json() == LONG


def test_a_short_answer_and_a_refusal_are_sent_as_they_are(client: FlaskClient, bus: FakeBus) -> None:
    bus.answer = SHORT
    assert "Content-Encoding" not in read(client, Accept_Encoding="br").headers
    refused = client.get("/v1/persons?limt=5", headers={**bearer(), "If-None-Match": "*"})
    problem(refused, 422, "parameter_unknown")
    assert "ETag" not in refused.headers


def test_who_wants_none_that_is_there_is_told_that_one_is(client: FlaskClient, bus: FakeBus) -> None:
    bus.answer = SHORT
    answer = read(client, If_None_Match="*")
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == read(client).headers["ETag"]


def test_a_record_is_edited_by_the_tag_of_its_reading_however_it_came(client: FlaskClient, bus: FakeBus) -> None:
    bus.answer = {"id": "p1", "version": 7, "name": "Ana", "notes": "x" * 2000}
    answer = client.get("/v1/persons/p1", headers={**bearer(), "Accept-Encoding": "br"})
    tag = answer.headers["ETag"]
    assert tag.startswith('"7-')
    assert tag.endswith(':br"')
    bus.answer = {"id": "p1", "version": 8}
    changed = client.patch("/v1/persons/p1", json={"name": "Bia"}, headers={**bearer(), "If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"8"'
    assert "Vary" not in changed.headers


def test_a_name_that_changes_without_its_record_is_told(client: FlaskClient, bus: FakeBus) -> None:
    """The version alone would say that nothing changed."""
    bus.answer = {"id": "p1", "version": 7, "name": "Ana", "responsible": "Bia"}
    tag = client.get("/v1/persons/p1", headers=bearer()).headers["ETag"]
    bus.answer = {"id": "p1", "version": 7, "name": "Ana", "responsible": "Bia Dias"}
    assert client.get("/v1/persons/p1", headers={**bearer(), "If-None-Match": tag}).status_code == 200
