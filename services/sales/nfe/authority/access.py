"""The authority of a company's state and the company's certificate, from the environment and the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from environs import Env

from services.chassis.errors import Conflict
from services.sales.fiscal.certificate import Certificate, Safe
from services.sales.fiscal.model import STATE_CODES
from services.sales.nfe.authority import schemas, signing
from services.sales.nfe.authority.client import Authority
from services.sales.nfe.authority.soap import Unreachable, tls_of
from services.sales.nfe.model.key import EMISSION_AT, NORMAL_EMISSION
from services.sales.nfe.model.nfe import Nfe
from services.sales.session import SalesSession

# The most calls that one run of a job makes.
MOST_CALLS = 4
# The schema that a signed message is checked against, by its beginning. Events are checked by their senders.
CHECKED = {"<NFe": "nfe_v4.00", "<inutNFe": "inutNFe_v4.00"}
STATE_OF_CODE = {code: state for state, code in STATE_CODES.items()}


@dataclass(frozen=True)
class Settings:
    """`base`: a URL instead of every authority's own; `ca_file`: CA certificates instead of the system's.

    `seconds`: of one call. `keys`: the installation's keys for certificates.
    """

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


class AuthorityAccess:
    def __init__(self, runtime: Any, settings: Settings) -> None:
        self._settings = settings
        self._safe = Safe(settings.keys)

    @property
    def longest(self) -> float:
        """The longest run of a job, in seconds."""
        return self._settings.seconds * MOST_CALLS + 10

    def authority(self, session: SalesSession, nfe: Nfe, authorises: bool = False) -> tuple[Authority, Certificate]:
        """The authority of the document's state and environment, with the company's certificate.

        `authorises`: for a document issued in contingency, the authority of contingency. Raises what `of_state` raises.
        """
        emission = nfe.key[EMISSION_AT] if authorises else NORMAL_EMISSION
        return self.of_state(session, STATE_OF_CODE[nfe.key[:2]], nfe.environment, emission)

    def of_state(
        self, session: SalesSession, state: str, environment: str, emission: str = NORMAL_EMISSION
    ) -> tuple[Authority, Certificate]:  # fmt: skip
        """Raises Conflict: certificate_missing, certificate_unstorable."""
        kept = session.fiscal.certificate()
        if kept is None:
            raise Conflict("certificate_missing", "A empresa não tem certificado digital.")
        certificate = self._safe.unseal(session.company, kept["sealed"])
        tls = None if self._settings.base.startswith("http:") else tls_of(certificate, self._settings.ca_file)
        base, seconds = self._settings.base, self._settings.seconds
        return Authority(state, environment, base, seconds, tls, emission), certificate

    def signed(self, xml: str, certificate: Certificate) -> str:
        """The signed message; raises Unreachable if it does not fit its schema, so that it is not sent."""
        signed = signing.signed(xml, certificate)
        schema = next((name for beginning, name in CHECKED.items() if xml.startswith(beginning)), None)
        if schema is not None and schemas.faults(signed, schema):
            raise Unreachable("A mensagem assinada não segue o leiaute oficial; não foi enviada.")
        return signed
