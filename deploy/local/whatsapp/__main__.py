"""Runs the stand-in until it is told to stop."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from deploy.local.processes import LOOPBACK, write_private
from deploy.local.whatsapp.phone import ACCOUNT_FILE, Phone
from deploy.local.whatsapp.server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.whatsapp", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default=LOOPBACK)
    options = parser.parse_args()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    standin = Server(Phone(options.folder), options.port, options.host)
    write_private(options.folder / ACCOUNT_FILE, json.dumps({"url": standin.url, "account": standin.account()}))
    print(f"whatsapp ready: {standin.url}", flush=True)
    stopping.wait()
    standin.close()


if __name__ == "__main__":
    main()
