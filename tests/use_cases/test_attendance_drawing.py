"""Rows A2, A5, A6: workflows are drawn and published; flows are switched; a flow's tags are changed and ordered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.attendance.centers import commands as centers
from services.attendance.flows import commands as flows
from services.attendance.tags import commands as tags
from services.attendance.tags.model import ORDERING_SECONDS, TODOS
from services.attendance.workflow import commands as workflows
from services.attendance.workflow import queries as drawn
from services.chassis.handling.session import Actor
from tests.support.builders.attendance_in_memory import office
from tests.support.fakes.memory import Memory

START = {"id": "a", "kind": "center", "center_id": "triagem"}
END = {"id": "z", "kind": "center", "center_id": "fim"}
ANA, BRUNO = Actor("u1", "Ana"), Actor("u2", "Bruno")


@pytest.fixture
def memory() -> Memory:
    memory = office()
    memory.ask(centers.create_center, id="triagem", name="Triagem")
    memory.ask(centers.create_center, id="fim", name="Fim", ends_the_process=True)
    return memory


@pytest.fixture
def workflow(memory: Memory) -> dict[str, Any]:
    made: dict[str, Any] = memory.ask(workflows.create_workflow, id="atender", name="Atender", items=[START, END])
    return made


@pytest.fixture
def flow(memory: Memory) -> str:
    return str(memory.ask(flows.create_flow, name="Fila", users=["u1", "u2"]).id)


def test_a_flow_takes_active_users_of_the_company_and_keeps_whom_it_has(memory: Memory, flow: str) -> None:
    memory.collection("users").put({"_id": f"{memory.company}:u2", "name": "Bruno", "active": False, "sequence": 2})
    memory.collection("users").insert({"_id": f"{memory.company}:u3", "name": "Caio", "active": False, "sequence": 1})
    for users, code in ((["u1", "nobody"], "user_not_found"), (["u3"], "user_inactive")):
        assert memory.refusal(flows.create_flow, name="Outra", users=users) == code
        assert memory.refusal(flows.change_flow, flow_id=flow, users=users) == code
    assert memory.ask(flows.change_flow, flow_id=flow, users=["u2"]).users == ["u2"]


def _drawn(memory: Memory) -> tuple[Any, ...]:
    kept = memory.ask(drawn.get_workflow, id="atender")
    return kept["name"], kept["published"], kept["version"], [item["id"] for item in kept["items"]]


def test_a_workflow_is_kept_as_a_draft_and_its_id_is_taken(memory: Memory, workflow: dict[str, Any]) -> None:
    assert _drawn(memory) == ("Atender", 0, 1, ["a", "z"])
    again = {"id": "atender", "name": "Outro"}
    assert memory.refusal(workflows.create_workflow, **again) == "workflow_exists"


def test_a_draft_is_changed_in_the_version_that_was_read(memory: Memory, workflow: dict[str, Any]) -> None:
    changed = {"id": "atender", "name": "Atender bem", "items": [END]}
    assert memory.refusal(workflows.change_workflow, **changed, version=2) == "version_changed"
    memory.ask(workflows.change_workflow, **changed, version=1)
    assert _drawn(memory) == ("Atender bem", 0, 2, ["z"])


def test_a_draft_is_published_once_and_again_when_it_differs(memory: Memory, workflow: dict[str, Any]) -> None:
    for _ in range(2):
        assert memory.ask(workflows.publish_workflow, id="atender")["published"] == 1
    version = memory.ask(drawn.get_workflow, id="atender")["version"]
    items = [START, {**START, "id": "b"}, END]
    memory.ask(workflows.change_workflow, id="atender", name="Atender", items=items, version=version)
    assert memory.ask(workflows.publish_workflow, id="atender")["published"] == 2
    assert _drawn(memory)[1] == 2


def test_an_unsound_draft_is_not_published(memory: Memory) -> None:
    memory.ask(workflows.create_workflow, id="atender", name="Atender", items=[END])
    assert memory.refusal(workflows.publish_workflow, id="atender") == "workflow_invalid"
    assert _drawn(memory)[1] == 0


def test_only_what_was_never_published_is_deleted(memory: Memory, workflow: dict[str, Any]) -> None:
    memory.ask(workflows.create_workflow, id="outro", name="Outro")
    memory.ask(workflows.delete_workflow, id="outro")
    assert memory.refusal(drawn.get_workflow, id="outro") == "workflow_not_found"
    memory.ask(workflows.publish_workflow, id="atender")
    assert memory.refusal(workflows.delete_workflow, id="atender") == "workflow_published"


def test_a_flow_is_switched_on_and_off_once_and_each_time_is_announced(memory: Memory, flow: str) -> None:
    assert memory.refusal(flows.activate_flow, flow_id=flow) == "flow_already_active"
    assert not memory.ask(flows.deactivate_flow, flow_id=flow).active
    assert memory.refusal(flows.deactivate_flow, flow_id=flow) == "flow_already_inactive"
    assert memory.ask(flows.activate_flow, flow_id=flow).active
    assert len(memory.documents("outbox")) == 3


def _tag(memory: Memory, flow: str, name: str, **fields: str) -> str:
    return str(memory.ask(tags.create_tag, flow_id=flow, name=name, **fields)["id"])


def _names(memory: Memory, flow: str) -> list[str]:
    return [tag.name for tag in memory.read(lambda session: session.flows.get(flow).board.tags)]


def test_a_tags_name_and_colour_are_changed_each_by_itself(memory: Memory, flow: str) -> None:
    tag = _tag(memory, flow, "Urgente", colour="#ff0000")
    renamed = memory.ask(tags.change_tag, flow_id=flow, tag_id=tag, name="Muito urgente")
    assert (renamed["name"], renamed["colour"]) == ("Muito urgente", "#ff0000")
    memory.ask(tags.change_tag, flow_id=flow, tag_id=tag, colour="#00ff00")
    board = memory.read(lambda session: session.flows.get(flow).board.get(tag))
    assert (board.name, board.colour) == ("Muito urgente", "#00ff00")


def test_a_tag_keeps_its_own_name_and_gets_none_that_is_taken(memory: Memory, flow: str) -> None:
    tag, _ = _tag(memory, flow, "Urgente"), _tag(memory, flow, "Orçar")
    memory.ask(tags.change_tag, flow_id=flow, tag_id=tag, name="URGENTE")
    named = {"flow_id": flow, "tag_id": tag}
    assert memory.refusal(tags.change_tag, **named, name="orcar") == "tag_exists"
    assert memory.refusal(tags.change_tag, **named, name="Todos") == "tag_reserved"
    assert _names(memory, flow) == ["URGENTE", "Orçar"]


@pytest.mark.parametrize("use_case", [tags.change_tag, tags.delete_tag])
def test_the_tag_todos_is_fixed_and_an_unknown_one_is_not_found(memory: Memory, flow: str, use_case: Any) -> None:
    assert memory.refusal(use_case, flow_id=flow, tag_id=TODOS) == "tag_fixed"
    assert memory.refusal(use_case, flow_id=flow, tag_id="outra") == "tag_not_found"


def test_a_deleted_tag_is_gone_from_its_flow(memory: Memory, flow: str) -> None:
    gone = _tag(memory, flow, "Urgente")
    _tag(memory, flow, "Orçar")
    memory.ask(tags.delete_tag, flow_id=flow, tag_id=gone)
    assert _names(memory, flow) == ["Orçar"]


def test_one_user_at_a_time_orders_the_tags(memory: Memory, flow: str) -> None:
    memory.ask(tags.take_tag_ordering, flow_id=flow)
    memory.actor = BRUNO
    assert memory.refusal(tags.take_tag_ordering, flow_id=flow) == "ordering_taken"
    assert memory.refusal(tags.renew_tag_ordering, flow_id=flow) == "ordering_not_held"
    assert memory.refusal(tags.release_tag_ordering, flow_id=flow) == "ordering_taken"
    memory.actor = ANA
    assert memory.ask(tags.release_tag_ordering, flow_id=flow)["ordering"] is None
    memory.actor = BRUNO
    assert memory.ask(tags.take_tag_ordering, flow_id=flow).by == "u2"


def test_whoever_orders_keeps_the_order_for_two_minutes_from_the_last_sign_of_life(memory: Memory, flow: str) -> None:
    memory.ask(tags.take_tag_ordering, flow_id=flow)
    for _ in range(2):
        memory.later(dt.timedelta(seconds=ORDERING_SECONDS - 10))
        memory.ask(tags.renew_tag_ordering, flow_id=flow)
    memory.later(dt.timedelta(seconds=ORDERING_SECONDS))
    assert memory.refusal(tags.renew_tag_ordering, flow_id=flow) == "ordering_not_held"
    memory.actor = BRUNO
    memory.ask(tags.take_tag_ordering, flow_id=flow)


def test_an_order_names_each_tag_once_and_todos_stays_first(memory: Memory, flow: str) -> None:
    one, two = _tag(memory, flow, "Um"), _tag(memory, flow, "Dois")
    assert memory.refusal(tags.order_tags, flow_id=flow, tag_ids=[two, one]) == "ordering_not_held"
    memory.ask(tags.take_tag_ordering, flow_id=flow)
    assert memory.refusal(tags.order_tags, flow_id=flow, tag_ids=[two]) == "order_incomplete"
    ordered = memory.ask(tags.order_tags, flow_id=flow, tag_ids=[two, TODOS, one])
    assert [tag["name"] for tag in ordered["items"]] == ["TODOS", "Dois", "Um"]
    assert _names(memory, flow) == ["Dois", "Um"]
