"""The stand-in for WhatsApp's Cloud API (deploy/local/whatsapp), as tests use it."""

from __future__ import annotations

from typing import Any

from deploy.local.whatsapp import customer
from deploy.local.whatsapp.callbacks import body_of, status_of
from deploy.local.whatsapp.phone import Message, Phone, Refusal, wa_id_of
from deploy.local.whatsapp.server import Server
from tests.support.stack.system import Client

ACCOUNT = "/v1/settings/whatsapp-account"


class CloudApi(Server):
    """In memory, on a free port of loopback."""

    def __init__(self) -> None:
        super().__init__(Phone())

    def connect(self, client: Client) -> dict[str, Any]:
        """Makes it the company's account, and has it call back there."""
        account: dict[str, Any] = client.put(ACCOUNT, self.account())
        url = f"{client.url}{account['callback_path']}"
        assert self.callbacks.subscribe(url, self.account()["verify_token"])
        return account

    def refuse(self, *refusals: Refusal) -> None:
        self.phone.refusals.extend(refusals)

    def got(self, number: str) -> list[Message]:
        """What came to a customer."""
        return [one for one in self.phone.chats.get(wa_id_of(number), []) if one.direction == "out"]

    def write(self, number: str, text: str) -> Message:
        """As the customer; told by a callback in the background."""
        return customer.say(self, number, "text", text, {"body": text}, "Rita")

    def post(self, change: dict[str, Any], signature: str | None = None) -> int:
        return self.callbacks.post(body_of(change), signature)

    def tell(self, message: Message, state: str, code: int = 0) -> int:
        """A state of a message, at once; the answer's status."""
        return self.post(status_of(message, state, Refusal(400, code, "x") if code else None))
