"""Alike operations answer alike and are called alike: the rule of docs/api.md, "Status codes and names"."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gateway.http.document.answers import operations
from tests.contract.write_openapi import COMMITTED

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
Operation = tuple[str, str, dict[str, Any]]

# Words of acts: what is done after the answer, and what makes a new record out of the one that it is done to.
LATER = {"gather", "redeliver", "retry", "send", "start"}
MAKES = {"bill", "duplicate"}
# A POST that answers another status than its path says, and why.
OTHER = {
    "approve_action": (200, "the grant is a token, as that of sign_in; nothing is kept under an id"),
    "erase_person": (202, "all services erase, one after the other"),
    "mark_opportunities": (200, "of many at once; tells what became of each"),
    "report_attendances": (200, "a reading, whose filter is too long for a query"),
    "resume_mailing": (202, "goes on with what start_mailing starts; a contract is resumed at once"),
    "revise_quote": (200, "an offer that changes nothing makes no version; the answer is the quote either way"),
    "rotate_webhook_secret": (200, "the one secret is replaced"),
    "sign_in": (200, "answers a token; a session has no id of its own"),
    "take_tag_ordering": (200, "a lock, which the same request renews"),
}
# What each method's operations begin with. Others are words of their own for a thing done (sign_out, watch_person).
WORDS = {
    "patch": {"change"},
    "put": {
        "answer", "apply", "change", "choose", "enter", "move", "order", "put", "renew", "reset", "save", "settle",
        "watch",
    },
    "delete": {"delete", "discard", "leave", "purge", "release", "remove", "revoke", "sign", "unrelate", "unwatch"},
}  # fmt: skip
# Another record of a list of the company's is made by `create_`, unless users have a word of their own for it.
OWN_WORDS = {
    "book_appointment", "close_commission", "correct_nfe", "decide_consent", "join_company", "open_attendance",
    "place_order", "record_entry", "register_person", "relate_persons", "request_nfe", "void_numbers",
}  # fmt: skip


def all_of(*verbs: str) -> list[Operation]:
    return [one for one in operations(DOCUMENT) if one[1] in verbs]


def statuses(operation: dict[str, Any]) -> set[int]:
    return {int(status) for status in operation["responses"] if status[0] == "2"}


def schema(operation: dict[str, Any], status: str) -> str:
    content = operation["responses"].get(status, {}).get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def act(path: str, operation: dict[str, Any]) -> str:
    """The verb at the end of the path, with which the operation's id begins as well; "" where the path ends with what
    is made."""
    verb = re.split(r"[-.]", path.rpartition("/")[2])[0]
    return verb if operation["operationId"].startswith(f"{verb}_") else ""


def expected(path: str, operation: dict[str, Any]) -> int:
    """The status of a POST."""
    if operation["operationId"] in OTHER:
        return OTHER[operation["operationId"]][0]
    verb = act(path, operation)
    return 202 if verb in LATER else 200 if verb and verb not in MAKES else 201


def made_by(word: str) -> set[str]:
    return {one["operationId"] for _, _, one in all_of("post") if one["operationId"].startswith(word)}


def test_reads_and_edits_answer_200() -> None:
    other = [one["operationId"] for _, _, one in all_of("get", "put", "patch", "delete") if statuses(one) != {200}]
    assert other == []


def test_a_post_answers_what_its_path_says() -> None:
    found = {one["operationId"]: (statuses(one), expected(path, one)) for path, _, one in all_of("post")}
    # open_attendance answers 200 to whom the same dedup_key has opened it before
    assert {name for name, (given, status) in found.items() if given != {status}} == {"open_attendance"}
    assert found["open_attendance"] == ({200, 201}, 201)


def test_each_exception_is_one() -> None:
    found = {one["operationId"]: (path, one) for path, _, one in all_of("post")}
    assert OTHER.keys() <= found.keys()
    plain = {name: 202 if (verb := act(*found[name])) in LATER else 200 if verb else 201 for name in OTHER}
    assert [name for name, status in plain.items() if status == OTHER[name][0]] == []


@pytest.mark.parametrize(("name", "status"), [("send_quote", 202), ("send_nfe", 202), ("send_visit_sheet", 202),
                                              ("revise_quote", 200), ("approve_quote", 200)])  # fmt: skip
def test_siblings_answer_alike(name: str, status: int) -> None:
    assert [statuses(one) for _, _, one in all_of("post") if one["operationId"] == name] == [{status}]


def test_what_was_made_and_can_be_read_by_itself_has_its_address_in_location() -> None:
    reads = {one["operationId"] for _, _, one in all_of("get")}
    count = 0
    for _, _, one in all_of("post"):
        made = one["responses"].get("201", {})
        read = made.get("links", {}).keys() & reads
        assert ("Location" in made.get("headers", {})) == bool(read), one["operationId"]
        count += bool(read)
    assert count > 25
    others = {status for _, _, one in operations(DOCUMENT) for status, answer in one["responses"].items()
              if "Location" in answer.get("headers", {})}  # fmt: skip
    assert others == {"201"}


@pytest.mark.parametrize("verb", sorted(WORDS))
def test_a_change_and_a_removal_begin_with_the_same_words(verb: str) -> None:
    assert {one["operationId"].partition("_")[0] for _, _, one in all_of(verb)} == WORDS[verb]


def test_a_record_that_is_made_is_created() -> None:
    """Where the path ends with a collection; `add_` is of a part, and answers the whole record."""
    whole = {path: schema(one, "200") for path, _, one in all_of("get")}
    for path, _, one in all_of("post"):
        name = one["operationId"]
        if statuses(one) & {201} and not act(path, one) and name not in OWN_WORDS:
            part = schema(one, "201") == whole.get(path.rpartition("/")[0])
            assert name.startswith("add_" if part else ("create_", "send_", "upload_")), name
    assert made_by("make_") | made_by("define_") | made_by("new_") == set()


def test_what_is_added_is_removed_and_what_is_created_is_deleted() -> None:
    gone = {one["operationId"] for _, _, one in all_of("delete")}
    assert {f"remove_{name.removeprefix('add_')}" for name in made_by("add_")} <= gone
    created = {name.removeprefix("create_") for name in made_by("create_")}
    assert created & {name.removeprefix("remove_") for name in gone if name.startswith("remove_")} == set()


def test_what_is_put_in_its_one_place_is_removed_from_it() -> None:
    """A record among others has an id, and is deleted."""
    for path, _, one in all_of("delete"):
        name = one["operationId"]
        if name.startswith("delete_"):
            assert path.endswith("_id}"), name
        if name.startswith("remove_"):
            put = DOCUMENT["paths"][path].get("put", {}).get("operationId", "")
            assert path.endswith("{item_id}") or put == f"put_{name.removeprefix('remove_')}", name


def test_papers_are_printed() -> None:
    """Whatever answers a PDF to read, beside those that are shown before they are kept."""
    for _, _, one in operations(DOCUMENT):
        if "application/pdf" in one["responses"].get("200", {}).get("content", {}):
            assert one["operationId"].startswith(("print_", "preview_")), one["operationId"]
