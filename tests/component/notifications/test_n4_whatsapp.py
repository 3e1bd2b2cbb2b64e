"""Row N4: the company's WhatsApp account is asked at the API before it is kept; what may be sent, and to whom; what a
callback may say. Here nothing is sent (tests/e2e)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from deploy.local.whatsapp import customer
from services.chassis.access.sealing import Safe
from tests.support.builders import people, users
from tests.support.fakes.whatsapp import ACCOUNT, CloudApi
from tests.support.problems import field_refused, refused
from tests.support.stack.in_process import InProcessSystem
from tests.support.stack.ports import free_port, wait_for
from tests.support.stack.system import Client

READY = {"name": "pedido_pronto", "values": {"body.1": "Rita", "body.2": "41"}}


@pytest.fixture
def api(system: InProcessSystem, ana: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudApi]:
    running = CloudApi()
    monkeypatch.setenv("VINCULO_WHATSAPP_API_URL", running.api_url)
    yield running
    ana.request("DELETE", ACCOUNT)
    running.close()


@pytest.fixture
def account(api: CloudApi, ana: Client) -> dict[str, Any]:
    kept: dict[str, Any] = ana.put(ACCOUNT, api.account())
    return kept


@pytest.fixture
def number() -> str:
    return f"+553198{people.phone()[4:]}"


@pytest.fixture
def rita(ana: Client, number: str) -> dict[str, Any]:
    return ana.register(f"Rita {people.unique_word()}", phones=[{"number": number, "main": True}])


def callback(
    system: InProcessSystem, api: CloudApi, account: dict[str, Any], change: dict[str, Any], **more: Any
) -> int:
    api.phone.callback_url = f"{system.url}{account['callback_path']}"
    return api.post(change, **more)


def received(number: str, text: str = "Oi", at: dt.datetime | None = None, wamid: str = "") -> dict[str, Any]:
    moment = int((at or dt.datetime.now(dt.UTC)).timestamp())
    told = {"from": number.lstrip("+"), "id": wamid or f"wamid.{people.unique_word()}", "timestamp": str(moment)}
    return {"messages": [{**told, "type": "text", "text": {"body": text}}]}


def test_the_account_is_asked_before_it_is_kept_and_its_secrets_are_nowhere_to_be_read(
    system: InProcessSystem, ana: Client, api: CloudApi
) -> None:
    kept = ana.put(ACCOUNT, api.account())
    assert (kept["number"], kept["name"], kept["refused"]) == ("+55 31 3333-4444", "Padaria da Ana", None)
    assert ana.get(ACCOUNT) == kept
    rows = list(system.mongo("notifications")["accounts"].find({"_id": {"$regex": "whatsapp$"}}))
    shown = json.dumps([kept, rows], default=str)
    assert not [name for name in ("access_token", "app_secret", "verify_token") if api.account()[name] in shown]
    (row,) = rows
    opened = Safe.of_installation().unseal(row["company"], row["sealed"])
    assert opened["app_secret"] == api.phone.secret
    again = ana.put(ACCOUNT, {name: api.account()[name] for name in ("phone_number_id", "business_account_id")})
    assert again["version"] == 2
    templates = ana.get("/v1/whatsapp-templates", params={"limit": 2})
    rest = ana.get("/v1/whatsapp-templates", params={"cursor": templates["next_cursor"]})
    assert [one["name"] for one in templates["items"] + rest["items"]] == [
        "catalogo", "onde_estamos", "pedido_enviado", "pedido_pronto", "retomar_conversa",
    ]  # fmt: skip
    api.phone.templates = api.phone.templates[:1]
    assert ana.post(f"{ACCOUNT}/read-templates", {}) == {"count": 1}


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"access_token": "x" * 30}, "whatsapp_token_refused", "access_token"),
    ({"app_secret": "x" * 32}, "whatsapp_secret_refused", "app_secret"),
    ({"phone_number_id": "12345"}, "whatsapp_number_unknown", "phone_number_id"),
    ({"business_account_id": "12345"}, "whatsapp_business_account_unknown", "business_account_id"),
    ({"access_token": None}, "whatsapp_secret_missing", "access_token"),
]


@pytest.mark.parametrize(("change", "code", "field"), REFUSED)
def test_an_account_that_the_api_does_not_know_is_refused_with_the_reason(
    ana: Client, api: CloudApi, change: dict[str, Any], code: str, field: str
) -> None:
    problem = refused(ana.request("PUT", ACCOUNT, json=api.account(**change)), 422, code)
    assert problem["fields"].keys() == {field}
    assert api.phone.secret not in json.dumps(problem)
    refused(ana.request("GET", ACCOUNT), 404, "whatsapp_account_not_found")


def test_an_api_that_is_down_and_wrong_fields_are_named(
    ana: Client, api: CloudApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, wrong in (("phone_number_id", "x"), ("access_token", "x"), ("verify_token", "x"), ("per_minute", 0)):
        field_refused(ana.request("PUT", ACCOUNT, json=api.account(**{name: wrong})), name)
    monkeypatch.setenv("VINCULO_WHATSAPP_API_URL", f"http://127.0.0.1:{free_port()}/v23.0")
    refused(ana.request("PUT", ACCOUNT, json=api.account()), 422, "whatsapp_unreached")


def test_the_account_is_its_companys_and_needs_the_right_to_configure(
    system: InProcessSystem, ana: Client, bruno: Client, api: CloudApi, account: dict[str, Any]
) -> None:
    seller = users.as_user(system, users.create(ana, "seller"))
    for method, body in (("GET", None), ("PUT", api.account()), ("DELETE", None)):
        refused(seller.request(method, ACCOUNT, json=body), 403, "permission_missing")
    assert len(seller.get("/v1/whatsapp-templates")["items"]) == 5
    refused(bruno.request("GET", ACCOUNT), 404, "whatsapp_account_not_found")
    assert bruno.get("/v1/whatsapp-templates")["items"] == []
    assert ana.request("DELETE", ACCOUNT).json() == {"number": account["number"]}
    assert ana.get("/v1/whatsapp-templates")["items"] == []


def test_a_closed_window_names_the_templates_that_may_be_sent(
    ana: Client, account: dict[str, Any], rita: dict[str, Any], number: str
) -> None:
    path = f"/v1/persons/{rita['id']}/whatsapp-messages"
    problem = refused(ana.request("POST", path, json={"text": "Olá"}), 409, "whatsapp_window_closed")
    named = {one["name"]: (one["variables"], one["file"]) for one in problem["params"]["templates"]}
    assert named == {
        "catalogo": ([], "image"), "pedido_enviado": (["body.1", "button.2"], "document"),
        "pedido_pronto": (["body.1", "body.2"], None), "retomar_conversa": (["body.cliente"], None),
    }  # fmt: skip
    sent = ana.post(path, {"template": READY})
    assert (sent["channel"], sent["recipient"], sent["state"]) == ("whatsapp", number, "queued")
    form = ana.get(f"/v1/persons/{rita['id']}/whatsapp-form")
    assert (form["to"], form["sender"]["number"]) == (number, account["number"])
    assert form["windows"] == [{"number": number, "open_until": None}]


def test_a_message_of_the_customer_opens_the_window_for_24_hours(
    system: InProcessSystem, ana: Client, api: CloudApi, account: dict[str, Any], rita: dict[str, Any], number: str
) -> None:
    path = f"/v1/persons/{rita['id']}/whatsapp-messages"
    old = dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)
    assert callback(system, api, account, received(number, at=old)) == 200
    refused(ana.request("POST", path, json={"text": "Olá"}), 409, "whatsapp_window_closed")
    without_ninth = number.replace("+55319", "+5531")
    assert callback(system, api, account, received(without_ninth)) == 200
    sent = ana.post(path, {"text": "Olá"})
    (first, *_) = [one for one in ana.get(path)["items"] if one["direction"] == "sent"]
    assert (first["id"], first["text"], first["number"]) == (sent["id"], "Olá", number)
    assert ana.get(f"/v1/persons/{rita['id']}/whatsapp-form")["windows"][0]["open_until"]


def test_states_move_a_message_forward_once_and_a_wrong_signature_changes_nothing(
    system: InProcessSystem, ana: Client, api: CloudApi, account: dict[str, Any], rita: dict[str, Any]
) -> None:
    sent = ana.post(f"/v1/persons/{rita['id']}/whatsapp-messages", {"template": READY})

    def state() -> str:
        return str(ana.get(f"/v1/deliveries/{sent['id']}")["state"])

    def tell(name: str, **more: Any) -> int:
        now = str(int(dt.datetime.now(dt.UTC).timestamp()))
        told = {"id": "wamid.x", "status": name, "timestamp": now, "biz_opaque_callback_data": sent["id"]}
        return callback(system, api, account, {"statuses": [told]}, **more)

    for wrong in ("sha256=" + "0" * 64, "sha1=1", "x"):
        assert tell("read", signature=wrong) == 403
    assert state() == "queued"
    assert [tell(name) for name in ("delivered", "sent", "read", "delivered", "failed")] == [200] * 5
    found = ana.get(f"/v1/deliveries/{sent['id']}")
    assert (found["state"], found["message_id"], bool(found["read_at"])) == ("read", "wamid.x", True)
    sent["id"] = "unknown"
    assert tell("read") == 200
    assert callback(system, api, {"callback_path": "/whatsapp/nobody"}, received("+5531988887777")) == 403


def test_only_who_names_the_token_gets_the_challenge_back(
    system: InProcessSystem, api: CloudApi, account: dict[str, Any]
) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "158", "hub.verify_token": api.account()["verify_token"]}
    url = f"{system.url}{account['callback_path']}"
    assert requests.get(url, params=asked, timeout=10).text == "158"
    for wrong in ({"hub.verify_token": "outro"}, {"hub.mode": "x"}, {"hub.verify_token": ""}):
        refused(requests.get(url, params={**asked, **wrong}, timeout=10), 403, "whatsapp_signature_invalid")
    refused(requests.post(url, data="{}", timeout=10), 415)
    large = requests.post(url, data=b" " * (4 << 20), headers={"Content-Type": "application/json"}, timeout=10)
    refused(large, 413, "body_too_large")


def test_what_may_not_be_sent_is_refused(
    system: InProcessSystem, ana: Client, bruno: Client, account: dict[str, Any], rita: dict[str, Any]
) -> None:
    path = f"/v1/persons/{rita['id']}/whatsapp-messages"

    def ask(status: int, code: str, **body: Any) -> None:
        refused(ana.request("POST", path, json=body), status, code)

    ask(422, "recipient_unknown", to=people.phone(), template=READY)
    ask(404, "whatsapp_template_not_found", template={"name": "nada"})
    ask(422, "whatsapp_values_wrong", template={"name": "pedido_pronto", "values": {"body.1": "x"}})
    ask(422, "whatsapp_template_unsendable", template={"name": "onde_estamos"})
    ask(422, "whatsapp_template_file_wrong", template={"name": "catalogo"})
    ask(404, "attendance_not_found", template=READY, attendance_id="nobody")
    field_refused(ana.request("POST", path, json={"text": "a", "template": READY}), "text")
    field_refused(ana.request("POST", path, json={"to": "98888", "text": "a"}), "to")
    refused(bruno.request("POST", path, json={"template": READY}), 404, "person_not_found")
    refused(bruno.request("GET", path), 404, "person_not_found")
    viewer = users.as_user(system, users.create(ana, "viewer"))
    refused(viewer.request("POST", path, json={"template": READY}), 403, "permission_missing")
    silent = ana.register(f"Sem telefone {people.unique_word()}")
    other = f"/v1/persons/{silent['id']}/whatsapp-messages"
    refused(ana.request("POST", other, json={"template": READY}), 409, "person_phone_missing")
    consent = {"purpose": "service", "channel": "whatsapp", "source": "Balcão"}
    ana.post(f"/v1/persons/{rita['id']}/consents", {**consent, "given": True})
    ana.post(f"/v1/persons/{rita['id']}/consents", {**consent, "given": False})
    ask(409, "whatsapp_declined", template=READY)
    ana.request("DELETE", ACCOUNT)
    refused(bruno.request("DELETE", ACCOUNT), 404, "whatsapp_account_not_found")


def test_files_to_send_are_checked_by_their_content(
    system: InProcessSystem, ana: Client, bruno: Client, api: CloudApi, account: dict[str, Any], rita: dict[str, Any],
    number: str,
) -> None:  # fmt: skip
    path, files, octets = (
        f"/v1/persons/{rita['id']}/whatsapp-messages",
        "/v1/whatsapp-files",
        "application/octet-stream",
    )

    def upload(client: Client, name: str, content: bytes, media_type: str = octets) -> requests.Response:
        return client.request("POST", files, params={"name": name}, data=content, headers={"Content-Type": media_type})

    refused(upload(ana, "nota.pdf", b"MZ"), 422, "attachment_content_mismatch")
    refused(upload(ana, "programa.exe", b"MZ"), 422, "attachment_kind_refused")
    refused(upload(ana, "nota.pdf", b""), 422, "attachment_empty")
    refused(upload(ana, "foto.png", customer.PICTURE + bytes(5 << 20)), 422, "attachment_too_large")
    refused(upload(ana, "nota.pdf", customer.PAPER + bytes(16 << 20)), 413, "attachment_too_large")
    refused(upload(ana, "nota.pdf", customer.PAPER, "multipart/form-data"), 415, "media_type_unsupported")
    theirs, paper = upload(bruno, "nota.pdf", customer.PAPER).json(), upload(ana, "nota.pdf", customer.PAPER).json()
    sound = upload(ana, "recado.mp3", b"ID3\x03\x00" + bytes(400)).json()
    assert (paper["kind"], paper["size"], sound["kind"]) == ("document", len(customer.PAPER), "audio")
    callback(system, api, account, received(number))
    refused(ana.request("POST", path, json={"file_id": theirs["id"]}), 404, "whatsapp_file_not_found")
    refused(ana.request("POST", path, json={"file_id": sound["id"], "text": "x"}), 422, "whatsapp_caption_unsupported")
    refused(
        ana.request("POST", path, json={"file_id": paper["id"], "template": READY}), 422, "whatsapp_template_file_wrong"
    )
    assert ana.post(path, {"file_id": paper["id"]})["state"] == "queued"
    refused(ana.request("POST", path, json={"file_id": paper["id"]}), 404, "whatsapp_file_not_found")
    refused(ana.request("GET", f"{path}/nobody/file"), 404, "inbound_message_not_found")
    message = next(one for one in ana.get(path)["items"] if one["direction"] == "received")
    refused(ana.request("GET", f"{path}/{message['id']}/file"), 404, "whatsapp_file_not_found")


def test_an_audience_tells_of_whatsapp(
    system: InProcessSystem, ana: Client, api: CloudApi, account: dict[str, Any], rita: dict[str, Any], number: str
) -> None:
    asked = {"whatsapp": "true", "watchers": "false"}

    def reasons() -> list[str | None]:
        told = ana.get(f"/v1/persons/{rita['id']}/audience", params=asked)["items"]
        assert [one["recipient"] for one in told] == [number]
        return [one["reason"] for one in told]

    assert reasons() == ["whatsapp_window_closed"]
    callback(system, api, account, received(number))
    assert reasons() == [None]
    ana.request("DELETE", ACCOUNT)
    wait_for(lambda: reasons() == ["whatsapp_account_missing"], what="the account is gone")
    path = f"/v1/persons/{rita['id']}/whatsapp-messages"
    refused(ana.request("POST", path, json={"text": "Olá"}), 409, "whatsapp_account_missing")
    for change in ("DELETE", "GET"):
        refused(ana.request(change, ACCOUNT), 404, "whatsapp_account_not_found")
    refused(ana.request("POST", f"{ACCOUNT}/read-templates", json={}), 404, "whatsapp_account_not_found")
    refused(ana.request("GET", "/v1/persons/nobody/whatsapp-form"), 404, "person_not_found")
    refused(ana.request("GET", path, params={"cursor": "x"}), 422, "cursor_invalid")
    refused(ana.request("GET", "/v1/whatsapp-templates", params={"cursor": "x"}), 422, "cursor_invalid")
