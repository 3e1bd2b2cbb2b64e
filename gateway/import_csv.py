"""Command line that uploads a CSV of persons to a gateway and shows the progress and the refused lines.

Standard library only; the file is read as it is sent. The password comes from VINCULO_PASSWORD or is asked.
"""

from __future__ import annotations

import argparse
import csv
import getpass
import http.client
import io
import json
import os
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHUNK = 64 * 1024
TIMEOUT_SECONDS = 300
PAUSE_SECONDS = 0.5
IMPORTS = "/v1/persons/imports"


class Refused(Exception):
    """The gateway refused a request; the message is its detail, in pt-BR."""


class Gateway:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "localhost", parts.port, timeout=TIMEOUT_SECONDS)
        self._base = parts.path.rstrip("/")
        self._token = ""

    def sign_in(self, login: str, password: str, company: str | None) -> None:
        credentials = {"login": login, "password": password, **({"company": company} if company else {})}
        self._token = str(self.ask("POST", "/v1/session", credentials)["access_token"])

    def upload(self, file: Path) -> dict[str, Any]:
        """Uploads the file; returns the import, ready to be started."""
        boundary = uuid.uuid4().hex
        before, after = _multipart(boundary, file.name)
        length = len(before) + file.stat().st_size + len(after)
        kind = f"multipart/form-data; boundary={boundary}"
        return self._json("POST", IMPORTS, _body(before, file, after), length, kind)

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        body = b"" if data is None else json.dumps(data).encode()
        return self._json(method, path, [body], len(body), "application/json")

    def refused_lines(self, import_id: str) -> Iterator[list[str]]:
        """The number and the reason of each refused line, while the report is being received."""
        path = f"{IMPORTS}/{import_id}/report.csv?profile=utf-8&outcome=refused"
        with self._send("GET", path, [], 0, "application/json") as answer:
            lines = csv.reader(io.TextIOWrapper(answer, "utf-8", newline=""))
            next(lines)
            for line, _outcome, _code, reason, *_ in lines:
                yield [line, reason]

    def _json(
        self, method: str, path: str, body: Iterator[bytes] | list[bytes], length: int, content_type: str
    ) -> dict[str, Any]:
        with self._send(method, path, body, length, content_type) as answer:
            result: dict[str, Any] = json.load(answer)
        return result

    def _send(
        self, method: str, path: str, body: Iterator[bytes] | list[bytes], length: int, content_type: str
    ) -> http.client.HTTPResponse:
        headers = {"Content-Type": content_type, "Content-Length": str(length)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        self._connection.request(method, self._base + path, body=body, headers=headers)
        answer = self._connection.getresponse()
        if answer.status >= 300:
            raise Refused(_reason(answer.status, answer.read()))
        return answer


def _multipart(boundary: str, name: str) -> tuple[bytes, bytes]:
    quoted = name.replace('"', "").replace("\r", "").replace("\n", "")
    before = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return before.encode(), f"\r\n--{boundary}--\r\n".encode()


def _body(before: bytes, file: Path, after: bytes) -> Iterator[bytes]:
    yield before
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
    yield after


def _reason(status: int, body: bytes) -> str:
    try:
        problem = json.loads(body)
    except ValueError:
        return f"O servidor respondeu {status}."
    return str(problem.get("detail") or problem.get("title") or f"O servidor respondeu {status}.")


def run(gateway: Gateway, options: argparse.Namespace) -> int:
    """Uploads, starts, prints the progress and the refused lines; returns how many lines were refused."""
    uploaded = gateway.upload(options.file)
    path = f"{IMPORTS}/{uploaded['id']}"
    if options.existing == "update":
        gateway.ask("PATCH", path, {"existing": "update"})
    progress = gateway.ask("POST", f"{path}/start", {"dry_run": options.dry_run})
    while progress["state"] == "running":
        time.sleep(PAUSE_SECONDS)
        progress = gateway.ask("GET", path)
        print(f"{progress['progress']}%: {_counts(progress['counts'])}", flush=True)
    for line, reason in gateway.refused_lines(uploaded["id"]):
        print(f"linha {line}: {reason}", file=sys.stderr)
    if progress["state"] not in ("done", "previewed"):
        raise Refused(str(progress["failure"] or "A importação foi cancelada."))
    print(f"{'Ensaio concluído' if options.dry_run else 'Importação concluída'}: {_counts(progress['counts'])}")
    return int(progress["counts"]["refused"])


def _counts(numbers: dict[str, Any]) -> str:
    labels = (
        ("registered", "cadastradas"), ("updated", "atualizadas"), ("existing", "já existentes"),
        ("refused", "recusadas"), ("warned", "prováveis duplicatas"),
        ("left_out", "com algo deixado de fora"),
    )  # fmt: skip
    return ", ".join(f"{numbers[key]} {label}" for key, label in labels)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gateway.import_csv", description="Importa pessoas de um CSV.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--gateway", required=True, help="por exemplo, http://127.0.0.1:8000")
    parser.add_argument("--login", required=True)
    parser.add_argument("--company")
    parser.add_argument("--existing", choices=("skip", "update"), default="skip", help="pessoas que já existem")
    parser.add_argument("--dry-run", action="store_true", help="lê e confere tudo, sem cadastrar ninguém")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code. 0: every line was taken; 1: some were refused; 2: the import was refused or did not end."""
    options = _arguments(arguments)
    password = os.environ.get("VINCULO_PASSWORD") or getpass.getpass("Senha: ")
    try:
        gateway = Gateway(options.gateway)
        gateway.sign_in(options.login, password, options.company)
        refused = run(gateway, options)
    except (Refused, OSError, http.client.HTTPException, ValueError) as error:
        print(f"Não foi possível importar: {error}", file=sys.stderr)
        return 2
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
