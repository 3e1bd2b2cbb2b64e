"""A mailbox of a provider that speaks IMAP4rev1 (RFC 3501), on a real socket: as much of it as a reader needs.

It refuses everything that would change the mailbox.
"""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass
from typing import Any

FETCH = re.compile(rb"UID FETCH (\d+) \((.*)\)", re.IGNORECASE)
SEARCH = re.compile(rb"UID SEARCH (?:UID (\d+):\*|SINCE \S+|ALL)", re.IGNORECASE)
WORD = re.compile(rb'"([^"]*)"|(\S+)')
HEADER_END = b"\r\n\r\n"


@dataclass
class ImapServer:
    """`silent`: it accepts connections and says nothing. `answers`: to a command, in place of its own; empty: it hangs
    up. `announced`: the size that it says of each mail, or None. `fails_at`: of these mails, and of those in
    `fails_whole` but for their headers, it gives nothing."""

    user: str = "conversa@padaria.example"
    password: str = "segredo da caixa"
    uid_validity: int = 1
    silent: bool = False
    announced: int | None = None

    def __post_init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.fails_at: set[int] = set()
        self.fails_whole: set[int] = set()
        self.commands: list[str] = []
        self.answers: dict[str, bytes] = {}
        server = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                Conversation(server, self.rfile, self.wfile).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def mailbox(self, **fields: Any) -> dict[str, Any]:
        """What its user types in."""
        return {
            "address": self.user, "host": "127.0.0.1", "port": self.port, "security": "none", "username": self.user,
            "password": self.password, **fields,
        }  # fmt: skip

    def deliver(self, raw: bytes) -> None:
        self.mails[max(self.mails, default=0) + 1] = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Conversation:
    def __init__(self, server: ImapServer, reader: Any, writer: Any) -> None:
        self._server, self._reader, self._writer = server, reader, writer

    def run(self) -> None:
        if self._server.silent:
            self._reader.read()
            return
        self._say(b"* OK [CAPABILITY IMAP4rev1] pronto")
        while line := self._reader.readline():
            tag, _, command = line.strip().partition(b" ")
            while match := re.search(rb"\{(\d+)\}\Z", command):  # a literal: a password with signs of its own
                self._say(b"+ pronto")
                command = command[: match.start()] + b'"' + self._reader.read(int(match[1])) + b'"'
                command += self._reader.readline().strip()
            word = command.split(b" ")[0].decode().lower()
            self._server.commands.append("login" if word == "login" else command.decode())
            if self._server.answers.get(word) == b"":
                return
            answer = self._server.answers.get(word) or getattr(self, f"_{word}", self._refused)(command)
            self._say(tag + b" " + answer)
            if word == "logout":
                return

    def _say(self, line: bytes) -> None:
        self._writer.write(line + b"\r\n")
        self._writer.flush()

    def _capability(self, command: bytes) -> bytes:
        self._say(b"* CAPABILITY IMAP4rev1")
        return b"OK feito"

    def _login(self, command: bytes) -> bytes:
        said = [quoted or plain for quoted, plain in WORD.findall(command.partition(b" ")[2])]
        right = said == [self._server.user.encode(), self._server.password.encode()]
        return b"OK feito" if right else b"NO [AUTHENTICATIONFAILED] senha errada"

    def _examine(self, command: bytes) -> bytes:
        if b"INBOX" not in command:
            return b"NO nao ha esta pasta"
        mails = self._server.mails
        self._say(b"* %d EXISTS" % len(mails))
        self._say(b"* OK [UIDVALIDITY %d] ." % self._server.uid_validity)
        self._say(b"* OK [UIDNEXT %d] ." % (max(mails, default=0) + 1))
        return b"OK [READ-ONLY] feito"

    def _uid(self, command: bytes) -> bytes:
        search, fetch = SEARCH.match(command), FETCH.match(command)
        if search is not None:
            first, uids = int(search[1] or 0), sorted(self._server.mails)
            # "n:*" names the last one, too, whatever n is
            found = [uid for uid in uids if uid >= first] or uids[-1:]
            self._say(b"* SEARCH" + b"".join(b" %d" % uid for uid in found))
            return b"OK feito"
        if fetch is not None and self._fails(int(fetch[1]), fetch[2]):
            return b"NO a mensagem nao pode ser lida"
        if fetch is not None and b"BODY[" not in fetch[2]:
            self._fetch(int(fetch[1]), fetch[2])
            return b"OK feito"
        return self._refused(command)

    def _fails(self, uid: int, wanted: bytes) -> bool:
        return uid in self._server.fails_at or (uid in self._server.fails_whole and b"PEEK[]" in wanted)

    def _fetch(self, uid: int, wanted: bytes) -> None:
        raw = self._server.mails[uid]
        if b"RFC822.SIZE" in wanted:
            self._say(b"* 1 FETCH (UID %d RFC822.SIZE %d)" % (uid, self._server.announced or len(raw)))
            return
        part = b"HEADER" if b"HEADER" in wanted else b""
        content = raw.partition(HEADER_END)[0] + HEADER_END if part else raw
        self._writer.write(b"* 1 FETCH (UID %d BODY[%s] {%d}\r\n%s)\r\n" % (uid, part, len(content), content))

    def _noop(self, command: bytes) -> bytes:
        return b"OK feito"

    def _logout(self, command: bytes) -> bytes:
        self._say(b"* BYE")
        return b"OK feito"

    def _refused(self, command: bytes) -> bytes:
        return b"BAD nada se muda aqui"
