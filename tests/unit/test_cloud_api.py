"""The Cloud API's client against the stand-in, over HTTP: what it sends, fetches, and how it fails (row N4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy.local.whatsapp import customer
from deploy.local.whatsapp.phone import BUSINESS_ACCOUNT_ID, PHONE_NUMBER_ID, TEMPLATES, Media, Phone, Refusal
from deploy.local.whatsapp.server import Server
from services.notifications.cloud_api.client import MOST_FILE, ApiRefused, CloudApi, FileTooLarge, read
from services.notifications.cloud_api.messenger import Messenger
from services.notifications.deliveries.model import Delivery, Enclosure, File
from services.notifications.mail.transport import Failed
from services.notifications.outbound.addresses import Reach, Unreachable
from services.notifications.outbound.https import Answer, exchange
from services.notifications.whatsapp.model import Content, message_to
from services.notifications.whatsapp_accounts.model import template_of
from tests.support.stack.ports import free_port

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
NUMBER = "+5531988888888"
SECONDS = 10.0


@pytest.fixture(scope="module")
def standin() -> Iterator[Server]:
    running = Server(Phone())
    customer.say(running, "5531988888888", "text", "Oi", {"body": "Oi"})
    yield running
    running.close()


@pytest.fixture
def api(standin: Server) -> CloudApi:
    named = standin.api_url, PHONE_NUMBER_ID, BUSINESS_ACCOUNT_ID
    return CloudApi(*named, standin.phone.token, standin.phone.secret, Reach())


def message(content: Content | None = None, body: str = "Olá") -> Delivery:
    return message_to("d1", ("p1", None), NUMBER, body, content or Content(), NOW)


def test_all_pages_of_templates_are_read(api: CloudApi) -> None:
    assert api.number(SECONDS)["verified_name"] == "Padaria da Ana"
    assert [one["name"] for one in api.templates(SECONDS)] == [one["name"] for one in TEMPLATES]


def test_a_text_is_sent_and_bears_the_id_of_whatsapp(standin: Server, api: CloudApi) -> None:
    delivery = message()
    assert Messenger(api, SECONDS).send(delivery, None) == "WhatsApp 200"
    kept = standin.phone.find(delivery.message_id)
    assert kept is not None
    assert (kept.text, kept.tag, kept.number) == ("Olá", "d1", "553188888888")


def test_a_file_goes_to_the_api_before_its_message(standin: Server, api: CloudApi) -> None:
    content = bytes(range(256)) * 40
    named = {"id": "f1", "name": "nota.pdf", "media_type": "application/pdf", "kind": "document", "parts": 1}
    delivery = message(Content(file={**named, "caption": "A nota"}))
    enclosure = Enclosure("f1", "p1", None, [File("nota.pdf", "application/pdf", content)], NOW)
    Messenger(api, SECONDS).send(delivery, enclosure)
    kept = standin.phone.find(delivery.message_id)
    assert kept is not None
    assert (kept.kind, kept.text) == ("document", "A nota")
    assert standin.phone.media[kept.media_id].content == content


def test_a_template_bears_its_file_above_and_its_link_below(standin: Server, api: CloudApi) -> None:
    named = {"id": "f1", "name": "nota.pdf", "media_type": "application/pdf", "kind": "document", "parts": 1}
    parts = [{"kind": "body", "variables": ["1"]}, {"kind": "button", "variables": ["2"], "button": "url"}]
    values = {"body.1": "Rita", "button.2": "41"}
    template = {"name": "pedido_enviado", "language": "pt_BR", "values": values, "parts": parts}
    delivery = message(Content(template, {**named, "caption": ""}))
    Messenger(api, SECONDS).send(
        delivery, Enclosure("f1", "p1", None, [File("nota.pdf", "application/pdf", b"%PDF")], NOW)
    )
    kept = standin.phone.find(delivery.message_id)
    assert kept is not None
    assert kept.text.splitlines()[::2] == [
        "Olá, Rita! O seu pedido saiu para entrega; a nota está acima.", "Acompanhar: https://loja.example/pedidos/41",
    ]  # fmt: skip
    assert standin.phone.media[kept.media_id].content == b"%PDF"


@pytest.mark.parametrize("size", [1, MOST_FILE])
def test_a_file_of_a_customer_is_fetched(standin: Server, api: CloudApi, size: int) -> None:
    standin.phone.media["7"] = Media("7", "video/mp4", bytes(size))
    assert len(api.file("7", SECONDS)) == size


def test_a_file_that_is_too_large_or_gone_is_said_so(standin: Server, api: CloudApi) -> None:
    standin.phone.media["8"] = Media("8", "video/mp4", bytes(MOST_FILE + 1))
    with pytest.raises(FileTooLarge):
        api.file("8", SECONDS)
    with pytest.raises(ApiRefused):
        api.file("9", SECONDS)


def test_a_refusal_has_its_code_and_the_wait_that_it_asks_for(standin: Server, api: CloudApi) -> None:
    standin.phone.refusals.append(Refusal(429, 130429, "(#130429) Rate limit hit", retry_after=7))
    with pytest.raises(Failed) as failed:
        Messenger(api, SECONDS).send(message(), None)
    failure = failed.value.failure
    assert (failure.code, failure.wait, failure.permanent) == ("WhatsApp 130429", dt.timedelta(seconds=7), False)


def test_an_api_that_is_not_there_is_no_refusal(api: CloudApi) -> None:
    gone = replace(api, url=f"http://127.0.0.1:{free_port()}/v23.0")
    with pytest.raises(Failed) as failed:
        Messenger(gone, SECONDS).send(message(), None)
    assert (failed.value.failure.code, failed.value.failure.permanent) == ("ConnectionRefusedError", False)


def test_a_link_to_our_own_network_is_not_followed(standin: Server, api: CloudApi) -> None:
    """Where a file lies is what the API says: never an address inside, unless it is the API's own host."""
    away = replace(api, url=standin.api_url.replace("127.0.0.1", "localhost"))
    standin.phone.media["7"] = Media("7", "video/mp4", b"x")
    with pytest.raises(Unreachable):
        away.file("7", SECONDS)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5_000, b"<html>", b"", b"\xff"])
def test_an_answer_that_is_rubbish_is_a_refusal_and_no_end_of_the_sender(body: bytes) -> None:
    with pytest.raises(ApiRefused, match="200 0"):
        read(Answer(200, None, body))


@pytest.mark.parametrize("answer", [{}, {"messages": 5}, {"messages": [{"id": {}}]}, {"messages": [{"id": "\ud800"}]}])
def test_a_message_without_an_id_that_can_be_kept_is_a_refusal(
    answer: dict[str, object], api: CloudApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CloudApi, "_json", lambda *_, **__: answer)
    with pytest.raises(ApiRefused, match="200 0"):
        api.send({}, SECONDS)


@pytest.mark.parametrize(
    "page", [{"data": {}}, {"data": [5, None]}, {"data": 5, "paging": []}, {"paging": {"next": 1, "cursors": []}}]
)
def test_templates_that_are_rubbish_are_none(
    page: dict[str, object], api: CloudApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CloudApi, "_json", lambda *_, **__: page)
    assert list(api.templates(SECONDS)) == []


@pytest.mark.parametrize("components", [[5], [{"type": "BODY", "text": "x"}, {"type": "BUTTONS", "buttons": [5]}], 5])
def test_a_template_of_rubbish_is_none_that_is_sent(components: object) -> None:
    found = template_of({"name": "n", "language": "pt_BR", "status": "APPROVED", "components": components})
    assert found is None or not found.sendable
    assert template_of({"name": {}, "language": [1], "status": "APPROVED", "components": []}) is None


@pytest.mark.parametrize(
    "url", ["https://x.example:99999/", "https://[x/", "http://127.0.0.1/", "file:///etc/passwd", "None"]
)
def test_an_address_that_is_none_is_not_reached(url: str) -> None:
    with pytest.raises(Unreachable):
        exchange("GET", url, None, {}, Reach(), SECONDS)
