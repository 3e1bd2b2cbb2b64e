"""Runs a service as brisk_runner.py does, and writes down its reads into VINCULO_RECORD_QUERIES.

The runner comes first: it patches before anything else is imported.
"""

from __future__ import annotations

import os

from tests.support.stack import brisk_runner


def main() -> None:
    """pymongo hands its own listeners to every client that is made afterwards."""
    from pymongo import monitoring

    from tests.support.query_log import QueryLog

    monitoring.register(QueryLog(os.environ["VINCULO_RECORD_QUERIES"]))
    brisk_runner.main()


if __name__ == "__main__":
    main()
