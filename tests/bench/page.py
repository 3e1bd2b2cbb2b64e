"""docs/benchmarks.md: one section a measurement and engine, replaced when it is measured again."""

from __future__ import annotations

import os
import re

from tests.support.stack.system import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = "# Benchmarks\n\nWritten by `make bench`. Read the ratios: they are of one run on one machine.\n\n"


def engine() -> str:
    """VINCULO_ENGINE names the one behind MONGO_URI for the page."""
    if not os.environ.get("MONGO_URI"):
        return "embedded (SecantusDB)"
    return os.environ.get("VINCULO_ENGINE", "given by MONGO_URI")


def write(title: str, section: str) -> None:
    """Replaces the section of this title, keeps the others."""
    old = PAGE.read_text() if PAGE.exists() else HEAD
    sections = [s for s in re.split(r"(?m)^(?=## )", old)[1:] if not s.startswith(f"## {title}\n")]
    PAGE.write_text(HEAD + "\n".join([*(s.rstrip("\n") + "\n" for s in sections), section]))
