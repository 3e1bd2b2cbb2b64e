"""Runs a service as services/chassis/process/runner.py does, by a clock that a test sets: `CLOCK_FILE` holds by how
many seconds it is ahead of the machine's, and is read whenever somebody asks for the time of day.

Only what is dated moves (`datetime.now`); deadlines and waits go by the machine's clock. The runner comes first: it
patches before anything else is imported, and nothing takes the time of day while it is imported.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from services.chassis.process import runner

REAL = dt.datetime


def ahead(clock: Path) -> dt.timedelta:
    return dt.timedelta(seconds=float(clock.read_text() or 0))


class LikeReal(type):
    """Moments that others made, as the database's driver, are moments too."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, REAL)


def main() -> None:
    clock = Path(os.environ["CLOCK_FILE"])

    class Moved(dt.datetime, metaclass=LikeReal):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return REAL.now(tz) + ahead(clock)

    dt.datetime = Moved  # type: ignore[misc]
    runner.main()


if __name__ == "__main__":
    main()
