"""Where the tax authority of a state answers: nfelib's table of addresses, or the one that is configured."""

from __future__ import annotations

from dataclasses import dataclass

from nfelib.nfe.client.v4_0.servers import Endpoint, servers

from services.sales.fiscal.model import PRODUCTION
from services.sales.nfe.model.key import BY_AN, BY_RS

WSDL = "http://www.portalfiscal.inf.br/nfe/wsdl"
# The states that run their own; Maranhão uses the national one, all others that of Rio Grande do Sul.
OWN = ("AM", "BA", "GO", "MG", "MS", "MT", "PE", "PR", "RS", "SP")


@dataclass(frozen=True)
class Operation:
    """One of the authority's services: its name in addresses and in SOAP, and the table's word for it."""

    service: str
    method: str
    endpoint: Endpoint

    @property
    def action(self) -> str:
        return f"{WSDL}/{self.service}/{self.method}"


AUTHORISE = Operation("NFeAutorizacao4", "nfeAutorizacaoLote", Endpoint.NFEAUTORIZACAO)
COLLECT = Operation("NFeRetAutorizacao4", "nfeRetAutorizacaoLote", Endpoint.NFERETAUTORIZACAO)
CONSULT = Operation("NFeConsultaProtocolo4", "nfeConsultaNF", Endpoint.NFECONSULTAPROTOCOLO)
EVENT = Operation("NFeRecepcaoEvento4", "nfeRecepcaoEvento", Endpoint.RECEPCAOEVENTO)
VOID = Operation("NFeInutilizacao4", "nfeInutilizacaoNF", Endpoint.NFEINUTILIZACAO)


def address_of(operation: Operation, state: str, environment: str, base: str, emission: str = "1") -> str:
    """`base`, where it is configured, stands for every authority: `<base>/NFeAutorizacao4`, and `<base>/SVC/...` for
    those of contingency (`emission`, tpEmis)."""
    stands_in = emission in (BY_AN, BY_RS)
    if base:
        return f"{base.rstrip('/')}/{'SVC/' if stands_in else ''}{operation.service}"
    own = state if state in OWN else "SVAN" if state == "MA" else "SVRS"
    server = servers[{BY_AN: "SVC-AN", BY_RS: "SVC-RS"}.get(emission, own)]
    table = server["prod_endpoints"] if environment == PRODUCTION else server["dev_endpoints"]
    return str(table[operation.endpoint])
