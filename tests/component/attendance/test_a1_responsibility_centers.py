"""Row A1: centers with their flags; what sending an attendance to one demands; none is pulled from under a workflow."""

from __future__ import annotations

from tests.support.builders.attendance import open_one, put, set_up, unique_key
from tests.support.problems import field_refused, refused
from tests.support.stack.system import Client

PATH = "/v1/responsibility-centers"


def test_a_wrong_center_is_refused(ana: Client) -> None:
    key = unique_key()
    ana.post(PATH, {"id": key, "name": "Um"})
    refused(ana.request("POST", PATH, json={"id": key, "name": "Outro"}), 409, "center_exists")
    field_refused(ana.request("POST", PATH, json={"id": "Com Espaço", "name": "x"}), "id")
    field_refused(ana.request("POST", PATH, json={"id": unique_key()}), "name")
    stale = ana.request("PUT", f"{PATH}/{key}", json={"name": "Tarde"}, headers={"If-Match": '"7"'})
    refused(stale, 412, "version_changed")
    refused(ana.request("PUT", f"{PATH}/nenhum", json={"name": "x"}), 404, "center_not_found")


def test_a_center_of_a_published_workflow_keeps_its_ending_and_is_not_deleted(ana: Client) -> None:
    made = set_up(ana)
    flipped = {"name": "Encerrado", "ends_the_process": False}
    refused(ana.request("PUT", f"{PATH}/{made.done}", json=flipped), 409, "center_in_use")
    refused(ana.request("DELETE", f"{PATH}/{made.done}"), 409, "center_in_use")
    renamed = put(ana, f"{PATH}/{made.done}", {"name": "Concluído", "ends_the_process": True})
    assert renamed["name"] == "Concluído"


def test_a_center_may_demand_the_next_user_and_a_text(ana: Client) -> None:
    made = set_up(ana, center={"next_user_required": True, "text_required": True})
    attendance = open_one(ana, made)
    move = f"/v1/attendances/{attendance['id']}/move"
    step = {"answer": "sim", "position": 0}
    answer = ana.request("POST", move, json=step)
    assert refused(answer, 422, "entry_text_required")["fields"]["text"]
    answer = ana.request("POST", move, json={**step, "text": "Resistência queimada."})
    assert refused(answer, 422, "next_user_required")["fields"]["next_user_id"]
    me = ana.session["user"]["id"]
    whole = {**step, "text": "Resistência queimada.", "next_user_id": me}
    moved = ana.post(move, whole)["attendance"]
    assert (moved["center"]["id"], moved["next_user"]["id"]) == (made.workshop, me)


def test_the_text_of_the_entry_just_confirmed_is_the_text_demanded(ana: Client) -> None:
    made = set_up(ana, center={"text_required": True})
    attendance = open_one(ana, made)
    path = f"/v1/attendances/{attendance['id']}"
    ana.post(f"{path}/entries", {"text": "Resistência queimada.", "confirm": True})
    assert ana.post(f"{path}/move", {"answer": "sim", "position": 0})["attendance"]["center"]["id"] == made.workshop


def test_a_default_text_is_told_on_arrival(ana: Client) -> None:
    made = set_up(ana, center={"default_text": "Conferir a garantia."})
    attendance = open_one(ana, made)
    ana.post(f"/v1/attendances/{attendance['id']}/move", {"answer": "sim", "position": 0})
    told = ana.get(f"/v1/attendances/{attendance['id']}/entries")["items"][0]["text"]
    assert told == "Há defeito? Sim.\nEncaminhado de Triagem para Oficina.\nConferir a garantia."
