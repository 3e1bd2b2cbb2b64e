"""What the stand-in does with a message that it is asked to send: the API's checks, its answer, its refusals."""

from __future__ import annotations

import re
import secrets
from typing import Any

from deploy.local.whatsapp.phone import Message, Phone, Refusal, now, wa_id_of

VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
MEDIA = ("image", "document", "audio", "video")
CLOSED = Refusal(400, 131047, "(#131047) Re-engagement message")
UNKNOWN_TEMPLATE = Refusal(404, 132001, "(#132001) Template name does not exist in the translation")
COUNT_WRONG = Refusal(400, 132000, "(#132000) Number of parameters does not match the expected number of params")
INVALID = Refusal(400, 100, "(#100) Invalid parameter")
NO_MEDIA = Refusal(400, 131053, "(#131053) Media upload error")


def send(phone: Phone, asked: dict[str, Any]) -> Message | Refusal:
    """The message as it is kept, or why not."""
    with phone.lock:
        if phone.refusals:
            return phone.refusals.popleft()
        kind, number = asked.get("type", "text"), wa_id_of(str(asked.get("to", "")))
        if asked.get("messaging_product") != "whatsapp" or not 8 <= len(number) <= 15:
            return INVALID
        if kind == "template":
            made = _template(phone, asked.get("template") or {})
        elif not phone.window_open(number):
            return CLOSED
        elif kind == "text":
            text = str((asked.get("text") or {}).get("body", ""))
            made = INVALID if not 0 < len(text) <= 4096 else {"text": text}
        elif kind in MEDIA:
            made = _media(phone, asked.get(kind) or {})
        else:
            made = INVALID
        if isinstance(made, Refusal):
            return made
        tag = str(asked.get("biz_opaque_callback_data", ""))
        return phone.keep(Message(new_id(), number, "out", kind, at=now(), state="accepted", tag=tag, **made))


def _template(phone: Phone, asked: dict[str, Any]) -> dict[str, Any] | Refusal:
    known = phone.template(str(asked.get("name")), str((asked.get("language") or {}).get("code")))
    if known is None:
        return UNKNOWN_TEMPLATE
    given = {
        (str(one.get("type")).upper(), str(one.get("index", ""))): one.get("parameters") or []
        for one in asked.get("components") or ()
    }
    shown: dict[str, Any] = {"buttons": []}
    texts = []
    for component in known["components"]:
        parameters = given.pop((component["type"], ""), [])
        if component["type"] == "BUTTONS":
            text = _buttons(component["buttons"], given, shown["buttons"])
        elif component.get("format", "TEXT") != "TEXT":
            text = _header_file(phone, component["format"].lower(), parameters, shown)
        else:
            text = _text(component.get("text", ""), parameters)
        if isinstance(text, Refusal):
            return text
        texts.append(text)
    return COUNT_WRONG if given else {"text": "\n\n".join(filter(None, texts)), **shown}


def _text(text: str, parameters: list[dict[str, Any]]) -> str | Refusal:
    wanted = list(dict.fromkeys(VARIABLE.findall(text)))
    if len(parameters) != len(wanted):
        return COUNT_WRONG
    values = {one.get("parameter_name", name): one["text"] for name, one in zip(wanted, parameters, strict=True)}
    return VARIABLE.sub(lambda found: values[found[1]], text) if values.keys() == set(wanted) else COUNT_WRONG


def _header_file(phone: Phone, kind: str, parameters: list[dict[str, Any]], shown: dict[str, Any]) -> str | Refusal:
    """`shown`: gets the file."""
    if len(parameters) != 1 or parameters[0].get("type") != kind:
        return COUNT_WRONG
    media = _media(phone, parameters[0].get(kind) or {})
    if isinstance(media, Refusal):
        return media
    shown["media_id"] = media["media_id"]
    return ""


def _buttons(
    known: list[dict[str, Any]], given: dict[tuple[str, str], list[dict[str, Any]]], replies: list[str]
) -> str | Refusal:
    """The links; `replies`: gets what a customer may answer with one touch."""
    links = []
    for index, button in enumerate(known):
        url = button.get("url", "")
        if button["type"] == "QUICK_REPLY":
            replies.append(button["text"])
        elif url:
            link = _text(url, given.pop(("BUTTON", str(index)), []))
            if isinstance(link, Refusal):
                return link
            links.append(f"{button['text']}: {link}")
    return "\n".join(links)


def _media(phone: Phone, asked: dict[str, Any]) -> dict[str, Any] | Refusal:
    media = phone.media.get(str(asked.get("id")))
    if media is None:
        return NO_MEDIA
    return {"text": str(asked.get("caption") or asked.get("filename") or media.name), "media_id": media.id}


def new_id() -> str:
    return f"wamid.{secrets.token_urlsafe(24)}"
