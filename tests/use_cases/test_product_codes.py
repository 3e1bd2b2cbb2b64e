"""One product code, however it is written: in surplus, in commission rates and in fiscal data (rows S15, S19, S22)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from bson.decimal128 import Decimal128
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.schemas import load
from services.sales.closing.surplus import surplus_of
from services.sales.commission import commands as commission_commands
from services.sales.commission import contract as commission_contract
from services.sales.fiscal import commands as fiscal_commands
from services.sales.fiscal import contract as fiscal_contract
from services.sales.session import INDEXES, SalesSession
from services.sales.shared.items import Basket
from services.sales.shared.product_codes import product_key
from services.sales.shared.products import KEY
from tests.support.fakes.memory import Memory

WRITTEN = "Bolo Mármore-3"
SPELLINGS = (
    "bolo mármore-3", "BOLO MÁRMORE-3", "  Bolo  Mármore-3 ", "Bolo Ma\u0301rmore-3", "Bolo\u00a0Mármore-3",
    "Bo\u200blo Mármore-3", "\ufeffBolo Mármore-3", "Ｂｏｌｏ Mármore-3", "Bolo\tMármore-3",
)  # fmt: skip
OTHERS = ("Bolo Marmore-3", "BoloMármore-3", "Bolo Mármore3", "Bolo Mármore-30", "Bolo")


@pytest.fixture
def memory() -> Memory:
    return Memory(SalesSession, INDEXES)


def put_rate(memory: Memory, product: str, percent: str) -> Any:
    data = load(commission_contract.PutCommissionRate, {"kind": "product", "product": product, "percent": percent})
    return memory.run(lambda tx: commission_commands.put_commission_rate.__wrapped__(tx, data))  # type: ignore[attr-defined]


def put_fiscal(memory: Memory, product: str, **fields: str) -> Any:
    data = load(fiscal_contract.PutFiscalProduct, {"product": product, **fields})
    return memory.run(lambda tx: fiscal_commands.put_fiscal_product.__wrapped__(tx, data))  # type: ignore[attr-defined]


def percent_of(memory: Memory, product: str) -> Decimal | None:
    found = memory.read(lambda session: session.commission_rates.of_products([product]))
    return found[product].percent if product in found else None


def ncm_of(memory: Memory, product: str) -> str:
    return str(memory.read(lambda session: session.fiscal.product(product)).ncm)


def basket(product: str) -> Basket:
    fixed = {"description": "Bolo", "quantity": Decimal(1), "unit_price": Decimal(10)}
    return Basket.of([{"product": product, **fixed}], None)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_code_is_one_product_to_surplus_commission_and_fiscal_data(memory: Memory, spelling: str) -> None:
    put_rate(memory, WRITTEN, "7.5")
    put_fiscal(memory, WRITTEN, ncm="19059020")
    assert not surplus_of([basket(WRITTEN), basket(spelling)])
    assert percent_of(memory, spelling) == Decimal("7.5")
    assert ncm_of(memory, spelling) == "19059020"


@pytest.mark.parametrize("other", OTHERS)
def test_another_code_is_another_product_to_all_three(memory: Memory, other: str) -> None:
    put_rate(memory, WRITTEN, "7.5")
    put_fiscal(memory, WRITTEN, ncm="19059020")
    assert surplus_of([basket(WRITTEN), basket(other)])
    assert percent_of(memory, other) is None
    assert ncm_of(memory, other) == ""


def test_set_again_in_another_spelling_it_is_the_same_one_under_the_code_first_written(memory: Memory) -> None:
    rates = [put_rate(memory, spelling, "5") for spelling in (WRITTEN, *SPELLINGS)]
    goods = [put_fiscal(memory, spelling, unit="UN") for spelling in (WRITTEN, *SPELLINGS)]
    assert len(memory.documents("commission_rates")) == len(memory.documents("fiscal_products")) == 1
    assert {rate["product"] for rate in rates} == {one.product for one in goods} == {WRITTEN}
    assert goods[-1].version == len(goods)


def test_two_codes_from_before_they_were_one_keep_what_was_set_for_each(memory: Memory) -> None:
    """They were two rows then; whoever spells one of them gets it, and any other spelling the one set last."""
    put_rate(memory, "BOLO", "5")
    put_fiscal(memory, "BOLO", ncm="19059020")
    earlier = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    another: dict[str, dict[str, Any]] = {
        "commission_rates": {"percent": Decimal128("3"), "set_at": earlier},
        "fiscal_products": {"ncm": "10000000", "version": 0},
    }
    for name, fields in another.items():
        [kept] = memory.documents(name)
        memory.collection(name).insert({**kept, "_id": "of before", "product": "Bolo", **fields})
    assert [percent_of(memory, code) for code in ("BOLO", "Bolo", "bolo")] == [Decimal(5), Decimal(3), Decimal(5)]
    assert [ncm_of(memory, code) for code in ("BOLO", "Bolo", "bolo")] == ["19059020", "10000000", "19059020"]
    put_rate(memory, "bolo", "6")
    put_fiscal(memory, "bolo", ncm="20000000")
    assert [percent_of(memory, code) for code in ("BOLO", "Bolo", "bolo")] == [Decimal(6), Decimal(3), Decimal(6)]
    assert [ncm_of(memory, code) for code in ("BOLO", "Bolo", "bolo")] == ["20000000", "10000000", "20000000"]


@given(st.text(min_size=1, max_size=60))
def test_a_key_is_its_own_key_and_never_empty(code: str) -> None:
    key = product_key(code)
    assert key
    assert product_key(key) == key


def test_every_row_is_written_with_its_key(memory: Memory) -> None:
    put_rate(memory, "P 1", "5")
    put_fiscal(memory, "P 1")
    kept = [*memory.documents("commission_rates"), *memory.documents("fiscal_products")]
    assert [one[KEY] for one in kept] == ["p 1", "p 1"]
