"""Renders a company's template in a process of its own, a few at a time, so that a bad template harms nobody else.

The cost of a template is bounded: processor seconds, memory, wall time, and how many renderings of a company run or
wait. A thread of the gateway that waits for the process leaves the interpreter to the other threads.
"""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.chassis.errors import Failure, Invalid, Unavailable

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
FONTS = Path(__file__).parent / "fonts" / "fonts.conf"
# The child finds our packages, and nothing else of this process: neither its environment nor its folder.
START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from gateway.documents.child import main; main()"
ENVIRONMENT = {"LANG": "C.UTF-8", "FONTCONFIG_FILE": str(FONTS), "HOME": "/nonexistent"}

# Details in pt-BR; the name and the line are added where they are known.
DETAILS = {
    "template_syntax_invalid": "O modelo tem um erro de sintaxe",
    "template_variable_unknown": "O modelo usa uma variável que não existe",
    "template_forbidden": "O modelo usa um recurso que não é permitido",
    "template_too_heavy": "O modelo demora ou ocupa demais",
    "template_failed": "O modelo fez uma conta ou operação impossível",
    "paper_too_heavy": "O documento ficou grande demais para um PDF",
    "paper_failed": "O documento não pôde virar PDF; simplifique o HTML e os estilos do modelo",
}


@dataclass(frozen=True)
class Limits:
    """The most that one rendering may take. A process that reaches `wall_seconds` before `cpu_seconds` was kept waiting
    by other work on the machine: that is not the template's fault."""

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int = 1 << 29


TEXT = Limits(cpu_seconds=3, wall_seconds=10)
PDF = Limits(cpu_seconds=20, wall_seconds=40)


@dataclass(frozen=True)
class Paper:
    """A rendered template; `pdf` where one was asked for."""

    subject: str
    html: str
    pdf: bytes | None


class RenderingSlots:
    """Limits the renderings that run (`running`) and that run or wait (`inside`), in all and of one company.

    The defaults are for one process of the gateway with 16 threads, of which some must stay free for other requests.
    """

    def __init__(self, running: int = 3, running_of_one: int = 2, inside: int = 8, inside_of_one: int = 5) -> None:
        self._most = (running, running_of_one, inside, inside_of_one)
        self._running: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()
        self._change = threading.Condition()

    @contextmanager
    def slot(self, company: str, seconds: float) -> Iterator[None]:
        """Waits for a place; raises Unavailable("papers_busy")."""
        self._enter(company, seconds)
        try:
            yield
        finally:
            with self._change:
                self._running[company] -= 1
                self._leave(company)

    def _enter(self, company: str, seconds: float) -> None:
        running, running_of_one, inside, inside_of_one = self._most
        with self._change:
            if self._inside.total() >= inside or self._inside[company] >= inside_of_one:
                raise _busy()
            self._inside[company] += 1

            def free() -> bool:
                return self._running.total() < running and self._running[company] < running_of_one

            if not self._change.wait_for(free, seconds):
                self._leave(company)
                raise _busy()
            self._running[company] += 1

    def _leave(self, company: str) -> None:
        self._inside[company] -= 1
        if not self._inside[company]:
            del self._inside[company], self._running[company]
        self._change.notify_all()


SLOTS = RenderingSlots()


def render(
    company: str, subject: str, body: str, values: Mapping[str, Any], mark: str = "", pdf: bool = False
) -> Paper:  # fmt: skip
    """Raises Invalid with a code of DETAILS, Unavailable("papers_busy") or Unavailable("pdf_unavailable")."""
    job = {"subject": subject, "body": body, "values": values, "mark": mark, "pdf": pdf}
    limits = PDF if pdf else TEXT
    with SLOTS.slot(company, limits.wall_seconds):
        answer = run(job, limits)
    if "refused" in answer:
        raise refusal(**answer["refused"])
    pdf_bytes = base64.b64decode(answer["pdf"]) if pdf else None
    return Paper(" ".join(answer["subject"].split()), answer["html"], pdf_bytes)


def render_text(company: str, subject: str, text: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """A template of plain text, as of an e-mail: its subject and its text. Raises as `render`."""
    job = {"subject": subject, "body": text, "values": values, "plain": True}
    with SLOTS.slot(company, TEXT.wall_seconds):
        answer = run(job, TEXT)
    if "refused" in answer:
        raise refusal(**answer["refused"])
    return " ".join(answer["subject"].split()), answer["text"]


def run(job: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """The child's answer; "template_too_heavy" where a limit killed it.

    Raises Unavailable("papers_busy") when `wall_seconds` passed first: the machine is too busy.
    """
    command = [sys.executable, "-I", "-c", START, str(limits.cpu_seconds), str(limits.memory_bytes)]
    too_heavy = {"field": "body", "code": "template_too_heavy", "line": None, "name": ""}
    try:
        done = subprocess.run(
            command, input=json.dumps(job).encode(), env=ENVIRONMENT, cwd="/", timeout=limits.wall_seconds,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _busy() from error
    if done.returncode < 0:
        return {"refused": too_heavy}
    if done.returncode > 0:
        log.error("rendering failed", extra={"code": done.returncode})
        return {"refused": {**too_heavy, "code": "template_failed"}}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def refusal(field: str, code: str, line: int | None, name: str) -> Failure:
    """The failure for a refused template; its `params` (line, name) are for programs, its detail is for people."""
    if code == "pdf_unavailable":
        return Unavailable(code, "Esta instalação ainda não gera PDF: faltam as bibliotecas do Pango.")
    about = f": “{name}”" if name and not code.endswith("_failed") else ""
    place = f" (linha {line}{' do assunto' if field == 'subject' else ''})" if line else ""
    detail = f"{DETAILS[code]}{about}{place}."
    return Invalid(code, detail, fields={field: [detail]}, line=line, name=name)


def _busy() -> Unavailable:
    return Unavailable("papers_busy", "Há documentos demais sendo gerados; tente novamente em instantes.")
