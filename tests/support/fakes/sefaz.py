"""A local tax authority for tests: SOAP 1.2 over HTTP, the official schemas, real signatures, the authority's codes.

It keeps what it authorised by key, as the real one does, and refuses a number that another key has. Faults are asked
for by name, and used once each: see `Sefaz.next`. Run by hand: `python -m tests.support.fakes.sefaz 8099`, then start
the services with `VINCULO_NFE_URL=http://127.0.0.1:8099`.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import ssl
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lxml import etree
from signxml import (  # type: ignore[attr-defined, unused-ignore]
    DigestAlgorithm,
    SignatureConfiguration,
    SignatureMethod,
    VerifyResult,
    XMLVerifier,
)
from signxml.exceptions import InvalidDigest, InvalidInput, InvalidSignature

from services.sales.nfe.authority import schemas

NFE = "http://www.portalfiscal.inf.br/nfe"
WSDL = "http://www.portalfiscal.inf.br/nfe/wsdl"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
BRASILIA = dt.timezone(dt.timedelta(hours=-3))
SHA1 = SignatureConfiguration(
    location=".//",
    expect_references=1,
    signature_methods=frozenset([SignatureMethod.RSA_SHA1]),
    digest_algorithms=frozenset([DigestAlgorithm.SHA1]),
)
TEXTS = {
    "100": "Autorizado o uso da NF-e", "101": "Cancelamento de NF-e homologado",
    "102": "Inutilizacao de numero homologado", "103": "Lote recebido com sucesso",
    "104": "Lote processado", "105": "Lote em processamento", "106": "Lote nao localizado",
    "108": "Servico Paralisado Momentaneamente (curto prazo)", "128": "Lote de Evento Processado",
    "135": "Evento registrado e vinculado a NF-e", "204": "Duplicidade de NF-e", "213": "CNPJ-Base do Emitente difere",
    "215": "Falha no schema XML", "217": "NF-e nao consta na base de dados da SEFAZ",
    "225": "Falha no Schema XML do lote",
    "297": "Assinatura difere do calculado", "301": "Uso Denegado: Irregularidade fiscal do emitente",
    "501": "Pedido de Cancelamento intempestivo", "539": "Duplicidade de NF-e, com diferenca na Chave de Acesso",
    "241": "Um numero da faixa ja foi utilizado", "563": "Ja existe pedido de Inutilizacao com a mesma faixa",
    "573": "Duplicidade de Evento", "778": "Informado NCM inexistente",
}  # fmt: skip


class Sefaz:
    """`authorised`: protocol by key. `calls`: the operations asked, in order; `stood_in`: those asked of who stands in.
    `letters`: by key and number; `voided`: the ranges, by series."""

    def __init__(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.authorised: dict[str, str] = {}
        self.cancelled: dict[str, str] = {}
        self.letters: dict[tuple[str, str], str] = {}
        self.voided: list[tuple[str, int, int]] = []
        self.calls: list[str] = []
        self.stood_in: list[str] = []
        self.faults: list[tuple[str, str]] = []
        self._waiting: dict[str, tuple[str, int]] = {}
        self._held = threading.Event()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"sefaz": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if tls else "http"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._held.set()
        self._server.shutdown()
        self._server.server_close()

    def next(self, operation: str, *faults: str) -> None:
        """The next calls of an operation go wrong: a code (`778`) is its rejection; `deaf` does it and never answers;
        `lost` hears nothing; `garbage`, `fault`, `html` answer so; `later` takes the batch and answers by receipt."""
        self.faults += [(operation, fault) for fault in faults]

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self.faults.clear()

    def take_fault(self, operation: str) -> str:
        with self._lock:
            for index, (asked, fault) in enumerate(self.faults):
                if asked == operation:
                    del self.faults[index]
                    return fault
        return ""

    def count(self, operation: str) -> int:
        return self.calls.count(operation)

    def answer(self, operation: str, message: Any, fault: str) -> str:
        handlers: dict[str, Callable[[Any, str], str]] = {
            "NFeAutorizacao4": self._authorise,
            "NFeRetAutorizacao4": self._collect,
            "NFeConsultaProtocolo4": self._consult,
            "NFeRecepcaoEvento4": self._event,
            "NFeInutilizacao4": self._void,
        }
        with self._lock:
            return handlers[operation](message, fault)

    def _authorise(self, batch: Any, fault: str) -> str:
        if schemas.faults(etree.tostring(batch, encoding="unicode"), "enviNFe_v4.00"):
            return _batch("retEnviNFe", "225")
        document = batch.find(f"{{{NFE}}}NFe")
        key = document[0].get("Id")[3:]
        code = fault if fault.isdigit() else self._judged(document, key)
        if fault == "108":
            return _batch("retEnviNFe", "108")
        protocol = self._protocol(key, code)
        if code == "100":
            self.authorised[key] = protocol
        if fault == "later":
            receipt = f"35{len(self._waiting) + 1:013d}"
            self._waiting[receipt] = (protocol, 1)
            return _batch("retEnviNFe", "103", f"<infRec><nRec>{receipt}</nRec><tMed>1</tMed></infRec>")
        return _batch("retEnviNFe", "104", protocol)

    def _judged(self, document: Any, key: str) -> str:
        if not signature_is_right(document):
            return "297"
        if key in self.authorised:
            return "204"
        same_number = any(known[6:34] == key[6:34] and known[:2] == key[:2] for known in self.authorised)
        return "539" if same_number else "100"

    def _collect(self, asked: Any, fault: str) -> str:
        receipt = asked.findtext(f"{{{NFE}}}nRec")
        protocol, turns = self._waiting.get(receipt, ("", 0))
        if not protocol:
            return _batch("retConsReciNFe", "106")
        if turns:
            self._waiting[receipt] = (protocol, turns - 1)
            return _batch("retConsReciNFe", "105", receipt=receipt)
        return _batch("retConsReciNFe", "104", protocol, receipt=receipt)

    def _consult(self, asked: Any, fault: str) -> str:
        key = asked.findtext(f"{{{NFE}}}chNFe")
        if fault.isdigit():
            return _situation(fault, key)
        if key in self.cancelled:
            return _situation("101", key, self.authorised[key], self.cancelled[key])
        events = "".join(event for (of, _), event in self.letters.items() if of == key)
        known = key in self.authorised
        return _situation("100", key, self.authorised[key], events) if known else _situation("217", key)

    def _void(self, asked: Any, fault: str) -> str:
        if schemas.faults(etree.tostring(asked, encoding="unicode"), "inutNFe_v4.00"):
            return _voiding_answer("215")
        told = asked[0]
        series, first, last = (told.findtext(f"{{{NFE}}}{name}") for name in ("serie", "nNFIni", "nNFFin"))
        numbers = range(int(first), int(last) + 1)
        if fault.isdigit():
            code = fault
        elif not signature_is_right(asked):
            code = "297"
        elif (series, int(first), int(last)) in self.voided:
            code = "563"
        else:
            taken = {(known[6:20], int(known[22:25]), int(known[25:34])) for known in self.authorised}
            ours = told.findtext(f"{{{NFE}}}CNPJ")
            code = "241" if any((ours, int(series), number) in taken for number in numbers) else "102"
        if code == "102":
            self.voided.append((series, int(first), int(last)))
        return _voiding_answer(code)

    def _letter(self, event: Any, key: str, fault: str) -> str:
        number = event[0].findtext(f"{{{NFE}}}nSeqEvento")
        if fault.isdigit():
            code = fault
        elif not signature_is_right(event):
            code = "297"
        else:
            code = "573" if (key, number) in self.letters else "135" if key in self.authorised else "217"
        found = _event_answer(key, code, "110110", "Carta de Correcao", number)
        if code == "135":
            self.letters[key, number] = (
                f'<procEventoNFe versao="1.00">{schemas.standalone(event)}{found}</procEventoNFe>'
            )
        return _batch("retEnvEvento", "128", found)

    def _event(self, batch: Any, fault: str) -> str:
        if batch.find(f".//{{{NFE}}}xCorrecao") is not None:
            if schemas.faults(etree.tostring(batch, encoding="unicode"), "envCCe_v1.00"):
                return _batch("retEnvEvento", "215")
            letter = batch.find(f"{{{NFE}}}evento")
            return self._letter(letter, letter[0].findtext(f"{{{NFE}}}chNFe"), fault)
        if schemas.faults(etree.tostring(batch, encoding="unicode"), "envEventoCancNFe_v1.00"):
            return _batch("retEnvEvento", "215")
        event = batch.find(f"{{{NFE}}}evento")
        key = event[0].findtext(f"{{{NFE}}}chNFe")
        if fault.isdigit():
            code = fault
        elif not signature_is_right(event):
            code = "297"
        else:
            code = "573" if key in self.cancelled else "135" if key in self.authorised else "217"
        found = _event_answer(key, code)
        if code == "135":
            self.cancelled[key] = f'<procEventoNFe versao="1.00">{schemas.standalone(event)}{found}</procEventoNFe>'
        return _batch("retEnvEvento", "128", found)

    def _protocol(self, key: str, code: str) -> str:
        number = f"135{dt.datetime.now(BRASILIA):%y}{len(self.authorised) + 1:010d}"
        digest = base64.b64encode(hashlib.sha256(key.encode()).digest()[:20]).decode()
        done = f"<nProt>{number}</nProt><digVal>{digest}</digVal>" if code == "100" else ""
        return (
            f'<protNFe xmlns="{NFE}" versao="4.00"><infProt><tpAmb>2</tpAmb><verAplic>TESTE</verAplic>'
            f"<chNFe>{key}</chNFe><dhRecbto>{_moment()}</dhRecbto>{done}<cStat>{code}</cStat>"
            f"<xMotivo>{_text(code)}</xMotivo></infProt></protNFe>"
        )


class _Handler(BaseHTTPRequestHandler):
    sefaz: Sefaz

    def do_POST(self) -> None:
        operation = self.path.rpartition("/")[2]
        fault = self.sefaz.take_fault(operation)
        self.sefaz.calls.append(operation)
        if "/SVC/" in self.path:
            self.sefaz.stood_in.append(operation)
        message = self._message(operation)
        if fault == "lost" or message is None:
            self.sefaz._held.wait(60 if fault == "lost" else 0)
            return
        answer = {"garbage": "isto não é XML <<<", "html": "<html><body>502</body></html>", "fault": _fault()}.get(
            fault
        )
        answer = answer or self._enveloped(operation, self.sefaz.answer(operation, message, fault))
        if fault == "deaf":
            self.sefaz._held.wait(60)
            return
        body = answer.encode()
        self.send_response(502 if fault == "html" else 500 if fault == "fault" else 200)
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _message(self, operation: str) -> Any:
        """What is inside nfeDadosMsg; None, after a 500, for what is no SOAP 1.2 of this operation."""
        envelope = etree.fromstring(self.rfile.read(int(self.headers["Content-Length"])))
        message = envelope.find(f"{{{SOAP}}}Body/{{{WSDL}/{operation}}}nfeDadosMsg")
        right = (
            self.headers["Content-Type"].startswith("application/soap+xml")
            and f"{operation}/" in self.headers["Content-Type"]
        )
        if message is None or not right:
            self.send_error(500)
            return None
        return etree.fromstring(schemas.standalone(message[0]))

    @staticmethod
    def _enveloped(operation: str, answer: str) -> str:
        return (
            f'<soap:Envelope xmlns:soap="{SOAP}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>'
            f'<nfeResultMsg xmlns="{WSDL}/{operation}">{answer}</nfeResultMsg></soap:Body></soap:Envelope>'
        )

    def log_message(self, *_: Any) -> None:
        pass


def signature_is_right(element: Any) -> bool:
    """By signxml, which is not what signed it; the certificate is taken as it comes."""
    pem = element.findtext(".//{http://www.w3.org/2000/09/xmldsig#}X509Certificate")
    try:
        copy, verifier = etree.fromstring(schemas.standalone(element)), XMLVerifier()
        # lxml's canonical form of a part of a document has empty namespaces that are not there (signxml's issue 193)
        verifier.excise_empty_xmlns_declarations = True
        result = verifier.verify(copy, x509_cert=_pem(pem), expect_config=SHA1, id_attribute="Id")
    except (InvalidSignature, InvalidDigest, InvalidInput):
        return False
    assert isinstance(result, VerifyResult)
    assert result.signed_xml is not None
    return bool(result.signed_xml.get("Id") == element[0].get("Id"))


def _pem(text: str) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"


def _batch(name: str, code: str, inner: str = "", receipt: str = "") -> str:
    version, place = ("1.00", "cOrgao") if name == "retEnvEvento" else ("4.00", "cUF")
    lot = "<idLote>1</idLote>" if name == "retEnvEvento" else ""
    number = f"<nRec>{receipt}</nRec>" if receipt else ""
    when = "" if name == "retEnvEvento" else f"<dhRecbto>{_moment()}</dhRecbto>"
    told = f"<cStat>{code}</cStat><xMotivo>{_text(code)}</xMotivo>"
    head = f"{lot}<tpAmb>2</tpAmb><verAplic>TESTE</verAplic>{number}"
    middle = f"<{place}>35</{place}>{told}" if name == "retEnvEvento" else f"{told}<{place}>35</{place}>{when}"
    return f'<{name} xmlns="{NFE}" versao="{version}">{head}{middle}{inner}</{name}>'


def _situation(code: str, key: str, protocol: str = "", event: str = "") -> str:
    return (
        f'<retConsSitNFe xmlns="{NFE}" versao="4.00"><tpAmb>2</tpAmb><verAplic>TESTE</verAplic><cStat>{code}</cStat>'
        f"<xMotivo>{_text(code)}</xMotivo><cUF>35</cUF><dhRecbto>{_moment()}</dhRecbto><chNFe>{key}</chNFe>"
        f"{protocol}{event}</retConsSitNFe>"
    )


def _voiding_answer(code: str) -> str:
    done = f"<nProt>135{dt.datetime.now(BRASILIA):%y}0000000007</nProt>" if code == "102" else ""
    return (
        f'<retInutNFe xmlns="{NFE}" versao="4.00"><infInut><tpAmb>2</tpAmb><verAplic>TESTE</verAplic>'
        f"<cStat>{code}</cStat><xMotivo>{_text(code)}</xMotivo><cUF>35</cUF><dhRecbto>{_moment()}</dhRecbto>{done}"
        "</infInut></retInutNFe>"
    )


def _event_answer(key: str, code: str, kind: str = "110111", name: str = "Cancelamento", number: str = "1") -> str:
    done = f"<nProt>135{dt.datetime.now(BRASILIA):%y}0000000009</nProt>" if code == "135" else ""
    return (
        f'<retEvento xmlns="{NFE}" versao="1.00"><infEvento><tpAmb>2</tpAmb><verAplic>TESTE</verAplic>'
        f"<cOrgao>35</cOrgao><cStat>{code}</cStat><xMotivo>{_text(code)}</xMotivo><chNFe>{key}</chNFe><tpEvento>{kind}</tpEvento>"
        f"<xEvento>{name}</xEvento><nSeqEvento>{number}</nSeqEvento><dhRegEvento>{_moment()}</dhRegEvento>{done}"
        "</infEvento></retEvento>"
    )


def _fault() -> str:
    return (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value>'
        "</soap:Code></soap:Fault></soap:Body></soap:Envelope>"
    )


def _text(code: str) -> str:
    return f"Rejeicao: {TEXTS[code]}" if int(code) >= 200 and int(code) not in range(300, 305) else TEXTS[code]


def _moment() -> str:
    return dt.datetime.now(BRASILIA).isoformat(timespec="seconds")


if __name__ == "__main__":
    running = Sefaz(int(sys.argv[1]) if len(sys.argv) > 1 else 8099)
    print(running.url)
    while True:
        time.sleep(3600)
