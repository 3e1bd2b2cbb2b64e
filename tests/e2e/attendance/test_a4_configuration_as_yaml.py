"""Rows A1 to A4 as one document: exported, checked with lines, applied again without change, all or nothing."""

from __future__ import annotations

from tests.support.builders.attendance import unique_key, user
from tests.support.builders.configuration import PATH, outcomes, send, shop
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_a_document_sets_a_company_up_and_a_second_time_changes_nothing(ana: Client) -> None:
    word = unique_key()
    document = shop(word)
    keys = [f"{word}-{name}" for name in ("entrada", "fim", "fluxo", "ciclo", "grupo", "folha")]
    assert outcomes(send(ana, document, dry_run=True), *keys) == dict.fromkeys(keys, "created")
    refused(ana.request("GET", f"/v1/responsibility-centers/{word}-fim"), 404)
    assert outcomes(send(ana, document), *keys) == dict.fromkeys(keys, "created")
    assert outcomes(send(ana, document), *keys) == dict.fromkeys(keys, "unchanged")
    person = ana.register("Pelo documento")
    body = {"subject": "x", "type_id": f"{word}-folha"}
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", body)
    assert (opened["center"]["id"], opened["cycle"]["id"]) == (f"{word}-entrada", f"{word}-ciclo")


def test_a_document_too_big_of_another_type_or_by_another_role_is_refused(system: System, ana: Client) -> None:
    refused(send(ana, b"# " + b"x" * (256 << 10)), 413, "body_too_large")
    refused(ana.request("PUT", PATH, json={"format": "vinculo-attendance/1"}), 415)
    seller = user(system, "seller")
    refused(send(seller, "format: vinculo-attendance/1\n"), 403, "permission_missing")
    assert seller.request("GET", PATH).ok
