"""Rows S7, S11, S12, S17, S20, S22: what a contract, a service order, a marker, a quote and an NF-e refuse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from marshmallow import ValidationError

from services.chassis.errors import Failure
from services.sales.closing.surplus import one_currency
from services.sales.contracts.model import OPPORTUNITY, Contract
from services.sales.fiscal.certificate import Certificate
from services.sales.fiscal.fields import checked_cnpj, checked_registration
from services.sales.fiscal.model import FiscalSettings, Place
from services.sales.markers.model import MOST_MARKERS, Markers
from services.sales.nfe.building import refuse_second_nfe
from services.sales.nfe.model.parts import goods_of, refuse_unbillable
from services.sales.products.fields import checked_gtin
from services.sales.quotes.model import MOST_VERSIONS
from services.sales.service_orders.model import ServiceOrder
from services.sales.shared.items import Basket
from services.sales.templates.model import built_in, refuse_other_kind
from tests.support.builders.fiscal import PASSWORD, pkcs12_of
from tests.support.builders.nfe_records import nfe_of, order_item, order_of
from tests.support.builders.sales_records import NOW, TODAY, offer, quote

BASKET = Basket.of([order_item(recurring=True), order_item(unit_price=Decimal("5.00"))], None)
CNPJ = "11222333000181"


def refused(work: Callable[[], Any]) -> str:
    with pytest.raises(Failure) as refusal:
        work()
    return refusal.value.code


def contract(source: str) -> Contract:
    return Contract("c1", 1, "p1", source, "s1", BASKET, TODAY, NOW)


# Contracts.


def test_a_contract_is_suspended_resumed_and_stopped_for_good() -> None:
    made = contract("external")
    assert refused(lambda: made.resume(NOW, TODAY)) == "contract_not_suspended"
    made.suspend("Férias", NOW, TODAY)
    assert refused(lambda: made.suspend("Férias", NOW, TODAY)) == "contract_not_active"
    made.resume(NOW, TODAY)
    assert (made.status, made.status_reason, made.status_since) == ("active", "", NOW)
    made.stop("Fim", NOW, TODAY)
    assert refused(lambda: made.stop("Fim", NOW, TODAY)) == "contract_stopped"
    assert refused(lambda: made.suspend("Fim", NOW, TODAY)) == "contract_not_active"
    assert refused(lambda: made.resume(NOW, TODAY)) == "contract_not_suspended"
    assert refused(lambda: made.revise(BASKET, "fixed", "billed", TODAY, "BRL", 5, TODAY)) == "contract_stopped"


def test_only_what_recurs_of_an_opportunitys_sale_is_charged_each_month() -> None:
    assert str(contract(OPPORTUNITY).monthly) == "10.00"
    assert str(contract("external").monthly) == "15.00"


def test_the_sales_of_one_contract_have_one_currency() -> None:
    assert one_currency(["BRL", "BRL"]) == "BRL"
    assert refused(lambda: one_currency(["BRL", "USD"])) == "currencies_mixed"


# Service orders, markers, quotes, templates.


def test_a_service_order_ends_once() -> None:
    for end, *given in (("finish", TODAY, TODAY), ("cancel", "Desistiu")):
        made = ServiceOrder("s1", 1, "p1", "external", "x", "Instalação", BASKET, TODAY, NOW)
        getattr(made, str(end))(*given)
        assert refused(partial(made.finish, TODAY, TODAY)) == "service_order_not_open"
        assert refused(partial(made.cancel, "Erro")) == "service_order_not_open"


def test_a_company_has_its_number_of_markers_each_with_its_own_name() -> None:
    markers = Markers()
    for number in range(MOST_MARKERS):
        markers.add(f"m{number}", f"Marcador {number}", "#000000")
    assert refused(lambda: markers.add("new", "Novo", "#000000")) == "markers_full"
    markers.remove("m0")
    assert refused(lambda: markers.add("new", " marcador 1", "#000000")) == "marker_exists"
    assert refused(lambda: markers.change("m2", name="MARCADOR 1")) == "marker_exists"
    assert markers.change("m1", name="MARCADOR 1").name == "MARCADOR 1"
    assert refused(lambda: markers.get("m0")) == "marker_not_found"


def test_a_quote_has_its_number_of_versions() -> None:
    made = quote(*(offer(f"{price}.00") for price in range(1, MOST_VERSIONS + 1)))
    assert refused(lambda: made.offer(offer("1.00"), "u1", "Ana", NOW)) == "quote_versions_too_many"
    assert made.offer(made.current.offer, "u1", "Ana", NOW) is made.current, "the same again is none"


def test_versions_are_looked_at_by_their_numbers() -> None:
    made = quote(offer("1.00"), offer("2.00"))
    assert [made.version_numbered(number).number for number in (None, 1, 2)] == [2, 1, 2]
    for number in (0, 3, -1):
        assert refused(partial(made.version_numbered, number)) == "quote_version_not_found"


def test_a_version_is_sent_while_it_may_be_approved() -> None:
    made = quote(offer("1.00"), offer("2.00", valid_until=TODAY))
    assert made.version_to_send(2, TODAY).number == 2
    assert refused(lambda: made.version_to_send(1, TODAY)) == "quote_version_void"
    assert refused(lambda: made.version_to_send(2, TODAY + dt.timedelta(1))) == "quote_expired"
    made.reject(2, "Caro.", "Ana", NOW)
    assert refused(lambda: made.version_to_send(2, TODAY)) == "quote_rejected"


def test_a_template_is_used_for_its_own_kind_of_document() -> None:
    refuse_other_kind(built_in("quote"), "quote")
    assert refused(lambda: refuse_other_kind(built_in("quote"), "visit_sheet")) == "template_kind_wrong"


# NF-e.


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "cancelled"}, "order_cancelled"),
        ({"kind": "purchase"}, "nfe_of_purchase"),
        ({"currency": "USD"}, "nfe_currency_unsupported"),
    ],
)
def test_an_nfe_is_of_a_sale_that_stands_in_reais(fields: dict[str, Any], code: str) -> None:
    refuse_unbillable(order_of([order_item()]))
    assert refused(lambda: refuse_unbillable(replace(order_of([order_item()]), **fields))) == code


def test_an_nfe_is_of_goods() -> None:
    service = order_item(kind="service", product="INSTALACAO")
    assert [line.item.product for line in goods_of(order_of([service, order_item()]), {})] == ["BOLO"]
    assert refused(lambda: goods_of(order_of([service]), {})) == "nfe_without_goods"


def test_an_order_has_one_nfe_until_it_is_cancelled() -> None:
    refuse_second_nfe(None)
    refuse_second_nfe(nfe_of(status="cancelled"))
    assert refused(lambda: refuse_second_nfe(nfe_of(status="built"))) == "nfe_exists"


def test_the_city_of_the_issuer_is_in_its_state_and_its_taxes_are_of_the_simple_regime() -> None:
    there = {"city": "São Paulo", "city_code": "3550308", "state": "SP"}
    assert FiscalSettings().changed({"address": there}).address.city == "São Paulo"
    assert refused(lambda: FiscalSettings().changed({"address": {**there, "state": "PR"}})) == "city_unknown"
    kept = FiscalSettings(address=Place.of(there) or Place()).changed({"series": 2})
    assert (kept.address.city, kept.series) == ("São Paulo", 2)
    for regime in (None, 1):
        FiscalSettings(regime=regime).refuse_unsupported()
    assert refused(FiscalSettings(regime=3).refuse_unsupported) == "nfe_regime_unsupported"


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checked_cnpj, ["11222333000181", "11.222.333/0001-81"], ["11222333000182", "1122233300018", ""]),
        (checked_gtin, ["", "7891000315507"], ["7891000315508", "789100031550", "x"]),
        (checked_registration, ["", "110.042.490.114"], ["ISENTO", "1234567890123456", "12A"]),
    ],
)
def test_numbers_of_fiscal_data_are_checked(check: Callable[[str], None], right: list[str], wrong: list[str]) -> None:
    for value in right:
        check(value)
    for value in wrong:
        with pytest.raises(ValidationError):
            check(value)


def test_a_certificate_is_of_the_companys_root_and_within_its_time() -> None:
    now = dt.datetime.now(dt.UTC)
    file = pkcs12_of(CNPJ, days=10)
    found = Certificate.read(file, PASSWORD)
    found.refuse_unfit("11222333000262", now)  # a branch of the same company
    found.refuse_unfit("", now)
    assert refused(lambda: found.refuse_unfit("45997418000153", now)) == "certificate_of_another_company"
    for days in (11, -401):
        assert refused(partial(found.refuse_unfit, CNPJ, now + dt.timedelta(days))) == "certificate_expired"
    for data, password in ((b"x", PASSWORD), (file, "errada")):
        assert refused(partial(Certificate.read, data, password)) == "certificate_unreadable"
