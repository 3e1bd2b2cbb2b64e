"""Who watches a person (row N1)."""

from __future__ import annotations

from typing import Any

from flask import g

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Whole
from services.chassis.schemas import PAGE_LIMIT
from services.notifications.watching import contract

blp = JsonBlueprint("watching", __name__, url_prefix="/v1", description="Espiões")


class WatcherQuery(PageQuery):
    limit = Whole(1, PAGE_LIMIT, load_default=PAGE_LIMIT)


@blp.get("/persons/<string:person_id>/watchers")
@blp.told("Lista quem espia uma pessoa", "Cada usuário uma vez.")
@needs("notifications.read")
@blp.arguments(WatcherQuery, location="query")
@blp.response(200, contract.WatcherList)
@refuses(blp)
def list_watchers(data: dict[str, Any], person_id: str) -> Any:
    """Each user once, in the order of their ids."""
    return send_query("notifications", "list_watchers", {"person_id": person_id, **data})


@blp.put("/persons/<string:person_id>/watchers/me")
@blp.told("Passa a espiar uma pessoa", "Os avisos vão para o e-mail de entrada do próprio usuário.")
@needs("notifications.write")
@blp.response(200, contract.WatcherList)
@refuses(blp, 404)
def watch_person(person_id: str) -> Any:
    """Row N1: alerts go to the user's own sign-in e-mail."""
    path = {"person_id": person_id, "email": g.claims["login"]}
    return send_command("notifications", "watch_person", contract.WatchPerson, {}, **path)


@blp.delete("/persons/<string:person_id>/watchers/me")
@blp.told("Deixa de espiar uma pessoa")
@needs("notifications.write")
@blp.response(200, contract.WatcherList)
@refuses(blp, 404)
def unwatch_person(person_id: str) -> Any:
    return send_command("notifications", "unwatch_person", contract.UnwatchPerson, {}, person_id=person_id)
