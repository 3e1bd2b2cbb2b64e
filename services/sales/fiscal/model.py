"""The fiscal settings of a company: the issuer of its NF-e, and the series (row S22)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from services.chassis.errors import Conflict, Invalid
from services.sales.shared.who import Who

# IBGE's code of each state, which begins a key and every city's code.
STATE_CODES = {
    "RO": "11", "AC": "12", "AM": "13", "RR": "14", "PA": "15", "AP": "16", "TO": "17", "MA": "21", "PI": "22",
    "CE": "23", "RN": "24", "PB": "25", "PE": "26", "AL": "27", "SE": "28", "BA": "29", "MG": "31", "ES": "32",
    "RJ": "33", "SP": "35", "PR": "41", "SC": "42", "RS": "43", "MS": "50", "MT": "51", "GO": "52", "DF": "53",
}  # fmt: skip


HOMOLOGATION, PRODUCTION = "homologation", "production"
ENVIRONMENTS = (HOMOLOGATION, PRODUCTION)

# CRT, the issuer's tax regime: 1 Simples Nacional, 2 over its limit, 3 normal, 4 MEI. Only 1 is supported.
SIMPLES = 1
REGIMES = (1, 2, 3, 4)
# Series from 890 on are for the authority itself, and for issuers without a CNPJ.
LAST_SERIES = 889


@dataclass(frozen=True)
class Place:
    """An address; `city_code` is IBGE's, seven digits."""

    street: str = ""
    number: str = ""
    complement: str = ""
    district: str = ""
    city: str = ""
    city_code: str = ""
    state: str = ""
    postal_code: str = ""

    @classmethod
    def of(cls, data: dict[str, Any] | None) -> Place | None:
        """From a person's or a request's address, whose other fields are ignored."""
        if data is None:
            return None
        return cls(**{name: str(data.get(name) or "") for name in cls.__dataclass_fields__})

    @property
    def city_is_of_state(self) -> bool:
        return self.city_code.startswith(STATE_CODES.get(self.state, "?"))


@dataclass(frozen=True)
class Contingency:
    """Contingency: why, since when (UTC) and by whom new documents are not sent to the state's own authority."""

    reason: str
    since: dt.datetime
    by: Who


@dataclass(frozen=True)
class FiscalSettings:
    """The issuer. A document lists what is not set (nfe/model/missing.py)."""

    cnpj: str = ""
    name: str = ""
    trade_name: str = ""
    state_registration: str = ""
    regime: int | None = None
    address: Place = field(default_factory=Place)
    phone: str = ""
    environment: str = HOMOLOGATION
    series: int | None = None
    operation: str = "Venda de mercadoria"
    version: int = 0
    contingency: Contingency | None = None

    def changed(self, data: dict[str, Any]) -> FiscalSettings:
        """The settings with the fields of `data`, the address as a whole; raises Invalid("city_unknown")."""
        new = replace(self, **{**data, "address": Place.of(data.get("address")) or self.address})
        if new.address.city_code and not new.address.city_is_of_state:
            detail = f"O código IBGE {new.address.city_code} não é de um município de {new.address.state or '?'}."
            raise Invalid("city_unknown", detail, fields={"address.city_code": [detail]})
        return new

    def enter_contingency(self, reason: str, by: Who, at: dt.datetime) -> FiscalSettings:
        """Raises Conflict("contingency_active")."""
        if self.contingency is not None:
            raise Conflict("contingency_active", "A empresa já emite em contingência.")
        return replace(self, contingency=Contingency(reason, at, by))

    def leave_contingency(self) -> FiscalSettings:
        """Raises Conflict("contingency_inactive")."""
        if self.contingency is None:
            raise Conflict("contingency_inactive", "A empresa não emite em contingência.")
        return replace(self, contingency=None)

    def refuse_unsupported(self) -> None:
        """Raises Conflict("nfe_regime_unsupported"): taxes of the other regimes are not computed here."""
        if self.regime not in (None, SIMPLES):
            detail = "A NF-e é emitida aqui só para empresas do Simples Nacional (CRT 1)."
            raise Conflict("nfe_regime_unsupported", detail, regime=self.regime)
