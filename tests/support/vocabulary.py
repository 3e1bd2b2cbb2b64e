"""The words that services say to the database: commands, their options, operators. docs/mongodb.md has all of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mongodb.md"
SUFFIX = ".words"


class Vocabulary:
    """Writes each word once into a file beside the recorded reads; many processes may share it."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path + SUFFIX, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._known: set[str] = set()

    def note(self, name: str, command: Mapping[str, Any]) -> None:
        new = {name, *words_of(command)} - self._known
        if new:
            self._known |= new
            os.write(self._file, "".join(f"{word}\n" for word in sorted(new)).encode())


def words_of(command: Mapping[str, Any]) -> Iterator[str]:
    """The command's options (its first key is its name) and the operators in them, of documents that it writes none."""
    for option, value in [*command.items()][1:]:
        yield option
        if option != "documents":
            yield from _operators(value)
    for index in command.get("indexes", ()):
        yield from (option for option in index if option not in ("key", "name"))


def _operators(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, str) and key.startswith("$"):
                yield key
            # what is set may be anything
            if key not in ("$set", "$setOnInsert", "$push"):
                yield from _operators(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _operators(inner)


def documented() -> set[str]:
    """All that the page has between backticks, word by word."""
    return {word for text in re.findall(r"`([^`\n]+)`", PAGE.read_text()) for word in re.findall(r"\$?\w+", text)}


def unlisted(query_log: Path) -> set[str]:
    """Words that were said and are not in the page."""
    said = Path(f"{query_log}{SUFFIX}").read_text().split()
    return {*said} - documented()
