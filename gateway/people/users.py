"""The company's users and roles, under people.administer (row P9)."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses
from gateway.http.requests import send_command, send_command_secretly, send_query
from services.chassis.inputs import Line
from services.people.access import contract as access_contract
from services.people.keys import contract as keys_contract
from services.people.users import contract as users_contract

blp = JsonBlueprint("users", __name__, url_prefix="/v1", description="Usuários e papéis")


@blp.get("/users")
@blp.summary("Lista os usuários da empresa", "Por login.")
@needs("people.administer")
@blp.arguments(PageQuery, location="query")
@blp.response(200, users_contract.UserPage)
@refuses(blp)
def list_users(data: dict[str, Any]) -> Any:
    """Members of the company, by login."""
    return send_query("people", "list_users", data)


class ColleaguesQuery(PageQuery):
    q = Line(120, minimum=0, load_default="", metadata={"description": "O começo do nome"})


@blp.get("/colleagues")
@blp.summary(
    "Lista os colegas",
    "Os usuários da empresa por nome, para escolher um deles ou saber quem fez algo; também os que saíram.",
)
@needs("people.own")
@blp.arguments(ColleaguesQuery, location="query")
@blp.response(200, users_contract.ColleaguePage)
@refuses(blp)
def list_colleagues(data: dict[str, Any]) -> Any:
    """Members of the company, by name; for every user."""
    return send_query("people", "list_colleagues", data)


@blp.post("/users")
@blp.honours(secret=True)
@blp.summary("Cria um usuário", "Um novo login, desta empresa. Ninguém dá mais acesso do que tem.")
@needs("people.administer")
@blp.arguments(users_contract.CreateUser)
@blp.response(201, users_contract.User, at="/v1/users/{id}")
@refuses(blp, 404, 409)
def create_user(data: dict[str, Any]) -> Any:
    """A new login, member of this company. Nobody gives more access than they hold."""
    return send_command_secretly("people", "create_user", users_contract.CreateUser, data)


@blp.get("/users/<string:user_id>")
@blp.summary("Lê um usuário")
@needs("people.administer")
@blp.response(200, users_contract.User)
@refuses(blp, 404)
def get_user(user_id: str) -> Any:
    return send_query("people", "get_user", {"user_id": user_id})


@blp.patch("/users/<string:user_id>")
@blp.summary(
    "Altera um usuário",
    "Nome, papéis, pessoa ligada (funcionário ou representante) e se está ativo; o que não é enviado permanece.",
)
@needs("people.administer")
@blp.arguments(users_contract.ChangeUser(exclude=("user_id",)))
@blp.response(200, users_contract.User)
@refuses(blp, 404, 409, 412)
def change_user(data: dict[str, Any], user_id: str) -> Any:
    """Changes the given ones of name, roles, linked person (employee or representative) and `active`."""
    return send_command("people", "change_user", users_contract.ChangeUser, data, user_id=user_id)


@blp.post("/users/<string:user_id>/membership")
@blp.summary("Traz um usuário de outra empresa", "De uma empresa que você também administra.")
@needs("people.administer")
@blp.arguments(users_contract.JoinCompany(exclude=("user_id",)))
@blp.response(201, users_contract.User)
@refuses(blp, 404, 409)
def join_company(data: dict[str, Any], user_id: str) -> Any:
    """Adds a user of another company that the caller administers too."""
    return send_command("people", "join_company", users_contract.JoinCompany, data, user_id=user_id)


@blp.put("/users/<string:user_id>/password")
@blp.honours(secret=True)
@blp.summary("Redefine a senha de um usuário", "Só de um usuário desta empresa; encerra as sessões dele e um bloqueio.")
@needs("people.administer")
@blp.arguments(users_contract.ResetPassword(exclude=("user_id",)))
@blp.response(200, users_contract.User)
@refuses(blp, 404, 409)
def reset_password(data: dict[str, Any], user_id: str) -> Any:
    """For a user of this company only; ends the user's sessions, and a lock."""
    return send_command_secretly("people", "reset_password", users_contract.ResetPassword, data, user_id=user_id)


@blp.delete("/users/<string:user_id>/keys")
@blp.summary(
    "Revoga as chaves de API de um usuário",
    "Todas as que ele fez e que ainda valem: quando ele é desativado, elas continuam.",
)
@needs("people.administer")
@blp.response(200, keys_contract.RevokedKeys)
@refuses(blp, 404)
def revoke_keys_of(user_id: str) -> Any:
    """Revokes all valid API keys that the user made; deactivating the user does not."""
    return send_command("people", "revoke_keys_of", keys_contract.RevokeKeysOf, {}, user_id=user_id)


@blp.get("/roles")
@blp.summary(
    "Lista os papéis",
    "Os de fábrica e os da empresa, e a tabela de seções, permissões e alcances de que são feitos.",
)
@needs("people.administer")
@blp.response(200, access_contract.RoleList)
@refuses(blp)
def list_roles() -> Any:
    """Built-in and own roles, and the sections, permissions and scopes that a role may have."""
    return send_query("people", "list_roles", {})


@blp.post("/roles")
@blp.summary("Cria um papel da empresa")
@needs("people.administer")
@blp.arguments(access_contract.DefineRole)
@blp.response(201, access_contract.Role)
@refuses(blp, 409)
def create_role(data: dict[str, Any]) -> Any:
    """A role of this company's own."""
    return send_command("people", "define_role", access_contract.DefineRole, data)


@blp.patch("/roles/<string:role_id>")
@blp.summary("Altera um papel", "Quem o tem recebe a mudança quando renova o token.")
@needs("people.administer")
@blp.arguments(access_contract.ChangeRole(exclude=("role_id",)))
@blp.response(200, access_contract.Role)
@refuses(blp, 404, 409, 412)
def change_role(data: dict[str, Any], role_id: str) -> Any:
    """The change has effect for a user when their token is refreshed."""
    return send_command("people", "change_role", access_contract.ChangeRole, data, role_id=role_id)


@blp.delete("/roles/<string:role_id>")
@blp.summary("Exclui um papel", "Recusado enquanto alguém o tiver.")
@needs("people.administer")
@blp.response(200, access_contract.Role)
@refuses(blp, 404, 409, 412)
def delete_role(role_id: str) -> Any:
    """Refused while a user has it."""
    return send_command("people", "delete_role", access_contract.DeleteRole, {}, role_id=role_id)
