"""Persons: find, register, change, inactivate, the person view and probable duplicates."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from gateway.http import auth
from gateway.http.access import needs
from gateway.http.access_log import record_access
from gateway.http.blueprint import JsonBlueprint, PageQuery, refuses, versioned
from gateway.http.requests import bus, seen_version, send_command, send_query
from gateway.views import person_view
from gateway.views.sections import section_of
from services.attendance.critical.contract import CriticalCount
from services.attendance.shared.contract import Attendance, CompanyAttendance
from services.chassis.filters import several
from services.chassis.inputs import Id, Line
from services.chassis.schemas import Strict
from services.notifications.watching.contract import Watcher
from services.people.lists.contract import Address
from services.people.options import contract as options_contract
from services.people.persons import contract as persons_contract
from services.people.relations.contract import Relation
from services.sales.commission.contract import CommissionEntry
from services.sales.contracts.contract import Contract
from services.sales.opportunities.contract import OPEN, OPPORTUNITY_STATUSES, LegendCount, Opportunity
from services.sales.orders.contract import Order
from services.sales.receivables.contract import Receivable
from services.sales.service_orders.contract import ServiceOrder
from services.scheduling.contract import Appointment

blp = JsonBlueprint("people", __name__, url_prefix="/v1/persons", description="Pessoas")

NewPerson = persons_contract.RegisterPerson(exclude=("import_key",))
PersonChange = persons_contract.ChangePerson(exclude=("person_id", "version"))
Inactivation = persons_contract.InactivatePerson(exclude=("person_id", "version"))


class SearchQuery(persons_contract.SearchPersons):
    q = Line(150, load_default="")


class DuplicateQuery(PageQuery):
    person_id = Id(minimum=0, load_default=None, allow_none=True)


class ViewQuery(Strict):
    """`state`: the states of the attendances and opportunities that are shown."""

    category = Id(minimum=0, load_default=None, allow_none=True, data_key="category_id")
    status = several(OPPORTUNITY_STATUSES, load_default=lambda: [OPEN], data_key="state")


class PersonView(options_contract.OpenedPerson):
    """`options`: the sections offered. `unavailable`: sections that did not answer; `withheld`: those that are not
    offered, or refused."""

    addresses = section_of(Address, "PersonAddresses")
    related_persons = section_of(Relation, "PersonRelations")
    attendances = section_of(Attendance, "PersonAttendances")
    production = section_of(CompanyAttendance, "PersonProduction")
    opportunities = section_of(Opportunity, "PersonOpportunities", legends=fields.List(fields.Nested(LegendCount)))
    orders = section_of(Order, "PersonOrders")
    receivables = section_of(Receivable, "PersonReceivables")
    contracts = section_of(Contract, "PersonContracts")
    service_orders = section_of(ServiceOrder, "PersonServiceOrders")
    commission_account = section_of(CommissionEntry, "PersonCommission")
    appointments = section_of(Appointment, "PersonAppointments")
    watchers = section_of(Watcher, "PersonWatchers")
    critical_factors = fields.Nested(CriticalCount, allow_none=True)
    unavailable = fields.List(fields.String())
    withheld = fields.List(fields.String())


@blp.get("")
@blp.summary(
    "Busca pessoas",
    "Por código, palavras dos nomes, documento ou o seu início, e-mail inteiro, a sua parte antes do @ ou o seu "
    "domínio, primeiros ou últimos dígitos de um telefone; ativas ou inativas.",
)
@needs("people.read")
@blp.arguments(SearchQuery, location="query")
@blp.response(200, persons_contract.PersonPage)
@refuses(blp)
def search_persons(data: dict[str, Any]) -> Any:
    """Row P1: by code, words of the names, document, e-mail or digits of a phone; active persons, or inactive."""
    return send_query("people", "search_persons", data)


@blp.get("/suggestions")
@blp.summary(
    "Sugere pessoas enquanto se digita",
    "As primeiras ativas da busca, com o que uma lista de sugestões mostra.",
)
@needs("people.read")
@blp.arguments(persons_contract.SuggestPersons, location="query")
@blp.response(200, persons_contract.PersonSuggestions)
@refuses(blp)
def list_person_suggestions(data: dict[str, Any]) -> Any:
    """Row P1."""
    return send_query("people", "list_person_suggestions", data)


@blp.post("")
@blp.summary("Cadastra uma pessoa", "`warnings` aponta prováveis duplicatas.")
@needs("people.write")
@blp.arguments(NewPerson)
@blp.response(201, persons_contract.RegisteredPerson, at="/v1/persons/{id}")
@refuses(blp, 409)
def register_person(data: dict[str, Any]) -> Any:
    """Row P2; `warnings` names probable duplicates."""
    return send_command("people", "register_person", persons_contract.RegisterPerson, data)


@blp.get("/duplicates")
@blp.summary(
    "Lista prováveis duplicatas",
    "Pares de cadastros que podem ser da mesma pessoa, os mais prováveis primeiro.",
)
@needs("people.read")
@blp.arguments(DuplicateQuery, location="query")
@blp.response(200, persons_contract.DuplicatePage)
@refuses(blp)
def list_duplicates(data: dict[str, Any]) -> Any:
    """Row P2: pairs of persons who may be one, the likeliest first."""
    return send_query("people", "list_duplicates", data)


@blp.get("/by-code/<int:code>")
@blp.summary("Lê uma pessoa pelo código", "Ativa ou inativa.")
@needs("people.read")
@blp.response(200, persons_contract.Person)
@refuses(blp, 404)
def get_person_by_code(code: int) -> Any:
    """Row P1: an active or an inactive person."""
    return send_query("people", "get_person", {"code": code})


@blp.get("/<string:person_id>")
@blp.summary("Lê uma pessoa", "O id de um cadastro unido responde o que ficou, cujo endereço está em Content-Location.")
@needs("people.read")
@blp.response(200, persons_contract.Person)
@refuses(blp, 404)
def get_person(person_id: str) -> Any:
    """A merged person's id answers the survivor, whose address is in Content-Location."""
    person = send_query("people", "get_person", {"id": person_id})
    record_access(person["id"], "record")
    answer = versioned(person)
    answer.headers["Content-Location"] = f"/v1/persons/{person['id']}"
    return answer


@blp.patch("/<string:person_id>")
@blp.summary("Altera uma pessoa", "O que não é enviado permanece.")
@needs("people.write")
@blp.arguments(PersonChange)
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def change_person(data: dict[str, Any], person_id: str) -> Any:
    """Rows P2, P3: changes the given fields; If-Match protects another user's change."""
    return send_command(
        "people", "change_person", persons_contract.ChangePerson, data, person_id=person_id, version=seen_version()
    )


@blp.post("/<string:person_id>/inactivate")
@blp.summary("Inativa uma pessoa", "Sai das buscas que não pedem inativas; nunca é apagada.")
@needs("people.write")
@blp.arguments(Inactivation)
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def inactivate_person(data: dict[str, Any], person_id: str) -> Any:
    """Row P7: hidden from searches that do not ask for inactive persons; never deleted."""
    schema = persons_contract.InactivatePerson
    return send_command("people", "inactivate_person", schema, data, person_id=person_id, version=seen_version())


@blp.post("/<string:person_id>/reactivate")
@blp.summary("Reativa uma pessoa")
@needs("people.write")
@blp.response(200, persons_contract.Person)
@refuses(blp, 404, 409, 412)
def reactivate_person(person_id: str) -> Any:
    """Row P7."""
    schema = persons_contract.ReactivatePerson
    return send_command("people", "reactivate_person", schema, {}, person_id=person_id, version=seen_version())


@blp.get("/<string:person_id>/view")
@blp.summary(
    "Abre a página de uma pessoa",
    "A pessoa, suas opções para a categoria e cada seção oferecida, numa só chamada.",
)
@needs("people.read")
@blp.arguments(ViewQuery, location="query")
@blp.response(200, PersonView)
@refuses(blp, 404)
def get_person_view(data: dict[str, Any], person_id: str) -> Any:
    """Rows G1, P6: the person, its options for the category, and every section offered."""
    seconds = auth.current_config().view_seconds
    context = auth.context(seconds)
    view, shown = person_view.gather(bus(), context, person_id, data["category"], data["status"])
    record_access(shown, "view")
    return view
