"""Reads a mail in a process of its own (ADR 0045): whoever can send one chooses what parsers have to go through.

The process has no settings and no secrets, and bounds its own processor seconds and memory. A mail that no parser gets
through is a message all the same: it waits for a user, with itself as its file.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.notifications.deliveries.model import File
from services.notifications.inbound.model import MESSAGE
from services.notifications.mailboxes.parsing.bounces import Bounce
from services.notifications.mailboxes.parsing.mail import Mail, mail_of

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[4]
START = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    "from services.notifications.mailboxes.parsing.own_process import main; main()"
)
# An ordinary mail of 25 MB takes one second and 300 MB.
CPU_SECONDS, MEMORY_BYTES = 5, 1 << 29
# Then the machine is too busy, which is not the mail's fault.
WALL_SECONDS = 30.0
UNREAD = "Mensagem que não pôde ser lida"


def read(raw: bytes, now: dt.datetime, cpu_seconds: int = CPU_SECONDS) -> Mail:
    """Parses a mail in a process of its own. `now`: the date of a mail without one. Raises OSError where the machine is
    too busy.
    """
    command = [sys.executable, "-I", "-c", START, now.isoformat(), str(cpu_seconds)]
    # files, not pipes: a green thread feeds those in small pieces
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout:
        stdin.write(raw)
        stdin.seek(0)
        try:
            done = subprocess.run(
                command, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, env={"LANG": "C.UTF-8"}, cwd="/",
                timeout=WALL_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise OSError("no mail was read in time") from error
        if done.returncode == 0:
            stdout.seek(0)
            return _mail(json.load(stdout))
    log.warning("mail not readable", extra={"code": done.returncode})
    return _unread(raw, now)


def unfetched(place: str, now: dt.datetime) -> Mail:
    """The message for a mail that its server does not give. `place`: its place in the mailbox, by which a repeat is
    recognised.
    """
    text = "Uma mensagem da caixa de entrada que o servidor dela não entrega. Veja-a no seu programa de e-mail."
    return _message(hashlib.sha256(place.encode()).hexdigest(), text, [], now)


def _unread(raw: bytes, now: dt.datetime) -> Mail:
    text = f"{UNREAD}. Ela está no arquivo anexo, como chegou."
    return _message(hashlib.sha256(raw).hexdigest(), text, [File("mensagem.eml", "message/rfc822", raw)], now)


def _message(message_id: str, text: str, files: list[File], now: dt.datetime) -> Mail:
    return Mail(
        message_id=message_id, kind=MESSAGE, sender="", sender_name="", recipients=[], references=[], subject=UNREAD,
        text=text, quoted="", sent_at=now, files=files, from_list=False, vouched=[],
    )  # fmt: skip


def _mail(fields: dict[str, Any]) -> Mail:
    files = [File(one["name"], one["media_type"], base64.b64decode(one["content"])) for one in fields["files"]]
    bounce = Bounce(**fields["bounce"]) if fields["bounce"] else None
    sent_at = dt.datetime.fromisoformat(fields["sent_at"])
    return Mail(**{**fields, "files": files, "bounce": bounce, "sent_at": sent_at})


def _json(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value.isoformat())


def main() -> None:
    """The process itself: reads a mail from standard input, writes the result to standard output."""
    cpu_seconds = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    os.nice(5)
    mail = mail_of(sys.stdin.buffer.read(), dt.datetime.fromisoformat(sys.argv[1]))
    json.dump(asdict(mail), sys.stdout, default=_json)
    sys.stdout.flush()
    os._exit(0)
