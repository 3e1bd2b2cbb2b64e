"""The customer's page of a quote (row S25): HTML without scripts, for anybody who has its secret link.

The service gets only the secret's digest, and neither is logged. GET changes nothing.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, redirect, request

from gateway.customer import rendering
from gateway.documents import answers, gathering
from gateway.http import auth, json_body
from gateway.http.access import public
from gateway.http.problems import STATUS
from gateway.http.rates import Rates
from gateway.http.requests import bus
from services.chassis.access import tokens
from services.chassis.access.context import Context
from services.chassis.addresses import network_of
from services.chassis.errors import Failure, Forbidden, Invalid, NotFound
from services.sales.quote_links import contract
from services.sales.templates.contract import QUOTE

blp = Blueprint("quote_page", __name__, url_prefix="/q")

WHY = "the link's secret is the proof"
# Requests a minute: from one address, by one link, and the costly ones by one link (documents and answers).
ADDRESSES, LINKS, COSTLY = Rates(120), Rates(60), Rates(12)
ACTIONS = {"aceitar": "accepted", "recusar": "refused", "perguntar": "asked"}
READS, ANSWERS = ("quote_link.read",), ("quote_link.answer",)
MAY_GATHER = ("sales.read", "people.read")
FORM = ("nome", "comentario", "versao", "vez")
# Values of Sec-Fetch-Site for a form of the page itself.
OWN_SITE = ("same-origin", "none")


@blp.errorhandler(Failure)
def on_failure(failure: Failure) -> Response:
    """Answers every refusal as a page."""
    wait = failure.params.get("retry_after")
    answer = rendering.page(rendering.refusal(failure), STATUS[failure.kind][0])
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


@blp.get("/<string:token>")
@public(WHY)
def show_quote(token: str) -> Response:
    link = _link(token)
    return rendering.page(rendering.quote(token, *_shared(link)))


@blp.get("/<string:token>/pdf")
@public(WHY)
def print_shared_quote(token: str) -> Response:
    """The current version in the company's own template."""
    link = _link(token)
    COSTLY.count(link.record)
    shared = bus().call("sales", "get_shared_quote", _proof(link), _context(link, READS))
    context = _context(link, MAY_GATHER)
    gathered = gathering.gather(context, QUOTE, quote_id=shared["quote_id"], number=None, template_id=None)
    return answers.as_response(gathering.paper_of(context, gathered, pdf=True), gathered.name)


@blp.post("/<string:token>/<any(aceitar, recusar, perguntar):action>")
@public(WHY)
def answer_shared_quote(token: str, action: str) -> Response:
    """Accepts or refuses the quote, or asks a question; then redirects, so that reloading sends nothing again."""
    link = _link(token)
    COSTLY.count(link.record)
    _refuse_other_sites()
    form = {name: request.form.get(name, "") for name in FORM}
    for text in form.values():
        json_body.check_text(text)
    try:
        data = _answer_data(link, ACTIONS[action], form)
        bus().call("sales", "answer_quote", data, _answering(link, form), command=True)
    except NotFound:
        raise
    except Failure as failure:
        if failure.kind not in ("invalid", "conflict"):
            raise
        shown = rendering.quote(token, *_shared(link), failure=failure, form=form, action=action)
        return rendering.page(shown, STATUS[failure.kind][0])
    done = redirect(f"/q/{token}?feito={action}", 303)
    return Response(done.get_data(), 303, {"Location": done.location}, content_type="text/html; charset=utf-8")


def _link(token: str) -> tokens.Token:
    """Raises NotFound("quote_link_not_found"), Limited("too_many_requests")."""
    ADDRESSES.count(network_of(auth.address()))
    link = tokens.read(contract.KIND, token)
    if link is None:
        raise NotFound("quote_link_not_found", "Este link não existe.")
    LINKS.count(link.record)
    return link


def _refuse_other_sites() -> None:
    """Raises Forbidden("form_of_another_site") where the browser says that the form came from another site."""
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITE:
        raise Forbidden("form_of_another_site", "Responda pela própria página da proposta.")


def _shared(link: tokens.Token) -> tuple[Any, Any]:
    """The quote and the company. The quote is read first, since that proves the secret."""
    shared = bus().call("sales", "get_shared_quote", _proof(link), _context(link, READS))
    return shared, bus().call("people", "get_company", {}, _context(link, ("people.read",)))


def _context(link: tokens.Token, permissions: tuple[str, ...]) -> Context:
    deadline = time.time() + auth.current_config().rpc_seconds
    return Context(link.company, "customer", "Cliente", permissions, g.request_id, deadline, by_link=True)


def _answering(link: tokens.Token, form: dict[str, str]) -> Context:
    """A context whose idempotency key is the form's own (`vez`), so that a form sent twice is answered once."""
    once = form["vez"] if rendering.ONCE.fullmatch(form["vez"]) else g.request_id
    return replace(_context(link, ANSWERS), idempotency_key=f"{link.record}:{request.view_args['action']}:{once}")  # type: ignore[index]


def _proof(link: tokens.Token) -> dict[str, Any]:
    return {"link_id": link.record, "digest": link.digest}


def _answer_data(link: tokens.Token, kind: str, form: dict[str, str]) -> dict[str, Any]:
    if not form["versao"].isascii() or not form["versao"].isdigit() or len(form["versao"]) > 4:
        raise Invalid("input_invalid", "Abra a página da proposta de novo e responda por ela.")
    return {
        **_proof(link),
        "kind": kind,
        "number": int(form["versao"]),
        "name": form["nome"][: contract.NAME_LENGTH + 1],
        "comment": form["comentario"],
        "address": auth.address()[:100],
        "user_agent": request.headers.get("User-Agent", "")[:400],
    }
