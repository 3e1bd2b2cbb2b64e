"""What a company sets for its NF-e: the issuer and its certificate (row S22)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate
from stdnum.br import cnpj

from services.chassis.inputs import Choice, Line, Verbatim, Whole
from services.chassis.references import Who
from services.chassis.schemas import SOMETIMES, Result, Strict
from services.sales.fiscal.fields import CompanyPhone, checked_cnpj, checked_registration, pattern
from services.sales.fiscal.model import ENVIRONMENTS, LAST_SERIES, REGIMES, STATE_CODES

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


class EnterContingency(Strict):
    """While the state's authority does not answer: new NF-e go to who stands in for it, with this reason."""

    reason = Line(256, minimum=15, required=True)


class LeaveContingency(Strict):
    pass


class Contingency(Result):
    reason = fields.String()
    since = fields.DateTime()
    by: Any = fields.Nested(Who)


class GetFiscalSettings(Strict):
    pass


class FiscalSettings(Result):
    cnpj = fields.String()
    name = fields.String()
    trade_name = fields.String()
    state_registration = fields.String()
    regime = fields.Integer(validate=validate.OneOf(REGIMES), allow_none=True)
    address = fields.Nested(FiscalPlace)
    phone = fields.String()
    environment = Choice(ENVIRONMENTS)
    series = fields.Integer(allow_none=True)
    next_number = fields.Integer(allow_none=True)
    operation = fields.String()
    contingency = fields.Nested(Contingency, allow_none=True)
    version = fields.Integer()


class PutFiscalCertificate(Strict):
    """A PKCS#12 file (.pfx, .p12) in base64, and its password; neither is ever answered."""

    pkcs12 = Verbatim(LONGEST_FILE, minimum=1, required=True)
    password = Verbatim(200, minimum=0, required=True)


class GetFiscalCertificate(Strict):
    pass


class FiscalCertificate(Result):
    """What may be told of it; `present` is false, and `version` 0, where there is none."""

    present = fields.Boolean()
    subject = fields.String(metadata={SOMETIMES: True})
    cnpj = fields.String(metadata={SOMETIMES: True})
    valid_from = fields.DateTime(metadata={SOMETIMES: True})
    valid_until = fields.DateTime(metadata={SOMETIMES: True})
    fingerprint = fields.String(metadata={SOMETIMES: True})
    version = fields.Integer()
