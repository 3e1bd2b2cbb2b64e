"""The callbacks of the stand-in: signed with the app's secret, in their order, tried again as Meta does."""

from __future__ import annotations

import hmac
import http.client
import json
import queue
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from deploy.local.whatsapp.phone import (
    BUSINESS_ACCOUNT_ID,
    PHONE_NUMBER_ID,
    Media,
    Message,
    Phone,
    Refusal,
    wa_id_of,
)

SECONDS = 10.0
WAITS = (0.5, 2.0, 5.0, 15.0, 60.0)


class Callbacks:
    """Posts to the phone's `callback_url`; one thread keeps the order."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def subscribe(self, url: str, verify_token: str) -> bool:
        """Meta's handshake: the address is taken where it answers the challenge."""
        asked = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": "1158201444"}
        try:
            with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode(asked)}", timeout=SECONDS) as answer:  # noqa: S310 (http only)
                right = bool(answer.read(100) == b"1158201444")
        except (OSError, http.client.HTTPException):
            return False
        if right:
            self._phone.callback_url = url
            self._phone.save()
        return right

    def tell(self, change: dict[str, Any]) -> None:
        self._waiting.put(body_of(change))

    def post(self, body: bytes, signature: str | None = None) -> int:
        """The status of the answer; 0 without one. `signature`: another one than the right one."""
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature or self.signature(body)}
        request = urllib.request.Request(self._phone.callback_url, body, headers, method="POST")  # noqa: S310 (http only)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 (http only)
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except (OSError, http.client.HTTPException):
            return 0

    def signature(self, body: bytes) -> str:
        return f"sha256={hmac.new(self._phone.secret.encode(), body, 'sha256').hexdigest()}"

    def _run(self) -> None:
        while True:
            body = self._waiting.get()
            for wait in WAITS:
                if not self._phone.callback_url or self.post(body) == 200:
                    break
                time.sleep(wait)


def body_of(change: dict[str, Any]) -> bytes:
    metadata = {"display_phone_number": "553133334444", "phone_number_id": PHONE_NUMBER_ID}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **change}
    entry = {"id": BUSINESS_ACCOUNT_ID, "changes": [{"value": value, "field": "messages"}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, ensure_ascii=False).encode()


def status_of(message: Message, state: str, refusal: Refusal | None = None) -> dict[str, Any]:
    """The change that tells of a message's state: sent, delivered, read, failed."""
    status: dict[str, Any] = {
        "id": message.id,
        "status": state,
        "timestamp": str(int(message.at)),
        "recipient_id": message.number,
        "biz_opaque_callback_data": message.tag,
    }
    if refusal is not None:
        status["errors"] = [{"code": refusal.code, "title": refusal.message, "message": refusal.message}]
    return {"statuses": [status]}


def received(message: Message, name: str, content: dict[str, Any]) -> dict[str, Any]:
    """The change that brings a customer's message."""
    told = {"from": message.number, "id": message.id, "timestamp": str(int(message.at)), "type": message.kind}
    contact = {"profile": {"name": name}, "wa_id": wa_id_of(message.number)}
    return {"contacts": [contact], "messages": [{**told, message.kind: content}]}


def media_content(media: Media, digest: str, caption: str) -> dict[str, Any]:
    named = {"filename": media.name} if media.name else {}
    captioned = {"caption": caption} if caption else {}
    return {"id": media.id, "mime_type": media.media_type, "sha256": digest, **named, **captioned}
