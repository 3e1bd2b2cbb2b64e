"""Row S22: an order asks for its NF-e; what it lacks is listed and completed; it is built, signed, sent, and authorised
once, whatever goes wrong on the way; or rejected with the authority's code; or cancelled.

The authority is tests/support/fakes/sefaz.py.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from services.sales.nfe.authority import schemas
from tests.support.builders import fiscal, people, sales, sold
from tests.support.builders.fiscal import asked, paths, value, xml_of
from tests.support.fakes.sefaz import NFE, Sefaz, signature_is_right
from tests.support.pdf import text_of
from tests.support.problems import refused
from tests.support.stack.insisting import insisted
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

SEND, CONSULT, EVENT = "NFeAutorizacao4", "NFeConsultaProtocolo4", "NFeRecepcaoEvento4"


@pytest.fixture(scope="module")
def seller(system: System) -> Client:
    return fiscal.certified(system)


@pytest.fixture(scope="module")
def bare(system: System) -> Client:
    """Of a company that may issue, without a certificate."""
    client = sales.newcomer(system)
    fiscal.issuer(client, people.cnpj())
    return client


def complete(client: Client, cnpj: str, person: dict[str, Any], order: dict[str, Any]) -> None:
    """What the order's NF-e lacks, of the issuer, the product and the customer."""
    fiscal.issuer(client, cnpj)
    fiscal.product(client, "BOLO-3", unit=fiscal.UNIT, **fiscal.PRODUCT)
    client.patch(f"/v1/persons/{person['id']}", {"document": people.cpf()})
    client.post(f"/v1/persons/{person['id']}/addresses", fiscal.PLACE)
    wait_for(lambda: client.get(f"/v1/orders/{order['id']}/nfe-data")["complete"], what="nothing is missing")


def test_from_an_order_that_lacks_everything_to_an_authorised_document(system: System, sefaz: Sefaz) -> None:
    client, cnpj = sales.newcomer(system), people.cnpj()
    person = client.register(f"Compradora {people.unique_word()}")
    order = client.post(f"/v1/persons/{person['id']}/orders", sold.offer("150.00"))
    data = client.get(f"/v1/orders/{order['id']}/nfe-data")
    assert not data["complete"]
    expected = {
        *(f"issuer.{name}" for name in ("cnpj", "regime", "series", "next_number", "address.city_code")),
        *("recipient.document", "recipient.address"),
        *(f"items[0].{name}" for name in ("ncm", "cfop", "unit", "origin", "csosn")),
    }
    assert expected <= paths(data)
    assert all(one["text"] and one["complete_at"] for one in data["missing"])
    nfe = client.post(f"/v1/orders/{order['id']}/nfe", {})
    assert (nfe["state"], nfe["number"]) == ("incomplete", None)
    assert paths(nfe) == paths(data)

    complete(client, cnpj, person, order)
    nfe = client.post(f"/v1/nfe/{nfe['id']}/submit", None)
    assert (nfe["state"], nfe["number"], nfe["handed_over"]) == ("built", 1, False)
    assert len(nfe["key"]) == 44

    client.put("/v1/settings/fiscal-certificate", fiscal.file_of(cnpj))
    client.post(f"/v1/nfe/{nfe['id']}/submit", None)
    nfe = fiscal.becomes(client, nfe, "authorised")
    assert (nfe["number"], nfe["said"]["code"]) == (1, "100")
    assert nfe["authorisation"]["protocol"]
    shown = client.get(f"/v1/orders/{order['id']}")["nfe"]
    assert shown == {name: nfe[name] for name in ("id", "state", "series", "number", "key")}
    refused(client.request("POST", f"/v1/nfe/{nfe['id']}/submit"), 409, "nfe_authorised")
    refused(client.request("POST", f"/v1/orders/{order['id']}/nfe", json={}), 409, "nfe_exists")
    document = xml_of(client, nfe)
    assert not schemas.faults(etree.tostring(document, encoding="unicode"), "procNFe_v4.00")
    assert signature_is_right(document[0])
    assert (value(document, "vNF"), value(document, "tpAmb"), value(document, "nProt")) == (
        order["basket"]["total"], "2", nfe["authorisation"]["protocol"],
    )  # fmt: skip
    assert nfe["key"] in sefaz.authorised


def test_to_another_state_the_other_cfop_is_asked_for_and_used(seller: Client) -> None:
    place = {**fiscal.PLACE, "city": "Curitiba", "city_code": "4106902", "state": "PR"}
    product = people.unique_word()
    fiscal.product(seller, product, unit="UN", **{k: v for k, v in fiscal.PRODUCT.items() if k[:4] != "cfop"})
    person = fiscal.customer(seller, addresses=[place])
    order = seller.post(f"/v1/persons/{person['id']}/orders", {"items": [sold.item(code=product)]})
    assert paths(seller.get(f"/v1/orders/{order['id']}/nfe-data")) == {"items[0].cfop_interstate"}
    fiscal.product(seller, product, cfop_interstate="6108")
    nfe = fiscal.becomes(seller, seller.post(f"/v1/orders/{order['id']}/nfe", {}), "authorised")
    document = xml_of(seller, nfe)
    assert (value(document, "CFOP"), value(document, "idDest"), value(document, "indFinal")) == ("6108", "2", "1")


def test_discounts_and_services_leave_a_total_to_the_cent(seller: Client) -> None:
    items = [
        sold.item("33.33", quantity="3", discount={"percent": "10"}),
        sold.item("0.07", quantity="1.5"),
        sold.item("200.00", code="INSTALACAO", kind="service"),
    ]
    nfe = fiscal.becomes(seller, asked(seller, items=items, discount={"amount": "10.01"}), "authorised")
    order = seller.get(f"/v1/orders/{nfe['order_id']}")
    lines = seller.get(f"/v1/orders/{nfe['order_id']}/nfe-data")["items"]
    assert [line["index"] for line in lines] == [0, 1]
    document = xml_of(seller, nfe)
    total = Decimal(value(document, "vNF"))
    assert total == sum(Decimal(line["net"]) for line in lines) == Decimal(nfe["total"])
    assert total < Decimal(order["basket"]["total"])
    gross, discount = (sum(Decimal(line[name]) for line in lines) for name in ("gross", "discount"))
    assert (gross, gross - discount) == (Decimal(document.findtext(f".//{{{NFE}}}ICMSTot/{{{NFE}}}vProd")), total)


def test_a_rejected_document_says_why_and_keeps_its_number_when_it_is_sent_again(
    seller: Client, sefaz: Sefaz
) -> None:  # fmt: skip
    sefaz.next(SEND, "778")
    nfe = fiscal.becomes(seller, asked(seller), "rejected")
    assert nfe["said"]["code"] == "778"
    assert "NCM" in nfe["said"]["text"]
    assert nfe["id"] in [one["id"] for one in seller.get("/v1/nfe", params={"state": "rejected"})["items"]]
    fiscal.product(seller, "BOLO-3", ncm="19059020")
    again = seller.post(f"/v1/nfe/{nfe['id']}/submit", None)
    assert (again["number"], again["key"]) == (nfe["number"], nfe["key"])
    done = fiscal.becomes(seller, nfe, "authorised")
    assert value(xml_of(seller, done), "NCM") == "19059020"


def test_a_denied_document_is_not_sent_again(seller: Client, sefaz: Sefaz) -> None:
    sefaz.next(SEND, "301")
    nfe = fiscal.becomes(seller, asked(seller), "rejected")
    refused(seller.request("POST", f"/v1/nfe/{nfe['id']}/submit"), 409, "nfe_denied")


def test_a_number_that_another_document_has_is_rejected_with_code_539(system: System, sefaz: Sefaz) -> None:
    one, other, cnpj = sales.newcomer(system), sales.newcomer(system), people.cnpj()
    for client in (one, other):  # two installations of one company, as it were
        fiscal.issuer(client, cnpj, next_number=700)
        client.put("/v1/settings/fiscal-certificate", fiscal.file_of(cnpj))
    fiscal.becomes(one, asked(one), "authorised")
    nfe = fiscal.becomes(other, asked(other), "rejected")
    assert nfe["said"]["code"] == "539"


@pytest.mark.parametrize("fault", ["lost", "garbage", "html", "fault", "108", "204"])
def test_while_the_authority_is_not_to_be_understood_it_is_asked_again(
    seller: Client, sefaz: Sefaz, fault: str
) -> None:
    sefaz.next(SEND, fault)
    sefaz.next(CONSULT, *100 * ["108"])
    nfe = asked(seller)
    wait_for(lambda: seller.get(f"/v1/nfe/{nfe['id']}")["trouble"], what="the trouble is shown")
    assert seller.get(f"/v1/nfe/{nfe['id']}")["state"] == "sent"
    refused(seller.request("POST", f"/v1/nfe/{nfe['id']}/submit"), 409, "nfe_in_transit")
    refused(seller.request("POST", f"/v1/orders/{nfe['order_id']}/cancel", json={"reason": "x"}), 409, "order_invoiced")
    sefaz.mend()
    done = fiscal.becomes(seller, nfe, "authorised")
    assert done["trouble"] == ""


def test_a_batch_that_is_only_received_is_collected_by_its_receipt(seller: Client, sefaz: Sefaz) -> None:
    sefaz.next(SEND, "later")
    before = sefaz.count("NFeRetAutorizacao4")
    fiscal.becomes(seller, asked(seller), "authorised")
    assert sefaz.count("NFeRetAutorizacao4") == before + 2


def test_an_answer_that_never_came_is_asked_for_by_key_and_nothing_is_sent_twice(
    seller: Client, sefaz: Sefaz
) -> None:  # fmt: skip
    before, known = sefaz.count(SEND), len(sefaz.authorised)
    sefaz.next(SEND, "deaf")
    fiscal.becomes(seller, asked(seller), "authorised")
    assert (sefaz.count(SEND), len(sefaz.authorised)) == (before + 1, known + 1)


def test_sent_again_because_the_authority_did_not_know_it_yet_it_is_authorised_once(
    seller: Client, sefaz: Sefaz
) -> None:  # fmt: skip
    before, known = sefaz.count(SEND), len(sefaz.authorised)
    sefaz.next(SEND, "deaf")
    sefaz.next(CONSULT, "217")
    done = fiscal.becomes(seller, asked(seller), "authorised")
    assert (sefaz.count(SEND), len(sefaz.authorised), done["said"]["code"]) == (before + 2, known + 1, "100")


def test_an_authorised_document_is_cancelled_by_the_authority_and_then_its_order_may_be(
    seller: Client, sefaz: Sefaz
) -> None:
    nfe = fiscal.becomes(seller, asked(seller), "authorised")
    cancel, order = f"/v1/nfe/{nfe['id']}/cancel", f"/v1/orders/{nfe['order_id']}"
    refused(seller.request("POST", cancel, json={"reason": "curta"}), 422, "input_invalid")
    refused(seller.request("POST", f"{order}/cancel", json={"reason": "x"}), 409, "order_invoiced")
    refused(seller.request("DELETE", order), 409, "order_invoiced")
    seller.post(cancel, {"reason": fiscal.REASON})
    done = fiscal.becomes(seller, nfe, "cancelled")
    assert (done["said"]["code"], done["number_unused"], nfe["key"] in sefaz.cancelled) == ("135", False, True)
    refused(seller.request("POST", cancel, json={"reason": fiscal.REASON}), 409, "nfe_cancelled")
    again = seller.post(f"{order}/nfe", {})
    assert (again["attempt"], again["number"] > nfe["number"]) == (2, True)
    fiscal.becomes(seller, again, "authorised")
    seller.post(f"/v1/nfe/{again['id']}/cancel", {"reason": fiscal.REASON})
    fiscal.becomes(seller, again, "cancelled")
    seller.post(f"{order}/cancel", {"reason": "Desfeita."})


def danfe(client: Client, nfe: dict[str, Any]) -> str:
    """Its text, without white space."""
    answer = client.request("GET", f"/v1/nfe/{nfe['id']}/danfe")
    assert answer.ok, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"{nfe['key']}-danfe.pdf" in answer.headers["Content-Disposition"]
    return "".join(text_of(answer.content).split())


def test_it_is_printed_for_the_goods_once_authorised_and_says_so_when_cancelled(seller: Client, bare: Client) -> None:
    items = [sold.item("7.50", code="BOLO-3", description=f"Bolo nº {number} à moda") for number in range(80)]
    nfe = fiscal.becomes(seller, asked(seller, items=items), "authorised")
    shown = danfe(seller, nfe)
    for expected in (
        nfe["key"], nfe["authorisation"]["protocol"], "PadariaModeloLtda.", "AMBIENTEDEHOMOLOGACAO", "Bolonº0àmoda",
        "Bolonº79àmoda", "600,00", "19059090", "SEMVALORFISCAL",
    ):  # fmt: skip
        assert expected in shown, expected
    assert "CANCELAD" not in shown
    seller.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    fiscal.becomes(seller, nfe, "cancelled")
    assert "CANCELAD" in danfe(seller, nfe)

    built = asked(bare)
    refused(bare.request("GET", f"/v1/nfe/{built['id']}/danfe"), 409, "nfe_not_authorised")
    bare.post(f"/v1/nfe/{built['id']}/cancel", {"reason": fiscal.REASON})
    refused(bare.request("GET", f"/v1/nfe/{built['id']}/danfe"), 409, "nfe_not_authorised")


def test_a_refused_cancellation_leaves_it_authorised_and_says_why(seller: Client, sefaz: Sefaz) -> None:
    nfe = fiscal.becomes(seller, asked(seller), "authorised")
    sefaz.next(EVENT, "501")
    seller.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    wait_for(lambda: seller.get(f"/v1/nfe/{nfe['id']}")["cancellation"]["refusal"], what="the refusal")
    found = seller.get(f"/v1/nfe/{nfe['id']}")
    assert (found["state"], found["cancellation"]["refusal"]["code"]) == ("authorised", "501")


def test_a_cancellation_whose_answer_never_came_is_asked_for_and_not_repeated(
    seller: Client, sefaz: Sefaz
) -> None:  # fmt: skip
    nfe = fiscal.becomes(seller, asked(seller), "authorised")
    before = sefaz.count(EVENT)
    sefaz.next(EVENT, "deaf")
    seller.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    done = fiscal.becomes(seller, nfe, "cancelled")
    assert (done["said"]["code"], sefaz.count(EVENT)) == ("101", before + 1)


def test_who_ask_at_once_get_one_document_and_other_orders_get_numbers_without_gaps(system: System) -> None:
    client = sales.newcomer(system)
    fiscal.issuer(client, people.cnpj(), series=7, next_number=41)
    person = fiscal.customer(client)
    order = fiscal.placed(client, person)
    answers = fiscal.at_once(16, lambda _: insisted(client, f"/v1/orders/{order['id']}/nfe", {}))
    codes = sorted(answer.status_code for answer in answers)
    assert codes.count(201) == 1
    assert all(answer.json()["code"] in ("nfe_exists", "version_changed") for answer in answers if not answer.ok)
    orders = [fiscal.placed(client, person) for _ in range(12)]
    fiscal.at_once(12, lambda n: insisted(client, f"/v1/orders/{orders[n]['id']}/nfe", {}))
    numbers = sorted(one["number"] for one in client.get("/v1/nfe", params={"limit": 100})["items"])
    assert numbers == list(range(41, 54))
    used = client.request("PATCH", "/v1/settings/fiscal", json={"next_number": 50})
    assert refused(used, 409, "nfe_number_used")["params"]["last_number"] == 53
    assert client.patch("/v1/settings/fiscal", {"next_number": 100})["next_number"] == 100


def test_a_certificate_is_kept_encrypted_and_never_told(system: System, bare: Client) -> None:
    cnpj = bare.get("/v1/settings/fiscal")["cnpj"]
    path = "/v1/settings/fiscal-certificate"
    assert bare.get(path) == {"present": False, "version": 0}
    for wrong, code in (
        ({"pkcs12": "não é base64", "password": "x"}, "certificate_unreadable"),
        ({**fiscal.file_of(cnpj), "password": "errada"}, "certificate_unreadable"),
        (fiscal.file_of(cnpj, days=-1), "certificate_expired"),
        (fiscal.file_of(people.cnpj()), "certificate_of_another_company"),
    ):
        refused(bare.request("PUT", path, json=wrong), 422, code)
    body = fiscal.file_of(cnpj)
    told = bare.put(path, body)
    assert set(told) == {"present", "subject", "cnpj", "valid_from", "valid_until", "fingerprint", "version"}
    assert told == bare.get(path)
    kept = str(list(system.mongo("sales")["fiscal_settings"].find()))
    everything = kept + str(list(system.mongo("sales")["idempotency"].find())) + system.processes["sales"].log_text()
    assert fiscal.PASSWORD not in everything
    assert body["pkcs12"][:40] not in everything
    assert bare.delete(path) == {"present": False, "version": 0}


def test_an_erased_person_keeps_only_the_documents_that_were_issued(system: System, seller: Client) -> None:
    person = fiscal.customer(seller)
    first, second = (fiscal.placed(seller, person) for _ in range(2))
    issued = fiscal.becomes(seller, seller.post(f"/v1/orders/{first['id']}/nfe", {}), "authorised")
    certificate = seller.delete("/v1/settings/fiscal-certificate")
    assert certificate == {"present": False, "version": 0}
    draft = seller.post(f"/v1/orders/{second['id']}/nfe", {})
    cnpj = seller.get("/v1/settings/fiscal")["cnpj"]
    seller.put("/v1/settings/fiscal-certificate", fiscal.file_of(cnpj))
    seller.post(f"/v1/persons/{person['id']}/erasure", {"reason": "Pedido", "legal_request": "Protocolo 9"})
    wait_for(lambda: seller.get(f"/v1/persons/{person['id']}/erasure")["state"] == "done", 60, "the erasure")
    assert value(xml_of(seller, issued), "CPF") == person["document"]
    assert seller.get(f"/v1/nfe/{draft['id']}")["state"] == "cancelled"
    refused(seller.request("GET", f"/v1/nfe/{draft['id']}/xml"), 409, "nfe_not_built")
    copy = system.mongo("sales")["persons"].find_one({"_id": person["id"]})
    assert not {"document", "address", "phone"} & set(copy)
    refused(seller.request("GET", f"/v1/orders/{second['id']}/nfe-data"), 409, "person_erased")


def test_who_may_only_look_neither_asks_nor_cancels_nor_configures(system: System, seller: Client) -> None:
    code = seller.get("/v1/company")["code"]
    viewer = sales.newcomer(system, "viewer", code)
    nfe = asked(seller)
    assert viewer.get(f"/v1/nfe/{nfe['id']}")["id"] == nfe["id"]
    for method, path, body in (
        ("POST", f"/v1/orders/{nfe['order_id']}/nfe", {}),
        ("POST", f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON}),
        ("PATCH", "/v1/settings/fiscal", {"series": 2}),
        ("PUT", "/v1/settings/fiscal-certificate", {"pkcs12": "x", "password": "x"}),
    ):
        refused(viewer.request(method, path, json=body), 403, "permission_missing")
