"""The rules of an NF-e: its key, its texts, what it lacks, its states; and its document against the official schema."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from services.chassis.errors import Conflict
from services.sales.fiscal.model import STATE_CODES, Place
from services.sales.nfe.authority import document, schemas
from services.sales.nfe.model.answers import Answer
from services.sales.nfe.model.key import check_digit, random_code
from services.sales.nfe.model.missing import missing_of
from services.sales.nfe.model.nfe import said_of
from services.sales.nfe.model.parts import FiscalProduct, Line, Recipient, goods_of, total_of
from services.sales.nfe.model.text import fitted, national_phone
from services.sales.orders.model import Order
from services.sales.products.fields import CSOSNS, ORIGINS
from services.sales.shared.items import Basket, Item
from tests.support.builders.nfe_records import (
    BUYER,
    ISSUER,
    NOW,
    PLACE,
    PRODUCT,
    draft_of,
    nfe_of,
    order_item,
    order_of,
)


def test_the_check_digit_is_that_of_published_keys() -> None:
    """Of nfelib's samples, which are real documents."""
    for key in ("26180875335849000115550010000016871192213331", "35180834128745000152550010000474281920007498",
                "35180834128745000152550010000474491454651420"):  # fmt: skip
        assert check_digit(key[:43]) == key[43]


@given(st.text("0123456789", min_size=43, max_size=43), st.integers(0, 42), st.integers(1, 9))
def test_the_check_digit_sees_one_wrong_digit_unless_both_give_zero(body: str, place: int, shift: int) -> None:
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    assert check_digit(body) != check_digit(wrong) or check_digit(body) == "0"


@given(st.uuids(), st.integers(1, 999_999_999))
def test_the_random_code_is_the_same_each_time_and_one_that_the_authority_takes(seed: Any, number: int) -> None:
    code = random_code(seed.hex, number)
    assert code == random_code(seed.hex, number)
    assert (len(code), code.isdigit(), int(code) != number, len(set(code)) > 1) == (8, True, True, True)


@given(st.text(), st.integers(1, 120))
def test_a_fitted_text_is_one_line_of_latin_signs_and_fitting_it_again_changes_nothing(text: str, limit: int) -> None:
    found = fitted(text, limit)
    assert len(found) <= limit
    assert all(" " <= char <= "ÿ" for char in found)
    assert fitted(found, limit) == found == found.strip()


@pytest.mark.parametrize(
    ("text", "found"),
    [("Ação – “já”…", 'Ação - "já"...'), ("Łódź\n\tX", "ódz X"), ("漢字", ""), ("a\u00a0\u200bb", "a b")],
)
def test_typography_becomes_what_the_layout_has(text: str, found: str) -> None:
    assert fitted(text, 60) == found


def test_a_phone_is_national_and_of_a_length_that_fits() -> None:
    assert [national_phone(p) for p in ("+5511987654321", "+351211234567", "+55", None)] == [
        "11987654321", "351211234567", "", "",
    ]  # fmt: skip


short = st.text("Aé1 ✨漢&", max_size=3)


def test_a_complete_document_lacks_nothing_and_each_lost_field_is_named_once() -> None:
    lines = goods_of(order_of([order_item()]), {"BOLO": PRODUCT})
    assert missing_of(ISSUER, True, BUYER, lines) == []
    lost = {
        "issuer.cnpj": (replace(ISSUER, cnpj=""), BUYER, PRODUCT),
        "issuer.address.postal_code": (replace(ISSUER, address=replace(PLACE, postal_code="")), BUYER, PRODUCT),
        "recipient.address": (ISSUER, replace(BUYER, address=None), PRODUCT),
        "recipient.address.city_code": (ISSUER, replace(BUYER, address=replace(PLACE, city_code="")), PRODUCT),
        "recipient.document": (ISSUER, replace(BUYER, document=""), PRODUCT),
        "issuer.name": (replace(ISSUER, name="A 漢"), BUYER, PRODUCT),
        "issuer.operation": (replace(ISSUER, operation="✨"), BUYER, PRODUCT),
        "issuer.state_registration": (replace(ISSUER, state_registration="1"), BUYER, PRODUCT),
        "recipient.name": (ISSUER, replace(BUYER, name="漢字"), PRODUCT),
        "recipient.state_registration": (ISSUER, replace(BUYER, document="11222333000181"), PRODUCT),
        "items[0].unit": (ISSUER, BUYER, replace(PRODUCT, unit="")),
    }
    for path, (issuer, buyer, product) in lost.items():
        found = missing_of(issuer, True, buyer, goods_of(order_of([order_item()]), {"BOLO": product}))
        assert [one.path for one in found] == [path]


@given(short, short, short, st.text("0123456789", max_size=3))
def test_texts_of_a_few_signs_are_missing_or_fit_the_official_schema(
    name: str, operation: str, buyers: str, registration: str
) -> None:
    issuer = replace(ISSUER, name=name, operation=operation, state_registration=registration)
    buyer = replace(BUYER, name=buyers)
    lines = goods_of(order_of([order_item()]), {"BOLO": PRODUCT})
    if not missing_of(issuer, True, buyer, lines):
        assert schemas.faults_of_unsigned(document.xml_of(draft_of(issuer, buyer, lines, 1))) == []


def test_what_does_not_fit_the_layout_is_named_and_not_cut() -> None:
    # from before totals were bounded
    line = Item(**order_item(quantity=Decimal(99999999999999), unit_price=Decimal(10)))
    huge = replace(order_of([order_item()]), basket=Basket((line,)))
    found = missing_of(ISSUER, True, BUYER, goods_of(huge, {"BOLO": PRODUCT}))
    assert {one.path for one in found} == {"items[0].total", "total"}
    nothing = goods_of(order_of([order_item(quantity=Decimal(0))]), {"BOLO": PRODUCT})
    assert [one.path for one in missing_of(ISSUER, True, BUYER, nothing)] == ["items[0].quantity"]


def test_a_sent_document_is_neither_built_again_nor_cancelled_until_it_is_answered() -> None:
    nfe = nfe_of()
    nfe.build("k", Decimal(1), NOW)
    nfe.hand_over()
    nfe.send()
    for act in (nfe.must_be_open, lambda: nfe.ask_cancellation("x" * 15, NOW, "Ana")):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "nfe_in_transit"
    nfe.reject(said_of(Answer("778", "NCM"), NOW))
    nfe.must_be_open()
    assert not nfe.ask_cancellation("x" * 15, NOW, "Ana")


def test_a_document_cancelled_before_it_was_sent_is_not_sent() -> None:
    nfe = nfe_of()
    nfe.take_number("homologation", 1, 5)
    nfe.build("k", Decimal(1), NOW)
    nfe.hand_over()
    assert not nfe.ask_cancellation("x" * 15, NOW, "Ana")
    assert nfe.number_unused
    with pytest.raises(Conflict):
        nfe.send()


latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF), min_size=1, max_size=140)
fitting = latin.filter(lambda text: len(fitted(text, 60)) > 1)
states = st.sampled_from(sorted(STATE_CODES))
money = st.decimals(0, 99_999, places=2)


@st.composite
def places(draw: Any) -> Place:
    state = draw(states)
    code = f"{STATE_CODES[state]}{draw(st.integers(0, 99_999)):05d}"
    postal_code = f"{draw(st.integers(0, 99_999_999)):08d}"
    return Place(draw(fitting), draw(latin), draw(latin), draw(fitting), draw(fitting), code, state, postal_code)


@st.composite
def recipients(draw: Any) -> Recipient:
    document = draw(st.sampled_from(["52998224725", "11222333000181", "12ABC34501DE35"]))
    registration = draw(st.sampled_from(["isento", "123456789"] + ([""] if len(document) == 11 else [])))
    return Recipient(
        "p1", draw(fitting), document, registration, draw(places()), draw(st.sampled_from(["", "+5511987654321"]))
    )


@st.composite
def items(draw: Any) -> dict[str, Any]:
    quantity = draw(st.decimals("0.0001", "9999", places=4))
    discount = draw(st.none() | st.builds(lambda p: {"percent": p}, st.decimals(0, 100, places=2)))
    return order_item(
        product=draw(fitting), description=draw(fitting), quantity=quantity, discount=discount,
        unit_price=draw(st.decimals(0, 9999, places=4)), kind=draw(st.sampled_from(["goods", "goods", "service"])),
    )  # fmt: skip


products = st.builds(
    lambda origin, csosn: replace(PRODUCT, origin=origin, csosn=csosn),
    st.sampled_from(ORIGINS),
    st.sampled_from(CSOSNS),
)


@given(places(), fitting, recipients(), st.lists(items(), min_size=1, max_size=6), products,
       st.decimals(0, 100, places=2), st.integers(1, 999_999_999))  # fmt: skip
def test_any_order_that_lacks_nothing_gives_a_document_of_the_official_schema_whose_totals_are_the_orders(
    place: Place,
    name: str,
    buyer: Recipient,
    sold: list[dict[str, Any]],
    product: FiscalProduct,
    off: Decimal,
    number: int,
) -> None:
    issuer = replace(ISSUER, address=place, name=name, trade_name=name)
    order = order_of([order_item(), *sold], {"percent": off})
    lines = goods_of(order, {one["product"]: replace(product, code=one["product"]) for one in [order_item(), *sold]})
    assert missing_of(issuer, True, buyer, lines) == []
    xml = document.xml_of(draft_of(issuer, buyer, lines, number))
    assert schemas.faults_of_unsigned(xml) == []
    _refuse_other_totals(etree.fromstring(xml), order, lines)


def _refuse_other_totals(found: Any, order: Order, lines: list[Line]) -> None:
    def sums(name: str) -> Decimal:
        return sum((Decimal(e.text) for e in found.findall(f".//{{*}}prod/{{*}}{name}")), Decimal(0))

    whole = {name: Decimal(found.findtext(f".//{{*}}ICMSTot/{{*}}{name}")) for name in ("vProd", "vDesc", "vNF")}
    assert (whole["vProd"], whole["vDesc"]) == (sums("vProd"), sums("vDesc"))
    assert whole["vNF"] == whole["vProd"] - whole["vDesc"] == total_of(lines)
    services = sum(n for i, n in zip(order.basket.items, order.basket.net, strict=True) if i.kind == "service")
    assert whole["vNF"] + services == order.basket.total
    assert Decimal(found.findtext(".//{*}detPag/{*}vPag")) == whole["vNF"]
