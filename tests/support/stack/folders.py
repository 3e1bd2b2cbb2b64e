"""Where the engines of a test keep their data: in memory where the machine has room, for commits are faster there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

MEMORY = Path("/dev/shm")
# More than all tests of a run write; a container's usual 64 MB are not enough.
ROOM_BYTES = 4 << 30


def engine_folder() -> TemporaryDirectory[str]:
    """A new folder, gone at its `cleanup()` or with this process."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return TemporaryDirectory(prefix="vinculo-test-", dir=MEMORY if roomy else None, ignore_cleanup_errors=True)
