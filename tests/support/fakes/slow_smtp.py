"""A mail server that speaks SMTP byte by byte, on a real socket: each operation is short, all together are long."""

from __future__ import annotations

import email
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Visit:
    """One connection of a client; times are seconds of time.monotonic."""

    began: float
    ended: float | None = None
    message_ids: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


class SlowSmtp:
    """`pause(command)`: seconds between two bytes of the answer to it, "" being the greeting, asked for at each byte;
    None answers nothing.

    `answer(command, visit)`: another answer than yes to a command, "." being the text; "" ends the connection instead.
    """

    def __init__(
        self,
        pause: Callable[[str], float | None] = lambda command: 0,
        answer: Callable[[str, Visit], str | None] = lambda command, visit: None,
    ) -> None:
        self._answer = answer
        self.visits: list[Visit] = []
        self._pause = pause
        # turns everybody away at the door
        self.down = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def taken(self) -> list[str]:
        """Message-IDs of the mails whose text has come, as often as it came."""
        return [one for visit in list(self.visits) for one in visit.message_ids]

    def overlapping(self) -> int:
        """How many visits began before an earlier one was over."""
        visits = list(self.visits)
        return sum(
            earlier.ended is None or earlier.ended > later.began
            for number, later in enumerate(visits)
            for earlier in visits[:number]
        )

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.down:
                client.close()
                continue
            threading.Thread(target=self._visit, args=(client,), daemon=True).start()

    def _visit(self, client: socket.socket) -> None:
        visit = Visit(time.monotonic())
        self.visits.append(visit)
        try:
            with client, client.makefile("rb") as lines:
                self._say(client, "", "220 lento")
                while line := lines.readline():
                    self._obey(client, lines, line.decode().split()[0].upper(), visit)
        except OSError:
            pass  # the client gave up
        finally:
            visit.ended = time.monotonic()

    def _obey(self, client: socket.socket, lines: object, command: str, visit: Visit) -> None:
        visit.commands.append(command)
        usual = {"EHLO": "250 lento", "QUIT": "221 tchau", "DATA": "354 envie"}.get(command, "250 certo")
        answer = self._other(command, visit) or usual
        self._say(client, command, answer)
        if command == "DATA" and answer == usual:
            text = b"".join(iter(lines.readline, b".\r\n"))  # type: ignore[attr-defined]
            visit.message_ids.append(str(email.message_from_bytes(text)["Message-ID"]))
            self._say(client, ".", self._other(".", visit) or "250 recebido certo")

    def _other(self, command: str, visit: Visit) -> str | None:
        answer = self._answer(command, visit)
        if answer == "":
            raise OSError("ended")
        return answer

    def _say(self, client: socket.socket, command: str, answer: str) -> None:
        pause = self._pause(command)
        if pause is None:
            while client.recv(1):  # until the client leaves
                pass
            raise OSError("left without an answer")
        if not pause:
            client.sendall(f"{answer}\r\n".encode())
            return
        for byte in f"{answer}\r\n".encode():
            if select.select([client], [], [], 0)[0] and not client.recv(1, socket.MSG_PEEK):
                raise OSError("left before the whole answer")
            client.sendall(bytes([byte]))
            time.sleep(self._pause(command) or 0)
