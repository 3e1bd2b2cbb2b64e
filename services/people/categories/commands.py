"""Creating, changing and removing a company's categories and characteristics (row P3)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.errors import Conflict
from services.chassis.handling.entrypoints import command
from services.chassis.schemas import ById
from services.people.categories import contract
from services.people.categories.model import CATEGORIES, Category, Characteristic
from services.people.categories.presenting import present_own
from services.people.persons.model.search import category_key, characteristic_key
from services.people.session import PeopleSession
from services.people.shared.versions import refuse_other_version

Data = dict[str, Any]


@command(
    takes=contract.CreateCategory, gives=contract.Category, needs="people.configure", section=CONFIGURATION, fresh=True
)
def create_category(tx: PeopleSession, data: Data) -> Data:
    """Raises Conflict("category_exists")."""
    category = Category.create(tx.new_id(), data)
    tx.one_at_a_time("categories")
    tx.categories.add(category)
    return present_own(category)


@command(
    takes=contract.ChangeCategory, gives=contract.Category, needs="people.configure", section=CONFIGURATION, fresh=True
)
def change_category(tx: PeopleSession, data: Data) -> Data:
    """Raises Conflict: category_built_in, category_exists, version_changed."""
    category = _own(tx, data["id"])
    refuse_other_version(category, data["version"])
    category.change(data)
    tx.categories.save(category)
    tx.forget_name(contract.CATEGORIES, category.id)
    return present_own(category)


@command(takes=ById, gives=contract.Removed, needs="people.configure", section=CONFIGURATION, fresh=True)
def remove_category(tx: PeopleSession, data: Data) -> Category:
    """Raises Conflict: category_built_in, category_in_use."""
    category = _own(tx, data["id"])
    if tx.persons.anybody_with(category_key(category.id)):
        raise Conflict("category_in_use", "Há pessoas nesta categoria: desative-a em vez de excluir.")
    tx.categories.remove(category)
    return category


@command(
    takes=contract.CreateCharacteristic,
    gives=contract.Characteristic,
    needs="people.configure",
    section=CONFIGURATION,
    fresh=True,
)
def create_characteristic(tx: PeopleSession, data: Data) -> Characteristic:
    """Raises Conflict("characteristic_exists")."""
    characteristic = Characteristic.create(tx.new_id(), data)
    tx.one_at_a_time("characteristics")
    tx.characteristics.add(characteristic)
    return characteristic


@command(
    takes=contract.ChangeCharacteristic,
    gives=contract.Characteristic,
    needs="people.configure",
    section=CONFIGURATION,
    fresh=True,
)
def change_characteristic(tx: PeopleSession, data: Data) -> Characteristic:
    """Raises Conflict: characteristic_exists, version_changed."""
    characteristic = tx.characteristics.get(data["id"])
    refuse_other_version(characteristic, data["version"])
    characteristic.change(data)
    tx.characteristics.save(characteristic)
    tx.forget_name(contract.CHARACTERISTICS, characteristic.id)
    return characteristic


@command(takes=ById, gives=contract.Removed, needs="people.configure", section=CONFIGURATION, fresh=True)
def remove_characteristic(tx: PeopleSession, data: Data) -> Characteristic:
    """Raises Conflict("characteristic_in_use")."""
    characteristic = tx.characteristics.get(data["id"])
    if tx.persons.anybody_with(characteristic_key(characteristic.id)):
        raise Conflict("characteristic_in_use", "Há pessoas com esta característica: desative-a em vez de excluir.")
    tx.characteristics.remove(characteristic)
    return characteristic


def _own(tx: PeopleSession, category_id: str) -> Category:
    if category_id in CATEGORIES:
        raise Conflict("category_built_in", "Esta categoria é de todas as empresas e não pode ser alterada.")
    return tx.categories.get(category_id)
