"""Row O1: the tour of README.md, typed block by block in one shell; each answer is as the page has it, but for ids,
moments and numbers."""

from __future__ import annotations

import re
import shutil
import sys
import time
from pathlib import Path

import pytest

from tests.support.builders import people
from tests.support.stack.ports import wait_for
from tests.support.stack.shell import Shell
from tests.support.stack.system import PASSWORD, ROOT, System

BLOCK = re.compile(r"^```(sh|json|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs at each reader, as the page has it and as it may be.
DIFFERS = {
    r"[0-9a-f]{32}": r"[0-9a-f]{32}",
    r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00": r"\\d{4}-\\d\\d-\\d\\dT[\\d:.]+\\+00:00",
    r"\d{4}-\d\d-\d\d": r"\\d{4}-\\d\\d-\\d\\d",
    r'"(code|number)":( ?)\d+': r'"\1":\2\\d+',
    r",\d+,João": r",\\d+,João",
    r"vinculo@localhost\.example": r"vinculo@[a-z]+\.example",
}
# How far an import is, which depends on who looks when.
ON_THE_WAY = re.compile(r"^\d\d?%: .*\n", re.MULTILINE)
SECONDS = 15


def blocks() -> list[tuple[str, str]]:
    """Each command of the tour with the answer that follows it, "" where the page shows none."""
    page = (ROOT / "README.md").read_text()
    tour = page[page.index("\n## A tour\n") : page.index("\n## Not yet\n")]
    found = list[tuple[str, str]]()
    for kind, text in BLOCK.findall(tour):
        if kind == "sh":
            found.append((text, ""))
        else:
            found[-1] = (found[-1][0], text)
    return found


def pattern(expected: str) -> re.Pattern[str]:
    """Of an answer: lines that the page cuts with … go on, what differs is of its kind."""
    differs = re.compile("|".join(f"(?P<d{number}>{one})" for number, one in enumerate(DIFFERS)), re.MULTILINE)
    parts, at = [], 0
    for found in differs.finditer(expected):
        parts.append(re.escape(expected[at : found.start()]))
        kind = list(DIFFERS)[int(str(found.lastgroup)[1:])]
        parts.append(re.sub(kind, DIFFERS[kind], found[0]))
        at = found.end()
    parts.append(re.escape(expected[at:]))
    return re.compile("".join(parts).replace(re.escape(" …"), "[^\n]*"))


def test_a_changed_answer_is_seen() -> None:
    expected = '{"id":"01a22baaf9cd7a98bcb7532d81cb6293","code":1,"name":"Rita","due_on":"2026-11-30", …\n'
    told = '{"id":"ffa22baaf9cd7a98bcb7532d81cb62ff","code":77,"name":"Rita","due_on":"2027-01-01","x":1}\n'
    assert pattern(expected).fullmatch(told)
    for other in (told.replace("Rita", "Rui"), told.replace("due_on", "due"), told.replace("77", '"77"')):
        assert not pattern(expected).fullmatch(other)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="the tour needs curl and bash")
def test_every_block_of_the_tour_answers_what_the_page_says(system: System, tmp_path: Path) -> None:
    code = people.unique_word().lower()
    login = f"ana@{code}.example"
    company = ("company", "create", "--code", code, "--name", "Padaria Pão Nosso")
    user = ("user", "create", "--login", login, "--name", "Ana Souza", "--company", code, "--role", "admin")
    for made in (company, user):
        system.run("-m", "deploy.operations", *made)
    known = {"email": login}
    wait_for(lambda: system.mongo("notifications")["users"].find_one(known), what="notifications knows the user")
    own = {
        "/tmp/": f"{tmp_path}/",  # first: the others may lie there
        "http://127.0.0.1:8000": system.url,
        "http://127.0.0.1:8025": f"http://127.0.0.1:{system.ports['mail']}",
        "ana@padaria.example": login,
        "PASSWORD=vinculo-demo-2026": f"PASSWORD='{PASSWORD}'",
        "vinculo-demo-2026": PASSWORD,
        ".venv/bin/python": sys.executable,
    }
    assert len(blocks()) >= 11
    wrong = list[str]()
    with Shell(system.env, ROOT) as shell:
        for command, expected in blocks():
            for page, here in own.items():
                command, expected = command.replace(page, here), expected.replace(page, here)
            answer = _answer(shell, command, pattern(expected.strip()))
            if not pattern(expected.strip()).fullmatch(answer):
                wrong.append(f"{command}\n--- the page:\n{expected}\n--- the answer:\n{answer}")
    assert wrong == [], "\n".join(wrong)


def _answer(shell: Shell, command: str, wanted: re.Pattern[str]) -> str:
    """What only reads is asked again for a while: mails go out a moment later."""
    reads = not re.search(r"\s-(d|X)\b|import_csv", command)
    ends = time.monotonic() + (SECONDS if reads else 0)
    answer = ON_THE_WAY.sub("", shell.run(command)).strip()
    while not wanted.fullmatch(answer) and time.monotonic() < ends:
        answer = shell.run(command).strip()
    return answer
