"""A crowd that moves, tags, comments, archives and trashes the same attendances at random; and what must hold after.

Every write bears an idempotency key and is insisted on until it is answered, so what was done is known.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import requests

from tests.support.builders.flows import member, new_flow, new_tag, user_id
from tests.support.builders.people import unique_word
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

# What a step may be answered with besides success: the rules, and a race that was lost.
LEGAL = {
    "attendance_archived",
    "attendance_not_archived",
    "attendance_trashed",
    "attendance_not_trashed",
    "flow_unchanged",
    "attendance_not_in_flow",
    "version_changed",
}
PASSING = {503, 504}
PATIENCE = 60.0
TAGS = ("Quente", "Frio", "Urgente", "Retorno")


class Crowd:
    """`users` threads with a session each, under a few logins, on `size` attendances in four flows."""

    def __init__(self, system: System, ana: Client, users: int, size: int) -> None:
        self.system, self.users = system, users
        logins = [ana, *(member(system, "manager") for _ in range(4))]
        self.tokens = [str(one.http.headers["Authorization"]) for one in logins]
        everybody = [user_id(one) for one in logins]
        self.flows: list[str] = [new_flow(ana, user_ids=everybody)["id"] for _ in range(4)]
        self.tags = {flow: [new_tag(ana, flow, name) for name in TAGS] for flow in self.flows}
        person = ana.register(f"Multidão {unique_word()}")["id"]
        self.start = {}
        for number in range(size):
            flow = self.flows[number % 4]
            body = {"subject": f"Conversa {number}", "flow_id": flow}
            self.start[ana.post(f"/v1/persons/{person}/attendances", body)["id"]] = flow
        self.ids = list(self.start)
        self.answers: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.unsure: set[str] = set()
        self._lock = threading.Lock()

    def run(self, seconds: float) -> None:
        """Raises what a thread found wrong."""
        end = time.monotonic() + seconds
        with ThreadPoolExecutor(self.users) as threads:
            for done in [threads.submit(self._live, number, end) for number in range(self.users)]:
                done.result()

    def _live(self, number: int, end: float) -> None:
        chance = random.Random(number)
        http = requests.Session()
        http.headers["Authorization"] = self.tokens[number % len(self.tokens)]
        steps: list[Callable[[requests.Session, random.Random, str], None]] = [
            self._comment, self._comment, self._move, self._tag, self._tag, self._file,
        ]  # fmt: skip
        while time.monotonic() < end:
            chance.choice(steps)(http, chance, chance.choice(self.ids))

    def _comment(self, http: requests.Session, chance: random.Random, one: str) -> None:
        text = f"Parecer {uuid.uuid4().hex}"
        answer = self._insist(http, "POST", f"/v1/attendances/{one}/entries", {"text": text})
        with self._lock:
            if answer is None:
                self.unsure.add(text)
            elif answer.ok:
                self.said[text] += 1

    def _move(self, http: requests.Session, chance: random.Random, one: str) -> None:
        self._insist(http, "PUT", f"/v1/attendances/{one}/flow", {"flow_id": chance.choice(self.flows)})

    def _tag(self, http: requests.Session, chance: random.Random, one: str) -> None:
        flow = chance.choice(self.flows)
        link, unlink = chance.sample(self.tags[flow], 2)
        body = {"attendance_ids": [one], "link": [link], "unlink": [unlink]}
        self._insist(http, "POST", f"/v1/flows/{flow}/tag-links", body)

    def _file(self, http: requests.Session, chance: random.Random, one: str) -> None:
        step = chance.choice(["archive", "unarchive", "unarchive", "trash", "restore", "restore"])
        self._insist(http, "POST", f"/v1/attendances/{one}/{step}", None)

    def _insist(self, http: requests.Session, method: str, path: str, body: Any) -> requests.Response | None:
        """The answer; None where none came in PATIENCE seconds. Raises AssertionError for one that no rule gives."""
        headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": "*"}
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = http.request(method, self.system.url + path, json=body, headers=headers, timeout=30)
            except requests.RequestException:
                self._note("no answer")
                continue
            code = "done" if answer.ok else str(answer.json().get("code"))
            self._note(code)
            if answer.status_code not in PASSING:
                assert answer.ok or code in LEGAL, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
                return answer
        return None

    def _note(self, code: str) -> None:
        with self._lock:
            self.answers[code] += 1

    def check(self) -> dict[str, int]:
        """Asserts that nothing is lost, doubled or unexplained; answers what was counted."""
        database = self.system.mongo("attendance")
        boards = {flow["_id"]: flow["board"]["tags"] for flow in database.flows.find({"_id": {"$in": self.flows}})}
        found = {one["_id"]: one for one in database.attendances.find({"_id": {"$in": self.ids}})}
        assert set(found) == set(self.ids)
        texts: Counter[str] = Counter()
        entries = 0
        for one in found.values():
            history = list(database.entries.find({"attendance_id": one["_id"]}).sort("number", 1))
            assert [entry["number"] for entry in history] == list(range(1, one["entry_count"] + 1)), "lost or doubled"
            texts.update(entry["text"] for entry in history if entry["kind"] == "note")
            self._replay(one, history, {tag["id"] for tag in boards[one["flow_id"]]})
            entries += len(history)
        assert all(number == 1 for number in texts.values()), "an entry twice"
        assert set(self.said) <= set(texts), "an acknowledged entry is lost"
        assert set(texts) <= set(self.said) | self.unsure, "an entry that nobody wrote"
        self._check_totals(found)
        for tags in boards.values():
            assert sorted(tag["name"] for tag in tags) == sorted(TAGS), "a tag twice"
        return {"attendances": len(found), "entries": entries, "notes": len(texts), **self.answers}

    def _replay(self, one: dict[str, Any], history: list[dict[str, Any]], tags: set[str]) -> None:
        """The history alone leads to the state, by legal steps only."""
        filed, flow, borne = "active", self.start[one["_id"]], list[str]()
        for entry in history:
            told = entry["data"]
            if entry["kind"] == "note":
                assert filed != "trashed", "a note on what lay in the trash"
            elif told["change"] in ("moved", "tagged"):
                assert filed != "trashed", "moved or tagged in the trash"
                if told["change"] == "moved":
                    assert (told["from"], told["to"] != flow) == (flow, True)
                    flow = told["to"]
                borne = told["tags"]
            else:
                assert told["from"] == filed, "a step from a state that was not"
                assert told["to"] != filed
                filed = told["to"]
        assert (one["filed"], one["flow_id"]) == (filed, flow)
        assert sorted(one["tags"]) == sorted(borne)
        assert set(one["tags"]) <= tags, "a tag of another flow"
        assert sorted(one["labels"]) == sorted(["*", *borne])

    def _totals(self, http: requests.Session, flow: str) -> dict[str, Any]:
        """RequestException is an OSError: the caller waits until the queue of the crowd's last requests is empty."""
        answer = http.get(f"{self.system.url}/v1/flows/{flow}", timeout=30)
        assert answer.ok, answer.text[:300]
        totals: dict[str, Any] = answer.json()["totals"]
        return totals

    def _check_totals(self, found: dict[str, dict[str, Any]]) -> None:
        lies = Counter((one["flow_id"], one["filed"]) for one in found.values())
        http = requests.Session()
        http.headers["Authorization"] = self.tokens[0]
        for flow in self.flows:
            totals = wait_for(partial(self._totals, http, flow), PATIENCE * 2, "an answer after the crowd")
            for filed in ("active", "archived", "trashed"):
                assert totals[filed] == lies[flow, filed], "the totals went wrong"
