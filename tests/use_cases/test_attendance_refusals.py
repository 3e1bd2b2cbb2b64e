"""Rows A1 to A14, A18: what an attendance, its steps, its filing and its configuration refuse, and by which code."""

from __future__ import annotations

from typing import Any

import pytest

from services.attendance.attendances import commands as attendances
from services.attendance.attendances import queries as attendances_queries
from services.attendance.centers import commands as centers
from services.attendance.critical import commands as critical
from services.attendance.cycles import commands as cycles
from services.attendance.drafts import queries as drafts
from services.attendance.entries import commands as entries
from services.attendance.entries import copies
from services.attendance.entries import queries as entries_queries
from services.attendance.filing import commands as filing
from services.attendance.flows import commands as flows
from services.attendance.session import INDEXES, AttendanceSession
from services.attendance.setup import commands as setup
from services.attendance.setup import contract as setup_contract
from services.attendance.tags import commands as tags
from services.attendance.types import commands as types
from services.attendance.types import queries as types_queries
from services.attendance.workflow import commands as workflows
from services.chassis.handling.session import Actor
from services.chassis.replicas.replica import LAST
from tests.support.fakes.memory import Memory

CENTERS = [
    {"id": "triagem", "name": "Triagem"},
    {"id": "oficina", "name": "Oficina", "text_required": True},
    {"id": "entrega", "name": "Entrega", "ends_the_process": True},
    {"id": "livre", "name": "Livre"},
]
ITEMS = [
    {"id": "t", "kind": "center", "center_id": "triagem", "next": ["d"]},
    {"id": "d", "kind": "decision", "question": "Tem conserto?", "answers": [
        {"id": "sim", "text": "Sim", "to": "o"}, {"id": "nao", "text": "Não", "to": "e"}]},
    {"id": "o", "kind": "center", "center_id": "oficina", "next": ["e"]},
    {"id": "e", "kind": "center", "center_id": "entrega"},
]  # fmt: skip
CYCLE = {
    "id": "ciclo", "name": "Ciclo",
    "centers": [{"center_id": "triagem", "questions": [{"id": "q", "text": "Série?", "required": True}]}],
}  # fmt: skip
TYPES = [
    {"id": "grupo", "kind": "group", "name": "Grupo", "workflow_id": "conserto", "cycle_id": "ciclo"},
    {"id": "visita", "kind": "leaf", "name": "Visita", "parent_id": "grupo", "standard_texts": [
        {"id": "ola", "name": "Olá", "text": "Olá, {{pessoa}}."}]},
    {"id": "simples", "kind": "leaf", "name": "Simples"},
]  # fmt: skip
SUPERVISOR = Actor("u9", "Rita", permissions=("attendance.supervise", "attendance.purge", "attendance.configure"))


@pytest.fixture
def office() -> Memory:
    """With a workflow from triage, by a decision, to the workshop or to delivery, which ends the process."""
    memory = Memory(AttendanceSession, INDEXES)
    memory.collection("persons").insert({"_id": "p1", "name": "Rita", "sequence": 1, "contacts": ["Rui"]})
    memory.collection("persons").insert({"_id": "p2", "name": "Lia", "sequence": 1})
    document = {
        "format": setup_contract.FORMAT, "centers": CENTERS, "cycles": [CYCLE], "types": TYPES,
        "workflows": [{"id": "conserto", "name": "Conserto", "items": ITEMS}],
    }  # fmt: skip
    memory.ask(setup.apply_configuration, document=document, dry_run=False)
    return memory


def opened(office: Memory, type_id: str | None = None, **fields: Any) -> str:
    body = {"person_id": "p1", "title": "Forno", **({"type_id": type_id} if type_id else {}), **fields}
    return str(office.ask(attendances.open_attendance, **body)["id"])


# Opening and closing.


def test_an_attendance_is_opened_with_what_the_company_has(office: Memory) -> None:
    refused = {
        "person_not_found": {"person_id": "p9"},
        "type_not_found": {"type_id": "x"},
        "type_is_group": {"type_id": "grupo"},
        "contact_not_found": {"contact": "Ninguém"},
        "user_not_found": {"next_user_id": "u7"},
        "flow_not_found": {"flow_id": "x"},
    }
    for code, fields in refused.items():
        body = {"person_id": "p1", "title": "Forno", **fields}
        assert office.refusal(attendances.open_attendance, **body) == code
    assert office.ask(attendances.open_attendance, person_id="p1", title="Forno", contact="RUI")["contact"] == "Rui"


def test_a_key_opens_one_attendance_of_one_person(office: Memory) -> None:
    one = opened(office, dedup_key="ERP-1")
    assert opened(office, dedup_key="ERP-1") == one != opened(office, dedup_key="ERP-2")
    body = {"person_id": "p2", "title": "Forno", "dedup_key": "ERP-1"}
    assert office.refusal(attendances.open_attendance, **body) == "dedup_key_reused"


def test_the_first_center_of_the_type_demands_what_it_says(office: Memory) -> None:
    demanding = {"id": "triagem", "name": "Triagem", "text_required": True, "version": 1}
    office.ask(centers.change_center, **demanding)
    body = {"person_id": "p1", "title": "Forno", "type_id": "visita"}
    assert office.refusal(attendances.open_attendance, **body) == "entry_text_required"
    made = office.ask(attendances.open_attendance, **body, text="Não liga.")
    assert (made["center_id"], made["workflow_id"], made["cycle_id"]) == ("triagem", "conserto", "ciclo")
    assert office.ask(attendances.duplicate_attendance, attendance_id=made["id"]).center_id == "triagem"


def test_one_that_follows_a_workflow_is_closed_by_a_center_or_by_a_supervisor(office: Memory) -> None:
    made = opened(office, "visita")
    assert office.refusal(attendances.close_attendance, attendance_id=made) == "attendance_follows_workflow"
    office.actor = SUPERVISOR
    assert office.ask(attendances.close_attendance, attendance_id=made).status == "closed"
    assert office.refusal(attendances.close_attendance, attendance_id=made) == "attendance_already_closed"
    assert office.refusal(entries.record_entry, attendance_id=made, text="Mais um.") == "attendance_closed"
    assert office.refusal(attendances.change_attendance, attendance_id=made, title="Outro") == "attendance_closed"
    assert office.refusal(attendances.close_attendance, attendance_id="x") == "attendance_not_found"


# Entries and steps.


def test_an_entry_has_a_text_typed_or_of_the_type(office: Memory) -> None:
    made, plain = opened(office, "visita"), opened(office)
    assert office.refusal(entries.record_entry, attendance_id=made) == "entry_text_missing"
    for where, text in ((made, "x"), (plain, "ola")):
        body = {"attendance_id": where, "standard_text_id": text}
        assert office.refusal(entries.record_entry, **body) == "standard_text_not_found"
    entry = office.ask(entries.record_entry, attendance_id=made, standard_text_id="ola")
    assert (entry["text"], entry["standard"]) == ("Olá, Rita.", True)


def test_a_copy_goes_by_a_mail_account_to_a_person_with_an_address(office: Memory) -> None:
    body = {"attendance_id": opened(office), "text": "Olá.", "notify_customer": True}
    assert office.refusal(entries.record_entry, **body) == "mail_account_missing"
    office.actor = Actor("u1", "Ana", permissions=(copies.NOTIFY,))
    assert office.refusal(entries.record_entry, **body) == "person_email_missing"
    office.collection("persons").put({"_id": "p1", "email": "rita@x.example"})
    assert office.ask(entries.record_entry, **body)["notified_customer"] is True


def test_a_step_is_one_that_is_offered_from_where_it_was_seen(office: Memory) -> None:
    made, plain = opened(office, "visita"), opened(office)
    at = office.ask(entries_queries.get_next_step, attendance_id=made)
    assert (at["kind"], [one.id for one in at["missing"]]) == ("decision", ["q"])
    step = {"attendance_id": made, "position": at["position"]}
    assert office.refusal(entries.move_attendance, **step, answer="sim") == "cycle_unanswered"
    office.ask(cycles.answer_cycle, attendance_id=made, answers={"q": "123"})
    refused = {
        "attendance_moved": {**step, "position": 7, "answer": "sim"},
        "answer_not_found": {**step, "answer": "talvez"},
        "decision_pending": {**step, "center_id": "oficina"},
        "user_not_found": {**step, "answer": "sim", "next_user_id": "u7"},
        "workflow_none": {"attendance_id": plain, "position": 0, "answer": "sim"},
        "entry_text_required": {**step, "answer": "sim"},
    }
    assert {code: office.refusal(entries.move_attendance, **body) for code, body in refused.items()} == {
        code: code for code in refused
    }
    moved = office.ask(entries.move_attendance, **step, answer="sim", text="Trocar a resistência.")
    assert (moved["attendance"].center_id, moved["next"]["kind"]) == ("oficina", "centers")
    again = {"attendance_id": made, "position": moved["next"]["position"]}
    assert office.refusal(entries.move_attendance, **again, center_id="livre") == "center_not_offered"
    assert office.refusal(entries.move_attendance, **again, answer="sim") == "decision_not_offered"
    done = office.ask(entries.move_attendance, **again, center_id="entrega")
    assert (done["attendance"].status, done["next"]["kind"]) == ("closed", "end")


def test_only_questions_of_the_cycle_that_were_reached_are_answered(office: Memory) -> None:
    made = opened(office, "visita")
    assert office.refusal(cycles.answer_cycle, attendance_id=opened(office), answers={"q": "1"}) == "cycle_none"
    assert office.refusal(cycles.answer_cycle, attendance_id=made, answers={"x": "1"}) == "question_not_found"
    office.ask(cycles.answer_cycle, attendance_id=made, answers={"q": "1"})
    before = len(office.documents("entries"))
    office.ask(cycles.answer_cycle, attendance_id=made, answers={"q": "1"})
    assert len(office.documents("entries")) == before, "the same answer is no change"
    office.ask(cycles.answer_cycle, attendance_id=made, answers={"q": None})
    (person,) = {one["person_id"] for one in office.documents("attendances")}
    office.collection("persons").put({"_id": person, "sequence": LAST, "erased": True, "name": "Pessoa apagada"})
    assert office.refusal(cycles.answer_cycle, attendance_id=made, answers={"q": "2"}) == "person_erased"
    assert [one.id for one in office.ask(entries_queries.get_next_step, attendance_id=made)["missing"]] == ["q"]


def test_only_a_late_or_near_attendance_in_a_center_is_forwarded(office: Memory) -> None:
    made = opened(office, "visita")
    assert office.refusal(critical.forward_critical_factor, attendance_id=made) == "attendance_not_critical"
    assert office.refusal(drafts.get_attendance_draft, attendance_id=made) == "draft_not_found"


# Filing.


def test_an_attendance_goes_to_the_archive_and_the_trash_and_back_once(office: Memory) -> None:
    made = {"attendance_id": opened(office)}
    office.actor = SUPERVISOR
    assert office.refusal(filing.unarchive_attendance, **made) == "attendance_not_archived"
    assert office.refusal(filing.restore_attendance, **made) == "attendance_not_trashed"
    assert office.refusal(filing.purge_attendance, **made) == "attendance_not_trashed"
    office.ask(filing.archive_attendance, **made)
    assert office.refusal(filing.archive_attendance, **made) == "attendance_archived"
    office.ask(filing.trash_attendance, **made)
    assert office.refusal(filing.trash_attendance, **made) == "attendance_trashed"
    office.actor = Actor("u1", "Ana")
    assert office.refusal(filing.purge_attendance, **made) == "permission_missing"
    office.actor = SUPERVISOR
    office.ask(filing.purge_attendance, **made)
    assert office.refusal(attendances_queries.get_attendance, id=made["attendance_id"]) == "attendance_not_found"
    assert office.documents("entries") == []


def test_an_attendance_moves_to_another_flow_of_the_user_that_takes_some(office: Memory) -> None:
    office.actor = SUPERVISOR
    mine = office.ask(flows.create_flow, name="Meu").id
    idle = office.ask(flows.create_flow, name="Parado").id
    made = opened(office, flow_id=mine)
    assert office.refusal(filing.move_to_flow, attendance_id=made, flow_id=mine) == "flow_unchanged"
    office.ask(flows.deactivate_flow, flow_id=idle)
    assert office.refusal(flows.deactivate_flow, flow_id=idle) == "flow_already_inactive"
    assert office.refusal(filing.move_to_flow, attendance_id=made, flow_id=idle) == "flow_inactive"
    assert office.refusal(flows.delete_flow, flow_id=mine) == "flow_in_use"
    assert office.refusal(flows.create_flow, name=" meu ") == "flow_exists"
    free = opened(office)
    office.actor = Actor("u8", "Outro")
    assert office.refusal(filing.move_to_flow, attendance_id=free, flow_id=mine) == "flow_not_found"


# Configuration.


def test_what_others_build_on_is_not_deleted(office: Memory) -> None:
    opened(office, "visita")
    assert office.refusal(centers.delete_center, id="oficina") == "center_in_use"
    assert office.refusal(cycles.delete_cycle, id="ciclo") == "cycle_in_use"
    assert office.refusal(types.delete_type, id="grupo") == "type_has_children"
    assert office.refusal(types.delete_type, id="visita") == "type_in_use"
    assert office.refusal(workflows.delete_workflow, id="conserto") == "workflow_published"
    for what, delete, key in (("center", centers.delete_center, "livre"), ("type", types.delete_type, "simples")):
        assert office.ask(delete, id=key)["deleted"] is True
        assert office.refusal(delete, id=key) == f"{what}_not_found"


def test_what_is_configured_is_there_once_and_changed_as_it_was_seen(office: Memory) -> None:
    assert office.refusal(centers.create_center, id="livre", name="Outro") == "center_exists"
    assert office.refusal(types.create_type, id="simples", kind="leaf", name="Outro") == "type_exists"
    assert office.refusal(cycles.create_cycle, id="ciclo", name="Outro", centers=[]) == "cycle_exists"
    old = {"id": "livre", "name": "Outro", "version": 7}
    assert office.refusal(centers.change_center, **old) == "version_changed"
    ending = {"id": "oficina", "name": "Oficina", "ends_the_process": True}
    assert office.refusal(centers.change_center, **ending) == "center_in_use"
    assert office.refusal(types.change_type, id="simples", kind="group", name="X") == "type_kind_fixed"
    assert (
        office.refusal(types.create_type, id="n", kind="leaf", name="N", parent_id="simples") == "type_parent_invalid"
    )
    wrong = {"id": "c", "name": "C", "centers": [{"center_id": "x", "questions": []}]}
    assert office.refusal(cycles.create_cycle, **wrong) == "cycle_invalid"
    assert office.refusal(types.create_type, id="g", kind="group", name="G", workflow_id="x") == "type_invalid"
    assert office.refusal(types.create_type, id="g", kind="group", name="G", cycle_id="x") == "type_invalid"


def test_who_does_not_see_a_type_sees_nothing_of_it(office: Memory) -> None:
    made = opened(office, "visita")
    office.actor = Actor("u2", "Rui", scopes={"attendance_type": ("simples",)})
    assert office.refusal(attendances_queries.get_attendance, id=made) == "attendance_not_found"
    assert office.refusal(types_queries.get_type, id="visita") == "type_not_found"
    body = {"person_id": "p1", "title": "Forno", "type_id": "visita"}
    assert office.refusal(attendances.open_attendance, **body) == "type_not_found"
    assert office.ask(types_queries.get_type, id="simples")["id"] == "simples"


def test_only_attendances_of_the_flow_are_tagged(office: Memory) -> None:
    office.actor = SUPERVISOR
    mine = office.ask(flows.create_flow, name="Meu").id
    tag = office.ask(tags.create_tag, flow_id=mine, name="Quente")["id"]
    made, elsewhere = opened(office, flow_id=mine), opened(office)
    body = {"flow_id": mine, "link": [tag]}
    both = {**body, "attendance_ids": [made, elsewhere]}
    assert office.refusal(tags.tag_attendances, **both) == "attendance_not_in_flow"
    assert office.collection("attendances").kept[made]["tags"] == [], "in all or in none"
    office.ask(tags.tag_attendances, **body, attendance_ids=[made])
    assert office.collection("attendances").kept[made]["tags"] == [tag]
    assert office.refusal(tags.tag_attendances, **{**both, "link": ["x"]}) == "tag_not_found"
