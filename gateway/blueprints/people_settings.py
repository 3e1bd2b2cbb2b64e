"""Rows P3 and P4: a company's categories and characteristics, and the cities that an address may name."""

from __future__ import annotations

from typing import Any

from gateway.access import needs
from gateway.asking import ask, order, seen_version
from gateway.blueprints.documents import JsonBlueprint, refuses
from services.people import contract

blp = JsonBlueprint("people_settings", __name__, url_prefix="/v1", description="Pessoas: categorias e características")

NOT_IN_BODY = ("id", "version")


@blp.get("/cities")
@needs("people.read")
@blp.arguments(contract.ListCities, location="query")
@blp.response(200, contract.CityList)
@refuses(blp)
def list_cities(data: dict[str, Any]) -> Any:
    """Municipalities of a state with their IBGE codes, at most 50: `q` is the beginning of words of the name."""
    return ask("people", "list_cities", data)


@blp.get("/categories")
@needs("people.read")
@blp.response(200, contract.CategoryList)
@refuses(blp)
def list_categories() -> Any:
    """Row P3: the built-in ones, and the company's own."""
    return ask("people", "list_categories", {})


@blp.post("/categories")
@needs("people.configure")
@blp.arguments(contract.CreateCategory)
@blp.response(201, contract.Category)
@refuses(blp, 409)
def create_category(data: dict[str, Any]) -> Any:
    return order("people", "create_category", contract.CreateCategory, data)


@blp.patch("/categories/<string:category_id>")
@needs("people.configure")
@blp.arguments(contract.ChangeCategory(exclude=NOT_IN_BODY))
@blp.response(200, contract.Category)
@refuses(blp, 404, 409, 412)
def change_category(data: dict[str, Any], category_id: str) -> Any:
    """What is not given stays; `active: false` puts it out of use, and those who have it keep it."""
    return order("people", "change_category", contract.ChangeCategory, data, id=category_id, version=seen_version())


@blp.delete("/categories/<string:category_id>")
@needs("people.configure")
@blp.response(200, contract.Removed)
@refuses(blp, 404, 409)
def remove_category(category_id: str) -> Any:
    """Refused while somebody has it."""
    return order("people", "remove_category", contract.Removed, {}, id=category_id)


@blp.get("/characteristics")
@needs("people.read")
@blp.response(200, contract.CharacteristicList)
@refuses(blp)
def list_characteristics() -> Any:
    """Row P3: the company's own."""
    return ask("people", "list_characteristics", {})


@blp.post("/characteristics")
@needs("people.configure")
@blp.arguments(contract.CreateCharacteristic)
@blp.response(201, contract.Characteristic)
@refuses(blp, 409)
def create_characteristic(data: dict[str, Any]) -> Any:
    return order("people", "create_characteristic", contract.CreateCharacteristic, data)


@blp.patch("/characteristics/<string:characteristic_id>")
@needs("people.configure")
@blp.arguments(contract.ChangeCharacteristic(exclude=NOT_IN_BODY))
@blp.response(200, contract.Characteristic)
@refuses(blp, 404, 409, 412)
def change_characteristic(data: dict[str, Any], characteristic_id: str) -> Any:
    """What is not given stays; `active: false` puts it out of use, and those who have it keep it."""
    return order(
        "people",
        "change_characteristic",
        contract.ChangeCharacteristic,
        data,
        id=characteristic_id,
        version=seen_version(),
    )


@blp.delete("/characteristics/<string:characteristic_id>")
@needs("people.configure")
@blp.response(200, contract.Removed)
@refuses(blp, 404, 409)
def remove_characteristic(characteristic_id: str) -> Any:
    """Refused while somebody has it."""
    return order("people", "remove_characteristic", contract.Removed, {}, id=characteristic_id)
