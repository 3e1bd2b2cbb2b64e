"""The gateway's YAML: narrow, safe, and every problem with its line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.attendance import configuration_yaml
from services.attendance.setup import contract
from services.chassis.errors import Invalid

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "no", "1", "ção"]), inner),
    max_leaves=10,
)


@given(PLAIN)
def test_what_is_written_is_read_back(value: object) -> None:
    document = {"value": value}
    assert configuration_yaml.read(configuration_yaml.write(document).encode()).data == document


def test_texts_stay_texts() -> None:
    read = configuration_yaml.read(b"a: no\nb: 1.5\nc: 2024-01-01\nd: ~\ne: 010\nf: yes\ng: 'true'\n")
    assert read.data == {"a": "no", "b": "1.5", "c": "2024-01-01", "d": None, "e": 10, "f": "yes", "g": "true"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: &x 2\nc: *x\n", 3),
        ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2),
        ("a: 1\na: 2\n", 2),
        ("a: 1\n? [1]\n: 2\n", 2),
        ("a: [1\nb: 2\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ("[" * 10_000, 1),
        ('a: "\\0"\n', 1),
        ("a: !x 1\n", 1),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(text: str, line: int) -> None:
    started = time.monotonic()
    with pytest.raises(Invalid, match="configuration_unreadable") as refused:
        configuration_yaml.read(text.encode())
    assert refused.value.params["line"] == line
    assert time.monotonic() - started < 5


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Invalid, match="configuration_unreadable"):
        configuration_yaml.read(b"a: \xff\xfe")


@pytest.mark.parametrize(
    "text",
    ['a: "\\U00110000"', 'a: "\\ud800"', '"\\ud800": 1', '"\\0": 1', "? !!int 1\n: 1\n? !!int 1\n: 2", "\x00: 1"],
)
def test_what_cannot_be_stored_is_refused_in_names_too(text: str) -> None:
    with pytest.raises(Invalid, match="configuration_unreadable"):
        configuration_yaml.read(text.encode())


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 16, "²", "٣", "--1"])
def test_what_is_called_a_whole_number_and_is_none_stays_a_text(number: str) -> None:
    assert configuration_yaml.read(f'a: !!int "{number}"'.encode()).data == {"a": number}


def test_a_schema_problem_has_its_path_and_line() -> None:
    text = "format: vinculo-attendance/1\ncenters:\n- id: um\n  name: Um\n- id: dois\n  nome: Dois\n"
    source = configuration_yaml.read(text.encode())
    with pytest.raises(Invalid, match="configuration_invalid") as refused, source.locating():
        source.load(contract.Configuration)
    found = {(one["path"], one["line"]) for one in refused.value.params["problems"]}
    assert found == {("centers[1].name", 5), ("centers[1].nome", 6)}


@pytest.mark.parametrize("text", ["", "a text", "[]", "null"])
def test_a_document_that_is_no_mapping_is_refused(text: str) -> None:
    source = configuration_yaml.read(text.encode())
    with pytest.raises(Invalid, match="configuration_invalid"), source.locating():
        source.load(contract.Configuration)
