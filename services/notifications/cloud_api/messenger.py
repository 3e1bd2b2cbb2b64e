"""Sends deliveries over the Cloud API; the transport of WhatsApp (mail/transport.py)."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Any

from services.chassis.jobs.deadline import within
from services.notifications.cloud_api.client import ApiRefused, CloudApi
from services.notifications.cloud_api.failures import failure_of
from services.notifications.deliveries.model import Delivery, Enclosure, Failure
from services.notifications.mail.transport import Failed
from services.notifications.outbound.addresses import Unreachable
from services.notifications.whatsapp_accounts.model import BUTTON, COPY_CODE

TAKEN = "WhatsApp 200"
TEMPLATE, DOCUMENT = "template", "document"


@dataclass(frozen=True)
class Messenger:
    """`seconds` is the deadline of a whole sending."""

    api: CloudApi
    seconds: float

    @property
    def longest(self) -> float:
        return self.seconds

    def send(self, delivery: Delivery, enclosure: Enclosure | None) -> str:
        """Gives the delivery the message id of WhatsApp; raises Failed."""
        try:
            with within(self.seconds):
                delivery.message_id = self.api.send(self._message(delivery, enclosure), self.seconds)
        except ApiRefused as error:
            raise Failed(failure_of(error.status, error.code, error.said, error.wait)) from error
        except Unreachable as error:
            raise Failed(Failure(error.code)) from error
        except (OSError, http.client.HTTPException) as error:
            raise Failed(Failure(type(error).__name__)) from error
        return TAKEN

    def _message(self, delivery: Delivery, enclosure: Enclosure | None) -> dict[str, Any]:
        """The API message of a delivery, after the upload of its file, if it has one."""
        file, media = delivery.file, None
        if file is not None and enclosure is not None:
            media = {"id": self.api.upload(enclosure.files[0].content, file["media_type"], self.seconds)}
            if file["kind"] == DOCUMENT:
                media["filename"] = file["name"]
        return message_of(delivery, media)


def message_of(delivery: Delivery, media: dict[str, Any] | None = None) -> dict[str, Any]:
    """The API's message object. Its callbacks bring the delivery's id back, whatever became of our own record.

    `media`: how the API names the delivery's file.
    """
    message = {"to": delivery.recipient, "biz_opaque_callback_data": delivery.id}
    file, template = delivery.file, delivery.template
    if template is not None:
        return {**message, "type": TEMPLATE, TEMPLATE: _template(template, file, media)}
    if file is None or media is None:
        return {**message, "type": "text", "text": {"body": delivery.body, "preview_url": True}}
    caption = {"caption": file["caption"]} if file["caption"] else {}
    return {**message, "type": file["kind"], file["kind"]: {**media, **caption}}


def _template(template: dict[str, Any], file: dict[str, Any] | None, media: dict[str, Any] | None) -> dict[str, Any]:
    named = {"name": template["name"], "language": {"code": template["language"]}}
    components = [_component(part, template["values"]) for part in template["parts"] if part["variables"]]
    if file is not None and media is not None:
        header = {"type": "header", "parameters": [{"type": file["kind"], file["kind"]: media}]}
        components = [header, *components]
    return {**named, **({"components": components} if components else {})}


def _component(part: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """`variables` are named, or positions ("1", "2"), which the API wants in their order and without a name."""
    if part["kind"] == BUTTON:
        return _button(part, values)
    parameters = [
        {
            "type": "text",
            **({} if name.isdigit() else {"parameter_name": name}),
            "text": values[f"{part['kind']}.{name}"],
        }
        for name in part["variables"]
    ]
    return {"type": part["kind"], "parameters": parameters}


def _button(part: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """The API counts buttons from 0."""
    (place,) = part["variables"]
    kind = "coupon_code" if part["button"] == COPY_CODE else "text"
    parameter = {"type": kind, kind: values[f"{BUTTON}.{place}"]}
    return {"type": BUTTON, "sub_type": part["button"], "index": str(int(place) - 1), "parameters": [parameter]}
