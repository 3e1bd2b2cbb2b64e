"""Every operation of the API's document, asked by users whose roles are narrowed: nothing that is hidden gets out.

An operation that is new is walked at once; one that can't be asked is named here, with the reason.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from typing import Any
from urllib.parse import unquote

import pytest
import requests

from tests.support.builders.hidden import Company, World
from tests.support.stack.system import Client, System
from tests.support.stack.walk import Case, Walk, text_in

# Not walked, and why.
LEFT_OUT = {
    "DELETE /v1/session": "it ends the walk's own session",
    "POST /v1/session": "asked without a token: nobody's role is known",
    "POST /v1/session/refresh": "asked with a token of its own: nobody's role is known",
    "PUT /v1/session/password": "the user's own password",
    "POST /v1/approvals": "a supervisor's own credentials",
    "PUT /v1/settings/attendance-configuration": "replaces the company's set-up, which holds nothing of a person",
}
# Answered with the rows that are seen, or with each id's refusal, though a hidden record is named.
IN_PART = {
    "GET /v1/production": "the company has not set it up: the same for every person",
    "POST /v1/opportunities/archive": "a report that refuses each id",
    "POST /v1/opportunities/unarchive": "a report that refuses each id",
    "POST /v1/opportunities/delete": "a report that refuses each id",
    "POST /v1/opportunities/markers": "a report that refuses each id",
}
# Of a person that is seen, as a whole: for who is not narrowed, whatever the flows.
OF_THE_WHOLE_PERSON = {
    "POST /v1/persons/{person_id}/erasure": "erases the person, whom nothing hides",
    "GET /v1/persons/{person_id}/access-report": "the law asks for all that is held of the person",
}
# Of a seller who is seen: the account tells what was sold and what it earned, and not to whom.
OF_THE_SELLER = {("category", "GET /v1/commission-account/entries/{commission_entry_id}")}
GIVEN: dict[str, dict[str, Any]] = {}
# 422: what is asked is unfit for every record, seen or not.
REFUSED = (403, 404, 422)


class Kept:
    """What the administrator reads of the hidden records: the same before the walk and after it."""

    PATHS = (
        "/v1/attendances/{attendance_id}/details",
        "/v1/attendances/{attendance_id}/entries",
        "/v1/attendances/{attendance_id}/attachments",
        "/v1/attendances/{attendance_id}/quotes",
        "/v1/attendances/{attendance_id}/orders",
        "/v1/opportunities/{opportunity_id}",
        "/v1/opportunities/{opportunity_id}/actions",
        "/v1/opportunities/{opportunity_id}/timeline",
        "/v1/quotes/{quote_id}",
        "/v1/orders/{order_id}",
        "/v1/receivables/{receivable_id}",
        "/v1/contracts/{contract_id}",
        "/v1/service-orders/{service_order_id}",
        "/v1/service-invoices/{service_invoice_id}",
        "/v1/nfe/{nfe_id}",
    )

    def __init__(self, boss: Client, world: World) -> None:
        self._boss, self._world = boss, world
        self.before = self._read()

    def _read(self) -> dict[str, Any]:
        return {path: self._boss.get(path.format(**self._world.ids)) for path in self.PATHS}

    def changed(self) -> list[str]:
        return [path for path, shown in self._read().items() if shown != self.before[path]]


@pytest.fixture(scope="module")
def company(system: System) -> Company:
    return Company(system)


def leaks_in(case: Case, world: World, text: str) -> list[str]:
    """The marks that an answer bears, and its request does not."""
    said = _folded(text)
    asked = _folded(json.dumps([case.path, dict(case.params), case.body], ensure_ascii=False))
    return [mark for mark in map(_folded, world.marks) if mark in said and mark not in asked]


def _folded(text: str) -> str:
    """As it is read: of JSON's escapes and a header's percents, too, and over the lines that a page is broken into."""
    plain = unquote(text)
    if "\\u" in plain:
        plain = plain.encode("utf-8", "backslashreplace").decode("unicode_escape", "ignore")
    letters = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(sign for sign in letters if sign.isalnum())


def _says_nothing(answer: requests.Response) -> bool:
    """A refusal, or a list that is empty."""
    return answer.status_code in REFUSED or (answer.ok and answer.text.startswith('{"items":[],'))


def walked(walk: Walk, client: Client, world: World) -> tuple[Counter[str], list[str], list[str]]:
    """Cases by answer; what leaked; which hidden record was answered as if it were seen."""
    counts: Counter[str] = Counter()
    leaks: list[str] = []
    reached: list[str] = []
    for operation, told in walk.operations():
        if operation in LEFT_OUT or (not world.scopes and operation in OF_THE_WHOLE_PERSON):
            continue
        for case in walk.cases(operation, told, world.ids, world.mark):
            answer = case.send(client)
            counts[str(answer.status_code)] += 1
            found = leaks_in(case, world, text_in(answer))
            if (world.kind, operation) in OF_THE_SELLER:
                found = [told for told in ("fulana", world.ids["person_id"]) if told in text_in(answer).casefold()]
            leaks += [f"{operation} {answer.status_code}: {mark}" for mark in found]
            if case.named & set(world.hidden) and not _says_nothing(answer) and operation not in IN_PART:
                reached.append(f"{operation} {dict(case.params)} {answer.status_code} {answer.text[:200]}")
    return counts, leaks, reached


@pytest.mark.parametrize("kind", ["of_a_category", "of_a_section", "of_a_type", "of_a_flow", "of_an_outsider"])
def test_nothing_that_is_hidden_is_read_made_or_changed(company: Company, kind: str) -> None:
    world = company.of_a_flow(authorised=False) if kind == "of_an_outsider" else getattr(company, kind)()
    client, walk = company.client(world), Walk(GIVEN)
    kept = Kept(company.boss, world)
    shown = sum(
        any(leaks_in(case, world, text_in(case.send(company.boss))))
        for operation, told in walk.operations()
        if operation.startswith("GET") and operation not in LEFT_OUT
        for case in walk.cases(operation, told, world.ids, world.mark)
    )
    counts, leaks, reached = walked(walk, client, world)
    print(f"{world.kind}: {sum(counts.values())} cases, {len(leaks)} leaks, answers {dict(counts)}; boss sees {shown}")
    assert shown > 20
    assert not leaks, "\n".join(leaks)
    assert not reached, "\n".join(reached)
    assert not kept.changed()
