"""The adapter to the tax authority against the stand-in: real SOAP over HTTP and TLS, real signatures; no bus."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from services.chassis.errors import Conflict, Invalid
from services.sales.fiscal.certificate import Certificate, Safe
from services.sales.fiscal.model import STATE_CODES, Contingency
from services.sales.nfe.authority import document, endpoints, schemas
from services.sales.nfe.authority.client import Authority
from services.sales.nfe.authority.signing import signed
from services.sales.nfe.authority.soap import Unreachable, tls_of
from services.sales.nfe.model.key import access_key, check_digit, contingency_emission
from services.sales.nfe.model.parts import goods_of
from services.sales.shared.who import Who
from tests.support.builders import fiscal
from tests.support.builders.nfe_records import BUYER, ISSUER, NOW, PLACE, PRODUCT, draft_of, order_item, order_of
from tests.support.fakes.sefaz import Sefaz, signature_is_right

REASON = "Desfeita: <acordo> & troca"


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return Certificate.read(fiscal.pkcs12_of(ISSUER.cnpj), fiscal.PASSWORD)


@pytest.fixture
def sefaz() -> Iterator[Sefaz]:
    running = Sefaz()
    yield running
    running.close()


def authority(sefaz: Sefaz, tls: ssl.SSLContext | None = None, seconds: float = 2) -> Authority:
    return Authority("SP", "homologation", sefaz.url, seconds, tls)


def built(number: int = 1) -> tuple[str, str]:
    draft = draft_of(
        ISSUER, BUYER, goods_of(order_of([order_item(description="Pão & <bolo>")]), {"BOLO": PRODUCT}), number
    )
    return draft.key, document.xml_of(draft)


def test_a_signed_document_fits_the_schema_and_other_code_than_ours_verifies_it(certificate: Certificate) -> None:
    xml = signed(built()[1], certificate)
    assert schemas.faults(xml) == []
    assert signature_is_right(etree.fromstring(xml))
    assert not signature_is_right(etree.fromstring(xml.replace("<vNF>10.00", "<vNF>10.01")))


LETTER = "Leia-se no endereço de entrega: <Rua das Flores> & número 12."


def test_a_correction_letter_fits_its_schema_is_registered_once_and_known_by_its_number(
    sefaz: Sefaz, certificate: Certificate
) -> None:
    key, xml = built()
    asked = authority(sefaz)
    asked.authorise(key, signed(xml, certificate))
    assert asked.find_letter(key, 1) is None
    event = signed(asked.correction(key, ISSUER.cnpj, 1, LETTER, NOW), certificate)
    assert schemas.faults(event, "CCe_v1.00") == []
    answer = asked.register(key, event)
    assert (answer.code, len(answer.protocol)) == ("135", 15)
    assert asked.register(key, event).code == "573"
    known = asked.find_letter(key, 1)
    assert known is not None
    assert (known.code, known.protocol) == ("135", answer.protocol)
    assert asked.find_letter(key, 2) is None
    assert asked.consult(key).code == "100"


@pytest.mark.parametrize("number", [1, 9, 10, 20])
def test_every_number_of_a_letter_fits_the_schema(number: int, certificate: Certificate) -> None:
    event = Authority("SP", "homologation").correction(built()[0], ISSUER.cnpj, number, "x" * 1000, NOW)
    assert schemas.faults(signed(event, certificate), "CCe_v1.00") == []


def test_voided_numbers_fit_their_schema_and_are_declared_once(sefaz: Sefaz, certificate: Certificate) -> None:
    asked = authority(sefaz)
    message = signed(asked.voiding(2026, ISSUER.cnpj, 1, 7, 9, REASON), certificate)
    assert schemas.faults(message, "inutNFe_v4.00") == []
    assert (asked.void(message).code, asked.void(message).code) == ("102", "563")
    key, xml = built(12)
    asked.authorise(key, signed(xml, certificate))
    assert asked.void(signed(asked.voiding(2026, ISSUER.cnpj, 1, 10, 12, REASON), certificate)).code == "241"


@pytest.mark.parametrize("state", [*STATE_CODES])
def test_a_document_of_contingency_fits_the_schema_and_goes_to_who_stands_in(
    state: str, sefaz: Sefaz, certificate: Certificate
) -> None:
    place = replace(PLACE, state=state, city_code=f"{STATE_CODES[state]}00001")
    entered = Contingency("A SEFAZ do estado não responde.", NOW, Who("u1", "Ana"))
    issuer = replace(ISSUER, address=place, contingency=entered)
    lines = goods_of(order_of([order_item()]), {"BOLO": PRODUCT})
    emission = contingency_emission(state)
    draft = replace(draft_of(issuer, BUYER, lines, 3), emission=emission)
    draft = replace(draft, key=access_key(state, NOW.date(), issuer.cnpj, 1, 3, "12345679", emission))
    xml = document.xml_of(draft)
    assert schemas.faults_of_unsigned(xml) == []
    assert f"<tpEmis>{emission}</tpEmis>" in xml
    assert "<dhCont>" in xml
    own = endpoints.address_of(endpoints.AUTHORISE, state, "production", "")
    other = endpoints.address_of(endpoints.AUTHORISE, state, "production", "", emission)
    assert ("svrs" in other) is (emission == "7")
    if state in endpoints.OWN:
        assert own != other
    asked = replace(authority(sefaz), state=state, emission=emission)
    assert asked.authorise(draft.key, signed(xml, certificate)).code == "100"
    assert sefaz.stood_in == ["NFeAutorizacao4"]


def test_an_answer_is_read_whole_and_a_second_sending_is_a_duplicate(sefaz: Sefaz, certificate: Certificate) -> None:
    key, xml = built()
    document_sent = signed(xml, certificate)
    answer = authority(sefaz).authorise(key, document_sent)
    assert (answer.code, answer.key, len(answer.protocol)) == ("100", key, 15)
    process = f'<nfeProc xmlns="{document.NAMESPACE}" versao="4.00">{document_sent}{answer.xml}</nfeProc>'
    assert schemas.faults(process, "procNFe_v4.00") == []
    assert authority(sefaz).authorise(key, document_sent).code == "204"
    assert authority(sefaz).consult(key).protocol == answer.protocol
    unknown = key[:25] + "000000077" + key[34:43]
    assert authority(sefaz).consult(unknown + check_digit(unknown)).code == "217"


def test_what_is_wrong_is_rejected_with_the_authoritys_code(sefaz: Sefaz, certificate: Certificate) -> None:
    key, xml = built()
    right = signed(xml, certificate)
    assert authority(sefaz).authorise(key, right.replace("<vNF>10.00", "<vNF>11.00")).code == "297"
    assert authority(sefaz).authorise(key, right.replace("<NCM>19059090", "<NCM>1905")).code == "225"
    assert authority(sefaz).authorise(key, right).code == "100"
    again = xml.replace(key, other := key[:35] + "12312312" + check_digit(key[:35] + "12312312"))
    again = again.replace(f"<cNF>{key[35:43]}", "<cNF>12312312").replace(f"<cDV>{key[43]}", f"<cDV>{other[43]}")
    assert authority(sefaz).authorise(other, signed(again, certificate)).code == "539"


def test_a_cancellation_is_an_event_of_the_official_schema_and_is_known_afterwards(
    sefaz: Sefaz, certificate: Certificate
) -> None:
    key, xml = built()
    asking = authority(sefaz)
    protocol = asking.authorise(key, signed(xml, certificate)).protocol
    event = signed(asking.cancellation(key, ISSUER.cnpj, protocol, REASON, NOW), certificate)
    answer = asking.register(key, event)
    assert (answer.code, answer.protocol != "", "retEvento" in answer.xml) == ("135", True, True)
    assert asking.register(key, event).code == "573"
    assert asking.consult(key).code == "101"


@pytest.mark.parametrize("fault", ["lost", "deaf", "garbage", "html", "fault"])
def test_what_cannot_be_understood_is_no_answer(sefaz: Sefaz, certificate: Certificate, fault: str) -> None:
    key, xml = built()
    sefaz.next("NFeAutorizacao4", fault)
    with pytest.raises(Unreachable):
        authority(sefaz, seconds=0.3).authorise(key, signed(xml, certificate))


def test_an_answer_about_another_document_is_no_answer(sefaz: Sefaz, certificate: Certificate) -> None:
    key, xml = built()
    with pytest.raises(Unreachable):
        authority(sefaz).authorise("0" * 44, signed(xml, certificate))
    assert key in sefaz.authorised


def test_nobody_there_is_no_answer(sefaz: Sefaz) -> None:
    sefaz.close()
    with pytest.raises(Unreachable):
        authority(sefaz).consult("0" * 44)


def test_over_tls_both_sides_show_a_certificate(tmp_path: Path, certificate: Certificate) -> None:
    server, ca_file = _server_tls(tmp_path, certificate)
    running = Sefaz(tls=server)
    try:
        key, xml = built()
        assert (
            authority(running, tls_of(certificate, str(ca_file))).authorise(key, signed(xml, certificate)).code == "100"
        )
        stranger = Certificate.read(fiscal.pkcs12_of(ISSUER.cnpj), fiscal.PASSWORD)
        for tls in (tls_of(stranger, str(ca_file)), tls_of(certificate, None)):
            with pytest.raises(Unreachable):
                authority(running, tls).consult(key)
    finally:
        running.close()


def test_every_state_has_an_address_for_every_operation_in_both_environments() -> None:
    operations = (endpoints.AUTHORISE, endpoints.COLLECT, endpoints.CONSULT, endpoints.EVENT)
    for environment in ("homologation", "production"):
        for state in STATE_CODES:
            found = [endpoints.address_of(operation, state, environment, "") for operation in operations]
            assert all(address.startswith("https://") for address in found)
            assert len(set(found)) == len(found)


def test_a_certificate_is_read_only_with_its_password_and_kept_only_for_its_company() -> None:
    file = fiscal.pkcs12_of(ISSUER.cnpj)
    with pytest.raises(Invalid, match="certificate_unreadable"):
        Certificate.read(file, "errada")
    sealed = Safe(["a" * 32]).seal("padaria", file, fiscal.PASSWORD)
    assert fiscal.PASSWORD not in sealed
    assert Safe(["b" * 32, "a" * 32]).unseal("padaria", sealed).cnpj == ISSUER.cnpj
    for safe, company in ((Safe(["b" * 32]), "padaria"), (Safe(["a" * 32]), "oficina"), (Safe([]), "padaria")):
        with pytest.raises(Conflict, match="certificate_unstorable"):
            safe.unseal(company, sealed)


def test_a_certificate_shows_nothing_of_its_key(certificate: Certificate) -> None:
    assert "key" not in repr(certificate)
    assert set(certificate.description()) == {"subject", "cnpj", "valid_from", "valid_until", "fingerprint"}


def _server_tls(folder: Path, client: Certificate) -> tuple[ssl.SSLContext, Path]:
    """A server that wants the client's certificate; and its own, as a file to trust."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sefaz")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, ca = serialization.Encoding.PEM, folder / "ca.pem"
    ca.write_bytes(made.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(private + made.public_bytes(pem))
    (folder / "client.pem").write_bytes(client.certificate.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "client.pem"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(folder / "server.pem")
    return context, ca
