"""The XML of an NF-e, layout 4.00, by nfelib's bindings of the official schema. The rules are in nfe/model."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nfelib.nfe.bindings.v4_0.nfe_v4_00 import Nfe as NfeElement
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import DictDecoder
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig

from services.sales.fiscal.model import PRODUCTION, STATE_CODES, FiscalSettings, Place
from services.sales.nfe.model.key import MODEL, NORMAL_EMISSION
from services.sales.nfe.model.parts import CONTRIBUTOR, Line, Recipient, total_of
from services.sales.nfe.model.text import digits, fitted, national_phone
from services.sales.shared.money import ZERO

NAMESPACE = "http://www.portalfiscal.inf.br/nfe"
VERSION = "4.00"
PROGRAM = "Vinculo 1"
# The recipient's name that the authority demands in the homologation environment (code 598).
TEST_NAME = "NF-E EMITIDA EM AMBIENTE DE HOMOLOGACAO - SEM VALOR FISCAL"
SIMPLES_NOTE = (
    "Documento emitido por ME ou EPP optante pelo Simples Nacional. Nao gera direito a credito fiscal de IPI."
)
BRAZIL = {"cPais": "1058", "xPais": "BRASIL"}
# CST of PIS and COFINS: other outgoing operations. Simples Nacional pays them in its single payment.
OTHER_OUTGOING = "49"
OTHERS, NOTHING_TO_PAY = "99", "90"

Data = dict[str, Any]

# Shared, for xsdata caches the classes' metadata in it, which costs more than a document.
BINDINGS = XmlContext()


@dataclass(frozen=True)
class Draft:
    """The data of a document; `issued_at` has the company's UTC offset."""

    key: str
    series: int
    number: int
    issued_at: dt.datetime
    settings: FiscalSettings
    recipient: Recipient
    delivered_to: Place
    lines: list[Line]
    final_consumer: bool
    instalments: int
    emission: str = NORMAL_EMISSION

    @property
    def interstate(self) -> bool:
        return self.delivered_to.state != self.settings.address.state


def xml_of(draft: Draft) -> str:
    """The XML on one line, without a declaration, as it is embedded in other messages."""
    data = {"infNFe": _information(draft)}
    document = DictDecoder(context=BINDINGS).decode(data, NfeElement)
    serializer = XmlSerializer(context=BINDINGS, config=SerializerConfig(xml_declaration=False))
    return serializer.render(document, ns_map={None: NAMESPACE})


def _information(draft: Draft) -> Data:
    return {
        "versao": VERSION,
        "Id": f"NFe{draft.key}",
        "ide": _identification(draft),
        "emit": _issuer(draft.settings),
        "dest": _recipient(draft),
        "det": [_detail(number, line, draft.interstate) for number, line in enumerate(draft.lines, 1)],
        "total": {"ICMSTot": _totals(draft.lines)},
        "transp": {"modFrete": "9"},
        "pag": {"detPag": [_payment(total_of(draft.lines), draft.instalments)]},
        "infAdic": {"infCpl": SIMPLES_NOTE},
    }


def _identification(draft: Draft) -> Data:
    settings = draft.settings
    return {
        "cUF": STATE_CODES[settings.address.state],
        "cNF": draft.key[35:43],
        "natOp": fitted(settings.operation, 60),
        "mod": MODEL,
        "serie": str(draft.series),
        "nNF": str(draft.number),
        "dhEmi": draft.issued_at.isoformat(timespec="seconds"),
        "tpNF": "1",
        "idDest": "2" if draft.interstate else "1",
        "cMunFG": settings.address.city_code,
        "tpImp": "1",
        "tpEmis": draft.emission,
        "cDV": draft.key[-1],
        "tpAmb": environment_code(settings.environment),
        "finNFe": "1",
        "indFinal": "1" if draft.final_consumer else "0",
        # not in the seller's presence, without an intermediary
        "indPres": "9",
        "indIntermed": "0",
        "procEmi": "0",
        "verProc": PROGRAM,
        **_contingency(draft),
    }


def _contingency(draft: Draft) -> Data:
    """The fields of contingency: since when, and why."""
    entered = draft.settings.contingency
    if draft.emission == NORMAL_EMISSION or entered is None:
        return {}
    since = entered.since.astimezone(draft.issued_at.tzinfo)
    return {"dhCont": since.isoformat(timespec="seconds"), "xJust": fitted(entered.reason, 256)}


def environment_code(environment: str) -> str:
    return "1" if environment == PRODUCTION else "2"


def _issuer(settings: FiscalSettings) -> Data:
    trade_name = fitted(settings.trade_name, 60)
    return {
        "CNPJ": settings.cnpj,
        "xNome": fitted(settings.name, 60),
        **({"xFant": trade_name} if trade_name else {}),
        "enderEmit": _place(settings.address, settings.phone),
        "IE": digits(settings.state_registration),
        "CRT": str(settings.regime),
    }


def _recipient(draft: Draft) -> Data:
    recipient, real = draft.recipient, draft.settings.environment == PRODUCTION
    contributor = recipient.indicator == CONTRIBUTOR
    return {
        "CNPJ" if recipient.is_company else "CPF": recipient.document,
        "xNome": fitted(recipient.name, 60) if real else TEST_NAME,
        "enderDest": _place(draft.delivered_to, recipient.phone),
        "indIEDest": recipient.indicator,
        **({"IE": digits(recipient.state_registration)} if contributor else {}),
    }


def _place(place: Place, phone: str) -> Data:
    complement, postal_code, number = fitted(place.complement, 60), digits(place.postal_code), national_phone(phone)
    return {
        "xLgr": fitted(place.street, 60),
        "nro": fitted(place.number, 60) or "S/N",
        **({"xCpl": complement} if complement else {}),
        "xBairro": fitted(place.district, 60),
        "cMun": place.city_code,
        "xMun": fitted(place.city, 60),
        "UF": place.state,
        **({"CEP": postal_code} if postal_code else {}),
        **BRAZIL,
        **({"fone": number} if number else {}),
    }


def _detail(number: int, line: Line, interstate: bool) -> Data:
    product, item = line.product, line.item
    unit, price, gtin = fitted(product.unit, 6), f"{item.unit_price:.4f}", product.gtin or "SEM GTIN"
    sold = {
        "cProd": fitted(item.product, 60),
        "cEAN": gtin,
        "xProd": fitted(item.description, 120),
        "NCM": product.ncm,
        "CFOP": product.cfop_interstate if interstate else product.cfop,
        "uCom": unit,
        "qCom": f"{item.quantity:.4f}",
        "vUnCom": price,
        "vProd": _money(line.gross),
        "cEANTrib": gtin,
        "uTrib": unit,
        "qTrib": f"{item.quantity:.4f}",
        "vUnTrib": price,
        **({"vDesc": _money(line.discount)} if line.discount else {}),
        "indTot": "1",
    }
    return {"nItem": str(number), "prod": sold, "imposto": _taxes(product.origin, product.csosn)}


def _taxes(origin: str, csosn: str) -> Data:
    zero = _money(ZERO)
    return {
        "ICMS": {"ICMSSN102": {"orig": origin, "CSOSN": csosn}},
        "PIS": {"PISOutr": {"CST": OTHER_OUTGOING, "vBC": zero, "pPIS": "0.0000", "vPIS": zero}},
        "COFINS": {"COFINSOutr": {"CST": OTHER_OUTGOING, "vBC": zero, "pCOFINS": "0.0000", "vCOFINS": zero}},
    }


def _totals(lines: list[Line]) -> Data:
    nothing = ("vBC", "vICMS", "vICMSDeson", "vFCP", "vBCST", "vST", "vFCPST", "vFCPSTRet", "vFrete", "vSeg", "vII",
               "vIPI", "vIPIDevol", "vPIS", "vCOFINS", "vOutro")  # fmt: skip
    return {
        **dict.fromkeys(nothing, _money(ZERO)),
        "vProd": _money(sum((line.gross for line in lines), ZERO)),
        "vDesc": _money(sum((line.discount for line in lines), ZERO)),
        "vNF": _money(total_of(lines)),
    }


def _payment(total: Decimal, instalments: int) -> Data:
    """The way of payment is not known: "others", at once or, with instalments, later."""
    if not total:
        return {"tPag": NOTHING_TO_PAY, "vPag": _money(ZERO)}
    later = "1" if instalments > 1 else "0"
    return {"indPag": later, "tPag": OTHERS, "xPag": "Conforme condicoes da venda", "vPag": _money(total)}


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
