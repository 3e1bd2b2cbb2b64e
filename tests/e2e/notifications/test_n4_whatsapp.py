"""Row N4: over WhatsApp, with callbacks as the Cloud API makes them: window, templates, states, errors, both forms of a
Brazilian number."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from deploy.local.whatsapp import customer
from deploy.local.whatsapp.callbacks import body_of, received
from deploy.local.whatsapp.phone import Media, Refusal
from deploy.operations.bus import reseal_rows
from services.chassis.access.sealing import Safe
from tests.support.builders import people
from tests.support.fakes.whatsapp import ACCOUNT, CloudApi
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

FILES, OCTETS = "/v1/whatsapp-files", {"Content-Type": "application/octet-stream"}
# As every film of a phone begins.
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
READY = {"name": "pedido_pronto", "values": {"body.1": "Rita", "body.2": "41"}}


@pytest.fixture(autouse=True)
def _account(ana: Client, whatsapp: CloudApi) -> None:
    whatsapp.connect(ana)


@pytest.fixture
def number() -> str:
    """With the ninth digit, of a place where WhatsApp knows it without."""
    return f"+553198{people.phone()[4:]}"


@pytest.fixture
def path(ana: Client, number: str) -> str:
    person = ana.register(f"Rita {people.unique_word()}", phones=[{"number": number, "main": True}])
    return f"/v1/persons/{person['id']}/whatsapp-messages"


def uploaded(client: Client, name: str, content: bytes) -> dict[str, Any]:
    answer = client.request("POST", FILES, params={"name": name}, data=content, headers=OCTETS)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def reaches(ana: Client, delivery: dict[str, Any], state: str, seconds: float = 30) -> dict[str, Any]:
    def found() -> dict[str, Any]:
        return dict(ana.get(f"/v1/deliveries/{delivery['id']}"))

    wait_for(lambda: found()["state"] == state, seconds, f"{state}")
    return found()


def test_a_template_goes_out_comes_to_be_read_and_the_answer_opens_the_window(
    ana: Client, whatsapp: CloudApi, path: str, number: str
) -> None:
    problem = refused(ana.request("POST", path, json={"text": "Olá"}), 409, "whatsapp_window_closed")
    assert [one["name"] for one in problem["params"]["templates"]] == [
        "catalogo", "pedido_enviado", "pedido_pronto", "retomar_conversa",
    ]  # fmt: skip
    sent = ana.post(path, {"template": READY})
    arrived = reaches(ana, sent, "delivered")
    (message,) = whatsapp.got(number)
    assert message.text.startswith("Olá, Rita! O seu pedido 41 está pronto.")
    assert (arrived["message_id"], arrived["attempts"]) == (message.id, 1)
    assert whatsapp.tell(message, "read") == 200
    assert whatsapp.tell(message, "delivered") == 200
    assert reaches(ana, sent, "read")["log"][0]["outcome"] == "sent"
    whatsapp.write(message.number, "Pode entregar")
    assert len(message.number) == len(number) - 2, "as WhatsApp knows it: without + and without the ninth digit"
    wait_for(lambda: ana.request("POST", path, json={"text": "Já vai!"}).status_code == 201, what="the window")
    wait_for(lambda: [one.text for one in whatsapp.got(number)][1:] == ["Já vai!"], what="the free message")
    assert [one["direction"] for one in ana.get(path)["items"] if one["text"] == "Já vai!"] == ["sent"]


def test_a_template_takes_its_file_and_its_link_along(ana: Client, whatsapp: CloudApi, path: str, number: str) -> None:
    """While the window is closed."""
    paper = uploaded(ana, "nota.pdf", customer.PAPER)
    template = {"name": "pedido_enviado", "values": {"body.1": "Rita", "button.2": "41"}}
    reaches(ana, ana.post(path, {"template": template, "file_id": paper["id"]}), "delivered")
    (message,) = whatsapp.got(number)
    assert message.text.endswith("Acompanhar: https://loja.example/pedidos/41")
    assert whatsapp.phone.media[message.media_id].content == customer.PAPER
    assert [one["file_names"] for one in ana.get(path)["items"]] == [["nota.pdf"]]


def test_a_wrong_signature_changes_nothing(ana: Client, whatsapp: CloudApi, path: str, number: str) -> None:
    sent = ana.post(path, {"template": READY})
    reaches(ana, sent, "delivered")
    (message,) = whatsapp.got(number)
    right, whatsapp.phone.secret = whatsapp.phone.secret, secrets.token_hex(16)
    try:
        assert whatsapp.tell(message, "read") == 403
    finally:
        whatsapp.phone.secret = right
    assert ana.get(f"/v1/deliveries/{sent['id']}")["state"] == "delivered"


def test_what_passes_is_tried_again_and_what_is_final_is_not(
    ana: Client, whatsapp: CloudApi, path: str, number: str
) -> None:
    whatsapp.refuse(Refusal(400, 131047, "(#131047) Re-engagement message"))
    dead = reaches(ana, ana.post(path, {"template": READY}), "dead")
    assert (dead["last_error"], dead["attempts"]) == ("whatsapp_window_closed", 1)
    assert reaches(ana, ana.post(f"/v1/deliveries/{dead['id']}/retry", {}), "delivered")["attempts"] == 2
    whatsapp.refuse(Refusal(400, 131056, "(#131056) Pair rate limit hit", retry_after=90))
    waiting = reaches(ana, ana.post(path, {"template": READY}), "failed")
    assert waiting["last_error"] == "WhatsApp 131056"
    assert waiting["retry_at"] > waiting["log"][0]["at"]
    assert len(whatsapp.got(number)) == 1


def test_what_the_phone_never_gets_is_dead_with_the_reason(
    ana: Client, whatsapp: CloudApi, path: str, number: str
) -> None:
    whatsapp.statuses = ("sent",)
    try:
        sent = reaches(ana, ana.post(path, {"template": READY}), "sent")
    finally:
        whatsapp.statuses = ("sent", "delivered")
    (message,) = whatsapp.got(number)
    assert whatsapp.tell(message, "failed", 131026) == 200
    assert reaches(ana, sent, "dead")["last_error"] == "whatsapp_undeliverable"
    assert whatsapp.tell(message, "sent") == 200


def test_what_a_customer_writes_becomes_an_entry_once_with_its_file(
    ana: Client, whatsapp: CloudApi, path: str, number: str
) -> None:
    person = path.split("/")[3]
    opened = ana.post(f"/v1/persons/{person}/attendances", {"subject": "Bolo"})
    customer.send_file(whatsapp, number, "image", Media("77", "image/png", customer.PICTURE), "A foto", "Rita")
    body = body_of(received(whatsapp.write(number, "Chegou?"), "Rita", {"body": "Chegou?"}))
    assert [whatsapp.callbacks.post(body) for _ in range(2)] == [200, 200]

    def entries() -> dict[str, list[str]]:
        found = ana.get(f"/v1/attendances/{opened['id']}/entries")["items"]
        files = {one["text"]: [file["name"] for file in one["attachments"]] for one in found}
        assert len(files) == len(found), "an entry is there twice"
        return files

    wait_for(lambda: len(entries()) >= 2, 60, "both messages are entries")
    assert entries() == {"Chegou?": [], "A foto": ["foto.png"]}
    texts = [one["text"] for one in ana.get(path)["items"]]
    assert sorted(texts) == ["A foto", "Chegou?"]


def test_a_file_of_16_mib_is_kept_and_one_that_is_larger_is_named(
    ana: Client, bruno: Client, whatsapp: CloudApi, path: str, number: str
) -> None:
    content = secrets.token_bytes(1 << 20) * 16
    customer.send_file(whatsapp, number, "video", Media("78", "video/mp4", content), "O filme")
    customer.send_file(whatsapp, number, "video", Media("79", "video/mp4", content + b"x"), "Outro")

    def listed() -> dict[str, Any]:
        return {one["text"]: one for one in ana.get(path)["items"]}

    wait_for(lambda: len(listed()) == 2, 90, "both messages")
    assert listed()["O filme"]["file_names"] == listed()["Outro"]["file_names"] == ["video.mp4"]
    file = f"{path}/{listed()['O filme']['id']}/file"
    answer = ana.request("GET", file)
    assert (answer.content == content, answer.headers["Content-Type"]) == (True, "application/octet-stream")
    refused(ana.request("GET", f"{path}/{listed()['Outro']['id']}/file"), 404, "whatsapp_file_not_found")
    refused(bruno.request("GET", file), 404, "person_not_found")


def test_a_file_of_16_mib_goes_out_with_its_caption(
    ana: Client, bruno: Client, whatsapp: CloudApi, path: str, number: str
) -> None:
    customer.say(whatsapp, number, "text", "Oi", {"body": "Oi"})
    wait_for(lambda: ana.get(path)["items"], what="the window")
    film = MP4 + secrets.token_bytes(1 << 20) * 15
    sent = ana.post(path, {"file_id": uploaded(ana, "festa.mp4", film)["id"], "text": "A festa"})
    reaches(ana, sent, "delivered", 90)
    (message,) = whatsapp.got(number)
    media = whatsapp.phone.media[message.media_id]
    assert (message.kind, message.text, media.content == film) == ("video", "A festa", True)
    assert next(one["file_names"] for one in ana.get(path)["items"] if one["text"] == "A festa") == ["festa.mp4"]
    wrong = ana.request("POST", FILES, params={"name": "foto.png"}, data=film[:99], headers=OCTETS)
    refused(wrong, 422, "attachment_content_mismatch")
    large = ana.request("POST", FILES, params={"name": "x.mp4"}, data=MP4 + bytes(16 << 20), headers=OCTETS)
    refused(large, 413, "attachment_too_large")
    theirs = uploaded(bruno, "nosso.pdf", customer.PAPER)
    refused(ana.request("POST", path, json={"file_id": theirs["id"]}), 404, "whatsapp_file_not_found")


def test_secrets_at_rest_go_from_one_key_to_the_next(system: System, ana: Client, whatsapp: CloudApi) -> None:
    rows = system.mongo("notifications")["accounts"]
    (before,) = rows.find({"_id": {"$regex": "whatsapp$"}})
    assert whatsapp.phone.token not in str(before)
    assert whatsapp.phone.secret not in str(before)
    old, new = system.env["VINCULO_SECRET_KEYS"], secrets.token_hex(32)
    with pytest.MonkeyPatch.context() as environment:
        for name in ("MONGO_URI", "VINCULO_DATABASE_PREFIX"):
            environment.setenv(name, system.env[name])
        reseal_rows(Safe([new, old]), "notifications", "accounts")
        (row,) = rows.find({"_id": before["_id"]})
        assert Safe([new]).unseal(row["company"], row["sealed"])["access_token"] == whatsapp.phone.token
        reseal_rows(Safe([old, new]), "notifications", "accounts")
    assert ana.get(ACCOUNT)["refused"] is None
    logs = "".join(process.log_text() for process in system.processes.values())
    assert "O seu pedido" not in logs
    assert whatsapp.phone.token not in logs
