"""Row P4: the one reading of phones. What is not understood whole is refused; nothing becomes another number."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.attendance import report_content
from services.chassis.errors import Conflict, Invalid
from services.chassis.schemas import load
from services.people.exports.model import to_cells
from services.people.imports.model.columns import EXPORTED
from services.people.imports.model.layouts import recognise
from services.people.imports.model.naming import Names
from services.people.imports.model.rows import RowReader
from services.people.persons.model.person import Person
from services.people.persons.model.places import normalise_registration, with_place
from services.people.persons.model.search import read_query
from services.people.shared.fields import find_document, find_phone
from services.sales.fiscal.contract import ChangeFiscalSettings

NOW = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
MOBILE, LANDLINE = "+5511987654321", "+551134567890"
WRITTEN = [
    "(11) 98765-4321", "11 98765-4321", "11987654321", "+55 11 98765-4321", "0055 11 98765-4321", "011 98765-4321",
    "0 15 11 98765-4321", "0xx11 98765-4321", "(11) 3456-7890", "+1 202 555 0123", "0800 123 4567",
]  # fmt: skip


def register(*phones: dict[str, Any] | str, **data: Any) -> Person:
    given_ = [{"number": phone} if isinstance(phone, str) else phone for phone in phones]
    return Person.register("p", 1, {"name": "Ana", "phones": given_, **data}, NOW)


def stored(text: str) -> tuple[str, str]:
    (phone,) = register(text).phones
    return phone["number"], phone["extension"]


@pytest.mark.parametrize(
    "text",
    [
        "(11) 98765-43O1", "(11) 98765-432l", "(1I) 98765-4321", "+55 11 9876S-4321", "0800 FLORES", "1-800-FLOWERS",
        "(11) 98765-4321 (Maria)", "whatsapp 11 98765-4321", "11 98765-4321²", "①1 98765-4321", "11987654321e",
        "1,19877E+10", "11 98765-4321 ramal", "11 98765-4321 ramal 1O", "ramal 12", "#12", "x12", "(11) 98765-432x1",
    ],
)  # fmt: skip
def test_letters_among_the_digits_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="phone_invalid"):
        register(text)


@pytest.mark.parametrize(
    "text",
    [
        "98765-4321 11", "3456-7890 91", "3456-7890/91", "11 98765 4321 / 11 3456 7890", "(00) 98765-4321",
        "(00) 4989-1234", "++5511987654321", "11+987654321", "+0055 11 98765-4321", "00055 11 98765-4321",
        "(20) 98765-4321", "+55 15 11 98765-4321", "0021 11 98765-4321", "1 202 555 0123", "98765-4321", "",
    ],
)  # fmt: skip
def test_what_may_be_read_in_two_ways_is_refused(text: str) -> None:
    assert find_phone(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0055 11 98765-4321", MOBILE), ("00 55 (11) 98765-4321", MOBILE), ("0055 11 8765-4321", MOBILE),
        ("00 1 202 555 0123", "+12025550123"), ("0044 20 7946 0958", "+442079460958"),
        ("00 15 1 202 555 0123", "+12025550123"), ("0021 44 20 7946 0958", "+442079460958"),
        ("0 15 11 98765-4321", MOBILE), ("015 11 3456-7890", LANDLINE), ("(0 41 11) 3456-7890", LANDLINE),
        ("0xx11 98765-4321", MOBILE), ("(0XX11) 98765-4321", MOBILE), ("0XX(11)98765-4321", MOBILE),
        ("(0**11) 98765-4321", MOBILE), ("+55 (0xx11) 98765-4321", MOBILE), ("+55 (0)11 98765-4321", MOBILE),
        ("１１９８７６５４３２１", MOBILE), ("（11）98765－4321", MOBILE), ("٠١١٩٨٧٦٥٤٣٢١", MOBILE),
        ("11\u200b98765\u201143\u00ad21", MOBILE), ("\u202a+55 11 98765-4321\u202c", MOBILE), ("11/98765-4321", MOBILE),
        ("tel:+55-11-98765-4321", MOBILE), ("+44 (0)20 7946 0958", "+442079460958"),
    ],
)  # fmt: skip
def test_exit_codes_carriers_and_digits_of_any_script_are_understood(text: str, number: str) -> None:
    assert stored(text) == (number, "")


@pytest.mark.parametrize(
    "mark",
    [" ramal 12", " Ramal: 12", " r. 12", " r 12", " R12", " ext 12", " ext. 12", " x12", "x12", "#12", " #12",
     " ram 12", ", ramal 12", " - ramal 12", "/ramal 12", " (ramal 12)", "(r. 12)", ";ext=12", " ramal １２"],
)  # fmt: skip
@pytest.mark.parametrize("number", ["(11) 3456-7890", "11 98765-4321", "+1 202 555 0123", "0055 11 3456-7890"])
def test_an_extension_is_kept_beside_the_number(number: str, mark: str) -> None:
    assert stored(number + mark) == (find_phone(number), "12")


@given(st.sampled_from(WRITTEN), st.characters(categories=["L", "Sm", "So", "No"]), st.data())
def test_no_sign_among_the_digits_is_dropped(written: str, char: str, data: st.DataObject) -> None:
    """Wherever it stands before the last digit, it is refused, or the number is the same with an extension."""
    at = data.draw(st.integers(0, len(written) - 1))
    found = find_phone(written[:at] + char + written[at:])
    assert found in (None, find_phone(written))


@given(st.sampled_from(WRITTEN), st.from_regex(r"\A[0-9]{1,8}\Z"))
def test_number_and_extension_come_back_from_what_is_shown(written: str, extension: str) -> None:
    person = register(f"{written} ramal {extension}")
    again = stored(report_content.phone({"phones": person.phones}))
    assert again == (find_phone(written), extension)
    titles, names = [column.title for column in EXPORTED], Names.of()
    layout, fields = recognise(titles)
    reader = RowReader(titles, fields, layout, "prospect", names)
    read_back = Person.register("p", 1, reader.read(to_cells(person, names)).data, NOW)
    assert read_back.phones == person.phones


@given(st.text(max_size=70) | st.text("0123456789 ()+-./xr#", max_size=30))
def test_any_text_is_refused_or_read_to_the_same_number_again(text: str) -> None:
    found = find_phone(text)
    assert found is None or find_phone(found) == found


def test_a_long_text_costs_no_time() -> None:
    started = time.perf_counter()
    for text in ("(" * 100_000, "1 " * 50_000 + "x", "r" * 100_000, "1(((((" * 10 + "r1", "1-" * 29 + "x"):
        assert find_phone(text) is None
    assert time.perf_counter() - started < 1


def test_two_extensions_of_one_switchboard_are_two_phones() -> None:
    person = register("(11) 3456-7890 ramal 12", "(11) 3456-7890 ramal 13", "1134567890 r. 12")
    assert [phone["extension"] for phone in person.phones] == ["12", "13"]
    with pytest.raises(Conflict, match="phone_exists"):
        person.add_item("phones", {"number": "1134567890", "extension": "13"})


def test_another_number_has_no_extension_of_the_old_one() -> None:
    person = register("(11) 3456-7890 ramal 12")
    person.edit_item("phones", "1", {"number": LANDLINE, "main": True})
    assert person.phones[0]["extension"] == "12"
    person.edit_item("phones", "1", {"number": "(11) 3456-7890 ramal 13"})
    assert person.phones[0]["extension"] == "13"
    person.edit_item("phones", "1", {"number": MOBILE})
    assert (person.phones[0]["number"], person.phones[0]["extension"]) == (MOBILE, "")


def test_two_different_extensions_of_one_phone_are_refused() -> None:
    assert register({"number": "1134567890 ramal 12", "extension": "12"}).phones[0]["extension"] == "12"
    with pytest.raises(Invalid, match="extension_repeated"):
        register({"number": "1134567890 ramal 12", "extension": "13"})


def test_a_contacts_phone_has_its_extension_too() -> None:
    person = register(contacts=[{"name": "Rita", "phone": "(11) 3456-7890 ramal 12"}])
    assert (person.contacts[0]["phone"], person.contacts[0]["phone_extension"]) == (LANDLINE, "12")
    person.edit_item("contacts", person.contacts[0]["id"], {"phone": MOBILE})
    assert person.contacts[0]["phone_extension"] == ""


@pytest.mark.parametrize(
    "asked", ["(11) 3456-7890 ramal 12", "0055 11 3456-7890", "0xx11 3456-7890", "34567890", "7890"]
)
def test_a_phone_with_an_extension_is_found_however_it_is_typed(asked: str) -> None:
    keys = register("(11) 3456-7890 ramal 12").search_keys()
    assert set(read_query(asked).keys) <= set(keys)


def test_letters_in_documents_postal_codes_and_registrations_are_refused() -> None:
    assert find_document("529.982.247-2S") is None
    assert find_document("529x982x247x25") is None
    with pytest.raises(Invalid, match="postal_code_invalid"):
        with_place({"state": "SP", "city": "Santos", "postal_code": "O1310-100"})
    with pytest.raises(Invalid, match="state_registration_invalid"):
        normalise_registration("11O.042.490.114", "SP")


@pytest.mark.parametrize(
    "data",
    [
        {"phone": "(11) 3456-78O0"}, {"phone": "123"}, {"phone": "1134567890 ramal 12"},
        {"state_registration": "11O.042"}, {"state_registration": "1" * 15}, {"address": {"postal_code": "٠١٣١٠١٠٠"}},
    ],
)  # fmt: skip
def test_an_nfe_takes_no_number_with_something_dropped_from_it(data: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="input_invalid"):
        load(ChangeFiscalSettings, data)


def test_a_companys_phone_for_its_nfe_is_e164_or_nothing() -> None:
    assert load(ChangeFiscalSettings, {"phone": "(11) 3456-7890"}) == {"phone": LANDLINE}
    assert load(ChangeFiscalSettings, {"phone": "", "state_registration": "110.042.490.114"})["phone"] == ""
