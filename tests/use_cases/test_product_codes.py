"""One product code, however it is written: in surplus, commission rates, fiscal data and the catalogue (row S24)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from bson.decimal128 import Decimal128
from hypothesis import given
from hypothesis import strategies as st

from services.sales.closing.surplus import surplus_of
from services.sales.commission import commands as commission_commands
from services.sales.nfe.building import fiscal_data
from services.sales.products import commands, queries
from services.sales.session import INDEXES, SalesSession
from services.sales.shared.items import Basket
from services.sales.shared.product_codes import product_key, spelled_alike
from services.sales.shared.products import KEY, KEY_BEFORE
from tests.support.fakes.memory import Memory

WRITTEN = "Bolo Mármore-3"
SPELLINGS = (
    "bolo mármore-3", "BOLO MÁRMORE-3", "  Bolo  Mármore-3 ", "Bolo Ma\u0301rmore-3", "Bolo\u00a0Mármore-3",
    "Bo\u200blo Mármore-3", "\ufeffBolo Mármore-3", "Ｂｏｌｏ Mármore-3", "Bolo\tMármore-3",
)  # fmt: skip
OTHERS = ("Bolo Marmore-3", "BoloMármore-3", "Bolo Mármore3", "Bolo Mármore-30", "Bolo")
SAME = [*((WRITTEN, spelling) for spelling in SPELLINGS), ("007", "7"), ("7", "0007"), ("000", "0"), ("００7", "7")]
DIFFERENT = [*((WRITTEN, other) for other in OTHERS), ("007-A", "7-A"), ("70", "7"), ("A07", "A7")]


@pytest.fixture
def memory() -> Memory:
    return Memory(SalesSession, INDEXES)


def put_rate(memory: Memory, code: str, percent: str) -> Any:
    return memory.ask(commission_commands.put_commission_rate, kind="product", code=code, percent=percent)


def add(memory: Memory, code: str, **fields: Any) -> Any:
    return memory.ask(commands.add_product, code=code, description="Bolo", **fields)


def percent_of(memory: Memory, product: str) -> Decimal | None:
    found = memory.read(lambda session: session.commission_rates.of_products([product]))
    return found[product].percent if product in found else None


def ncm_of(memory: Memory, code: str) -> str:
    found = memory.read(lambda session: fiscal_data(session, {code}))
    return found[code].ncm if code in found else ""


def basket(product: str) -> Basket:
    fixed = {"description": "Bolo", "quantity": Decimal(1), "unit_price": Decimal(10)}
    return Basket.of([{"product": product, **fixed}], None)


@pytest.mark.parametrize(("written", "spelling"), SAME)
def test_one_code_is_one_product_everywhere(memory: Memory, written: str, spelling: str) -> None:
    put_rate(memory, written, "7.5")
    add(memory, written, fiscal={"ncm": "19059020"})
    assert not surplus_of([basket(written), basket(spelling)])
    assert percent_of(memory, spelling) == Decimal("7.5")
    assert ncm_of(memory, spelling) == "19059020"
    assert [one.code for one in memory.read(lambda session: session.products.of_codes([spelling])).values()] == [
        product["code"] for product in memory.ask(queries.list_products, code=spelling)["items"]
    ]
    assert memory.refusal(commands.add_product, code=spelling, description="Outro") == "product_exists"


@pytest.mark.parametrize(("written", "other"), DIFFERENT)
def test_another_code_is_another_product_everywhere(memory: Memory, written: str, other: str) -> None:
    put_rate(memory, written, "7.5")
    add(memory, written, fiscal={"ncm": "19059020"})
    assert surplus_of([basket(written), basket(other)])
    assert percent_of(memory, other) is None
    assert ncm_of(memory, other) == ""
    assert add(memory, other)["code"] == other


def test_a_rate_set_again_in_another_spelling_is_the_same_one_under_the_code_first_written(memory: Memory) -> None:
    rates = [put_rate(memory, spelling, "5") for spelling in (WRITTEN, *SPELLINGS)]
    assert len(memory.documents("commission_rates")) == 1
    assert {rate["code"] for rate in rates} == {WRITTEN}


def before(memory: Memory, code: str, record_id: str, **fields: Any) -> None:
    """A row of fiscal data as an earlier version wrote it, with the key that the start of the service adds."""
    keys = {KEY: product_key(code), KEY_BEFORE: spelled_alike(code)}
    row = {"_id": record_id, "product": code, "version": 1, **keys, **fields}
    memory.collection("fiscal_products").insert(row)


def test_two_codes_from_before_they_were_one_keep_what_was_set_for_each(memory: Memory) -> None:
    """They were two rows then; whoever spells one of them gets it, and any other spelling the one set last."""
    put_rate(memory, "BOLO", "5")
    [kept] = memory.documents("commission_rates")
    earlier = {"percent": Decimal128("3"), "set_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}
    memory.collection("commission_rates").insert({**kept, "_id": "of before", "product": "Bolo", **earlier})
    before(memory, "BOLO", "f1", ncm="19059020", version=2)
    before(memory, "Bolo", "f2", ncm="10000000")
    assert [percent_of(memory, code) for code in ("BOLO", "Bolo", "bolo")] == [Decimal(5), Decimal(3), Decimal(5)]
    assert [ncm_of(memory, code) for code in ("BOLO", "Bolo", "bolo")] == ["19059020", "10000000", "19059020"]
    put_rate(memory, "bolo", "6")
    assert [percent_of(memory, code) for code in ("BOLO", "Bolo", "bolo")] == [Decimal(6), Decimal(3), Decimal(6)]


def test_a_product_takes_over_the_fiscal_data_that_an_earlier_version_kept_of_its_code(memory: Memory) -> None:
    before(memory, "007", "f1", ncm="19059020", unit="CX", cfop="5102")
    added = add(memory, "7", fiscal={"cfop": "5101"})
    assert (added["unit"], added["fiscal"]["ncm"], added["fiscal"]["cfop"]) == ("CX", "19059020", "5101")
    assert ncm_of(memory, "007") == "19059020"


@given(st.text(min_size=1, max_size=60))
def test_a_key_is_its_own_key_and_never_empty(code: str) -> None:
    key = product_key(code)
    assert key
    assert product_key(key) == key


def test_every_row_is_written_with_its_key(memory: Memory) -> None:
    put_rate(memory, "0 1", "5")
    put_rate(memory, "01", "5")
    add(memory, "P 1")
    rates, products = memory.documents("commission_rates"), memory.documents("products")
    assert [(one[KEY], one[KEY_BEFORE]) for one in rates] == [("0 1", "0 1"), ("1", "01")]
    assert [one[KEY] for one in products] == ["p 1"]
