"""Row S22: correction letters, voided numbers and contingency of NF-e, with the tax authority, whatever goes wrong.

The authority is tests/support/fakes/sefaz.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from tests.support.builders import documents, fiscal, people, sales
from tests.support.builders.fiscal import asked, settled
from tests.support.fakes.sefaz import NFE, Sefaz
from tests.support.pdf import text_of
from tests.support.problems import refused
from tests.support.stack.ports import wait_for
from tests.support.stack.system import Client, System

SEND, EVENT, VOID = "NFeAutorizacao4", "NFeRecepcaoEvento4", "NFeInutilizacao4"
TEXT = "Leia-se no endereço de entrega: Rua das Flores, número 12."
REASON = "Números pulados por engano no sistema."


@pytest.fixture(scope="module")
def seller(system: System) -> Client:
    return fiscal.certified(system)


@pytest.fixture
def nfe(seller: Client) -> dict[str, Any]:
    return fiscal.becomes(seller, asked(seller), "authorised")


@pytest.mark.parametrize("fault", ["", "deaf", "lost", "garbage", "108"])
def test_a_letter_is_registered_once_whatever_goes_wrong_on_the_way(
    seller: Client, sefaz: Sefaz, nfe: dict[str, Any], fault: str
) -> None:
    if fault:
        sefaz.next(EVENT, fault)
    path = f"/v1/nfe/{nfe['id']}/corrections"
    asked_for = seller.post(path, {"text": TEXT})
    assert (asked_for["number"], asked_for["state"]) == (1, "requested")
    done = settled(seller, path)
    assert (done["state"], done["said"]["code"], done["trouble"]) == ("registered", "135", "")
    assert [key for key in sefaz.letters if key[0] == nfe["key"]] == [(nfe["key"], "1")]
    answer = seller.request("GET", f"{path}/1/xml")
    document = etree.fromstring(answer.content)
    assert document.findtext(f".//{{{NFE}}}xCorrecao") == TEXT
    assert document.findtext(f".//{{{NFE}}}retEvento//{{{NFE}}}cStat") == "135"
    refused(seller.request("GET", f"{path}/2/xml"), 404, "correction_not_found")


def test_a_letter_that_the_authority_refuses_shows_its_words_and_frees_its_number(
    seller: Client, sefaz: Sefaz, nfe: dict[str, Any]
) -> None:
    sefaz.next(EVENT, "501")
    path = f"/v1/nfe/{nfe['id']}/corrections"
    seller.post(path, {"text": TEXT})
    assert settled(seller, path)["said"]["code"] == "501"
    assert seller.post(path, {"text": TEXT})["number"] == 1
    assert settled(seller, path)["state"] == "registered"
    for wrong in ({"text": "curto"}, {"text": "x" * 1001}, {}):
        refused(seller.request("POST", path, json=wrong), 422, "input_invalid")


def test_what_is_not_authorised_takes_no_letter(seller: Client, system: System, nfe: dict[str, Any]) -> None:
    stranger = sales.newcomer(system)
    refused(stranger.request("POST", f"/v1/nfe/{nfe['id']}/corrections", json={"text": TEXT}), 404, "nfe_not_found")
    refused(stranger.request("GET", f"/v1/nfe/{nfe['id']}/corrections"), 404, "nfe_not_found")
    seller.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    fiscal.becomes(seller, nfe, "cancelled")
    refused(seller.request("POST", f"/v1/nfe/{nfe['id']}/corrections", json={"text": TEXT}), 409, "nfe_not_authorised")


@pytest.mark.parametrize("fault", ["", "deaf", "html", "108"])
def test_numbers_that_were_skipped_are_voided_once(system: System, sefaz: Sefaz, fault: str) -> None:
    client, cnpj = sales.newcomer(system), people.cnpj()
    fiscal.issuer(client, cnpj, next_number=5)
    client.put("/v1/settings/fiscal-certificate", fiscal.file_of(cnpj))
    nfe = fiscal.becomes(client, asked(client), "authorised")
    assert nfe["number"] == 5
    if fault:
        sefaz.next(VOID, fault)
    body = {"first": 1, "last": 4, "reason": REASON}
    made = client.post("/v1/nfe-voidings", body)
    done = settled(client, f"/v1/nfe-voidings/{made['id']}", pick=True)
    assert (done["state"], done["said"]["code"] in ("102", "563")) == ("registered", True)
    refused(client.request("POST", "/v1/nfe-voidings", json=body), 409, "nfe_numbers_voided")
    refused(client.request("POST", "/v1/nfe-voidings", json={**body, "first": 5, "last": 5}), 409, "nfe_number_used")
    refused(client.request("POST", "/v1/nfe-voidings", json={**body, "last": 6}), 409, "nfe_number_untaken")
    assert [one["id"] for one in client.get("/v1/nfe-voidings")["items"]] == [made["id"]]


def test_a_cancelled_document_that_was_never_sent_has_its_number_voided(system: System) -> None:
    client, cnpj = sales.newcomer(system), people.cnpj()
    fiscal.issuer(client, cnpj)
    nfe = asked(client)
    client.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    body = {"first": 1, "last": 1, "reason": REASON}
    refused(client.request("POST", "/v1/nfe-voidings", json=body), 409, "certificate_missing")
    client.put("/v1/settings/fiscal-certificate", fiscal.file_of(cnpj))
    made = client.post("/v1/nfe-voidings", body)
    settled(client, f"/v1/nfe-voidings/{made['id']}", pick=True)
    shown = client.get(f"/v1/nfe/{nfe['id']}")
    assert (shown["number_unused"], shown["number_voided"]) == (False, True)


def test_in_contingency_documents_go_to_who_stands_in_and_back_again(system: System, sefaz: Sefaz) -> None:
    client, cnpj = sales.newcomer(system), people.cnpj()
    fiscal.issuer(client, cnpj)
    client.put("/v1/settings/fiscal-certificate", fiscal.file_of(cnpj))
    path, reason = "/v1/settings/fiscal/contingency", {"reason": "A SEFAZ de São Paulo não responde."}
    refused(client.request("DELETE", path), 409, "contingency_inactive")
    refused(client.request("PUT", path, json={"reason": "curto"}), 422, "input_invalid")
    entered = client.put(path, reason)["contingency"]
    assert (entered["reason"], entered["by"]["name"]) == (reason["reason"], client.session["user"]["name"])
    refused(client.request("PUT", path, json=reason), 409, "contingency_active")
    before = len(sefaz.stood_in)
    nfe = fiscal.becomes(client, asked(client), "authorised")
    assert (nfe["contingency"], nfe["key"][34], sefaz.stood_in[before:]) == (True, "6", [SEND])
    document = fiscal.xml_of(client, nfe)
    assert fiscal.value(document, "xJust") == reason["reason"]
    assert client.request("DELETE", path).ok
    later = fiscal.becomes(client, asked(client), "authorised")
    assert (later["contingency"], later["key"][34], sefaz.stood_in[before:]) == (False, "1", [SEND])
    client.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    fiscal.becomes(client, nfe, "cancelled")


def test_the_nfe_of_one_customer_are_listed(seller: Client, nfe: dict[str, Any]) -> None:
    path = f"/v1/persons/{nfe['person_id']}/nfe"
    assert [one["id"] for one in seller.get(path)["items"]] == [nfe["id"]]
    assert seller.get(path, params={"state": "cancelled"})["items"] == []
    refused(seller.request("GET", "/v1/persons/nobody/nfe"), 404, "person_not_found")


def test_an_authorised_document_goes_to_its_customer_with_its_danfe_and_again_when_asked_or_cancelled(
    system: System, seller: Client
) -> None:
    address = f"{people.unique_word()}@cliente.example".lower()
    person = fiscal.customer(seller, emails=[{"address": address}])
    order = fiscal.placed(seller, person)
    nfe = fiscal.becomes(seller, seller.post(f"/v1/orders/{order['id']}/nfe", {}), "authorised")

    def mails() -> list[Any]:
        return documents.mails(system, address)

    wait_for(lambda: len(mails()) == 1, 60, "the mail of the NF-e")
    [first] = mails()
    assert f"NF-e nº {nfe['number']} emitida" in first["Subject"]
    assert nfe["key"] in first.get_body(("plain",)).get_content()
    files = {file.get_filename(): file.get_content() for file in first.iter_attachments()}
    assert files.keys() == {f"{nfe['key']}-procNFe.xml", f"{nfe['key']}-danfe.pdf"}
    assert nfe["key"] in text_of(files[f"{nfe['key']}-danfe.pdf"]).replace(" ", "")
    assert etree.fromstring(files[f"{nfe['key']}-procNFe.xml"]).tag == f"{{{NFE}}}nfeProc"
    sent = seller.post(f"/v1/nfe/{nfe['id']}/send", None)
    assert sent["recipients"] == [address]
    wait_for(lambda: len(mails()) == 2, 60, "the second mail")
    seller.post(f"/v1/nfe/{nfe['id']}/cancel", {"reason": fiscal.REASON})
    wait_for(lambda: any("cancelada" in mail["Subject"] for mail in mails()), 60, "the mail of the cancellation")


def test_a_document_is_not_sent_before_it_is_authorised_nor_without_an_address(
    seller: Client, system: System, nfe: dict[str, Any]
) -> None:
    refused(seller.request("POST", f"/v1/nfe/{nfe['id']}/send"), 409, "person_email_missing")
    bare = sales.newcomer(system)
    fiscal.issuer(bare, people.cnpj())
    refused(bare.request("POST", f"/v1/nfe/{asked(bare)['id']}/send"), 409, "nfe_not_authorised")
