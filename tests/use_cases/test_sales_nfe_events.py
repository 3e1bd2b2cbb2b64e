"""Row S22: who may ask for a correction letter, for voided numbers and for contingency, when, and how often."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from bson.decimal128 import Decimal128

from services.sales.corrections import commands as corrections_commands
from services.sales.corrections import queries as corrections_queries
from services.sales.corrections.jobs import Letter
from services.sales.fiscal import commands as fiscal_commands
from services.sales.nfe import queries as nfe_queries
from services.sales.nfe.model.answers import Answer
from services.sales.nfe.model.nfe import AUTHORISED, CANCELLED, REJECTED, Nfe, Said
from services.sales.session import INDEXES, SalesSession
from services.sales.shared.records import document_of
from services.sales.voiding import commands as voiding_commands
from services.sales.voiding import queries as voiding_queries
from services.sales.voiding.jobs import Declaration
from tests.support.fakes.memory import Memory

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
TEXT = "Leia-se no endereço de entrega: Rua das Flores, 12."
REASON = "Números pulados por engano no sistema."
PLACE = {"state": "SP", "city_code": "3550308", "street": "Rua A", "district": "Centro", "city": "São Paulo"}


class Company(Memory):
    """One that may issue, whose series has come to number 10."""

    def __init__(self) -> None:
        super().__init__(SalesSession, INDEXES)
        settings = {"cnpj": "11222333000181", "address": PLACE, "series": 1, "next_number": 11}
        self.ask(fiscal_commands.change_fiscal_settings, **settings)
        self.collection("fiscal_settings").put({"_id": f"{self.company}:certificate", "sealed": "x", "shown": {}})

    def nfe(self, number: int = 1, status: str = AUTHORISED, **fields: Any) -> str:
        said = Said("100", "Autorizado", "1", fields.pop("at", NOW))
        authorisation = said if status == AUTHORISED else None
        made = Nfe(f"n{number}", f"o{number}", number, "p1", 1, NOW, "Ana", status=status, environment="homologation",
                   series=1, number=number, key="3" * 44, issued_at=NOW, authorisation=authorisation,
                   **fields)  # fmt: skip
        self.collection("nfes").insert({**document_of(made), "total": Decimal128("1")})
        return made.id

    def answered(self, job: Any, record_id: str, code: str) -> None:
        """As the job records what the authority said."""
        this: Any = SimpleNamespace(_work={"_id": record_id})
        self.run(lambda tx: job._conclude(this, tx, Answer(code, "texto", "9", NOW, "<retEvento/>")))


@pytest.fixture
def company() -> Company:
    return Company()


def correct(company: Company, nfe_id: str, text: str = TEXT) -> Any:
    return company.ask(corrections_commands.correct_nfe, nfe_id=nfe_id, text=text)


def test_letters_are_numbered_and_only_one_is_on_its_way(company: Company) -> None:
    nfe = company.nfe()
    first = correct(company, nfe)
    assert (first.number, first.state) == (1, "requested")
    ask = corrections_commands.correct_nfe
    assert company.refusal(ask, nfe_id=nfe, text=TEXT) == "correction_in_transit"
    company.answered(Letter, first.id, "135")
    second = correct(company, nfe)
    assert second.number == 2
    company.answered(Letter, second.id, "494")
    assert correct(company, nfe).number == 2
    states = [one.state for one in company.ask(corrections_queries.list_corrections, nfe_id=nfe)["items"]]
    assert states == ["requested", "refused", "registered"]
    xml = company.ask(corrections_queries.get_correction_xml, nfe_id=nfe, number=1)["xml"]
    assert "<retEvento/>" in xml
    assert company.refusal(corrections_queries.get_correction_xml, nfe_id=nfe, number=2) == "correction_not_found"


def test_a_document_has_twenty_letters_at_most(company: Company) -> None:
    nfe = company.nfe()
    for number in range(1, 21):
        letter = correct(company, nfe)
        assert letter.number == number
        company.answered(Letter, letter.id, "135")
    assert company.refusal(corrections_commands.correct_nfe, nfe_id=nfe, text=TEXT) == "corrections_full"


def test_only_an_authorised_document_of_the_last_thirty_days_is_corrected(company: Company) -> None:
    ask = corrections_commands.correct_nfe
    late = company.nfe(1, at=NOW - dt.timedelta(days=30, seconds=1))
    assert company.refusal(ask, nfe_id=late, text=TEXT) == "correction_too_late"
    for number, status in enumerate((CANCELLED, REJECTED), 2):
        assert company.refusal(ask, nfe_id=company.nfe(number, status), text=TEXT) == "nfe_not_authorised"
    cancelling = company.nfe(4, handed_over=True)
    assert company.refusal(ask, nfe_id=cancelling, text=TEXT) == "nfe_in_transit"
    assert company.refusal(ask, nfe_id="none", text=TEXT) == "nfe_not_found"
    assert company.documents("nfe_corrections") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 14, "input_invalid"), ("x" * 1001, "input_invalid"), ("漢" * 20, "correction_text_invalid"),
        ("…" * 500, "correction_text_invalid"),
    ],
)  # fmt: skip
def test_a_text_that_the_layout_does_not_take_is_refused_and_not_cut(company: Company, text: str, code: str) -> None:
    assert company.refusal(corrections_commands.correct_nfe, nfe_id=company.nfe(), text=text) == code


def void(company: Company, first: int, last: int, **fields: Any) -> Any:
    return company.ask(voiding_commands.void_numbers, first=first, last=last, reason=REASON, **fields)


def not_voided(company: Company, first: int, last: int, **fields: Any) -> str:
    given = {"first": first, "last": last, "reason": REASON, **fields}
    return company.refusal(voiding_commands.void_numbers, **given)


def test_unused_numbers_of_this_year_are_voided_once(company: Company) -> None:
    unused = company.nfe(3, CANCELLED)
    assert company.ask(nfe_queries.get_nfe, id=unused)["number_unused"]
    done = void(company, 2, 4)
    assert (done.state, done.year, done.series) == ("requested", 2026, 1)
    assert not_voided(company, 4, 5) == "nfe_numbers_voided"
    company.answered(Declaration, done.id, "102")
    assert company.ask(voiding_queries.get_voiding, voiding_id=done.id).state == "registered"
    shown = company.ask(nfe_queries.get_nfe, id=unused)
    assert (shown["number_unused"], shown["number_voided"]) == (False, True)
    assert not_voided(company, 1, 2) == "nfe_numbers_voided"
    assert void(company, 5, 5).first == 5


def test_a_refused_declaration_leaves_the_numbers_free_to_be_declared_again(company: Company) -> None:
    company.answered(Declaration, void(company, 2, 4).id, "241")
    assert void(company, 2, 4).state == "requested"


def test_numbers_that_a_document_bears_or_that_are_still_to_come_are_not_voided(company: Company) -> None:
    company.nfe(3)
    assert not_voided(company, 1, 5) == "nfe_number_used"
    company.nfe(7, REJECTED)
    assert not_voided(company, 7, 7) == "nfe_number_used"
    assert not_voided(company, 10, 11) == "nfe_number_untaken"
    assert not_voided(company, 1, 1, series=2) == "nfe_number_untaken"
    assert not_voided(company, 5, 4) == "numbers_invalid"
    assert not_voided(company, 1, 1001) == "numbers_invalid"
    assert not_voided(company, 1, 1, reason="curto") == "input_invalid"
    assert not_voided(company, 1, 1, reason="漢" * 20) == "reason_invalid"
    company.nfe(8, CANCELLED)
    [row] = [one for one in company.documents("nfes") if one["_id"] == "n8"]
    company.collection("nfes").put({**row, "issued_at": NOW - dt.timedelta(days=365)})
    assert not_voided(company, 8, 8) == "nfe_number_of_another_year"


def test_without_a_certificate_or_an_issuer_nothing_is_asked(company: Company) -> None:
    company.collection("fiscal_settings").delete({"_id": f"{company.company}:certificate"})
    assert not_voided(company, 1, 1) == "certificate_missing"
    given = {"nfe_id": company.nfe(2), "text": TEXT}
    assert company.refusal(corrections_commands.correct_nfe, **given) == "certificate_missing"
    bare = Memory(SalesSession, INDEXES)
    numbers = {"first": 1, "last": 1}
    assert bare.refusal(voiding_commands.void_numbers, **numbers, reason=REASON) == "nfe_series_missing"


def test_contingency_is_entered_with_a_reason_and_left(company: Company) -> None:
    enter, leave = fiscal_commands.enter_contingency, fiscal_commands.leave_contingency
    assert company.refusal(leave) == "contingency_inactive"
    assert company.refusal(enter, reason="curto") == "input_invalid"
    assert company.refusal(enter, reason="漢" * 20) == "reason_invalid"
    entered = company.ask(enter, reason="A SEFAZ do estado não responde.")
    assert (entered["contingency"].reason, entered["contingency"].by.name) == ("A SEFAZ do estado não responde.", "Ana")
    assert company.refusal(enter, reason="A SEFAZ do estado não responde.") == "contingency_active"
    assert company.ask(leave)["contingency"] is None


def test_an_authorised_document_is_listed_of_its_person(company: Company) -> None:
    company.nfe(1)
    company.nfe(2, CANCELLED)
    of_person = {"person_id": "p1"}
    assert [one["number"] for one in company.ask(nfe_queries.list_nfes, **of_person)["items"]] == [2, 1]
    assert [one["number"] for one in company.ask(nfe_queries.list_nfes, **of_person, status=AUTHORISED)["items"]] == [1]
    assert company.ask(nfe_queries.list_nfes, person_id="p2")["items"] == []
