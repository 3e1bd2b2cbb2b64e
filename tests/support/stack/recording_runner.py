"""Runs a service as services/chassis/process/runner.py does, and writes down its reads into VINCULO_RECORD_QUERIES; its
jobs' pauses are short (tests/support/stack/pauses.py).

The runner comes first: it patches before anything else is imported.
"""

from __future__ import annotations

import os
import sys

from services.chassis.process import runner
from tests.support.query_log import QueryLog


def main() -> None:
    """pymongo hands its own listeners to every client that is made afterwards."""
    from pymongo import monitoring

    from tests.support.stack import pauses

    monitoring.register(QueryLog(os.environ["VINCULO_RECORD_QUERIES"]))
    with pauses.shortened(pauses.SHORT, sys.argv[1].rpartition(".")[0]):
        runner.main()


if __name__ == "__main__":
    main()
