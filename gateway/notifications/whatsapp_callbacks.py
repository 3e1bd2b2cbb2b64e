"""The callback of WhatsApp's Cloud API: its handshake, and signed notifications (row N4).

It is not in the API document, since only Meta calls it. The proof is the signature of the raw body, or the token of the
handshake; notifications, which has the secrets, checks both. Nothing of the body is logged.
"""

from __future__ import annotations

import base64
import re
import time
from typing import Any

from flask import Blueprint, Response, g, request

from gateway.http import auth
from gateway.http.access import public
from gateway.http.rates import Rates
from gateway.http.requests import bus
from services.chassis.access.context import Context
from services.chassis.addresses import network_of
from services.chassis.errors import Forbidden

blp = Blueprint("whatsapp_callbacks", __name__, url_prefix="/whatsapp")

WHY = "the signature, or the token of the handshake, is the proof"
# Of one address, in a minute: Meta gathers what it has to say.
ADDRESSES = Rates(1_200)
MAY = ("whatsapp.callback",)
LONGEST = 500
SIGNATURE = re.compile("sha256=[0-9a-f]{64}")


@blp.get("/<string:company_id>")
@public(WHY)
def verify_callback(company_id: str) -> Response:
    """Meta's handshake: answers the challenge to a caller that names the account's token."""
    ADDRESSES.count(network_of(auth.address()))
    token, challenge = request.args.get("hub.verify_token", ""), request.args.get("hub.challenge", "")
    if request.args.get("hub.mode") != "subscribe" or not token or not challenge.isascii() or len(challenge) > LONGEST:
        raise _refused()
    _command("verify_whatsapp_callback", company_id, {"verify_token": token[:LONGEST]})
    return Response(challenge, content_type="text/plain; charset=utf-8")


@blp.post("/<string:company_id>")
@public(WHY)
def take_callback(company_id: str) -> Response:
    """Answers once the notification is stored; Meta sends it again otherwise."""
    ADDRESSES.count(network_of(auth.address()))
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not SIGNATURE.fullmatch(signature):
        raise _refused()
    body = base64.b64encode(request.get_data()).decode()
    _command("take_whatsapp_callback", company_id, {"body": body, "signature": signature})
    return Response("ok", content_type="text/plain; charset=utf-8")


def _refused() -> Forbidden:
    return Forbidden("whatsapp_signature_invalid", "A assinatura não confere.")


def _command(name: str, company: str, data: dict[str, Any]) -> None:
    deadline = time.time() + auth.current_config().rpc_seconds
    context = Context(company[:64], "whatsapp", "WhatsApp", MAY, g.request_id, deadline)
    bus().call("notifications", name, data, context, command=True)
