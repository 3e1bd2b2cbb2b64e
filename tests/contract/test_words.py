"""What an outsider reads in the document: names of operations, words in Portuguese, headers that are honoured."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from gateway.http.document.answers import operations
from gateway.http.document.headers import GRANT, IDEMPOTENCY_KEY, IF_MATCH
from tests.contract.write_openapi import COMMITTED, application
from tests.support.gateway_calls import SECRET, sources

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text())
# Rows of the plan, pages of decisions, English that a docstring would bring along.
INSIDE = re.compile(r"\b[A-Z]\d{1,2}\b|\bADR\b|\b[Rr]ows?\b|\b(?:the|of|and|which|with|is|are|who|by)\b")
SUPERVISED = {"close_opportunity_as_won", "close_opportunity_as_lost", "reopen_opportunity"}


def texts(node: Any) -> Iterator[str]:
    """All that is prose: names and values of other kinds are for programs."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name in ("summary", "description", "title") and isinstance(inner, str):
                yield inner
            yield from texts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from texts(inner)


def headers_of(operation: dict[str, Any]) -> set[str]:
    return {one["name"] for one in operation["parameters"] if one["in"] == "header"}


def test_every_operation_has_a_name_of_its_own_a_summary_and_a_group() -> None:
    found = [one for _, _, one in operations(DOCUMENT)]
    assert len(found) > 280
    assert [name for name, times in Counter(one["operationId"] for one in found).items() if times > 1] == []
    groups = {tag["name"] for tag in DOCUMENT["tags"]}
    assert len(groups) == len({tag["description"] for tag in DOCUMENT["tags"]}) > 25
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in groups)
    for one in found:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", one["operationId"]), one["operationId"]
        assert re.fullmatch(r"[A-ZÀ-Ý].{5,79}[^.]", one["summary"]), one["operationId"]
        assert set(one["tags"]) <= groups, one["operationId"]
        assert len(one["tags"]) == 1, one["operationId"]


def test_no_summary_is_that_of_another_operation() -> None:
    found = Counter(one["summary"] for _, _, one in operations(DOCUMENT))
    assert [summary for summary, times in found.items() if times > 1] == []


def test_what_is_for_people_is_in_portuguese_and_names_nothing_of_the_inside() -> None:
    assert [text for text in texts(DOCUMENT) if INSIDE.search(text)] == []
    whole = COMMITTED.read_text()
    assert not re.search(r"\bADR\b|\bRow [A-Z]\d|\brows? [A-Z]\d|docs/adr|\.py\b", whole)


def test_the_rule_finds_what_is_of_the_inside() -> None:
    for text in ("Row S4: done", "Veja ADR 12", "Como em A16", "what is done with it"):
        assert INSIDE.search(text), text
    assert not INSIDE.search("NF-e, LGPD, artigo 18, VI; cabeçalho X-Supervisor-Grant")


def test_an_operation_names_the_headers_that_it_honours() -> None:
    """A secret command keeps no answer; the others know their Idempotency-Key; 412 comes of If-Match alone."""
    app = application()
    routes = {rule.endpoint.rpartition(".")[2]: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    secret = {_function_at(asked.place) for source in sources() for asked in source.asked() if asked.kind == SECRET}
    assert len(secret & routes.keys()) >= 6
    for _, verb, one in operations(DOCUMENT):
        name, honoured = one["operationId"], headers_of(one)
        assert (IDEMPOTENCY_KEY in honoured) == (verb != "get" and name not in secret), name
        assert (IF_MATCH in honoured) == ("412" in one["responses"]), name
        assert (GRANT in honoured) == (name in SUPERVISED), name


def test_only_who_has_no_token_yet_needs_none() -> None:
    found = {one["operationId"] for _, _, one in operations(DOCUMENT) if "security" in one}
    assert found == {"sign_in", "refresh_session"}
    assert all(one["security"] == [] for _, _, one in operations(DOCUMENT) if "security" in one)


def _function_at(place: str) -> str:
    """The function that a line of a module is in: `gateway.people.users:36`."""
    module, _, line = place.partition(":")
    source = next(one for one in sources() if one.name == module)
    inside = [one for one in source.functions if one.lineno <= int(line) <= (one.end_lineno or 0)]
    return max(inside, key=lambda one: one.lineno).name
