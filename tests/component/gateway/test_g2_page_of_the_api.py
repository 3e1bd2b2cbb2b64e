"""Row G2: docs/api.md, run as who follows it would: each command in one shell, each answer as the page has it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.builders import people
from tests.support.stack.system import PASSWORD, ROOT, Client, System

PAGE = ROOT / "docs" / "api.md"
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END = "--- end of the block ---"
ANYTHING = "…"
SECONDS = 120


def blocks() -> list[tuple[str, str]]:
    """Each command with the answer that follows it, "" where the page shows none."""
    found = list[tuple[str, str]]()
    for kind, text in BLOCK.findall(PAGE.read_text()):
        if kind == "sh":
            found.append((text, ""))
        else:
            found[-1] = (found[-1][0], text)
    return found


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="the page needs curl and jq")
def test_every_command_of_the_page_answers_what_the_page_says(system: System, ana: Client, tmp_path: Path) -> None:
    for _ in range(3):
        ana.register(people.unique_word())
    script = "set -eu\n" + "".join(f"{command}echo '{END}'\n" for command, _ in blocks())
    script = script.replace("http://127.0.0.1:8000", system.url).replace("vinculo-demo-2026", PASSWORD)
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    answers = done.stdout.split(f"{END}\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(answers) == len(blocks()) + 1
    for (command, expected), answer in zip(blocks(), answers, strict=False):
        parts = map(re.escape, expected.split(ANYTHING))
        assert re.fullmatch(".*?".join(parts), answer, re.DOTALL), f"{command}\n{answer}"


def test_the_page_shows_an_answer_of_each_behaviour() -> None:
    assert sum(bool(expected) for _, expected in blocks()) >= 6
