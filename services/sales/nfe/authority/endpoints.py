"""Where the tax authority of a state answers: nfelib's table of addresses, or the one that is configured."""

from __future__ import annotations

from dataclasses import dataclass

from nfelib.nfe.client.v4_0.servers import Endpoint, servers

from services.sales.fiscal.model import PRODUCTION

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


def address_of(operation: Operation, state: str, environment: str, base: str) -> str:
    """`base`, where it is configured, stands for every authority: `<base>/NFeAutorizacao4`."""
    if base:
        return f"{base.rstrip('/')}/{operation.service}"
    server = servers[state if state in OWN else "SVAN" if state == "MA" else "SVRS"]
    table = server["prod_endpoints"] if environment == PRODUCTION else server["dev_endpoints"]
    return str(table[operation.endpoint])
