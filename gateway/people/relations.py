"""Row P5: the persons related to a person."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import seen_version, send_command, send_query
from services.chassis.inputs import Line
from services.people.categories import contract as categories_contract
from services.people.relations import contract as relations_contract

blp = JsonBlueprint(
    "related_persons", __name__, url_prefix="/v1/persons/<string:person_id>/related", description="Pessoas relacionadas"
)


class RelatedQuery(relations_contract.SearchRelated):
    class Meta:
        exclude = ("person_id",)

    q = Line(150, load_default="")


@blp.get("")
@blp.summary(
    "Busca pessoas relacionadas",
    "Por código, nome, nome curto e tudo o mais que encontra uma pessoa; sem `q`, todas.",
)
@needs("people.read")
@blp.arguments(RelatedQuery, location="query")
@blp.response(200, relations_contract.RelationPage)
@refuses(blp, 404)
def search_related(data: dict[str, Any], person_id: str) -> Any:
    """Searches as the search of persons does; without `q`, all related persons."""
    return send_query("people", "search_related", {**data, "person_id": person_id})


@blp.post("")
@blp.summary("Relaciona duas pessoas", "`kind` diz o que a pessoa relacionada é desta; a outra vê o inverso.")
@needs("people.write")
@blp.arguments(relations_contract.RelatePersons(exclude=("person_id", "version")))
@blp.response(201, relations_contract.Relation, at="/v1/persons/{person_id}/related/{id}")
@refuses(blp, 404, 409, 412)
def relate_persons(data: dict[str, Any], person_id: str) -> Any:
    """`kind` is what the related person is to this one; the other one sees the inverse."""
    schema = relations_contract.RelatePersons
    return send_command("people", "relate_persons", schema, data, person_id=person_id, version=seen_version())


@blp.get("/<string:relation_id>")
@blp.summary("Lê um relacionamento")
@needs("people.read")
@blp.response(200, relations_contract.Relation)
@refuses(blp, 404)
def get_relation(person_id: str, relation_id: str) -> Any:
    return send_query("people", "get_relation", {"person_id": person_id, "relation_id": relation_id})


@blp.delete("/<string:relation_id>")
@blp.summary("Desfaz um relacionamento", "Dos dois lados.")
@needs("people.write")
@blp.response(200, categories_contract.Removed)
@refuses(blp, 404, 412)
def unrelate_persons(person_id: str, relation_id: str) -> Any:
    """Removes the relation on both sides."""
    path = {"person_id": person_id, "relation_id": relation_id, "version": seen_version()}
    return send_command("people", "unrelate_persons", relations_contract.UnrelatePersons, {}, **path)
