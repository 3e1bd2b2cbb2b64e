"""Row A9: what is typed is kept by the server, listed as pending, resumed, discarded; it survives kills."""

from __future__ import annotations

import psutil
import pytest

from tests.support.builders.attendance import put, unique_key, user
from tests.support.builders.flows import opened
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System


@pytest.fixture
def writer(system: System, ana: Client) -> Client:
    """With no draft yet."""
    return user(system, "attendant")


@pytest.fixture
def path(writer: Client) -> str:
    return f"/v1/attendances/{opened(writer, 'Caso')['id']}"


def test_a_draft_is_resumed_exactly_where_it_stopped(writer: Client, path: str) -> None:
    typed = {"text": "  Liguei e \n", "next_contact_date": "05/0", "notify_customer": True}
    saved = put(writer, f"{path}/draft", {"content": typed})
    assert (saved["content"], saved["version"], saved["subject"]) == (typed, 1, "Caso")
    further = put(writer, f"{path}/draft", {"content": {"text": "  Liguei e ela "}})
    assert (further["content"], further["version"]) == ({"text": "  Liguei e ela "}, 2)
    assert writer.get(f"{path}/draft") == further
    assert writer.get(path)["entry_count"] == 0


@pytest.mark.parametrize("killed", ["attendance", "gateway"])
def test_a_draft_being_typed_survives_kill_9(system: System, writer: Client, path: str, killed: str) -> None:
    text = f"Digitando {unique_key()}"
    for size in range(10, len(text) + 1):
        kept = put(writer, f"{path}/draft", {"content": {"text": text[:size]}})
    children = psutil.Process(system.processes[killed].pid).children()
    system.processes[killed].kill()
    for child in children:  # gunicorn's worker, which would answer on for a while
        child.kill()
    psutil.wait_procs(children, timeout=10)
    system.restart(killed)
    system.wait_ready(killed)
    wait_for(lambda: writer.request("GET", f"{path}/draft").ok, what="an answer")
    assert writer.get(f"{path}/draft") == kept
    assert put(writer, f"{path}/draft", {"content": {"text": f"{text} mais"}})["version"] == kept["version"] + 1
