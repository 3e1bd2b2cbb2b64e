"""The client of the tax authority: authorise, collect, consult, register an event, void numbers. Layout 4.00."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from services.sales.fiscal.model import STATE_CODES
from services.sales.nfe.authority import endpoints
from services.sales.nfe.authority.document import NAMESPACE, VERSION, environment_code
from services.sales.nfe.authority.schemas import standalone
from services.sales.nfe.authority.soap import Unreachable, call
from services.sales.nfe.model.answers import CANCELLED, PROCESSED, Answer
from services.sales.nfe.model.key import MODEL, NORMAL_EMISSION

CANCELLATION, CORRECTION = "110111", "110110"
LETTER_CONDITIONS = (
    "A Carta de Correcao e disciplinada pelo paragrafo 1o-A do art. 7o do Convenio S/N, de 15 de dezembro de "
    "1970 e pode ser utilizada para regularizacao de erro ocorrido na emissao de documento fiscal, desde que o "
    "erro nao esteja relacionado com: I - as variaveis que determinam o valor do imposto tais como: base de "
    "calculo, aliquota, diferenca de preco, quantidade, valor da operacao ou da prestacao; II - a correcao de "
    "dados cadastrais que implique mudanca do remetente ou do destinatario; III - a data de emissao ou de "
    "saida."
)
BRASILIA = dt.timezone(dt.timedelta(hours=-3))


@dataclass(frozen=True)
class Authority:
    """The authority of a state and environment, called with a company's certificate. Methods may raise Unreachable."""

    state: str
    environment: str
    base: str = ""
    seconds: float = 30.0
    tls: ssl.SSLContext | None = None
    # tpEmis of the document to be authorised; in contingency the addresses are others
    emission: str = NORMAL_EMISSION

    def authorise(self, key: str, signed: str) -> Answer:
        """Sends a batch of one document; the answer is synchronous if the authority allows it."""
        message = (
            f'<enviNFe xmlns="{NAMESPACE}" versao="{VERSION}"><idLote>{key[25:34]}</idLote><indSinc>1</indSinc>'
            f"{signed}</enviNFe>"
        )
        return _of_batch(self._ask(endpoints.AUTHORISE, message, "retEnviNFe"), key)

    def collect(self, key: str, receipt: str) -> Answer:
        """The answer to a batch that was received with a receipt."""
        message = (
            f'<consReciNFe xmlns="{NAMESPACE}" versao="{VERSION}"><tpAmb>{self._code}</tpAmb>'
            f"<nRec>{receipt}</nRec></consReciNFe>"
        )
        return _of_batch(self._ask(endpoints.COLLECT, message, "retConsReciNFe"), key)

    def consult(self, key: str) -> Answer:
        """The authority's answer about a document: authorised, cancelled, unknown."""
        found = self._ask(endpoints.CONSULT, self._situation(key), "retConsSitNFe")
        code = _text(found, "cStat")
        if code in CANCELLED and (event := _cancelling(found)) is not None:
            return _answer(event[0], event, code=code)
        protocol = found.find(f"{{{NAMESPACE}}}protNFe")
        return _of_protocol(protocol, key) if protocol is not None else _answer(found, None)

    def register(self, key: str, event: str) -> Answer:
        """Sends a signed event: a cancellation or a correction letter."""
        message = (
            f'<envEvento xmlns="{NAMESPACE}" versao="1.00"><idLote>{key[25:34]}</idLote>{event}</envEvento>'
        )  # fmt: skip
        found = self._ask(endpoints.EVENT, message, "retEnvEvento")
        event_answer = found.find(f"{{{NAMESPACE}}}retEvento")
        return _answer(event_answer[0], event_answer) if event_answer is not None else _answer(found, None)

    def cancellation(self, key: str, cnpj: str, protocol: str, reason: str, at: dt.datetime) -> str:
        """The event to be signed."""
        details = f"<descEvento>Cancelamento</descEvento><nProt>{protocol}</nProt><xJust>{escape(reason)}</xJust>"
        return self._event(CANCELLATION, key, cnpj, 1, details, at)

    def correction(self, key: str, cnpj: str, number: int, text: str, at: dt.datetime) -> str:
        """The event to be signed: the document's correction letter of this number."""
        details = (
            f"<descEvento>Carta de Correcao</descEvento><xCorrecao>{escape(text)}</xCorrecao>"
            f"<xCondUso>{LETTER_CONDITIONS}</xCondUso>"
        )
        return self._event(CORRECTION, key, cnpj, number, details, at)

    def find_letter(self, key: str, number: int) -> Answer | None:
        """The authority's answer about the correction letter of this number; None if it has none."""
        found = self._ask(endpoints.CONSULT, self._situation(key), "retConsSitNFe")
        wanted = {"tpEvento": CORRECTION, "nSeqEvento": str(number)}
        for event in found.iter(f"{{{NAMESPACE}}}retEvento"):
            if all(_text(event[0], name) == value for name, value in wanted.items()):
                return _answer(event[0], event)
        return None

    def voiding(self, year: int, cnpj: str, series: int, first: int, last: int, reason: str) -> str:
        """The message, to be signed, that declares numbers unused."""
        state, of_year = STATE_CODES[self.state], f"{year % 100:02d}"
        name = f"ID{state}{of_year}{cnpj}{MODEL}{series:03d}{first:09d}{last:09d}"
        return (
            f'<inutNFe xmlns="{NAMESPACE}" versao="{VERSION}"><infInut Id="{name}"><tpAmb>{self._code}</tpAmb>'
            f"<xServ>INUTILIZAR</xServ><cUF>{state}</cUF><ano>{of_year}</ano><CNPJ>{cnpj}</CNPJ><mod>{MODEL}</mod>"
            f"<serie>{series}</serie><nNFIni>{first}</nNFIni><nNFFin>{last}</nNFFin><xJust>{escape(reason)}</xJust>"
            f"</infInut></inutNFe>"
        )

    def void(self, message: str) -> Answer:
        """Sends a signed message that declares numbers unused."""
        found = self._ask(endpoints.VOID, message, "retInutNFe", within=True)
        return _answer(found[0], found)

    def _event(self, kind: str, key: str, cnpj: str, number: int, details: str, at: dt.datetime) -> str:
        """An event, to be signed; its time is Brasília's, which every state accepts."""
        moment = at.astimezone(BRASILIA).isoformat(timespec="seconds")
        return (
            f'<evento xmlns="{NAMESPACE}" versao="1.00"><infEvento Id="ID{kind}{key}{number:02d}">'
            f"<cOrgao>{STATE_CODES[self.state]}</cOrgao><tpAmb>{self._code}</tpAmb><CNPJ>{cnpj}</CNPJ>"
            f"<chNFe>{key}</chNFe><dhEvento>{moment}</dhEvento><tpEvento>{kind}</tpEvento>"
            f'<nSeqEvento>{number}</nSeqEvento><verEvento>1.00</verEvento><detEvento versao="1.00">{details}'
            f"</detEvento></infEvento></evento>"
        )

    def _situation(self, key: str) -> str:
        return (
            f'<consSitNFe xmlns="{NAMESPACE}" versao="{VERSION}"><tpAmb>{self._code}</tpAmb>'
            f"<xServ>CONSULTAR</xServ><chNFe>{key}</chNFe></consSitNFe>"
        )

    @property
    def _code(self) -> str:
        return environment_code(self.environment)

    def _ask(self, operation: endpoints.Operation, message: str, expected: str, within: bool = False) -> Any:
        """Calls an operation; raises Unreachable for an answer of another one.

        `within`: the code is in the first child.
        """
        url = endpoints.address_of(operation, self.state, self.environment, self.base, self.emission)
        found = call(url, operation.action, message, self.seconds, self.tls)
        status = found[0] if within and len(found) else found
        if etree.QName(found).localname != expected or not _text(status, "cStat"):
            raise Unreachable("A resposta da SEFAZ não é a desta operação.")
        return found


def _of_batch(found: Any, key: str) -> Answer:
    """The document's answer if the batch was processed, else the batch's."""
    protocol = found.find(f"{{{NAMESPACE}}}protNFe")
    if protocol is not None:
        return _of_protocol(protocol, key)
    if _text(found, "cStat") == PROCESSED:
        raise Unreachable("A SEFAZ processou o lote sem responder sobre a NF-e.")
    return _answer(found, None)


def _of_protocol(protocol: Any, key: str) -> Answer:
    answer = _answer(protocol[0], protocol)
    if answer.key != key:
        raise Unreachable("A SEFAZ respondeu sobre outra NF-e.")
    return answer


def _cancelling(found: Any) -> Any:
    """The document's event that cancelled it; None if the answer does not contain it."""
    events = found.iter(f"{{{NAMESPACE}}}retEvento")
    return next((event for event in events if _text(event[0], "tpEvento") == CANCELLATION), None)


def _answer(status: Any, protocol: Any, code: str = "") -> Answer:
    """`status` has the code and its text; `protocol` is stored as it came, without the envelope's namespaces."""
    xml = standalone(protocol) if protocol is not None else ""
    receipt = status.find(f".//{{{NAMESPACE}}}nRec")
    return Answer(
        code=code or _text(status, "cStat"),
        text=_text(status, "xMotivo")[:500],
        protocol=_text(status, "nProt"),
        at=_time(_text(status, "dhRecbto") or _text(status, "dhRegEvento")),
        xml=xml,
        receipt=(receipt.text or "") if receipt is not None else "",
        key=_text(status, "chNFe"),
    )


def _text(element: Any, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _time(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=BRASILIA).astimezone(dt.UTC)
