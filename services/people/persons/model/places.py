"""Brazil's places: states, municipalities with their IBGE codes, postal codes, and state registrations.

Reads one table that ships beside it (persons/model/data/municipalities.tsv); no framework, store or clock may enter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.chassis.phones import REGIONS
from services.chassis.texts import fold
from services.people.shared.fields import refused, words

TABLE = Path(__file__).parent / "data" / "municipalities.tsv"
EXEMPT = "isento"
BRAZIL = "BR"
# ISO 3166, of two letters
COUNTRIES = REGIONS
CITY_LIMIT = 50

# state: IBGE's code, which begins its municipalities' codes; lengths of its state registrations (Sintegra's guide)
STATES: dict[str, tuple[str, tuple[int, ...]]] = {
    "AC": ("12", (13,)), "AL": ("27", (9,)), "AM": ("13", (9,)), "AP": ("16", (9,)), "BA": ("29", (8, 9)),
    "CE": ("23", (9,)), "DF": ("53", (13,)), "ES": ("32", (9,)), "GO": ("52", (9,)), "MA": ("21", (9,)),
    "MG": ("31", (13,)), "MS": ("50", (9,)), "MT": ("51", (9, 11)), "PA": ("15", (9,)), "PB": ("25", (9,)),
    "PE": ("26", (9, 14)), "PI": ("22", (9,)), "PR": ("41", (10,)), "RJ": ("33", (8,)), "RN": ("24", (9, 10)),
    "RO": ("11", (9, 14)), "RR": ("14", (9,)), "RS": ("43", (10,)), "SC": ("42", (9,)), "SE": ("28", (9,)),
    "SP": ("35", (12,)), "TO": ("17", (9, 11)),
}  # fmt: skip
_STATE_OF_CODE = {code: state for state, (code, _) in STATES.items()}


@dataclass(frozen=True)
class City:
    """`code` is IBGE's, seven digits."""

    code: str
    name: str
    state: str


@cache
def _cities() -> dict[str, City]:
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines())
    return {code: City(code, name, _STATE_OF_CODE[code[:2]]) for code, name in rows}


@cache
def _by_name() -> dict[tuple[str, str], City]:
    return {(city.state, " ".join(words(city.name))): city for city in _cities().values()}


def cities_like(state: str, text: str) -> list[City]:
    """At most 50 municipalities of a state whose name has words starting with those of `text`, by name."""
    beginnings = words(text)
    cities = [city for city in _cities().values() if city.state == state and _starts(city, beginnings)]
    return sorted(cities, key=lambda city: fold(city.name))[:CITY_LIMIT]


def _starts(city: City, asked: list[str]) -> bool:
    own = words(city.name)
    return all(any(word.startswith(start) for word in own) for start in asked)


def with_place(address: dict[str, Any]) -> dict[str, Any]:
    """The address with country and state checked, the postal code as 00000-000, and the city's IBGE code if known.

    An address abroad stays as it is.

    Raises Invalid: country_unknown, state_unknown, postal_code_invalid, city_unknown.
    """
    country = str(address.get("country") or BRAZIL)
    if country not in COUNTRIES:
        raise refused("country_unknown", f"País desconhecido: {country}.", "country")
    state = str(address.get("state") or "")
    if country != BRAZIL:
        if address.get("city_code"):
            raise refused("city_unknown", "O código IBGE é de um município brasileiro.", "city_code")
        return {**address, "country": country, "state": state, "city_code": None}
    state = state.upper()
    if state and state not in STATES:
        raise refused("state_unknown", f"UF desconhecida: {state}.", "state")
    city = _city(state, str(address.get("city") or ""), address.get("city_code"))
    return {
        **address,
        "country": BRAZIL,
        "state": state,
        "city": address.get("city") or (city.name if city else ""),
        "city_code": city.code if city else None,
        "postal_code": _postal_code(str(address.get("postal_code") or "")),
    }


def abroad(address: dict[str, Any] | None) -> bool:
    """Whether the address is outside of Brazil; False without an address."""
    return bool(address) and (address or {}).get("country", BRAZIL) != BRAZIL


def _city(state: str, name: str, code: str | None) -> City | None:
    """The city of an IBGE code, which must be of the state; without a code the one of that name, or None."""
    if not code:
        return _by_name().get((state, " ".join(words(name))))
    city = _cities().get(code)
    if city is None or city.state != state:
        raise refused("city_unknown", f"O código IBGE {code} não é de um município de {state}.", "city_code")
    return city


def _postal_code(text: str) -> str:
    """The postal code as 00000-000; also accepted are 01.310-100 and a space instead of the hyphen."""
    if text and not re.fullmatch(r"[0-9]{2}\.?[0-9]{3}[- ]?[0-9]{3}", text):
        raise refused("postal_code_invalid", f"CEP inválido: {text}.", "postal_code")
    digits = re.sub(r"[^0-9]", "", text)
    return f"{digits[:5]}-{digits[5:]}" if text else ""


def normalise_registration(text: str, state: str | None) -> str:
    """A state registration as its digits (a rural one of São Paulo keeps its P), or "isento".

    Only its length is checked, by state; the check digits are not, because each state computes them in its own way.
    Raises Invalid: state_missing, state_registration_invalid.
    """
    if fold(text) in (EXEMPT, "isenta"):
        return EXEMPT
    compact = re.sub(r"[\s./-]", "", text).upper()
    if state not in STATES:
        raise refused("state_missing", "Informe a UF da inscrição estadual.", "state_registration_state")
    digits = compact.removeprefix("P") if state == "SP" else compact
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) not in STATES[state][1]:
        detail = f"Inscrição estadual inválida para {state}: {text}. Informe os números ou isento."
        raise refused("state_registration_invalid", detail, "state_registration")
    return compact
