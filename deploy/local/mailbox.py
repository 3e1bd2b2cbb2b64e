"""A mailbox for a person's machine and for tests: takes every mail by SMTP, shows them in the browser and as JSON.

Delivers nothing anywhere. A mail is in its file before its sender gets 250: it outlives this program. It is not forced
to the disk, for it is nobody's only copy, and would make the machine wait for each mail. Listens on loopback, in a pod
where `--host` says so.
`python -m deploy.local.mailbox --smtp-port N --http-port N --folder .run/mail`
"""

from __future__ import annotations

import argparse
import html
import json
import os
import signal
import threading
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.processes import LOOPBACK, open_private, private_folder

MAX_BYTES = 25_000_000
PAGE = """<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d1d1f}}
table{{border-collapse:collapse;width:100%}}th,td{{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd}}
pre{{white-space:pre-wrap;background:#f6f6f4;padding:1rem}}</style></head><body><h1>{title}</h1>{body}</body></html>"""


class Mails:
    """Mails as numbered .eml files, oldest first, for their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for mail in private_folder(folder).iterdir():
            mail.chmod(0o600)
        self._lock = threading.Lock()
        self._facts: dict[int, dict[str, Any]] = {}
        self._last = max((int(path.stem) for path in folder.glob("*.eml")), default=0)

    def keep(self, sender: str, recipients: list[str], content: bytes) -> int:
        """Returns the mail's number once its file is there, whole."""
        envelope = f"X-Envelope-From: {sender}\r\nX-Envelope-To: {', '.join(recipients)}\r\n".encode()
        with self._lock:
            number = self._last + 1
            path = self.folder / f"{number:08d}.eml"
            scratch = path.with_suffix(".part")
            with open(open_private(scratch, os.O_TRUNC), "wb") as file:
                file.write(envelope + content)
            scratch.replace(path)
            self._last = number
        return number

    def message(self, number: int) -> EmailMessage | None:
        path = self.folder / f"{number:08d}.eml"
        if not path.exists():
            return None
        return BytesParser(policy=policy.default).parsebytes(path.read_bytes())

    def facts(self, number: int) -> dict[str, Any] | None:
        """What a list shows of a mail, without the count."""
        if number not in self._facts:
            mail = self.message(number)
            if mail is None:
                return None
            arrived = (self.folder / f"{number:08d}.eml").stat().st_mtime
            self._facts[number] = _facts(number, mail, arrived)
        return dict(self._facts[number])

    def listing(self) -> list[dict[str, Any]]:
        """In the order of arrival; `count`: how many mails carry this Message-ID (1 = no double)."""
        rows = [row for number in range(1, self._last + 1) if (row := self.facts(number))]
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["message_id"]] = counts.get(row["message_id"], 0) + 1
        return [{**row, "count": counts[row["message_id"]]} for row in rows]

    def forget(self) -> None:
        with self._lock:
            for path in self.folder.glob("*.eml"):
                path.unlink()
            self._facts.clear()


def _facts(number: int, mail: EmailMessage, arrived: float) -> dict[str, Any]:
    return {
        "number": number,
        "message_id": str(mail.get("Message-ID", "")).strip(),
        "from": str(mail.get("From") or mail.get("X-Envelope-From", "")),
        "to": [part.strip() for part in str(mail.get("X-Envelope-To", "")).split(",") if part.strip()],
        "subject": str(mail.get("Subject", "")),
        "received_at": datetime.fromtimestamp(arrived, UTC).isoformat(),
    }


def text_of(mail: EmailMessage) -> str:
    """The plain text; else the HTML's source."""
    part = mail.get_body(("plain", "html"))
    return str(part.get_content()) if part else ""


class Receiver:
    """aiosmtpd's handler."""

    def __init__(self, mails: Mails) -> None:
        self._mails = mails

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        number = self._mails.keep(parseaddr(envelope.mail_from or "")[1], envelope.rcpt_tos, raw)
        return f"250 OK {number}"


class Pages(BaseHTTPRequestHandler):
    """GET / and /mensagens/<n> for people, /messages and /messages/<n> for programs; DELETE /messages."""

    mails: Mails

    def do_GET(self) -> None:
        parts = [part for part in self.path.partition("?")[0].split("/") if part]
        if parts in ([], ["mensagens"]):
            self._page("Caixa de correio", _table(self.mails.listing()))
        elif parts == ["messages"]:
            self._json(self.mails.listing())
        elif parts == ["live"]:
            self._json({"status": "live"})
        elif len(parts) == 2 and parts[0] in ("messages", "mensagens") and parts[1].isdigit():
            self._one(int(parts[1]), as_page=parts[0] == "mensagens")
        else:
            self._json({"detail": "Não encontrado."}, HTTPStatus.NOT_FOUND)

    def do_DELETE(self) -> None:
        if self.path != "/messages":
            return self._json({"detail": "Não encontrado."}, HTTPStatus.NOT_FOUND)
        self.mails.forget()
        return self._json([])

    def _one(self, number: int, as_page: bool) -> None:
        mail, facts = self.mails.message(number), self.mails.facts(number)
        if mail is None or facts is None:
            return self._json({"detail": "Mensagem não encontrada."}, HTTPStatus.NOT_FOUND)
        if not as_page:
            headers = {name: str(value) for name, value in mail.items()}
            return self._json({**facts, "headers": headers, "text": text_of(mail)})
        rows = [("De", facts["from"]), ("Para", ", ".join(facts["to"])), ("Recebida em", facts["received_at"])]
        head = "".join(f"<tr><th>{name}</th><td>{html.escape(value)}</td></tr>" for name, value in rows)
        body = f"<table>{head}</table><pre>{html.escape(text_of(mail))}</pre><p><a href='/'>Voltar</a></p>"
        return self._page(facts["subject"] or "(sem assunto)", body)

    def _page(self, title: str, body: str) -> None:
        text = PAGE.format(title=html.escape(title), body=body)
        self._send(text.encode(), "text/html; charset=utf-8", HTTPStatus.OK)

    def _json(self, value: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(value, ensure_ascii=False).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: mails are personal data."""


def _table(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "<p>Nenhuma mensagem ainda.</p>"
    lines = []
    for row in reversed(rows):
        cells = [html.escape(text) for text in (row["received_at"][:19].replace("T", " "), ", ".join(row["to"]))]
        subject = html.escape(row["subject"] or "(sem assunto)")
        link = f"<a href='/mensagens/{row['number']}'>{subject}</a>"
        lines.append(f"<tr><td>{cells[0]}</td><td>{cells[1]}</td><td>{link}</td></tr>")
    return f"<table><tr><th>Recebida (UTC)</th><th>Para</th><th>Assunto</th></tr>{''.join(lines)}</table>"


def serve(
    mails: Mails, smtp_port: int, http_port: int, host: str = LOOPBACK
) -> tuple[Controller, ThreadingHTTPServer]:  # fmt: skip
    """Both servers, running in threads."""
    smtp = Controller(Receiver(mails), host, smtp_port, data_size_limit=MAX_BYTES, enable_SMTPUTF8=True)
    smtp.start()
    pages = type("BoundPages", (Pages,), {"mails": mails})
    web = ThreadingHTTPServer((host, http_port), pages)
    web.daemon_threads = True
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return smtp, web


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.local.mailbox", description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default=LOOPBACK)
    options = parser.parse_args()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    smtp, web = serve(Mails(options.folder), options.smtp_port, options.http_port, options.host)
    print(f"mailbox ready: http://{options.host}:{options.http_port}", flush=True)
    stopping.wait()
    smtp.stop()
    web.shutdown()


if __name__ == "__main__":
    main()
