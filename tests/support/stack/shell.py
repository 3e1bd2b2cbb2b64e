"""A shell that is told one block of commands after the other, as a reader of a page types them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import TracebackType

END = "--- end of the block ---"


class Shell:
    """What a block prints is its standard output and error, in their order."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            ["bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=env, cwd=folder, text=True,
        )  # fmt: skip

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def run(self, block: str) -> str:
        """Raises EOFError where the shell has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{block}\nprintf '\\n%s\\n' '{END}'\n")
        self._process.stdin.flush()
        lines: list[str] = []
        while (line := self._process.stdout.readline()) != f"{END}\n":
            if not line:
                raise EOFError("".join(lines))
            lines.append(line)
        return "".join(lines)
