"""Opportunities of a person."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from gateway.access import needs
from gateway.asking import ask, order
from gateway.blueprints.documents import JsonBlueprint, PageQuery, refuses
from services.sales import contract

blp = JsonBlueprint("sales", __name__, url_prefix="/v1", description="Contatos de venda")


class OpportunityQuery(PageQuery):
    include_closed = fields.Boolean(load_default=False)


@blp.get("/persons/<string:person_id>/opportunities")
@needs("sales.read")
@blp.arguments(OpportunityQuery, location="query")
@blp.response(200, contract.OpportunityPage)
@refuses(blp)
def list_opportunities(data: dict[str, Any], person_id: str) -> Any:
    """Row S2: open ones, or open and closed, each with its legend."""
    return ask("sales", "list_opportunities", {**data, "person_id": person_id})


@blp.post("/persons/<string:person_id>/opportunities")
@needs("sales.write")
@blp.arguments(contract.CreateOpportunity(exclude=("person_id",)))
@blp.response(201, contract.Opportunity)
@refuses(blp, 404)
def create_opportunity(data: dict[str, Any], person_id: str) -> Any:
    """Row S1."""
    return order("sales", "create_opportunity", contract.CreateOpportunity, data, person_id=person_id)


@blp.get("/opportunities/<string:opportunity_id>")
@needs("sales.read")
@blp.response(200, contract.Opportunity)
@refuses(blp, 404)
def get_opportunity(opportunity_id: str) -> Any:
    return ask("sales", "get_opportunity", {"id": opportunity_id})
