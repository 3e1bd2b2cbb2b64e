"""Command line that uploads a CSV of persons to a gateway and shows the progress and the refused lines.

Standard library only; the file is read as it is sent. The password comes from VINCULO_PASSWORD or is asked.
"""

from __future__ import annotations

import argparse
import getpass
import http.client
import json
import os
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHUNK = 64 * 1024
TIMEOUT_SECONDS = 300


class Refused(Exception):
    """The gateway's answer, in pt-BR."""


class Gateway:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "localhost", parts.port, timeout=TIMEOUT_SECONDS)
        self._base = parts.path.rstrip("/")
        self._token = ""

    def sign_in(self, login: str, password: str, company: str | None) -> None:
        given = {"login": login, "password": password, **({"company": company} if company else {})}
        body = json.dumps(given).encode()
        with self._send("/v1/session", [body], len(body), "application/json") as answer:
            self._token = str(json.load(answer)["access_token"])

    def import_persons(self, file: Path, layout: str) -> Iterator[dict[str, Any]]:
        """The NDJSON lines of the answer, as they come."""
        boundary = uuid.uuid4().hex
        before, after = _multipart(boundary, file.name, layout)
        length = len(before) + file.stat().st_size + len(after)
        kind = f"multipart/form-data; boundary={boundary}"
        with self._send("/v1/persons/imports", _body(before, file, after), length, kind) as answer:
            while line := answer.readline():
                if line.strip():
                    yield json.loads(line)

    def _send(
        self, path: str, body: Iterator[bytes] | list[bytes], length: int, content_type: str
    ) -> http.client.HTTPResponse:
        headers = {"Content-Type": content_type, "Content-Length": str(length)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        self._connection.request("POST", self._base + path, body=body, headers=headers)
        answer = self._connection.getresponse()
        if answer.status >= 300:
            raise Refused(_reason(answer.status, answer.read()))
        return answer


def _multipart(boundary: str, name: str, layout: str) -> tuple[bytes, bytes]:
    quoted = name.replace('"', "").replace("\r", "").replace("\n", "")
    before = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="layout"\r\n\r\n{layout}\r\n'
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


def show(message: dict[str, Any]) -> int:
    """Prints one line of the answer; the number of lines refused, when it is the report."""
    if "report" in message:
        errors = message["report"].get("errors", [])
        for error in errors:
            print(f"linha {error['line']}: {error['reason']}", file=sys.stderr)
        print(f"Importação concluída: {_counts(message['report'])}")
        return len(errors)
    if "done" in message:
        print(f"{message['done']} lidas: {_counts(message)}", flush=True)
        return 0
    problem = message.get("problem") or {}
    raise Refused(str(problem.get("detail") or "A importação foi interrompida."))


def _counts(numbers: dict[str, Any]) -> str:
    labels = (("registered", "cadastradas"), ("existing", "já existentes"), ("refused", "recusadas"))
    return ", ".join(f"{numbers.get(key, 0)} {label}" for key, label in labels)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gateway.import_csv", description="Importa pessoas de um CSV.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--gateway", required=True, help="por exemplo, http://127.0.0.1:8000")
    parser.add_argument("--login", required=True)
    parser.add_argument("--company")
    parser.add_argument("--layout", choices=("auto", "google", "generic"), default="auto")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """0: every line taken; 1: some refused; 2: nothing could be asked, or the answer broke off."""
    asked = _arguments(arguments)
    password = os.environ.get("VINCULO_PASSWORD") or getpass.getpass("Senha: ")
    refused, finished = 0, False
    try:
        gateway = Gateway(asked.gateway)
        gateway.sign_in(asked.login, password, asked.company)
        for message in gateway.import_persons(asked.file, asked.layout):
            refused += show(message)
            finished = finished or "report" in message
    except (Refused, OSError, http.client.HTTPException, ValueError) as error:
        print(f"Não foi possível importar: {error}", file=sys.stderr)
        return 2
    if not finished:
        print("A importação foi interrompida antes do relatório.", file=sys.stderr)
        return 2
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
