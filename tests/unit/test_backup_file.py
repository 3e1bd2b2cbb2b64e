"""The file of a backup: what was written comes back; what was cut, changed or has another key is refused whole."""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import bson
import pytest
from bson.raw_bson import RawBSONDocument

from deploy.operations.backup import archive
from deploy.operations.backup.archive import MAGIC, Refused, Writer, contents, header_of
from deploy.operations.backup.records import (
    LENGTH,
    Collection,
    Manifest,
    Message,
    Record,
    Recorder,
    records,
    tally_of,
)

KEY = "uma chave bem longa"
DOCUMENTS = [bson.encode({"_id": number, "text": random.Random(number).randbytes(30_000)}) for number in range(80)]
MESSAGES = [Message("people.events", "person_registered", b'{"company": "c1"}', {"vinculo-signature": "s"})]


def write(path: Path, key: str | None, documents: Iterable[bytes] = DOCUMENTS) -> Manifest:
    writer = Writer(path, "2026-01-02T03:04:05+00:00", None, key)
    recorder = Recorder(writer)
    recorder.begin(Collection("people", "persons"))
    for document in documents:
        recorder.document(document)
    for message in MESSAGES:
        recorder.message(message)
    manifest = recorder.end()
    writer.finish()
    return manifest


def read(path: Path, key: str | None) -> list[Record]:
    return list(records(contents(path, key)))


@pytest.fixture(scope="module", autouse=True)
def cheap_keys() -> Iterator[None]:
    """Hundreds of keys are tried."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "KEY_COST", 2**4)
        yield


@pytest.fixture(params=[KEY, None], ids=["encrypted", "plain"], scope="module")
def key(request: pytest.FixtureRequest) -> str | None:
    found: str | None = request.param
    return found


@pytest.fixture(scope="module")
def whole(key: str | None, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file that is in order."""
    path = tmp_path_factory.mktemp("backup") / "b"
    write(path, key)
    return path.read_bytes()


def refused(path: Path, content: bytes, key: str | None) -> None:
    path.write_bytes(content)
    with pytest.raises(Refused):
        read(path, key)


def test_what_was_written_comes_back_byte_by_byte(tmp_path: Path, key: str | None) -> None:
    written = write(tmp_path / "b", key)
    first, *documents, message, manifest = read(tmp_path / "b", key)
    assert first == Collection("people", "persons")
    assert [one.raw for one in documents if isinstance(one, RawBSONDocument)] == DOCUMENTS
    assert [message, manifest] == [*MESSAGES, written]
    assert written.collections["people.persons"]["count"] == len(DOCUMENTS)
    assert header_of(tmp_path / "b").encrypted is (key is not None)
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600


def test_nothing_can_be_read_in_an_encrypted_one(tmp_path: Path) -> None:
    write(tmp_path / "b", KEY, [bson.encode({"name": "José da Silva"})] * 50)
    assert b"person_registered" not in (tmp_path / "b").read_bytes()
    with pytest.raises(Refused, match="VINCULO_BACKUP_KEY"):
        read(tmp_path / "b", None)


def test_a_wrong_key_is_told_from_a_damaged_file(tmp_path: Path) -> None:
    write(tmp_path / "b", KEY)
    with pytest.raises(Refused, match="the key is not that of this backup"):
        next(contents(tmp_path / "b", KEY + "x"))


@pytest.mark.parametrize("kept", [0.999, 0.5, 0.01])
def test_a_file_that_is_cut_anywhere_is_refused(tmp_path: Path, whole: bytes, key: str | None, kept: float) -> None:
    refused(tmp_path / "cut", whole[: max(int(len(whole) * kept), len(MAGIC) + 10)], key)


@pytest.mark.parametrize("place", [0.02, 0.7, 0.999])
def test_a_changed_byte_is_found(tmp_path: Path, whole: bytes, key: str | None, place: float) -> None:
    changed = bytearray(whole)
    changed[int(len(changed) * place)] ^= 1
    refused(tmp_path / "changed", bytes(changed), key)


def test_a_part_that_is_left_out_or_moved_is_found(tmp_path: Path, whole: bytes, key: str | None) -> None:
    begin = len(MAGIC) + whole[len(MAGIC) :].index(b"\n") + 1
    size = 5 + int.from_bytes(whole[begin : begin + 4], "big")
    first, second = whole[begin : begin + size], whole[begin + size : begin + 2 * size]
    rest = whole[begin + 2 * size :]
    assert rest, "three parts"
    for other in (second + rest, second + first + rest, whole[begin:] + b"x"):
        refused(tmp_path / "other", whole[:begin] + other, key)


def test_a_changed_first_line_is_found(tmp_path: Path, whole: bytes, key: str | None) -> None:
    refused(tmp_path / "other", whole.replace(b'"company": null', b'"company": "c1"', 1), key)


def test_any_changed_byte_of_the_first_line_is_refused_in_words(tmp_path: Path, whole: bytes, key: str | None) -> None:
    begin, end = len(MAGIC), whole.index(b"\n", len(MAGIC))
    for place in range(begin, end):
        others = [one for one in (whole[place] ^ 1, whole[place] ^ 0x80, *b'5"[') if one != whole[place]]
        other = others[place % len(others)]
        refused(tmp_path / "other", whole[:place] + bytes([other]) + whole[place + 1 :], key)


@pytest.mark.parametrize(
    "line",
    [b"[]", b"5", b"null", b"[" * 4000, b'{"made": 5, "company": null}', b'{"made": "x", "company": 5}',
     b'{"made": "x", "company": null, "check": 5}', b'{"made": "x", "company": null, "check": "\xc3\xa9"}',
     b'{"made": "x", "company": null, "salt": "zz"}', b'{"made": "x", "company": null, "format": 2}', b'{"newer": 1}'],
)  # fmt: skip
def test_a_first_line_that_is_none_is_refused_in_words(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "b").write_bytes(MAGIC + line + b"\n")
    with pytest.raises(Refused):
        header_of(tmp_path / "b")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"PK\x03\x04")
    with pytest.raises(Refused, match="no backup"):
        header_of(tmp_path / "b")


def test_a_short_key_and_a_file_that_is_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="characters"):
        write(tmp_path / "b", "short")
    (tmp_path / "b").write_text("precious")
    with pytest.raises(Refused, match="there already"):
        write(tmp_path / "b", KEY)
    assert (tmp_path / "b").read_text() == "precious"


def test_an_abandoned_one_leaves_nothing(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "b", "2026-01-02", None, KEY)
    writer.write(b"x")
    writer.abandon()
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_to_the_same_name_write_no_file_of_both(tmp_path: Path) -> None:
    first, second = (Writer(tmp_path / "b", "2026-01-02", None, KEY) for _ in range(2))
    for writer in (first, second):
        for document in DOCUMENTS:
            writer.write(document)
        writer.finish()
        assert b"".join(contents(tmp_path / "b", KEY)) == b"".join(DOCUMENTS)
    assert [one.name for one in tmp_path.iterdir()] == ["b"]


def test_a_full_disk_is_said_of_the_file_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.mkstemp", lambda suffix, prefix, folder: full(folder / f"{prefix}x{suffix}"))

    def full(scratch: Path) -> tuple[int, str]:
        scratch.touch()
        return os.open("/dev/full", os.O_WRONLY), str(scratch)

    writer = Writer(tmp_path / "b", "2026-01-02", None, KEY)
    writer.write(DOCUMENTS[0])
    with pytest.raises(Refused, match="b: No space left on device"):
        writer.finish()
    writer.abandon()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nowhere/b: No such file or directory"):
        write(tmp_path / "nowhere" / "b", KEY)


class Sink:
    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.pieces.append(data)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (b"C", b'["../admin", "persons"]'), (b"C", b'["billing", "persons"]'), (b"C", b'["people", "system.users"]'),
        (b"C", b'["people", "../x"]'), (b"C", b"[1, 2]"), (b"C", b'["people"]'), (b"C", b"{}"), (b"C", b"\xff"),
        (b"D", b""), (b"D", b"\x05\x00\x00\x00"), (b"D", b"\x0c\x00\x00\x00\x10a\x00\x01\x00\x00\x00\x01"),
        (b"M", b"{}"), (b"M", bson.encode({"exchange": ""})), (b"E", b"[]"), (b"E", b'{"x": 1}'), (b"E", b"[" * 9_000),
    ],
)  # fmt: skip
def test_a_record_that_is_none_is_refused_in_words(kind: bytes, data: bytes) -> None:
    """Of a file without a key, which anybody can write."""
    with pytest.raises(Refused):
        list(records([kind + LENGTH.pack(len(data)) + data]))


def test_a_manifest_that_does_not_fit_is_refused() -> None:
    sink = Sink()
    recorder = Recorder(sink)
    recorder.begin(Collection("people", "persons"))
    recorder.document(DOCUMENTS[0])
    recorder.document(DOCUMENTS[1])
    recorder.end()
    del sink.pieces[1]
    with pytest.raises(Refused, match="manifest"):
        list(records(sink.pieces))
    with pytest.raises(Refused, match="manifest is missing"):
        list(records(sink.pieces[:-1]))


def test_the_digest_does_not_depend_on_the_order() -> None:
    documents = [RawBSONDocument(one) for one in DOCUMENTS[:10]]
    assert tally_of(documents) == tally_of(reversed(documents))
    assert tally_of(documents) != tally_of(documents[:-1])
