"""Signing in and out, refreshing a session, changing one's own password, a supervisor's approval."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import fields, validate

from gateway.http import access, auth, grants, tokens
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import bus, send_command, send_command_secretly, send_query
from services.chassis.inputs import Choice, Verbatim
from services.chassis.references import reference
from services.chassis.schemas import JsonValue, Result
from services.people.sessions import contract as sessions_contract
from services.people.users import contract as users_contract

# No command's body has as many.
MOST_FIELDS = 200

blp = JsonBlueprint("session", __name__, url_prefix="/v1", description="Entrada de usuários")


class Access(Result):
    """A kind that `scopes` does not name is not narrowed."""

    permissions = fields.List(fields.String())
    scopes = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class Token(Access):
    """The refresh token is valid once, before the access token expires; within 30 seconds it repeats its answer."""

    access_token = fields.String()
    token_type = Choice(("Bearer",))
    expires_in = fields.Integer(metadata={"description": "Em segundos"})
    refresh_token = fields.String()
    refresh_expires_at = fields.DateTime()
    company = fields.Nested(sessions_contract.SessionCompany)
    user = fields.Nested(sessions_contract.SessionUser)


class CurrentSession(Access):
    """The answer of signing in, without the tokens: for a client that is loaded again."""

    company = fields.Nested(sessions_contract.SessionCompany)
    user = fields.Nested(sessions_contract.SessionUser)


class Grant(Result):
    """Send `grant` as X-Supervisor-Grant with its command; it can be used once."""

    grant = fields.String()
    action = fields.String()
    subject = fields.String(allow_none=True)
    expires_in = fields.Integer(metadata={"description": "Em segundos"})
    supervisor = fields.String(metadata={"description": "Nome do supervisor"})


class Approving(sessions_contract.ApproveAction):
    """`body`: the body of the command that is to be approved, `{}` without one."""

    body = fields.Dict(
        keys=Verbatim(200, trimmed=False),
        values=JsonValue(allow_none=True),
        required=True,
        validate=validate.Length(max=MOST_FIELDS),
    )


@blp.post("/session")
@blp.honours(secret=True)
@blp.summary(
    "Entra com usuário e senha",
    "Responde o token de acesso (Bearer) de um usuário em uma empresa e o token de renovação.",
)
@access.public("signing in is how a token is got")
@blp.arguments(sessions_contract.SignIn(exclude=("address",)))
@blp.response(200, Token)
@refuses(blp, 429)
@blp.doc(security=[])
def sign_in(data: dict[str, Any]) -> dict[str, Any]:
    """Row G3: a bearer token for a user in one company."""
    return _token(bus().call_secretly("people", "sign_in", {**data, "address": auth.address()}, auth.sign_in_context()))


@blp.post("/session/refresh")
@blp.honours(secret=True)
@blp.summary(
    "Renova a sessão",
    "Troca o token de renovação pelos próximos tokens. Repetido em até 30 segundos, responde o mesmo; depois "
    "disso, encerra a sessão.",
)
@access.public("the refresh token is the proof")
@blp.arguments(sessions_contract.RefreshSession(exclude=("address",)))
@blp.response(200, Token)
@refuses(blp)
@blp.doc(security=[])
def refresh_session(data: dict[str, Any]) -> dict[str, Any]:
    """Row G3: the next tokens. Used again within 30 seconds it answers the same; later that ends the session."""
    return _token(
        bus().call_secretly("people", "refresh_session", {**data, "address": auth.address()}, auth.sign_in_context())
    )


@blp.get("/session")
@blp.summary("Mostra a sessão atual", "Usuário, empresa, permissões e alcance do token enviado.")
@access.needs("people.own")
@blp.response(200, CurrentSession)
@refuses(blp)
def get_session() -> dict[str, Any]:
    """User and company as they are now; permissions and scopes as the token has them, since those decide."""
    may = {"permissions": g.claims["permissions"], "scopes": g.claims["scopes"]}
    return {**send_query("people", "get_session", {}), **may}


@blp.delete("/session")
@blp.summary("Encerra a sessão", "A sessão não pode mais ser renovada; o token de acesso termina sozinho em minutos.")
@access.needs("people.own")
@blp.response(200, sessions_contract.SignedOut)
@refuses(blp)
def sign_out() -> Any:
    """Row G3: ends the refresh token; the access token expires within minutes."""
    return send_command("people", "sign_out", sessions_contract.SignOut, {}, session_id=g.claims["sid"])


@blp.put("/session/password")
@blp.honours(secret=True)
@blp.summary("Troca a própria senha", "Encerra todas as sessões do usuário; entre de novo.")
@access.needs("people.own")
@blp.arguments(users_contract.ChangeOwnPassword(exclude=("address",)))
@blp.response(200, users_contract.User)
@refuses(blp, 429)
def change_own_password(data: dict[str, Any]) -> Any:
    """Row P9: every session of the user ends; sign in again."""
    path = {"address": auth.address()}
    return send_command_secretly("people", "change_own_password", users_contract.ChangeOwnPassword, data, **path)


@blp.post("/approvals")
@blp.honours(secret=True)
@blp.summary(
    "Aprova uma ação com as credenciais de um supervisor",
    "A aprovação vale uma vez, para uma ação do usuário atual, sobre um registro e com o corpo mostrado. "
    "Envie o `grant` da resposta no cabeçalho X-Supervisor-Grant.",
)
@access.needs("people.own")
@blp.arguments(Approving(exclude=("address", "digest")))
@blp.response(200, Grant)
@refuses(blp, 429)
def approve_action(data: dict[str, Any]) -> dict[str, Any]:
    """Row G3: a supervisor's own credentials approve one action of the signed-in user, on one record, as shown.

    With any other body, in any field, the grant is refused (`grant_for_another_body`).
    """
    path = {"digest": grants.digest_of(data.pop("body")), "address": auth.address()}
    approval = send_command_secretly("people", "approve_action", sessions_contract.ApproveAction, data, **path)
    return {
        "grant": grants.issue(auth.current_config(), g.claims, approval),
        "action": approval["action"],
        "subject": approval["subject"],
        "expires_in": approval["seconds"],
        "supervisor": approval["supervisor_name"],
    }


def _token(signed_in: dict[str, Any]) -> dict[str, Any]:
    config = auth.current_config()
    return {
        "access_token": tokens.issue(config, signed_in),
        "token_type": "Bearer",
        "expires_in": config.token_seconds,
        "refresh_token": signed_in["refresh_token"],
        "refresh_expires_at": signed_in["refresh_expires_at"],
        "company": {"id": signed_in["company"], "name": signed_in["company_name"], "time_zone": signed_in["time_zone"]},
        "user": {
            "id": signed_in["user_id"],
            "name": signed_in["user_name"],
            "login": signed_in["login"],
            "roles": signed_in["roles"],
            "person": reference(signed_in["person_id"], signed_in.get("person_name")),
        },
        "permissions": signed_in["permissions"],
        "scopes": signed_in["scopes"],
    }
