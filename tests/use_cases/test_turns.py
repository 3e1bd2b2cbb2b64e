"""A rule over several records holds, though several change them at once: they take turns, for none sees what another
does (`Session.one_at_a_time`)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from services.attendance.attachments import commands as attachments_commands
from services.attendance.attendances import commands as attendances_commands
from services.attendance.flows import commands as flows_commands
from services.chassis.access.sealing import Safe
from services.notifications.session import INDEXES as NOTIFICATIONS_INDEXES
from services.notifications.session import NotificationsSession
from services.notifications.webhooks import commands as webhooks_commands
from services.people.categories import commands as categories_commands
from services.people.consents import commands as consents_commands
from services.people.erasure import commands as erasure_commands
from services.people.session import INDEXES as PEOPLE_INDEXES
from services.people.session import MEMBERS, PeopleSession
from tests.support.builders.attendance_in_memory import FLOW, OPENED, office, run
from tests.support.builders.people_in_memory import MergeableRegistry
from tests.support.fakes.memory import Memory


def turns(memory: Memory) -> dict[str, int]:
    return {key: row["value"] for key, row in memory.collection("numbers").kept.items() if "value" in row}


def taken_by(memory: Memory, command: Any, **data: Any) -> set[str]:
    """The turns that the command took."""
    before = turns(memory)
    run(memory, command, **data)
    return {name for name, value in turns(memory).items() if value != before.get(name)}


def test_uploads_of_one_user_that_end_together_take_turns_and_wait_for_nobody_elses() -> None:
    memory = office()
    attendance = run(memory, attendances_commands.open_attendance, **OPENED)["id"]
    upload = run(memory, attachments_commands.begin_upload, attendance_id=attendance, name="1.txt").id
    data = base64.b64encode(b"Segue.").decode()
    run(memory, attachments_commands.send_part, upload_id=upload, number=0, data=data)
    assert taken_by(memory, attachments_commands.finish_upload, upload_id=upload) == {"staged:u1"}


def test_flows_that_are_created_together_take_turns() -> None:
    assert "flows" in taken_by(office(), flows_commands.create_flow, **FLOW, users=["u1"])


def test_webhooks_that_are_created_together_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Safe, "of_installation", lambda: Safe(["k"]))
    memory = Memory(NotificationsSession, NOTIFICATIONS_INDEXES)
    data = {"url": "https://c.example/", "types": [], "description": ""}
    assert "webhooks" in taken_by(memory, webhooks_commands.create_webhook, **data)


@pytest.mark.parametrize(
    ("command", "turn", "data"),
    [
        (categories_commands.create_category, "categories", {"name": "Ouro"}),
        (categories_commands.create_characteristic, "characteristics", {"name": "Ouro"}),
        (consents_commands.add_consent_purpose, "consent_purposes", {"code": "clube", "name": "Clube"}),
    ],
)
def test_what_a_company_names_for_itself_takes_turns(command: Any, turn: str, data: dict[str, Any]) -> None:
    memory = Memory(PeopleSession, PEOPLE_INDEXES)
    load = command.chassis_rpc.takes().load(data)
    assert turn in taken_by(memory, command, **load)


def test_who_merges_persons_undoes_it_or_has_one_erased_takes_turns() -> None:
    """A person who is merged into another in the moment of its erasure would outlive it."""
    registry = MergeableRegistry()
    memory = registry.memory

    def taken(work: Callable[[], object]) -> set[str]:
        before = turns(memory)
        work()
        return {name for name, value in turns(memory).items() if value != before.get(name)}

    erase: Any = erasure_commands.erase_person
    asked = {"person_id": registry.survivor, "reason": "Pedido.", "legal_request": "1"}
    assert MEMBERS in taken(lambda: registry.merge(registry.survivor, registry.merged))
    assert MEMBERS in taken(lambda: registry.unmerge(registry.merged))
    assert MEMBERS in taken(lambda: run(memory, erase, **asked))
