"""Rows P3 and P4: a company's categories and characteristics, and the cities that an address may name."""

from __future__ import annotations

from typing import Any

from gateway.http.access import needs
from gateway.http.blueprint import JsonBlueprint, refuses
from gateway.http.requests import send_command, send_query
from services.people.categories import contract as categories_contract
from services.people.persons import contract as persons_contract

blp = JsonBlueprint("people_settings", __name__, url_prefix="/v1", description="Pessoas: categorias e características")

NOT_IN_BODY = ("id", "version")


@blp.get("/cities")
@blp.summary("Lista municípios de uma UF", "Com o código do IBGE, no máximo 50; `q` é o começo de palavras do nome.")
@needs("people.read")
@blp.arguments(persons_contract.ListCities, location="query")
@blp.response(200, persons_contract.CityList)
@refuses(blp)
def list_cities(data: dict[str, Any]) -> Any:
    """Municipalities of a state with their IBGE codes, at most 50: `q` is the beginning of words of the name."""
    return send_query("people", "list_cities", data)


@blp.get("/categories")
@blp.summary("Lista as categorias", "As de fábrica e as da empresa.")
@needs("people.read")
@blp.response(200, categories_contract.CategoryList)
@refuses(blp)
def list_categories() -> Any:
    """Row P3: the built-in categories, and the company's own."""
    return send_query("people", "list_categories", {})


@blp.post("/categories")
@blp.summary("Cria uma categoria")
@needs("people.configure")
@blp.arguments(categories_contract.CreateCategory)
@blp.response(201, categories_contract.Category)
@refuses(blp, 409)
def create_category(data: dict[str, Any]) -> Any:
    return send_command("people", "create_category", categories_contract.CreateCategory, data)


@blp.patch("/categories/<string:category_id>")
@blp.summary(
    "Altera uma categoria",
    "O que não é enviado permanece; `active: false` a tira de uso, e quem a tem fica com ela.",
)
@needs("people.configure")
@blp.arguments(categories_contract.ChangeCategory(exclude=NOT_IN_BODY))
@blp.response(200, categories_contract.Category)
@refuses(blp, 404, 409, 412)
def change_category(data: dict[str, Any], category_id: str) -> Any:
    """Changes the given fields; `active: false` takes it out of use, and persons who have it keep it."""
    return send_command("people", "change_category", categories_contract.ChangeCategory, data, id=category_id)


@blp.delete("/categories/<string:category_id>")
@blp.summary("Exclui uma categoria", "Recusado enquanto alguém a tiver.")
@needs("people.configure")
@blp.response(200, categories_contract.Removed)
@refuses(blp, 404, 409, 412)
def delete_category(category_id: str) -> Any:
    """Refused while a person has it."""
    return send_command("people", "remove_category", categories_contract.Removed, {}, id=category_id)


@blp.get("/characteristics")
@blp.summary("Lista as características da empresa")
@needs("people.read")
@blp.response(200, categories_contract.CharacteristicList)
@refuses(blp)
def list_characteristics() -> Any:
    """Row P3: the company's own characteristics."""
    return send_query("people", "list_characteristics", {})


@blp.post("/characteristics")
@blp.summary("Cria uma característica")
@needs("people.configure")
@blp.arguments(categories_contract.CreateCharacteristic)
@blp.response(201, categories_contract.Characteristic)
@refuses(blp, 409)
def create_characteristic(data: dict[str, Any]) -> Any:
    return send_command("people", "create_characteristic", categories_contract.CreateCharacteristic, data)


@blp.patch("/characteristics/<string:characteristic_id>")
@blp.summary(
    "Altera uma característica",
    "O que não é enviado permanece; `active: false` a tira de uso, e quem a tem fica com ela.",
)
@needs("people.configure")
@blp.arguments(categories_contract.ChangeCharacteristic(exclude=NOT_IN_BODY))
@blp.response(200, categories_contract.Characteristic)
@refuses(blp, 404, 409, 412)
def change_characteristic(data: dict[str, Any], characteristic_id: str) -> Any:
    """Changes the given fields; `active: false` takes it out of use, and persons who have it keep it."""
    schema = categories_contract.ChangeCharacteristic
    return send_command("people", "change_characteristic", schema, data, id=characteristic_id)


@blp.delete("/characteristics/<string:characteristic_id>")
@blp.summary("Exclui uma característica", "Recusado enquanto alguém a tiver.")
@needs("people.configure")
@blp.response(200, categories_contract.Removed)
@refuses(blp, 404, 409, 412)
def delete_characteristic(characteristic_id: str) -> Any:
    """Refused while a person has it."""
    return send_command("people", "remove_characteristic", categories_contract.Removed, {}, id=characteristic_id)
