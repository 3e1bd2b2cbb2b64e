"""Renderings in processes of their own (docs/adr/0016): what wants too much ends there; PDFs fetch nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gateway.documents import processes
from gateway.documents.processes import Limits, run
from services.chassis.errors import Invalid, Unavailable

VALUES: dict[str, Any] = {"cliente": {"nome": "Flor"}, "itens": [{"produto": "A"}, {"produto": "B"}]}

# what never ends, or fills the memory or the page
HEAVY = (
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{{ 'x' * 10**9 }}",
    "{{ 'x' * 10**30 }}",
    "{{ [0] * 10**10 }}",
    "{{ 10 ** (10 ** 9) }}",
    "{{ range(10 ** 9)|list }}",
    "{{ 'x'|center(10 ** 10) }}",
    "{{ itens|batch(10 ** 9, 'x')|list }}",
    "{% for a in range(100000) %}0123456789{% endfor %}",
    "{% macro m(x) %}{{ m(x ~ x) }}{% endmacro %}{{ m('x') }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for a in itens recursive %}{{ loop(itens) }}{% endfor %}",
    "{% set n = namespace(x='x') %}{% for a in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "{{ " + "-" * 20_000 + "1 }}",
    "{% if 1 %}" * 5_000 + "{% endif %}" * 5_000,
)


@pytest.mark.parametrize("body", HEAVY, ids=range(len(HEAVY)))
def test_what_wants_too_much_ends_with_its_process(body: str) -> None:
    with pytest.raises((Invalid, Unavailable)) as caught:
        processes.render("padaria", "x", body, VALUES)
    assert caught.value.code in ("template_too_heavy", "template_failed", "papers_busy")  # the last on a busy machine


def test_a_process_that_gets_no_processor_in_its_time_is_killed_and_may_be_asked_for_again() -> None:
    job = {"subject": "x", "body": HEAVY[0], "values": VALUES, "mark": "", "pdf": False}
    began = time.monotonic()
    with pytest.raises(Unavailable, match="papers_busy"):
        run(job, Limits(cpu_seconds=60, wall_seconds=0.7))
    assert time.monotonic() - began < 20


def test_a_pdf_fetches_nothing_and_shows_what_the_page_holds() -> None:
    body = (
        '<style>@import url(file:///etc/passwd); @font-face { font-family: x; src: url(file:///etc/hostname) }'
        'p { font-family: x; background: url("http://127.0.0.1:9/x") }</style>'
        '<p><img src="file:///etc/passwd"><a href="file:///etc/passwd">x</a></p>'
        '<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9'
        'awAAAABJRU5ErkJggg==">'
    )  # fmt: skip
    made = processes.render("padaria", "x", body, VALUES, pdf=True)
    assert made.pdf is not None
    assert made.pdf.startswith(b"%PDF-")
    assert b"/Image" in made.pdf
    assert "file:" not in made.html.replace("url(file:", "")


@pytest.mark.parametrize(
    "body",
    ["<table><tr><td>" * 400, "<div>" * 2_000, "<div style='font-size:9999999cm'>x</div>"],
    ids=["tables", "depth", "size"],
)
def test_a_page_that_is_no_pdf_is_refused(body: str) -> None:
    with pytest.raises(Invalid, match=r"paper_too_heavy|paper_failed|template_too_heavy"):
        processes.render("padaria", "x", body, VALUES, pdf=True)


def test_a_rendering_has_no_settings_of_ours_and_writes_no_file(tmp_path: Path) -> None:
    assert set(processes.ENVIRONMENT) == {"LANG", "FONTCONFIG_FILE", "HOME"}
    probe = "import os, sys; sys.path.insert(0, sys.argv[1]); from gateway.documents.child import limit"
    probe += (
        "; limit(5, 1 << 29); print(sorted(os.environ)); os.write(os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY), b'x')"
    )
    command = [sys.executable, "-I", "-c", probe, str(processes.ROOT), str(tmp_path / "file")]
    done = subprocess.run(command, env=processes.ENVIRONMENT, capture_output=True, text=True, check=False)
    assert "VINCULO" not in done.stdout
    assert "File too large" in done.stderr
    assert (tmp_path / "file").read_text() == ""
