"""Attachments (row A8): names made harmless, content that must be what the name says, uploads part by part."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.attachments.model.attachments import PART_BYTES, STAGED_LIMIT, Rule, Upload
from services.attendance.types.model.types import MAX_ATTACHMENT
from services.chassis.errors import Conflict, Failure, Invalid, NotFound
from services.chassis.files.formats import FORMATS, KINDS, is_text, recognise
from services.chassis.files.names import NAME_BYTES, clean_name, extension_of

NOW = dt.datetime(2031, 3, 5, 12, tzinfo=dt.UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + bytes(40)
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(120)
ELF = b"\x7fELF\x02\x01\x01" + bytes(60)


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 500)
    return target.getvalue()


DOCX = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")

GOOD = {
    "foto.png": PNG, "foto.JPG": JPEG, "contrato.pdf": PDF, "carta.docx": DOCX, "planilha.xlsx": DOCX,
    "carta.odt": zipped("mimetype", "content.xml"), "antigo.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "nota.txt": "Ação — €".encode(), "latin.csv": "Ação;1\r\n".encode("cp1252"), "utf16.txt": "Ação".encode("utf-16"),
    "nfe.xml": b'<?xml version="1.0"?><nfeProc/>', "pagina.html": b"<script>alert(1)</script>",
    "desenho.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "foto.webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "foto.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "anim.gif": b"GIF89a\1\0\1\0",
}  # fmt: skip

BAD = {
    "virus.pdf": EXE, "virus.txt": EXE, "virus.docx": EXE, "virus.png": ELF, "virus.jpg": b"#!/bin/sh\nrm -rf /\n",
    "script.txt": b"#!/bin/sh\nrm -rf /\n", "carta.docx": zipped("programa.exe", "word/document.xml"),
    "aplicativo.docx": zipped("META-INF/MANIFEST.MF"), "pagina.pdf": b"<html></html>", "foto.gif": PNG,
    "texto.pdf": b"apenas texto", "vazio.png": b"\0" * 30, "binario.csv": b"a;b\0\1\2",
}  # fmt: skip


@given(st.text(max_size=400))
def test_a_cleaned_name_is_harmless_whatever_was_asked(asked: str) -> None:
    name = clean_name(asked)
    assert 0 < len(name.encode()) <= NAME_BYTES
    assert not set(name) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(sign).startswith("C") for sign in name)
    assert name == name.strip(" .")


@given(st.text(max_size=400))
def test_cleaning_twice_changes_nothing_more(asked: str) -> None:
    assert clean_name(clean_name(asked)) == clean_name(asked)


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"]), min_size=300, max_size=400))
def test_a_long_name_keeps_its_extension(stem: str) -> None:
    assert extension_of(clean_name(f"a{stem}.pdf")) == "pdf"


@pytest.mark.parametrize(
    "asked, expected",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\Orçamento final.pdf", "Orçamento final.pdf"),
        ("foto\u202egnp.exe", "fotognp.exe"),
        ("nota\x00\r\nSet-Cookie: a.txt", "nota Set-Cookie_ a.txt"),
        ("..", "anexo"),
        ("", "anexo"),
        ("CON.txt", "_CON.txt"),
        (".htaccess", "htaccess"),
        ("😀 ação.png", "😀 ação.png"),
        ("pasta/", "pasta"),
    ],
)
def test_names_with_paths_and_controls_keep_what_is_a_name(asked: str, expected: str) -> None:
    assert clean_name(asked) == expected


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_file_that_is_what_it_says_is_known(name: str) -> None:
    kept, known = recognise(name, GOOD[name], KINDS)
    assert (kept, known) == (name, FORMATS[extension_of(name)])


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_file_that_is_not_what_it_says_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        recognise(name, BAD[name], KINDS)
    assert refusal.value.code == "attachment_content_mismatch"


@pytest.mark.parametrize(
    "name", ["programa.exe", "macro.docm", "script.ps1", "instalador.msi", "app.jar", "pacote.zip"]
)
def test_a_format_that_is_not_listed_or_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        recognise(name, EXE, ("document", "image"))
    assert refusal.value.code == "attachment_kind_refused"


def test_what_a_browser_could_run_is_only_downloaded() -> None:
    for name in ("html", "htm", "svg", "xml"):
        assert FORMATS[name].media_type == "application/octet-stream"


@pytest.mark.parametrize("head, extension", [(PNG, "png"), (PDF, "pdf"), (b"apenas texto", "txt")])
def test_a_name_without_extension_gets_that_of_its_content(head: bytes, extension: str) -> None:
    assert recognise("anexo", head, KINDS)[0] == f"anexo.{extension}"


@given(st.binary(max_size=300), st.sampled_from(sorted(FORMATS)))
def test_no_content_makes_recognition_fail_otherwise_than_by_refusing(head: bytes, extension: str) -> None:
    try:
        recognise(f"arquivo.{extension}", head, KINDS)
        code = None
    except Failure as refusal:
        code = refusal.code
    assert code in (None, "attachment_content_mismatch")


@given(st.text(alphabet=st.characters(exclude_categories=["C"]), max_size=200))
def test_every_readable_text_is_a_text_unless_it_is_a_script(text: str) -> None:
    assert is_text(text.encode()) is not text.startswith("#!")


def begun(rule: Rule | None = None, name: str = "nota.txt") -> Upload:
    return Upload.begin("u", "a", name, rule or Rule(), ("ana", "Ana"), NOW)


def test_parts_in_order_become_an_attachment_that_only_its_sender_sees() -> None:
    upload = begun()
    upload.receive(0, b"um ")
    upload.receive(1, b"dois")
    made = upload.finish("digest", NOW)
    assert (made.size, made.parts, made.media_type, made.staged_by) == (7, 2, "text/plain", "ana")
    assert made.seen_by("ana") is made
    with pytest.raises(NotFound):
        made.seen_by("bia")


@pytest.mark.parametrize("number, data", [(1, b"x"), (0, b""), (0, b"x" * (PART_BYTES + 1))])
def test_a_part_out_of_order_or_size_is_refused(number: int, data: bytes) -> None:
    with pytest.raises(Conflict) as refusal:
        begun().receive(number, data)
    assert refusal.value.code == "upload_part_unexpected"


def test_ten_mebibytes_pass_and_one_byte_more_does_not() -> None:
    upload = begun()
    for number in range(MAX_ATTACHMENT // PART_BYTES):
        upload.receive(number, b"a" * PART_BYTES)
    with pytest.raises(Invalid) as refusal:
        upload.receive(upload.parts, b"a")
    assert refusal.value.code == "attachment_too_large"
    assert upload.finish("digest", NOW).size == MAX_ATTACHMENT


def test_a_types_limit_and_kinds_hold_and_no_limit_is_above_ten_mebibytes() -> None:
    with pytest.raises(Invalid) as refusal:
        begun(Rule(limit=5)).receive(0, b"123456")
    assert refusal.value.code == "attachment_too_large"
    with pytest.raises(Invalid) as refusal:
        begun(Rule(kinds=("image",))).receive(0, b"texto")
    assert refusal.value.code == "attachment_kind_refused"
    assert begun(Rule(limit=MAX_ATTACHMENT * 2)).limit == MAX_ATTACHMENT


def test_a_type_without_attachments_and_a_full_stage_refuse() -> None:
    with pytest.raises(Conflict) as forbidden:
        Rule(allowed=False).check(0)
    assert forbidden.value.code == "attachments_not_allowed"
    with pytest.raises(Conflict) as full:
        Rule().check(STAGED_LIMIT)
    assert full.value.code == "attachments_too_many"


def test_an_empty_or_discarded_upload_becomes_nothing() -> None:
    with pytest.raises(Invalid) as empty:
        begun().finish("digest", NOW)
    assert empty.value.code == "attachment_empty"
    upload = begun()
    upload.discard(NOW)
    for act in (lambda: upload.receive(0, b"x"), lambda: upload.finish("d", NOW)):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "upload_discarded"


def test_what_an_entry_recorded_is_kept_as_it_is() -> None:
    upload = begun()
    upload.receive(0, b"x")
    attachment = upload.finish("d", NOW)
    with pytest.raises(NotFound):
        attachment.of("another")
    waits = attachment.next_at
    attachment.record("entry")
    assert (waits, attachment.next_at) == (NOW + dt.timedelta(hours=24), None)
    assert attachment.seen_by("bia").entry_id == "entry"
    for act in (attachment.require_staged, lambda: attachment.record("again")):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "attachment_recorded"
