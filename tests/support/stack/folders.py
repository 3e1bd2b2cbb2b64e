"""The folders of a test: of its engines' data, and of what its processes write."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

MEMORY = Path("/dev/shm")
# More than all tests of a run write; a container's usual 64 MB are not enough.
ROOM_BYTES = 4 << 30

# The ids of the tests that failed in this process, in order; tests/conftest.py notes them.
failed_tests: list[str] = []


def engine_folder() -> TemporaryDirectory[str]:
    """A new folder, gone at its `cleanup()` or with this process.

    It lies in memory where the machine has room, for commits are faster there.
    """
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return TemporaryDirectory(prefix="vinculo-test-", dir=MEMORY if roomy else None, ignore_cleanup_errors=True)


class LogFolder:
    """A new folder for the logs, mails and marks of a test's processes."""

    def __init__(self, prefix: str) -> None:
        self.path = Path(mkdtemp(prefix=prefix))
        self._failed_before = len(failed_tests)

    def close(self) -> None:
        """Removes the folder. After a failed test, or while an error is raised, it stays, and its path is printed."""
        if len(failed_tests) > self._failed_before or sys.exc_info()[0] is not None:
            print(f"What the processes of the failed tests wrote is kept in {self.path}")
        else:
            shutil.rmtree(self.path, ignore_errors=True)
