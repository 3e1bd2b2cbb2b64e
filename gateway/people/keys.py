"""API keys of other systems, under people.administer (row P9)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_command_secretly, send_query
from services.chassis.inputs import Id
from services.people.keys import contract

blp = JsonBlueprint("keys", __name__, url_prefix="/v1/keys", description="Chaves de API")


class KeyQuery(PageQuery):
    created_by = Id(load_default=None, data_key="user_id")


@blp.get("")
@blp.summary("Lista as chaves de API")
@needs("people.administer")
@blp.arguments(KeyQuery, location="query")
@blp.response(200, contract.KeyPage)
@refuses(blp)
def list_keys(data: dict[str, Any]) -> Any:
    """Newest first, with their last use, and whether their creator is still an administrator."""
    return send_query("people", "list_keys", data)


@blp.post("")
@blp.honours(secret=True)
@blp.summary("Cria uma chave de API", "A chave é mostrada só nesta resposta.")
@needs("people.administer")
@blp.arguments(contract.CreateKey)
@blp.response(201, contract.NewKey, at="/v1/keys/{id}")
@refuses(blp)
def create_key(data: dict[str, Any]) -> Any:
    """`key` is shown only here; send it as X-Api-Key or as a bearer token."""
    return send_command_secretly("people", "create_key", contract.CreateKey, data)


@blp.get("/<string:key_id>")
@blp.summary("Lê uma chave de API")
@needs("people.administer")
@blp.response(200, contract.Key)
@refuses(blp, 404)
def get_key(key_id: str) -> Any:
    return send_query("people", "get_key", {"key_id": key_id})


@blp.delete("/<string:key_id>")
@blp.summary("Revoga uma chave de API")
@needs("people.administer")
@blp.response(200, contract.Key)
@refuses(blp, 404)
def revoke_key(key_id: str) -> Any:
    """The key is refused everywhere within seconds."""
    return send_command("people", "revoke_key", contract.RevokeKey, {}, key_id=key_id)
