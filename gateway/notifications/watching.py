"""Who watches a person (row N1)."""

from __future__ import annotations

from typing import Any

from flask import g

from gateway.http.access import needs
from gateway.http.blueprint import CountedQuery, JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.chassis.inputs import Whole
from services.chassis.schemas import PAGE_LIMIT
from services.notifications.watching import contract

blp = JsonBlueprint("watching", __name__, url_prefix="/v1", description="Espiões")


class WatcherQuery(CountedQuery):
    limit = Whole(1, PAGE_LIMIT, load_default=PAGE_LIMIT)


@blp.get("/persons/<string:person_id>/watchers")
@blp.summary("Lista quem espia uma pessoa", "Cada usuário uma vez.")
@needs("notifications.read")
@blp.arguments(WatcherQuery, location="query")
@blp.response(200, contract.WatcherPage)
@refuses(blp)
def list_watchers(data: dict[str, Any], person_id: str) -> Any:
    """Each user once, in the order of their ids."""
    return send_query("notifications", "list_watchers", {"person_id": person_id, **data})


@blp.put("/persons/<string:person_id>/watchers/me")
@blp.summary(
    "Passa a espiar uma pessoa",
    "Os avisos vão para o e-mail de entrada do próprio usuário: na hora, em resumo por hora ou por dia, ou silenciados."
    " Do que o próprio usuário registra, só se ele pedir.",
)
@needs("notifications.write")
@blp.arguments(contract.WatchPerson(exclude=("person_id", "email")))
@blp.response(200, contract.WatcherPage)
@refuses(blp, 404)
def watch_person(data: dict[str, Any], person_id: str) -> Any:
    """Row N1: alerts go to the user's own sign-in e-mail."""
    path = {"person_id": person_id, "email": g.claims["login"]}
    return send_command("notifications", "watch_person", contract.WatchPerson, data, **path)


@blp.delete("/persons/<string:person_id>/watchers/me")
@blp.summary("Deixa de espiar uma pessoa")
@needs("notifications.write")
@blp.response(200, contract.WatcherPage)
@refuses(blp, 404)
def unwatch_person(person_id: str) -> Any:
    return send_command("notifications", "unwatch_person", contract.UnwatchPerson, {}, person_id=person_id)


@blp.get("/watches")
@blp.summary("Lista quem espia quem", "De toda a empresa ou de um usuário, a partir das mais novas.")
@needs("notifications.configure")
@blp.arguments(contract.ListWatches, location="query")
@blp.response(200, contract.WatchPage)
@refuses(blp)
def list_watches(data: dict[str, Any]) -> Any:
    return send_query("notifications", "list_watches", data)


@blp.get("/watch-changes")
@blp.summary(
    "Lista quem passou a espiar quem e quem deixou",
    "De toda a empresa ou de uma pessoa; também quem entrou na lista padrão ou saiu dela, e por quem.",
)
@needs("notifications.configure")
@blp.arguments(contract.ListWatchChanges, location="query")
@blp.response(200, contract.WatchChangePage)
@refuses(blp)
def list_watch_changes(data: dict[str, Any]) -> Any:
    return send_query("notifications", "list_watch_changes", data)


@blp.get("/settings/watching")
@blp.summary("Lê a lista padrão de quem é avisado", "Vale para pessoas que ninguém espia.")
@needs("notifications.read")
@blp.response(200, contract.WatchSettings)
@refuses(blp)
def get_watch_settings() -> Any:
    return send_query("notifications", "get_watch_settings", {})


@blp.put("/settings/watching")
@blp.summary("Altera a lista padrão de quem é avisado", "Só usuários ativos da empresa.")
@needs("notifications.configure")
@blp.arguments(contract.ChangeWatchSettings)
@blp.response(200, contract.WatchSettings)
@refuses(blp, 409, 412)
def change_watch_settings(data: dict[str, Any]) -> Any:
    return send_command("notifications", "change_watch_settings", contract.ChangeWatchSettings, data)
