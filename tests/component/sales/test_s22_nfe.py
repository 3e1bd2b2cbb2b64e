"""Row S22: an order asks for its NF-e; what it lacks is listed and completed; it is built, signed, sent, and authorised
once, whatever goes wrong on the way; or rejected with the authority's code; or cancelled.

The authority is tests/support/fakes/sefaz.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import fiscal, people, sales, sold
from tests.support.builders.fiscal import asked, paths, value, xml_of
from tests.support.fakes.sefaz import NFE
from tests.support.problems import refused
from tests.support.stack.system import Client, System


@pytest.fixture(scope="module")
def bare(system: System) -> Client:
    """Of a company that may issue, without a certificate."""
    client = sales.newcomer(system)
    fiscal.issuer(client, people.cnpj())
    return client


def test_a_customer_without_address_or_ibge_code_is_listed_and_not_an_error(bare: Client) -> None:
    nowhere = bare.register(f"Sem Endereço {people.unique_word()}", document=people.cpf())
    order = fiscal.placed(bare, nowhere)
    assert paths(bare.get(f"/v1/orders/{order['id']}/nfe-data")) == {"recipient.address"}
    unknown = {**fiscal.PLACE, "city": "Vila que o IBGE não conhece", "city_code": None, "district": ""}
    order = fiscal.placed(bare, fiscal.customer(bare, addresses=[unknown]))
    data = bare.get(f"/v1/orders/{order['id']}/nfe-data")
    assert paths(data) == {"recipient.address.city_code", "recipient.address.district"}
    assert all(one["complete_at"].startswith("PATCH /v1/persons/") for one in data["missing"])


def test_a_companys_registration_decides_whether_it_is_a_contributor(bare: Client) -> None:
    def indicator(**fields: Any) -> Any:
        person = fiscal.customer(bare, document=people.cnpj(), **fields)
        return bare.get(f"/v1/orders/{fiscal.placed(bare, person)['id']}/nfe-data")

    unsaid = indicator()
    assert (unsaid["recipient"]["indicator"], paths(unsaid)) == (None, {"recipient.state_registration"})
    assert indicator(state_registration="isento")["recipient"]["indicator"] == "9"
    registered = indicator(state_registration="110042490114", state_registration_state="SP")
    assert registered["recipient"]["indicator"] == "1"


def test_what_is_no_sale_of_goods_in_reais_is_refused(bare: Client) -> None:
    def ask(**fields: Any) -> Any:
        order = fiscal.placed(bare, fiscal.customer(bare), **fields)
        return order, bare.request("POST", f"/v1/orders/{order['id']}/nfe", json={})

    refused(ask(kind="purchase")[1], 409, "nfe_of_purchase")
    refused(ask(currency="USD")[1], 409, "nfe_currency_unsupported")
    refused(ask(items=[sold.item(kind="service")])[1], 409, "nfe_without_goods")
    order = fiscal.placed(bare, fiscal.customer(bare))
    bare.post(f"/v1/orders/{order['id']}/cancel", {"reason": "Desistiu."})
    refused(bare.request("POST", f"/v1/orders/{order['id']}/nfe", json={}), 409, "order_cancelled")
    refused(bare.request("POST", "/v1/orders/none/nfe", json={}), 404, "order_not_found")
    refused(bare.request("GET", "/v1/nfe/none"), 404, "nfe_not_found")


def test_other_regimes_and_wrong_settings_are_refused(system: System) -> None:
    client = sales.newcomer(system)
    fiscal.issuer(client, people.cnpj(), regime=3)
    order = fiscal.placed(client, fiscal.customer(client))
    problem = refused(client.request("POST", f"/v1/orders/{order['id']}/nfe", json={}), 409, "nfe_regime_unsupported")
    assert problem["params"]["regime"] == 3
    for wrong in ({"cnpj": "11222333000180"}, {"regime": 7}, {"series": 890}):
        refused(client.request("PATCH", "/v1/settings/fiscal", json=wrong), 422, "input_invalid")
    place = {**fiscal.PLACE, "state": "RJ"}
    refused(client.request("PATCH", "/v1/settings/fiscal", json={"address": place}), 422, "city_unknown")
    for wrong in ({"ncm": "123"}, {"cfop": "6102"}, {"csosn": "101"}, {"gtin": "7891000100104"}):
        body = {"code": "X", "description": "X", "fiscal": wrong}
        refused(client.request("POST", "/v1/products", json=body), 422, "input_invalid")


def test_an_order_may_ask_for_it_when_it_is_placed(bare: Client) -> None:
    person = fiscal.customer(bare)
    order = fiscal.placed(bare, person, nfe=True)
    assert order["nfe"]["state"] == "built"
    body = {"items": [sold.item()], "kind": "purchase", "nfe": True}
    refused(bare.request("POST", f"/v1/persons/{person['id']}/orders", json=body), 409, "nfe_of_purchase")
    assert bare.get(f"/v1/persons/{person['id']}/orders", params={"kind": "purchase"})["items"] == []
    assert bare.get(f"/v1/persons/{person['id']}/orders")["items"] == [order]


def test_what_was_never_sent_is_cancelled_here_and_names_its_unused_number(bare: Client) -> None:
    nfe = asked(bare)
    assert nfe["state"] == "built"
    refused(bare.request("DELETE", f"/v1/orders/{nfe['order_id']}"), 409, "order_invoiced")
    done = bare.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    assert (done["state"], done["number_unused"]) == ("cancelled", True)
    other = asked(bare)
    bare.post(f"/v1/orders/{other['order_id']}/cancel", {"reason": "Desistiu."})
    assert bare.get(f"/v1/nfe/{other['id']}")["state"] == "cancelled"
    refused(bare.request("POST", f"/v1/nfe/{other['id']}/submit"), 409, "nfe_cancelled")


def test_in_production_the_document_bears_the_customers_name(system: System) -> None:
    client = sales.newcomer(system)
    fiscal.issuer(client, people.cnpj(), environment="production")
    nfe = asked(client)
    document = xml_of(client, nfe)
    name = client.get(f"/v1/orders/{nfe['order_id']}/nfe-data")["recipient"]["name"]
    assert (value(document, "tpAmb"), document.findtext(f".//{{{NFE}}}dest/{{{NFE}}}xNome")) == ("1", name)


def test_what_a_quotes_nfe_would_lack_is_seen_and_completed_before_it_is_approved(bare: Client, bruno: Client) -> None:
    person = bare.register(f"Sem Endereço {people.unique_word()}", document=people.cpf())
    path = f"/v1/opportunities/{sold.opportunity(bare, person['id'])['id']}/quotes"
    fiscal.product(bare, "BOLO-3", unit=fiscal.UNIT, **fiscal.PRODUCT)
    quote = bare.post(path, {"items": [sold.item()], "nfe": True})
    seen = f"/v1/quotes/{quote['id']}/nfe-data"
    data = bare.get(seen)
    assert (data["order_id"], data["complete"], paths(data)) == (None, False, {"recipient.address"})
    bare.post(f"/v1/persons/{person['id']}/addresses", fiscal.PLACE)
    data = bare.get(seen)
    assert (data["complete"], data["total"]) == (True, quote["versions"][0]["basket"]["total"])
    order = sold.approve(bare, quote).json()["order_id"]
    of_order = bare.get(f"/v1/orders/{order}/nfe-data")
    assert (of_order["order_id"], of_order["items"], of_order["missing"]) == (order, data["items"], [])
    more = f"/v1/opportunities/{sold.opportunity(bare, person['id'])['id']}/quotes"
    dollars = bare.post(more, {"items": [sold.item()], "currency": "USD"})
    refused(bare.request("GET", f"/v1/quotes/{dollars['id']}/nfe-data"), 409, "nfe_currency_unsupported")
    service = bare.post(more, {"items": [sold.item(kind="service")]})
    refused(bare.request("GET", f"/v1/quotes/{service['id']}/nfe-data"), 409, "nfe_without_goods")
    refused(bruno.request("GET", seen), 404, "quote_not_found")


def test_a_quote_that_asks_for_the_nfe_makes_its_order_ask_for_it(bare: Client) -> None:
    person = fiscal.customer(bare)
    opportunity = sold.opportunity(bare, person["id"])
    path = f"/v1/opportunities/{opportunity['id']}/quotes"
    service = {"items": [sold.item(kind="service")], "nfe": True}
    refused(bare.request("POST", path, json=service), 409, "nfe_without_goods")
    fiscal.product(bare, "BOLO-3", unit=fiscal.UNIT, **fiscal.PRODUCT)
    quote = bare.post(path, {"items": [sold.item()], "nfe": True})
    assert quote["versions"][0]["nfe"] is True
    approved = sold.approve(bare, quote).json()
    assert bare.get(f"/v1/orders/{approved['order_id']}")["nfe"]["state"] == "built"
    assert [one["order_id"] for one in bare.get(f"/v1/persons/{person['id']}/nfe")["items"]] == [approved["order_id"]]
