"""The one business number of the stand-in: its account, its templates, its chats and the rule of the 24 hours."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.processes import open_private, private_folder

PHONE_NUMBER_ID, BUSINESS_ACCOUNT_ID = "106540352242922", "102290129340398"
API = "v23.0"
# Where whoever connects a company finds the account.
ACCOUNT_FILE = "account.json"
WINDOW = dt.timedelta(hours=24)
MOST_CHATS, MOST_MESSAGES = 200, 500
MOST_BYTES = 16 << 20
# Of mobiles outside of the states of São Paulo, Rio and Espírito Santo WhatsApp knows many without the ninth digit.
NINTH_DIGIT = re.compile(r"55([3-9][0-9])9([6-9][0-9]{7})")
TEMPLATES: list[dict[str, Any]] = [
    {
        "name": "pedido_pronto",
        "language": "pt_BR",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": [
            {"type": "BODY", "text": "Olá, {{1}}! O seu pedido {{2}} está pronto. Podemos entregar hoje?"},
            {"type": "FOOTER", "text": "Responda por aqui mesmo."},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Pode entregar"}]},
        ],
    },
    {
        "name": "retomar_conversa",
        "language": "pt_BR",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": [{"type": "BODY", "text": "Oi, {{cliente}}. Podemos continuar a nossa conversa por aqui?"}],
    },
    {
        "name": "catalogo",
        "language": "pt_BR",
        "status": "APPROVED",
        "category": "MARKETING",
        "components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Veja as novidades da semana."}],
    },
    {
        "name": "pedido_enviado",
        "language": "pt_BR",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": [
            {"type": "HEADER", "format": "DOCUMENT"},
            {"type": "BODY", "text": "Olá, {{1}}! O seu pedido saiu para entrega; a nota está acima."},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "PHONE_NUMBER", "text": "Ligar", "phone_number": "+551133334444"},
                    {"type": "URL", "text": "Acompanhar", "url": "https://loja.example/pedidos/{{1}}"},
                ],
            },
        ],
    },
    {
        "name": "onde_estamos",
        "language": "pt_BR",
        "status": "APPROVED",
        "category": "UTILITY",
        "components": [{"type": "HEADER", "format": "LOCATION"}, {"type": "BODY", "text": "Estamos aqui."}],
    },
    {"name": "em_analise", "language": "pt_BR", "status": "PENDING", "category": "UTILITY", "components": []},
]


@dataclass(frozen=True)
class Media:
    id: str
    media_type: str
    content: bytes
    name: str = ""


@dataclass
class Message:
    """`direction`: "in" from the customer. `state`: of one that went out. `tag`: what comes back with callbacks."""

    id: str
    number: str
    direction: str
    kind: str
    text: str
    at: float
    state: str = ""
    tag: str = ""
    buttons: list[str] = field(default_factory=list)
    media_id: str = ""


@dataclass(frozen=True)
class Refusal:
    """An error of the API."""

    status: int
    code: int
    message: str
    retry_after: int | None = None


class Phone:
    """Keeps its chats in a file, for its owner only; in memory alone without a folder. Media are in memory."""

    def __init__(self, folder: Path | None = None, templates: list[dict[str, Any]] | None = None) -> None:
        self.lock = threading.RLock()
        self.chats: dict[str, list[Message]] = {}
        self.media: dict[str, Media] = {}
        self.templates = TEMPLATES if templates is None else templates
        # what the next requests to send are answered instead
        self.refusals: deque[Refusal] = deque()
        self._file = private_folder(folder) / "chats.json" if folder else None
        self.token, self.secret, self.callback_url = "EAA" + secrets.token_urlsafe(40), secrets.token_hex(16), ""
        if self._file and self._file.exists():
            self._load(json.loads(self._file.read_text()))
        self.save()

    def _load(self, kept: dict[str, Any]) -> None:
        self.token, self.secret, self.callback_url = kept["token"], kept["secret"], kept["callback_url"]
        self.chats = {number: [Message(**one) for one in chat] for number, chat in kept["chats"].items()}

    def save(self) -> None:
        if self._file is None:
            return
        with self.lock:
            account = {"token": self.token, "secret": self.secret, "callback_url": self.callback_url}
            chats = {number: [asdict(one) for one in chat] for number, chat in self.chats.items()}
            scratch = self._file.with_suffix(".part")
            with open(open_private(scratch, os.O_TRUNC), "w") as file:
                json.dump({**account, "chats": chats}, file, ensure_ascii=False)
            scratch.replace(self._file)

    def keep(self, message: Message) -> Message:
        with self.lock:
            chat = self.chats.setdefault(message.number, [])
            chat.append(message)
            del chat[:-MOST_MESSAGES]
            while len(self.chats) > MOST_CHATS:
                self.chats.pop(next(iter(self.chats)))
            self.save()
        return message

    def find(self, message_id: str) -> Message | None:
        with self.lock:
            return next((one for chat in self.chats.values() for one in chat if one.id == message_id), None)

    def window_open(self, number: str) -> bool:
        since = (dt.datetime.now(dt.UTC) - WINDOW).timestamp()
        return any(one.direction == "in" and one.at > since for one in self.chats.get(number, ()))

    def template(self, name: str, language: str) -> dict[str, Any] | None:
        return next(
            (
                one
                for one in self.templates
                if (one["name"], one["language"], one["status"]) == (name, language, "APPROVED")
            ),
            None,
        )


def wa_id_of(number: str) -> str:
    """As WhatsApp knows a number: digits, and often without the Brazilian ninth digit."""
    return NINTH_DIGIT.sub(r"55\1\2", re.sub("[^0-9]", "", number))


def now() -> float:
    return dt.datetime.now(dt.UTC).timestamp()
