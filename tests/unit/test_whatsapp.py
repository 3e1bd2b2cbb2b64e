"""WhatsApp without a network: numbers, windows, templates, what callbacks say, what errors mean (row N4)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from deploy.local.whatsapp.callbacks import body_of
from deploy.local.whatsapp.phone import PHONE_NUMBER_ID, TEMPLATES
from services.chassis.errors import Invalid
from services.notifications.cloud_api.failures import ACCOUNT_REFUSED, failure_of
from services.notifications.cloud_api.messenger import message_of
from services.notifications.deliveries.model import Delivery, Failure
from services.notifications.whatsapp.model import WINDOW, Content, Conversation, message_to, number_of
from services.notifications.whatsapp.reading import IncomingMessage, read
from services.notifications.whatsapp_accounts.model import Template, template_of

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


def message(template: dict[str, Any] | None = None) -> Delivery:
    return message_to("d1", ("p1", None), "+5531988888888", "Olá", Content(template), NOW)


def told(kind: str, content: Any, **fields: Any) -> IncomingMessage:
    one = {"from": "553188888888", "id": "wamid.1", "timestamp": "1782907200", "type": kind, kind: content, **fields}
    named = [{"profile": {"name": "Rita"}, "wa_id": "553188888888"}]
    _, (found,) = read(json.loads(body_of({"contacts": named, "messages": [one]})), PHONE_NUMBER_ID)
    return found


@pytest.mark.parametrize("wa_id", ["5531988888888", "553188888888", "+55 31 98888-8888"])
def test_both_forms_of_a_brazilian_mobile_are_one_number(wa_id: str) -> None:
    assert number_of(wa_id) == "+5531988888888"


def test_a_landline_and_a_number_abroad_stay_what_they_are() -> None:
    assert (number_of("553133334444"), number_of("351912345678")) == ("+553133334444", "+351912345678")
    assert number_of("") is number_of("BSUID.1a2b") is None


def test_the_window_is_open_for_24_hours_from_the_last_message_and_an_older_one_moves_nothing() -> None:
    conversation = Conversation("+5531988888888", None, NOW)
    assert not conversation.open_at(NOW)
    conversation.note_received(NOW, "p1")
    conversation.note_received(NOW - dt.timedelta(hours=3), "p1")
    assert conversation.open_at(NOW + WINDOW - dt.timedelta(seconds=1))
    assert not conversation.open_at(NOW + WINDOW)


def test_templates_are_read_as_the_api_tells_them() -> None:
    found = {one.name: one for one in map(template_of, TEMPLATES) if one is not None}
    assert {name: (one.variables, one.file, one.sendable) for name, one in found.items()} == {
        "pedido_pronto": (["body.1", "body.2"], None, True),
        "retomar_conversa": (["body.cliente"], None, True),
        "catalogo": ([], "image", True),
        "pedido_enviado": (["body.1", "button.2"], "document", True),
        "onde_estamos": ([], None, False),
    }


@pytest.mark.parametrize(
    "buttons",
    [[{"type": "FLOW", "text": "Agendar"}], [{"type": "OTP", "otp_type": "COPY_CODE"}], ["URL"], {"type": "URL"}, [{}]],
)
def test_a_template_with_a_button_that_we_have_nothing_for_is_not_sent(buttons: Any) -> None:
    told = {**TEMPLATES[0], "components": [{"type": "BODY", "text": "Oi"}, {"type": "BUTTONS", "buttons": buttons}]}
    found = template_of(told)
    assert found is not None
    assert not found.sendable


@pytest.mark.parametrize(("name", "kind", "detail"), [
    ("catalogo", None, "Este modelo leva uma imagem."),
    ("catalogo", "document", "Este modelo leva uma imagem."),
    ("retomar_conversa", "image", "Este modelo não leva arquivo."),
])  # fmt: skip
def test_a_template_goes_with_a_file_of_its_kind_or_with_none(name: str, kind: str | None, detail: str) -> None:
    found = next(template_of(one) for one in TEMPLATES if one["name"] == name)
    assert found is not None
    found.require_file(found.file)
    with pytest.raises(Invalid, match="whatsapp_template_file_wrong") as refusal:
        found.require_file(kind)
    assert refusal.value.detail == detail


def ready() -> Template:
    found = template_of(TEMPLATES[0])
    assert found is not None
    return found


def test_a_template_is_filled_with_exactly_its_values() -> None:
    assert ready().filled({"body.1": "Rita {{2}}", "body.2": "41"}).startswith("Olá, Rita {{2}}! O seu pedido 41 está")
    for values in ({"body.1": "Rita"}, {"body.1": "Rita", "body.2": "1", "body.3": "x"}, {"body.1": "", "body.2": "1"}):
        with pytest.raises(Invalid, match="whatsapp_values_wrong"):
            ready().filled(values)


def test_a_template_goes_out_with_its_values_in_their_order() -> None:
    parts = [{"kind": "body", "variables": ["2", "1"]}]
    template = {"name": "x", "language": "pt_BR", "values": {"body.1": "a", "body.2": "b"}, "parts": parts}
    sent = message_of(message(template))
    (body,) = sent["template"]["components"]
    assert [one["text"] for one in body["parameters"]] == ["b", "a"]
    assert (sent["to"], sent["biz_opaque_callback_data"]) == ("+5531988888888", "d1")


def test_a_button_s_value_goes_out_with_its_place_and_kind() -> None:
    parts = [
        {"kind": "button", "variables": [place], "button": kind} for place, kind in (("1", "copy_code"), ("3", "url"))
    ]
    template = {"name": "x", "language": "pt_BR", "values": {"button.1": "BOLO10", "button.3": "41"}, "parts": parts}
    assert message_of(message(template))["template"]["components"] == [
        {"type": "button", "sub_type": kind, "index": index, "parameters": [parameter]}
        for kind, index, parameter in (
            ("copy_code", "0", {"type": "coupon_code", "coupon_code": "BOLO10"}),
            ("url", "2", {"type": "text", "text": "41"}),
        )
    ]


TEXTS: list[tuple[str, Any, str]] = [
    ("text", {"body": "Oi"}, "Oi"),
    ("button", {"text": "Pode entregar", "payload": "1"}, "Pode entregar"),
    ("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Sim"}}, "Sim"),
    ("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "Bolo"}}, "Bolo"),
    ("reaction", {"message_id": "wamid.0", "emoji": "👍"}, "Reagiu com 👍"),
    ("reaction", {"message_id": "wamid.0"}, "Retirou a reação."),
    ("location", {"latitude": -19.9, "longitude": -43.9, "name": "Loja"}, "Localização: Loja (https://www.google.com/maps?q=-19.9,-43.9)"),
    ("contacts", [{"name": {"formatted_name": "Rui"}, "phones": [{"phone": "+55 11 3"}]}], "Contato: Rui +55 11 3"),
    ("image", {"id": "9", "mime_type": "image/jpeg", "caption": "A foto"}, "A foto"),
    ("poll", {}, "(Mensagem de um tipo que não é lido aqui; veja no aparelho.)"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "text"), TEXTS)
def test_each_kind_of_message_has_a_text(kind: str, content: Any, text: str) -> None:
    found = told(kind, content)
    assert (found.text, found.number, found.name) == (text, "+5531988888888", "Rita")


def test_a_file_is_named_and_fetched_later() -> None:
    found = told("document", {"id": "9", "mime_type": "application/pdf; x=1", "filename": "nota.pdf"})
    assert found.file is not None
    assert (found.file.id, found.file.media_type, found.file.name) == ("9", "application/pdf", "nota.pdf")


@pytest.mark.parametrize(
    "broken", [None, [], {"entry": 1}, {"entry": [{"changes": [{"field": "messages", "value": []}]}]}]
)
def test_what_has_another_form_is_passed_over(broken: Any) -> None:
    assert read(broken, PHONE_NUMBER_ID) == ([], [])


def test_another_number_of_the_same_app_is_none_of_ours() -> None:
    body = json.loads(body_of({"statuses": [{"id": "wamid.1", "status": "sent", "timestamp": "1"}]}))
    assert len(read(body, PHONE_NUMBER_ID)[0]) == 1
    assert read(body, "999")[0] == []


FAILURES: list[tuple[int, int, Failure]] = [
    (400, 131047, Failure("whatsapp_window_closed", permanent=True)),
    (400, 131026, Failure("whatsapp_undeliverable", permanent=True)),
    (400, 132000, Failure("WhatsApp 132000", permanent=True)),
    (400, 131056, Failure("WhatsApp 131056", deferred=True)),
    (400, 80007, Failure("WhatsApp 80007")),
    (400, 130429, Failure("WhatsApp 130429")),
    (429, 0, Failure("WhatsApp 429")),
    (401, 190, Failure(ACCOUNT_REFUSED)),
    (403, 0, Failure(ACCOUNT_REFUSED)),
    (500, 131000, Failure("WhatsApp 131000")),
    (503, 0, Failure("WhatsApp 503")),
    (0, 131026, Failure("whatsapp_undeliverable", permanent=True)),
    (0, 131000, Failure("WhatsApp 131000")),
]


@pytest.mark.parametrize(("status", "code", "meant"), FAILURES)
def test_what_an_error_means(status: int, code: int, meant: Failure) -> None:
    found = failure_of(status, code, "(#1) to +5531988888888")
    assert (found.code, found.permanent, found.deferred) == (meant.code, meant.permanent, meant.deferred)
    assert "88888" not in found.reason


STEPS = ["mark_accepted", "mark_delivered", "mark_read"]


@pytest.mark.parametrize(
    "order",
    [
        ["mark_read", "mark_accepted", "mark_delivered"],
        ["mark_delivered", "mark_read", "mark_delivered"],
        STEPS,
        [*STEPS, *STEPS],
    ],
)
def test_states_go_forward_in_whatever_order_they_are_told(order: list[str]) -> None:
    delivery = message()
    for step in order:
        getattr(delivery, step)(NOW)
    assert (delivery.status, delivery.next_at) == ("read", None)
    delivery.mark_undelivered(Failure("x"), NOW)
    assert delivery.status == "read"


def test_what_comes_back_for_good_is_dead_and_what_may_pass_is_tried_again() -> None:
    dead, again = message(), message()
    for one, failure in ((dead, failure_of(0, 131026)), (again, failure_of(0, 131000))):
        one.sent(NOW)
        one.mark_undelivered(failure, NOW)
    assert (dead.status, dead.next_at) == ("dead", None)
    assert again.status == "failed"
    assert again.next_at is not None
