"""Signing in."""

from __future__ import annotations

from typing import Any

from flask import current_app
from marshmallow import fields

from gateway import access, auth
from gateway.asking import bus
from gateway.blueprints.documents import JsonBlueprint, refuses
from services.chassis.schemas import Result
from services.people import contract

blp = JsonBlueprint("session", __name__, url_prefix="/v1", description="Entrada de usuários")


class SignedInUser(Result):
    id = fields.String()
    name = fields.String()
    login = fields.String()
    roles = fields.List(fields.String())


class SignedInCompany(Result):
    id = fields.String()
    name = fields.String()


class Token(Result):
    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer(metadata={"description": "Seconds"})
    company = fields.Nested(SignedInCompany)
    user = fields.Nested(SignedInUser)


@blp.post("/session")
@access.public("signing in is how a token is got")
@blp.arguments(contract.SignIn)
@blp.response(200, Token)
@refuses(blp)
@blp.doc(security=[])
def sign_in(data: dict[str, Any]) -> dict[str, Any]:
    """Row G3: a bearer token for a user in one company."""
    config = current_app.extensions["vinculo"].config
    found = bus().call("people", "sign_in", data, auth.sign_in_context())
    return {
        "access_token": auth.issue_token(config, found),
        "token_type": "Bearer",
        "expires_in": config.token_seconds,
        "company": {"id": found["company"], "name": found["company_name"]},
        "user": {
            "id": found["user_id"],
            "name": found["user_name"],
            "login": found["login"],
            "roles": found["roles"],
        },
    }
