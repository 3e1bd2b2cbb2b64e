"""Documents from before a field was kept beside others get it at the service's start, of all companies, and once."""

from __future__ import annotations

from deploy.local.database import Database as Running
from services.chassis.storage import derived_fields
from services.chassis.storage.database import Database
from services.chassis.storage.derived_fields import Derived, fill
from services.chassis.storage.rows import Document
from services.sales.session import DERIVED
from services.sales.shared.products import KEY

COUNT = 2 * derived_fields.BATCH + 3


def test_what_an_earlier_version_wrote_gets_its_field_and_nothing_else_changes(database: Running) -> None:
    service = Database(database.uri, "derived")
    before: list[Document] = [
        {"_id": f"{number:05}", "company": f"c{number % 3}", "product": f" Bolo {number}", "version": number}
        for number in range(COUNT)
    ]
    try:
        documents = service.collection("fiscal_products")
        documents.insert_many([*before, {"_id": "z", "company": "c1", "product": "X", KEY: "kept"}, {"_id": "zz"}])
        [products] = [one for one in DERIVED if one.collection == "fiscal_products"]
        assert fill(service, products) == COUNT
        assert fill(service, products) == 0
        found = list(documents.find().sort("_id", 1))
    finally:
        service.close()
    assert found[:COUNT] == [{**one, KEY: f"bolo {number}"} for number, one in enumerate(before)]
    assert [one.get(KEY) for one in found[COUNT:]] == ["kept", None]


def test_sales_gives_what_an_earlier_version_wrote_the_keys_of_codes_and_the_day_of_billing() -> None:
    assert {(one.collection, one.field, one.of) for one in DERIVED if isinstance(one, Derived)} == {
        ("commission_rates", KEY, "product"),
        ("fiscal_products", KEY, "product"),
        ("contracts", "bills_from", "starts_on"),
    }
