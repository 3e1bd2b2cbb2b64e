"""The types of events that the feed holds, and what each tells (row N9). Pure; docs/asyncapi.json is made of it.

An event tells the records that it is about, and their states: no text, so it tells nothing that its reader may not see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.chassis.access.sections import RECORD, AnyOf, Section, sees
from services.chassis.access.visibility import Sight
from services.chassis.errors import Invalid


@dataclass(frozen=True)
class FeedType:
    """`source` announces it. `section` is where a person's page shows it, RECORD for the person's record itself.

    `fields` of its data are told, where they have a value; `title` is for who integrates.
    """

    source: str
    section: Section
    event: str
    fields: tuple[str, ...]
    title: str

    @property
    def name(self) -> str:
        return f"{self.source}.{self.event}"

    def thin(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The thin part of the event's data."""
        return {name: data[name] for name in self.fields if data.get(name) is not None}

    def readable(self, permissions: Collection[str], sight: Sight) -> bool:
        """For whoever holds `<source>.read` and sees the section."""
        return f"{self.source}.read" in permissions and sees(sight, self.section)


def _types(source: str, section: Section, common: str, *rows: tuple[str, str, str]) -> tuple[FeedType, ...]:
    return tuple(
        FeedType(source, section, event, tuple(f"{common} {more}".split()), title) for event, more, title in rows
    )


OFFERS = AnyOf(("opportunities", "attendances"))
CONVERSATION = "person_id attendance_id"
SALE = "person_id attendance_id opportunity_id"
TYPES = (
    *_types(
        "people", RECORD, "person_id",
        ("person_registered", "", "Pessoa cadastrada, também por importação"),
        ("person_changed", "", "Cadastro de pessoa alterado, também por importação"),
        ("person_merged", "survivor_id", "Pessoa unida a outra (survivor_id), que a substitui"),
        ("person_unmerged", "survivor_id", "União de pessoas desfeita"),
        ("person_erasure_requested", "", "Os dados da pessoa estão sendo eliminados: elimine os seus também"),
        ("consent_changed", "purpose channel given", "Consentimento dado ou retirado"),
    ),
    *_types(
        "attendance", "attendances", CONVERSATION,
        ("attendance_opened", "center_id", "Atendimento aberto"),
        ("attendance_changed", "", "Dados do atendimento alterados"),
        ("attendance_moved", "center_id", "Atendimento encaminhado"),
        ("attendance_closed", "", "Atendimento encerrado"),
        ("attendance_reopened", "center_id", "Atendimento reaberto"),
        ("attendance_filed", "change flow_id", "Atendimento movido de fluxo, enviado à lixeira ou restaurado"),
        ("attendance_purged", "", "Atendimento excluído em definitivo"),
        ("entry_recorded", "entry_id kind center_id", "Parecer registrado"),
    ),
    *_types(
        "sales", "opportunities", SALE,
        ("opportunity_created", "", "Oportunidade criada"),
        ("opportunity_changed", "", "Oportunidade alterada"),
        ("opportunity_closed", "", "Oportunidade ganha ou perdida"),
        ("opportunity_reopened", "", "Oportunidade reaberta"),
        ("opportunity_deleted", "", "Oportunidade excluída"),
        ("action_added", "action_id kind situation", "Ação criada em uma oportunidade"),
    ),
    *_types(
        "sales", "opportunities", "person_id opportunity_id",
        ("action_settled", "action_id situation", "Ação concluída ou cancelada"),
    ),
    *_types(
        "sales", OFFERS, SALE,
        ("quote_changed", "quote_id status", "Proposta feita, alterada, aprovada ou rejeitada"),
        ("quote_answered", "quote_id answer_id kind", "Resposta do cliente na página da proposta"),
    ),
    *_types(
        "sales", "orders", SALE,
        ("order_placed", "order_id kind", "Pedido feito"),
        ("order_cancelled", "order_id kind", "Pedido cancelado"),
        ("order_deleted", "order_id kind", "Pedido excluído"),
    ),
    *_types(
        "sales", "orders", "person_id order_id",
        ("nfe_changed", "nfe_id status", "NF-e pedida, autorizada, rejeitada ou cancelada"),
    ),
    *_types(
        "sales", "contracts", "person_id contract_id",
        ("contract_billed", "receivable_id", "Período de contrato faturado"),
    ),
    *_types(
        "sales", "receivables", "person_id receivable_id",
        ("receivable_withdrawn", "", "Conta a receber retirada"),
        ("payment_recorded", "status", "Pagamento registrado"),
        ("payment_reversed", "status", "Pagamento estornado"),
    ),
    *_types(
        "sales", "service_orders", CONVERSATION,
        ("service_order_changed", "service_order_id status", "Ordem de serviço aberta ou alterada"),
        ("service_order_deleted", "service_order_id", "Ordem de serviço excluída"),
        ("service_invoice_changed", "service_order_id service_invoice_id status", "Nota de serviço alterada"),
    ),
    *_types(
        "scheduling", "appointments", "person_id",
        ("appointment_booked", "opportunity_id appointment_id", "Compromisso marcado"),
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in TYPES}
NAMES = tuple(BY_NAME)


def types_of(wanted: Iterable[str], permissions: Collection[str], sight: Sight) -> list[str]:
    """The types that are wanted (all where none is named) and may be read; raises Invalid("event_type_hidden")."""
    readable = [one.name for one in TYPES if one.readable(permissions, sight)]
    named = list(dict.fromkeys(wanted))
    hidden = [one for one in named if one not in readable]
    if hidden:
        detail = "Você não pode ler estes tipos de evento."
        raise Invalid("event_type_hidden", detail, fields={"types": [f"{detail} ({', '.join(hidden)})"]})
    return named or readable
