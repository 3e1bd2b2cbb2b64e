"""Row A1: centers with their flags; what sending an attendance to one demands; none is pulled from under a workflow."""

from __future__ import annotations

from tests.support.builders.attendance import put, unique_key
from tests.support.problems import refused
from tests.support.stack.system import Client

PATH = "/v1/responsibility-centers"


def test_a_center_is_made_read_listed_changed_and_deleted(ana: Client) -> None:
    key = unique_key()
    made = ana.post(PATH, {"id": key, "name": " Triagem ", "text_required": True, "default_text": "Verificar."})
    assert made == {
        "id": key, "name": "Triagem", "ends_the_process": False, "next_user_required": False,
        "text_required": True, "default_text": "Verificar.", "version": 1,
    }  # fmt: skip
    changed = put(ana, f"{PATH}/{key}", {"name": "Recepção", "ends_the_process": True})
    assert (changed["name"], changed["text_required"], changed["version"]) == ("Recepção", False, 2)
    assert changed in ana.get(PATH)["items"]
    assert ana.request("DELETE", f"{PATH}/{key}").json() == {"id": key, "deleted": True}
    refused(ana.request("GET", f"{PATH}/{key}"), 404, "center_not_found")
