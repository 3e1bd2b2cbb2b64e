"""The kinds of field that inputs are made of: what they refuse, and what they make of what they take."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import ROUND_HALF_UP
from decimal import Decimal as Number
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.chassis.inputs import (
    Choice,
    Code,
    Day,
    Decimal,
    EmailAddress,
    Flag,
    Id,
    Line,
    Moment,
    Text,
    Verbatim,
    Whole,
    Written,
)
from services.chassis.texts import lines, one_line

INVISIBLE = {
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "soft hyphen": "\u00ad",
    "byte-order mark": "\ufeff",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "word joiner": "\u2060",
    "Hangul filler": "\u3164",
    "grapheme joiner": "\u034f",
    "tag": "\U000e0041",
    "variation selector": "\ufe0f",
    "supplementary variation selector": "\U000e0101",
    "NUL": "\x00",
    "escape": "\x1b",
    "C1 control": "\x9b",
    "lone surrogate": "\ud800",
    "interlinear annotation": "\ufff9",
    "blank of Braille": "\u2800",
}


def refuses(field: Any, value: Any) -> bool:
    try:
        field.deserialize(value)
    except ValidationError:
        return True
    return False


def test_an_id_is_not_longer_before_it_is_cleaned_either() -> None:
    assert Id().deserialize(f" {'a' * 62} ") == "a" * 62
    assert refuses(Id(), f" {'a' * 63} ")


@pytest.mark.parametrize("sign", INVISIBLE.values(), ids=INVISIBLE)
def test_what_nobody_sees_is_taken_out_of_every_text(sign: str) -> None:
    assert Line(20).deserialize(f"{sign}Ma{sign}ria{sign}") == "Maria"
    assert Text(20).deserialize(f"{sign}Ma{sign}\nria{sign}") == "Ma\nria"
    assert Id().deserialize(f"a{sign}1") == "a1"
    assert EmailAddress().deserialize(f"ma{sign}ria@exem{sign}plo.example{sign}") == "maria@exemplo.example"
    assert refuses(Line(20, required=True), sign * 3)  # a name of nothing is no name


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\t"])
def test_a_line_holds_no_line_break_and_lines_end_by_a_newline(end: str) -> None:
    assert Line(20).deserialize(f"Maria{end}Silva{end}") == "Maria Silva"
    assert Text(20).deserialize(f"Maria{end}Silva") == ("Maria\tSilva" if end == "\t" else "Maria\nSilva")
    assert refuses(EmailAddress(), f"maria@exemplo.example{end}Bcc: x@y.example")


def test_blanks_of_typographers_are_blanks_and_accents_are_composed() -> None:
    assert Line(20).deserialize("\u00a0Jose\u0301\u202fda\u3000Silva\u2003") == "José da Silva"


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧‍👦", "❤️", "👍🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "🇧🇷", "🏳️‍🌈", "©️"])
def test_emoji_keep_the_signs_that_they_are_built_of(emoji: str) -> None:
    assert Line(60).deserialize(f"Festa {emoji} da Ana") == f"Festa {emoji} da Ana"


@given(st.text(alphabet=st.characters(codec=None), max_size=40))
def test_cleaning_twice_is_cleaning_once_and_leaves_what_can_be_stored(text: str) -> None:
    for clean in (one_line, lines):
        once = clean(text)
        assert clean(once) == once == unicodedata.normalize("NFC", once)
        once.encode()
    assert not set(one_line(text)) & set("\n\r\t\x00\u2028\u2029\x85")


def test_what_is_kept_as_it_is_may_hold_what_nobody_sees_but_nothing_that_cannot_be_stored() -> None:
    assert Verbatim(20).deserialize(" a\u200b\r\nb ") == "a\u200b\r\nb"
    assert Verbatim(20, trimmed=False).deserialize(" a ") == " a "
    assert refuses(Verbatim(20), "a\x00")
    assert refuses(Verbatim(20), "a\udfff")


def test_the_length_counts_what_is_stored() -> None:
    assert Line(5).deserialize("\u200b" * 50 + "Maria") == "Maria"
    assert refuses(Line(5), "Mariana")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Maria@Exemplo.EXAMPLE", "Maria@exemplo.example"),
        ("maria@padaria-são-joão.example", "maria@xn--padaria-so-joo-yhbe.example"),
        ("maria+compras@sub.exemplo.com.br", "maria+compras@sub.exemplo.com.br"),
        ("maria@servidor.local", "maria@servidor.local"),
    ],
)
def test_an_address_is_kept_as_mail_servers_know_it(written: str, kept: str) -> None:
    assert EmailAddress().deserialize(written) == kept
    assert EmailAddress().deserialize(kept) == kept


@pytest.mark.parametrize(
    "written",
    ["maria", "maria@", "@exemplo.example", "maria@localhost", "maria@10.0.0.1", "maria@[10.0.0.1]",
     "joão@exemplo.example", "a..b@exemplo.example", ".a@exemplo.example", '"a b"@exemplo.example',
     "Maria <maria@exemplo.example>", "a@b@c.example", "a@exemplo..example", "a@-exemplo.example",
     f"{'a' * 65}@exemplo.example", f"a@{'b' * 250}.example", 1, None, ["a@b.example"]],
)  # fmt: skip
def test_what_is_no_address_is_refused(written: Any) -> None:
    assert refuses(EmailAddress(), written)


@pytest.mark.parametrize(
    "value", [True, False, "3", "", 1.5, 10**30, -1, 2**53, float("nan"), float("inf"), None, [], {}]
)
def test_a_whole_number_is_a_number_of_json_within_its_bounds(value: Any) -> None:
    assert refuses(Whole(0), value)


def test_digits_are_a_number_where_everything_is_written() -> None:
    assert Whole(1, 100).deserialize(Written("20")) == 20
    assert Whole(1, 100).deserialize(1.0) == 1
    for wrong in ("", "1.0", "1e1", "٣", "0x1", "1_0", "9" * 30, "9" * 5000, "101", "0"):
        assert refuses(Whole(1, 100), Written(wrong))


def test_yes_and_no_are_words_of_json() -> None:
    assert Flag().deserialize(True) is True
    assert Flag().deserialize(Written("false")) is False
    wrong: Any
    for wrong in (
        "true",
        "yes",
        1,
        0,
        None,
        [],
        Written("yes"),
        Written(""),
        Written("1"),
        Written("0"),
        Written("True"),
        Written(" true"),
    ):
        assert refuses(Flag(), wrong)


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-Infinity", "1E+2", "1e2", "1_000", "1,5", "٣", "", ".5", "5.", True, None, [], float("nan"),
     float("inf"), 1e300, 1e-7, 10**400, "0." + "3" * 40, 0.123, "100.01", "-0.01", 10**12],
)  # fmt: skip
def test_a_decimal_is_digits_within_its_places_and_bounds(value: Any) -> None:
    assert refuses(Decimal(places=2, maximum=Number(100)), value)


@pytest.mark.parametrize(
    ("value", "kept"), [("0.50", "0.50"), (0.1, "0.1"), (7, "7"), ("100", "100"), ("33.3300", "33.3300")]
)
def test_a_decimal_is_taken_as_text_or_as_a_number(value: Any, kept: str) -> None:
    assert str(Decimal(places=2, maximum=Number(100)).deserialize(value)) == kept


def test_a_decimal_is_rounded_where_that_is_said_and_no_zero_is_below_zero() -> None:
    rounded = Decimal(places=2, maximum=Number("999.99"), rounding=ROUND_HALF_UP)
    assert [str(rounded.deserialize(text)) for text in ("0.125", "7", "-0.00")] == ["0.13", "7.00", "0.00"]
    assert refuses(rounded, "999.995")
    assert refuses(rounded, "0." + "3" * 40)
    assert str(Decimal(places=2, maximum=Number(1)).deserialize("-0")) == "0"


@pytest.mark.parametrize(
    "value",
    ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31", "2026-02-30", "20260101", "2026-W01-1", "2026-1-1",
     "２０２６-01-01", "2026-01-01T00:00:00Z", "", 20260101, None, True],
)  # fmt: skip
def test_a_day_is_within_the_calendar(value: Any) -> None:
    assert refuses(Day(), value)


def test_the_first_and_the_last_day_are_taken() -> None:
    assert Day().deserialize("1900-01-01") == dt.date(1900, 1, 1)
    assert Day().deserialize(" 2200-12-31 ") == dt.date(2200, 12, 31)


@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1900-01-01T00:00:00+01:00", "2026-01-01T00:00:00",
     "2026-01-01", "2026-01-01T25:00:00Z", "", 1767225600, None, {"t": "2026-01-01T00:00:00Z"}],
)  # fmt: skip
def test_a_moment_has_an_offset_and_stays_within_the_calendar_in_utc_too(value: Any) -> None:
    assert refuses(Moment(), value)


def test_a_moment_is_kept_in_utc_as_the_database_keeps_it() -> None:
    kept = Moment().deserialize("2026-03-05T09:00:00.123999-03:00")
    assert kept == dt.datetime(2026, 3, 5, 12, 0, 0, 123_000, tzinfo=dt.UTC)
    assert kept.tzinfo is dt.UTC


def test_a_code_is_wholly_of_its_form() -> None:
    postal = Code(r"\d{5}-?\d{3}", "O CEP tem 8 dígitos.")
    assert postal.deserialize("01310-100\n") == "01310-100"
    for wrong in ("01310-100x", "٠١٣١٠-100", "x01310-100", "", 1310100):
        assert refuses(postal, wrong)


def test_a_choice_is_one_of_its_words() -> None:
    assert Choice(("open", "closed")).deserialize(" open ") == "open"
    for wrong in ("OPEN", "", None, 1, ["open"], {"open": 1}):
        assert refuses(Choice(("open", "closed")), wrong)
