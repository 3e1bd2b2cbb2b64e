"""The addresses of each state's tax authority: nfelib's table, or the configured one."""

from __future__ import annotations

from dataclasses import dataclass

from nfelib.nfe.client.v4_0.servers import Endpoint, servers

from services.sales.fiscal.model import PRODUCTION
from services.sales.nfe.model.key import BY_AN, BY_RS

WSDL = "http://www.portalfiscal.inf.br/nfe/wsdl"
# The states with servers of their own. Maranhão uses SVAN, all others SVRS.
OWN = ("AM", "BA", "GO", "MG", "MS", "MT", "PE", "PR", "RS", "SP")


@dataclass(frozen=True)
class Operation:
    """A service of the authority: its name in addresses, its method in SOAP, and its key in nfelib's table."""

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
    """The address of a service. `base` replaces every authority's: `<base>/NFeAutorizacao4`.

    `emission` (tpEmis): in contingency the address is another one, with `base` `<base>/SVC/...`.
    """
    in_contingency = emission in (BY_AN, BY_RS)
    if base:
        return f"{base.rstrip('/')}/{'SVC/' if in_contingency else ''}{operation.service}"
    own = state if state in OWN else "SVAN" if state == "MA" else "SVRS"
    server = servers[{BY_AN: "SVC-AN", BY_RS: "SVC-RS"}.get(emission, own)]
    table = server["prod_endpoints"] if environment == PRODUCTION else server["dev_endpoints"]
    return str(table[operation.endpoint])
