"""Row N7: the log names every delivery; a mail server that is down delays a mail and does not multiply it."""

from __future__ import annotations

from tests.support.builders import people
from tests.support.builders.watching import log_of, watched
from tests.support.problems import field_refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client


def test_pages_are_complete_and_wrong_questions_refused(ana: Client) -> None:
    person = watched(ana, people.unique_word())
    opened = ana.post(f"/v1/persons/{person['id']}/attendances", {"title": "Muitas"})
    for number in range(4):
        ana.post(f"/v1/attendances/{opened['id']}/entries", {"text": str(number)})
    wait_for(lambda: len(log_of(ana, person)) == 4, what="four deliveries")
    options = {"person_id": person["id"], "limit": 3}
    first = ana.get("/v1/deliveries", params=options)
    rest = ana.get("/v1/deliveries", params={**options, "cursor": first["next_cursor"]})
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 4
    field_refused(ana.request("GET", "/v1/deliveries", params={"limit": 0}), "limit")
