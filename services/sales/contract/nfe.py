"""NF-e of orders, and what a company sets for them (row S22)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate
from stdnum.br import cnpj

from services.chassis import sections
from services.chassis.inputs import Choice, Cursor, Flag, Id, Line, Verbatim, Whole
from services.chassis.schemas import PAGE_LIMIT, Result, Strict, page_of
from services.sales.contract.fiscal_fields import (
    CompanyPhone,
    checked_cnpj,
    checked_gtin,
    checked_registration,
    pattern,
)
from services.sales.domain.nfe.key import STATE_CODES
from services.sales.domain.nfe.nfe import STATUSES
from services.sales.domain.nfe.settings import CSOSNS, ENVIRONMENTS, LAST_SERIES, ORIGINS, REGIMES

LAST_NUMBER = 999_999_999
# In base64; the file of a certificate with its chain is some 10 kB.
LONGEST_FILE = 80_000


class FiscalPlace(Strict):
    """`city_code` is IBGE's; GET /v1/cities knows it."""

    street = Line(60)
    number = Line(60)
    complement = Line(60)
    district = Line(60)
    city = Line(60)
    city_code = pattern(r"^([0-9]{7})?$", "O código IBGE tem 7 dígitos.")
    state = Choice(("", *STATE_CODES))
    postal_code = pattern(r"^([0-9]{5}-?[0-9]{3})?$", "O CEP tem 8 dígitos.")


class ChangeFiscalSettings(Strict):
    """What is not given stays; the address is given as a whole.

    `regime` is the CRT: 1 is Simples Nacional. `next_number` begins the series in the environment, or goes ahead in it.
    """

    cnpj = Line(30, minimum=1, validate=checked_cnpj)
    name = Line(150)
    trade_name = Line(150)
    state_registration = Line(20, validate=checked_registration)
    regime = Whole(choices=REGIMES)
    address = fields.Nested(FiscalPlace)
    phone = CompanyPhone()
    environment = Choice(ENVIRONMENTS)
    series = Whole(0, LAST_SERIES)
    next_number = Whole(1, LAST_NUMBER)
    operation = Line(60, minimum=1)

    @post_load
    def compact(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "cnpj": cnpj.compact(data["cnpj"])} if "cnpj" in data else data


class GetFiscalSettings(Strict):
    pass


class FiscalSettings(Result):
    cnpj = fields.String()
    name = fields.String()
    trade_name = fields.String()
    state_registration = fields.String()
    regime = fields.Integer(allow_none=True)
    address = fields.Nested(FiscalPlace)
    phone = fields.String()
    environment = fields.String()
    series = fields.Integer(allow_none=True)
    next_number = fields.Integer(allow_none=True)
    operation = fields.String()
    version = fields.Integer()


class PutFiscalProduct(Strict):
    """What is not given stays. `cfop` is within the state, `cfop_interstate` to other states."""

    product = Line(60, required=True)
    ncm = pattern(r"^[0-9]{8}$", "O NCM tem 8 dígitos.")
    cfop = pattern(r"^5[0-9]{3}$", "O CFOP dentro do estado começa com 5.")
    cfop_interstate = pattern(r"^6[0-9]{3}$", "O CFOP para fora do estado começa com 6.")
    unit = pattern(r"^[A-Za-z0-9]{1,6}$", "A unidade tem de 1 a 6 letras ou dígitos.")
    origin = Choice(ORIGINS)
    csosn = Choice(CSOSNS)
    gtin = Line(20, validate=checked_gtin)


class FiscalProduct(Result):
    product = fields.String()
    ncm = fields.String()
    cfop = fields.String()
    cfop_interstate = fields.String()
    unit = fields.String()
    origin = fields.String()
    csosn = fields.String()
    gtin = fields.String()
    version = fields.Integer()


FiscalProductPage = page_of(FiscalProduct, "FiscalProductPage")


class ListFiscalProducts(Strict):
    """All by code, or the one of `product`."""

    product = Line(60, load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class PutFiscalCertificate(Strict):
    """A PKCS#12 file (.pfx, .p12) in base64, and its password; neither is ever answered."""

    pkcs12 = Verbatim(LONGEST_FILE, minimum=1, required=True)
    password = Verbatim(200, minimum=0, required=True)


class GetFiscalCertificate(Strict):
    pass


class FiscalCertificate(Result):
    """What may be told of it; `present` is false where there is none."""

    present = fields.Boolean()
    subject = fields.String()
    cnpj = fields.String()
    valid_from = fields.DateTime()
    valid_until = fields.DateTime()
    fingerprint = fields.String()


class Missing(Result):
    """`path` names the field; `complete_at` the route that takes it, or `order` where the order itself is wrong."""

    path = fields.String()
    text = fields.String()
    complete_at = fields.String()


class Said(Result):
    """What the tax authority said: its code (cStat), its text, its protocol."""

    code = fields.String()
    text = fields.String()
    protocol = fields.String()
    at = fields.DateTime(allow_none=True)


class NfeCancellation(Result):
    """`refusal` where the authority refused it: then the NF-e stays authorised."""

    reason = fields.String()
    at = fields.DateTime()
    by = fields.String()
    refusal = fields.Nested(Said, allow_none=True)


class NfeSummary(Result):
    """Of an order's NF-e."""

    id = fields.String()
    status = fields.String(validate=validate.OneOf(STATUSES))
    series = fields.Integer(allow_none=True)
    number = fields.Integer(allow_none=True)
    key = fields.String()


class Nfe(NfeSummary):
    """`handed_over`: to the transmitter, which reports `said` or, while it cannot reach the authority, `trouble`.

    `number_unused`: the cancelled document was never authorised, and its number is to be declared unused.
    """

    order_id = fields.String()
    order_number = fields.Integer()
    person_id = fields.String()
    attempt = fields.Integer()
    requested_at = fields.DateTime()
    requested_by = fields.String()
    final_consumer = fields.Boolean(allow_none=True)
    missing = fields.List(fields.Nested(Missing))
    total = fields.Decimal(as_string=True)
    environment = fields.String()
    issued_at = fields.DateTime(allow_none=True)
    handed_over = fields.Boolean()
    said = fields.Nested(Said, allow_none=True)
    authorisation = fields.Nested(Said, allow_none=True)
    trouble = fields.String()
    cancellation = fields.Nested(NfeCancellation, allow_none=True)
    number_unused = fields.Boolean()
    version = fields.Integer()


NfePage = page_of(Nfe, "NfePage")


class NfeRecipient(Result):
    """As the document will name the customer; `indicator` is indIEDest."""

    name = fields.String()
    document = fields.String()
    state_registration = fields.String()
    indicator = fields.String(allow_none=True)
    address = fields.Nested(FiscalPlace, allow_none=True, metadata=sections.of("addresses"))


class NfeLine(Result):
    """`index` counts the order's items from 0; `net` is the line's part of the total, all discounts taken."""

    index = fields.Integer()
    product = fields.String()
    description = fields.String()
    quantity = fields.Decimal(as_string=True)
    gross = fields.Decimal(as_string=True)
    discount = fields.Decimal(as_string=True)
    net = fields.Decimal(as_string=True)
    fiscal = fields.Nested(FiscalProduct)


class NfeData(Result):
    """Row S22, "see data": what the document will say, and what it lacks."""

    order_id = fields.String()
    complete = fields.Boolean()
    missing = fields.List(fields.Nested(Missing))
    issuer = fields.Nested(FiscalSettings)
    recipient = fields.Nested(NfeRecipient)
    items = fields.List(fields.Nested(NfeLine))
    total = fields.Decimal(as_string=True)


class RequestNfe(Strict):
    """`final_consumer` defaults to what the customer is: true for one who is no contributor."""

    order_id = Id(required=True)
    final_consumer = Flag(load_default=None, allow_none=True)


class SubmitNfe(Strict):
    nfe_id = Id(required=True)


class CancelNfe(Strict):
    """`reason` as the authority wants it: 15 to 255 characters."""

    nfe_id = Id(required=True)
    reason = Line(255, minimum=15, required=True)


class ListNfes(Strict):
    """Of the company, newest first."""

    status = Choice(STATUSES, load_default=None, allow_none=True)
    limit = Whole(1, PAGE_LIMIT, load_default=20)
    cursor = Cursor()


class NfeXml(Result):
    """`name` is the file's; once authorised it is the nfeProc, which holds the protocol.

    An authorised one stays so when it is `cancelled` later.
    """

    name = fields.String()
    xml = fields.String()
    key = fields.String()
    authorised = fields.Boolean()
    cancelled = fields.Boolean()
