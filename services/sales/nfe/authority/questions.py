"""The tax authority as four questions: authorise, collect, consult, cancel. Messages and answers of layout 4.00."""

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

CANCELLATION = "110111"
BRASILIA = dt.timezone(dt.timedelta(hours=-3))


@dataclass(frozen=True)
class Authority:
    """Of one state and environment, for one company's certificate. Every method may raise Unreachable."""

    state: str
    environment: str
    base: str = ""
    seconds: float = 30.0
    tls: ssl.SSLContext | None = None

    def authorise(self, key: str, signed: str) -> Answer:
        """Sends a batch of one, to be answered at once if the authority will."""
        message = (
            f'<enviNFe xmlns="{NAMESPACE}" versao="{VERSION}"><idLote>{key[25:34]}</idLote><indSinc>1</indSinc>'
            f"{signed}</enviNFe>"
        )
        return _of_batch(self._ask(endpoints.AUTHORISE, message, "retEnviNFe"), key)

    def collect(self, key: str, receipt: str) -> Answer:
        """The answer to a batch that was only received."""
        message = (
            f'<consReciNFe xmlns="{NAMESPACE}" versao="{VERSION}"><tpAmb>{self._code}</tpAmb>'
            f"<nRec>{receipt}</nRec></consReciNFe>"
        )
        return _of_batch(self._ask(endpoints.COLLECT, message, "retConsReciNFe"), key)

    def consult(self, key: str) -> Answer:
        """What the authority knows of a document."""
        message = (
            f'<consSitNFe xmlns="{NAMESPACE}" versao="{VERSION}"><tpAmb>{self._code}</tpAmb>'
            f"<xServ>CONSULTAR</xServ><chNFe>{key}</chNFe></consSitNFe>"
        )
        found = self._ask(endpoints.CONSULT, message, "retConsSitNFe")
        code = _text(found, "cStat")
        if code in CANCELLED and (event := _cancelling(found)) is not None:
            return _answer(event[0], event, code=code)
        protocol = found.find(f"{{{NAMESPACE}}}protNFe")
        return _of_protocol(protocol, key) if protocol is not None else _answer(found, None)

    def cancel(self, key: str, event: str) -> Answer:
        """`event` is signed."""
        message = (
            f'<envEvento xmlns="{NAMESPACE}" versao="1.00"><idLote>{key[25:34]}</idLote>{event}</envEvento>'
        )  # fmt: skip
        found = self._ask(endpoints.EVENT, message, "retEnvEvento")
        event_answer = found.find(f"{{{NAMESPACE}}}retEvento")
        return _answer(event_answer[0], event_answer) if event_answer is not None else _answer(found, None)

    def cancellation(self, key: str, cnpj: str, protocol: str, reason: str, at: dt.datetime) -> str:
        """The event to be signed; its time is Brasília's, which every state takes."""
        moment = at.astimezone(BRASILIA).isoformat(timespec="seconds")
        return (
            f'<evento xmlns="{NAMESPACE}" versao="1.00"><infEvento Id="ID{CANCELLATION}{key}01">'
            f"<cOrgao>{STATE_CODES[self.state]}</cOrgao><tpAmb>{self._code}</tpAmb><CNPJ>{cnpj}</CNPJ>"
            f"<chNFe>{key}</chNFe><dhEvento>{moment}</dhEvento><tpEvento>{CANCELLATION}</tpEvento>"
            f'<nSeqEvento>1</nSeqEvento><verEvento>1.00</verEvento><detEvento versao="1.00">'
            f"<descEvento>Cancelamento</descEvento><nProt>{protocol}</nProt><xJust>{escape(reason)}</xJust>"
            f"</detEvento></infEvento></evento>"
        )

    @property
    def _code(self) -> str:
        return environment_code(self.environment)

    def _ask(self, operation: endpoints.Operation, message: str, expected: str) -> Any:
        url = endpoints.address_of(operation, self.state, self.environment, self.base)
        found = call(url, operation.action, message, self.seconds, self.tls)
        if etree.QName(found).localname != expected or not _text(found, "cStat"):
            raise Unreachable("A resposta da SEFAZ não é a desta operação.")
        return found


def _of_batch(found: Any, key: str) -> Answer:
    """The document's own answer, where the batch was processed; else the batch's."""
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
    """The event, among those of the document, that cancelled it; None where the answer does not show it."""
    events = found.iter(f"{{{NAMESPACE}}}retEvento")
    return next((event for event in events if _text(event[0], "tpEvento") == CANCELLATION), None)


def _answer(told: Any, kept: Any, code: str = "") -> Answer:
    """`told` has the code and its text; `kept` is stored as it came, without the envelope's namespaces."""
    xml = standalone(kept) if kept is not None else ""
    receipt = told.find(f".//{{{NAMESPACE}}}nRec")
    return Answer(
        code=code or _text(told, "cStat"),
        text=_text(told, "xMotivo")[:500],
        protocol=_text(told, "nProt"),
        at=_time(_text(told, "dhRecbto") or _text(told, "dhRegEvento")),
        xml=xml,
        receipt=(receipt.text or "") if receipt is not None else "",
        key=_text(told, "chNFe"),
    )


def _text(element: Any, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _time(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=BRASILIA).astimezone(dt.UTC)
