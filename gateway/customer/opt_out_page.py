"""The page to opt out of mailings (row N6): HTML without scripts, for anybody who has a mail's link.

GET changes nothing, since mail readers open links by themselves. POST opts out, also by one click in a mail reader
(RFC 8058), which has no session and reads no answer. The service notifications checks the link's signature.
"""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, Response, g, request

from gateway.customer import rendering
from gateway.http import auth
from gateway.http.access import public
from gateway.http.problems import STATUS
from gateway.http.rates import Rates
from gateway.http.requests import bus
from services.chassis.access import tokens
from services.chassis.access.context import Context
from services.chassis.addresses import network_of
from services.chassis.errors import Failure, NotFound
from services.chassis.texts import one_line
from services.notifications.mailings import contract

blp = Blueprint("opt_out_page", __name__, url_prefix="/u")

WHY = "the link's signature is the proof"
# By link, and not by address: a mail provider opts out for all its users.
LINKS = Rates(20)
READS, ANSWERS = ("mailing_link.read",), ("mailing_link.answer",)
ONE_CLICK = "List-Unsubscribe"
PAGE_SOURCE, CLICK_SOURCE = "page", "one_click"


@blp.errorhandler(Failure)
def on_failure(failure: Failure) -> Response:
    """Answers every refusal as a page."""
    return rendering.page(rendering.refusal(failure), STATUS[failure.kind][0])


@blp.get("/<string:token>")
@public(WHY)
def show_opt_out(token: str) -> Response:
    link = _link(token)
    return _page(token, bus().call("notifications", "get_opt_out", _proof(link), _context(link, READS)))


@blp.post("/<string:token>")
@public(WHY)
def opt_out(token: str) -> Response:
    """Opts out; a repetition changes nothing."""
    link = _link(token)
    data = {
        **_proof(link),
        "source": CLICK_SOURCE if ONE_CLICK in request.form else PAGE_SOURCE,
        "network": network_of(auth.address())[:100],
        "user_agent": one_line(request.headers.get("User-Agent", ""))[:200],
    }
    return _page(token, bus().call("notifications", "opt_out", data, _context(link, ANSWERS), command=True))


def _page(token: str, shown: Any) -> Response:
    return rendering.page({"template": "opt_out.html", "token": token, **shown})


def _link(token: str) -> tokens.Token:
    """Raises NotFound("opt_out_not_found"), Limited("too_many_requests")."""
    link = tokens.read(contract.KIND, token)
    if link is None:
        raise NotFound("opt_out_not_found", "Este link não existe.")
    LINKS.count(link.record)
    return link


def _context(link: tokens.Token, permissions: tuple[str, ...]) -> Context:
    deadline = time.time() + auth.current_config().rpc_seconds
    return Context(link.company, "recipient", "Destinatário", permissions, g.request_id, deadline)


def _proof(link: tokens.Token) -> dict[str, Any]:
    return {"recipient_id": link.record, "digest": link.digest}
