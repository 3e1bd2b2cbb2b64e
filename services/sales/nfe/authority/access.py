"""Whom to ask for a company, and with which certificate: from the environment and the company's own settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from environs import Env

from services.chassis.errors import Conflict
from services.sales.fiscal.certificate import Certificate, Safe
from services.sales.fiscal.model import STATE_CODES
from services.sales.nfe.authority import schemas, signing
from services.sales.nfe.authority.questions import Authority
from services.sales.nfe.authority.soap import Unreachable, tls_of
from services.sales.nfe.model.key import EMISSION_AT, NORMAL_EMISSION
from services.sales.nfe.model.nfe import Nfe
from services.sales.session import SalesSession

# A work makes at most so many calls, and needs a little for itself.
MOST_CALLS = 4
# The schema by how a message begins; the batches of events are checked where their kind is known.
CHECKED = {"<NFe": "nfe_v4.00", "<inutNFe": "inutNFe_v4.00"}
STATE_OF_CODE = {code: state for state, code in STATE_CODES.items()}


@dataclass(frozen=True)
class Settings:
    """`base` stands for every authority where it is set; `ca_file` checks their certificates in the system's
    place."""

    base: str
    ca_file: str | None
    seconds: float
    keys: list[str]


def settings_of_environment() -> Settings:
    env = Env()
    return Settings(
        base=env.str("VINCULO_NFE_URL", ""),
        ca_file=env.str("VINCULO_NFE_CA_FILE", "") or None,
        seconds=env.float("VINCULO_NFE_TIMEOUT_SECONDS", 30.0),
        keys=env.list("VINCULO_SECRET_KEYS", []) or [],
    )


class Asker:
    def __init__(self, runtime: Any, settings: Settings) -> None:
        self._settings = settings
        self._safe = Safe(settings.keys)

    @property
    def longest(self) -> float:
        """How long a work may take."""
        return self._settings.seconds * MOST_CALLS + 10

    def authority(self, session: SalesSession, nfe: Nfe, authorises: bool = False) -> tuple[Authority, Certificate]:
        """The authority of the document's own state and environment, which knows all documents once it is back; to
        have one of contingency authorised, who stands in for it. Raises what `of_state` does."""
        emission = nfe.key[EMISSION_AT] if authorises else NORMAL_EMISSION
        return self.of_state(session, STATE_OF_CODE[nfe.key[:2]], nfe.environment, emission)

    def of_state(
        self, session: SalesSession, state: str, environment: str, emission: str = NORMAL_EMISSION
    ) -> tuple[Authority, Certificate]:  # fmt: skip
        """Raises Conflict: certificate_missing, certificate_unstorable."""
        kept = session.fiscal.certificate()
        if kept is None:
            raise Conflict("certificate_missing", "A empresa não tem certificado digital.")
        certificate = self._safe.opened(session.company, kept["sealed"])
        tls = None if self._settings.base.startswith("http:") else tls_of(certificate, self._settings.ca_file)
        base, seconds = self._settings.base, self._settings.seconds
        return Authority(state, environment, base, seconds, tls, emission), certificate

    def signed(self, xml: str, certificate: Certificate) -> str:
        """Raises Unreachable for what, signed, does not fit its schema: it is not sent."""
        signed = signing.signed(xml, certificate)
        schema = next((name for beginning, name in CHECKED.items() if xml.startswith(beginning)), None)
        if schema is not None and schemas.faults(signed, schema):
            raise Unreachable("A mensagem assinada não segue o leiaute oficial; não foi enviada.")
        return signed
