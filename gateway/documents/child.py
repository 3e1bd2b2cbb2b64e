"""The process of one rendering: it reads a job (JSON) from standard input and writes its answer to standard output.

The process has no settings of the gateway and no secrets. It limits its own time, memory and files before it reads the
company's template. Only documents/processes.py starts it.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
from typing import Any

from gateway.documents.page import page
from gateway.documents.templating import Refused, rendered

SUBJECT_LENGTH = 400
BODY_LENGTH = 500_000
TEXT_LENGTH = 40_000
PAGE_LENGTH = 1_000_000
PDF_BYTES = 1_000_000


def limit(cpu_seconds: int, memory_bytes: int) -> None:
    """Limits this process: too much processor time kills it, too much memory raises MemoryError."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    if sys.platform == "linux":  # elsewhere the kernel knows no such limit: processor time and the wall clock remain
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # others go first, and it still gets a third of what each of them gets


def answer_to(job: dict[str, Any]) -> dict[str, Any]:
    """Renders a job; returns `{"subject", "html", "pdf"}`, of a `plain` one `{"subject", "text"}`.

    Or `{"refused": {"field", "code", "line", "name"}}`.
    """
    field = "subject"
    try:
        subject = rendered(job["subject"], job["values"], SUBJECT_LENGTH, autoescape=False)
        field = "body"
        if job.get("plain"):
            text = rendered(job["body"], job["values"], TEXT_LENGTH, autoescape=False)
            return {"subject": subject, "text": text}
        html = page(subject, rendered(job["body"], job["values"], BODY_LENGTH), job["mark"])
        if len(html) > PAGE_LENGTH:
            raise Refused("template_too_heavy")
        return {"subject": subject, "html": html, "pdf": _pdf(html) if job["pdf"] else None}
    except Refused as refusal:
        return {"refused": {"field": field, "code": refusal.code, "line": refusal.line, "name": refusal.name}}


def _pdf(html: str) -> str:
    """The page as a PDF in base64; raises Refused: pdf_unavailable, paper_too_heavy, paper_failed."""
    try:
        from gateway.documents.pdf import as_pdf
    except OSError as error:  # WeasyPrint's libraries are not on this machine (docs/adr/0016)
        raise Refused("pdf_unavailable") from error
    try:
        pdf = as_pdf(html)
    except (MemoryError, RecursionError) as error:
        raise Refused("paper_too_heavy") from error
    except Exception as error:  # whatever the library makes of a company's HTML; the process ends with it
        raise Refused("paper_failed", name=type(error).__name__) from error
    if len(pdf) > PDF_BYTES:
        raise Refused("paper_too_heavy")
    return base64.b64encode(pdf).decode()


def main() -> None:
    limit(int(sys.argv[1]), int(sys.argv[2]))
    job = json.load(sys.stdin)
    json.dump(answer_to(job), sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # nothing to clean up, and no destructor of a rendering may hang


if __name__ == "__main__":
    main()
