"""WhatsApp's Cloud API (Graph API): one company's number and what can be asked of it. Knows neither database nor rules.

Every request carries the proof that we hold the app's secret (`appsecret_proof`), so a wrong secret is found at once.
"""

from __future__ import annotations

import datetime as dt
import hmac
import http.client
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from environs import Env

from services.chassis import texts
from services.notifications.outbound.addresses import Reach, Unreachable
from services.notifications.outbound.https import Answer, exchange

GRAPH = "https://graph.facebook.com/v23.0"
MOST_ANSWERED = 2 << 20
# Of a file that a customer sends; WhatsApp itself takes more of documents.
MOST_FILE = 16 << 20
TEMPLATE_FIELDS = "name,language,status,category,parameter_format,components"
TEMPLATES_A_PAGE, TEMPLATE_PAGES = 100, 5
UNREADABLE = "answer_unreadable"
# Of a message's id there.
MOST_ID = 300

Json = dict[str, Any]


class ApiRefused(Exception):
    """The API's refusal; `code` is 0 for a response that is no refusal of the API. `said`: its text of the code."""

    def __init__(self, status: int, code: int, said: str, wait: dt.timedelta | None) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.said, self.wait = status, code, said, wait


class FileTooLarge(Exception):
    """The file has more than MOST_FILE bytes."""


# What a request may end with besides its answer.
TROUBLES = (ApiRefused, Unreachable, OSError, http.client.HTTPException)


def api_url() -> str:
    """The address of the Cloud API: Meta's, or a stand-in's."""
    return (Env().str("VINCULO_WHATSAPP_API_URL", "") or GRAPH).rstrip("/")


@dataclass(frozen=True, repr=False)
class CloudApi:
    """A number of a WhatsApp business account, and the secrets of the app that speaks for it.

    `url` is the operator's own choice, so that host may have any address; others (where media lie) only what `reach`
    lets a company connect to.
    """

    url: str
    phone_number_id: str
    business_account_id: str
    access_token: str
    app_secret: str
    reach: Reach

    def number(self, seconds: float) -> Json:
        """What the number is: `display_phone_number`, `verified_name`. Raises one of TROUBLES, as all of these do."""
        return self._get(self.phone_number_id, seconds, fields="display_phone_number,verified_name")

    def templates(self, seconds: float) -> Iterator[Json]:
        """The account's message templates, TEMPLATE_PAGES pages of them at most; `seconds` is for each page."""
        asked = {"fields": TEMPLATE_FIELDS, "limit": str(TEMPLATES_A_PAGE)}
        for _ in range(TEMPLATE_PAGES):
            page = self._get(f"{self.business_account_id}/message_templates", seconds, **asked)
            found, paging = page.get("data"), _object(page.get("paging"))
            yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()
            if "next" not in paging:
                return
            asked["after"] = str(_object(paging.get("cursors")).get("after", ""))

    def send(self, message: Json, seconds: float) -> str:
        """Sends a message; returns the id that WhatsApp gives it."""
        body = json.dumps({"messaging_product": "whatsapp", "recipient_type": "individual", **message}).encode()
        answer = self._json("POST", f"{self.phone_number_id}/messages", seconds, body, "application/json")
        try:
            given = texts.one_line(answer["messages"][0]["id"])
        except (LookupError, TypeError, AttributeError) as error:
            raise ApiRefused(200, 0, UNREADABLE, None) from error
        if not 0 < len(given) <= MOST_ID:
            raise ApiRefused(200, 0, UNREADABLE, None)
        return given

    def upload(self, content: bytes, media_type: str, seconds: float) -> str:
        """Uploads a file; returns the id by which a message names it."""
        boundary = f"vinculo-{secrets.token_hex(16)}"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n',
            f'--{boundary}\r\nContent-Disposition: form-data; name="type"\r\n\r\n{media_type}\r\n',
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="arquivo"\r\n'
            f"Content-Type: {media_type}\r\n\r\n",
        ]
        body = "".join(parts).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        form = f"multipart/form-data; boundary={boundary}"
        answer = self._json("POST", f"{self.phone_number_id}/media", seconds, body, form)
        return str(answer.get("id", ""))

    def file(self, file_id: str, seconds: float) -> bytes:
        """The content of a customer's file. Raises FileTooLarge, too; the API keeps files for some days."""
        told = self._get(file_id, seconds)
        if _whole(told.get("file_size")) > MOST_FILE:
            raise FileTooLarge
        headers = {"Authorization": f"Bearer {self.access_token}"}
        answer = exchange("GET", str(told.get("url")), None, headers, self._own_reach(), seconds, MOST_FILE + 1)
        if answer.status != 200:
            raise ApiRefused(answer.status, 0, UNREADABLE, answer.wait(dt.datetime.now(dt.UTC)))
        if len(answer.body) > MOST_FILE:
            raise FileTooLarge
        return answer.body

    def _get(self, path: str, seconds: float, **asked: str) -> Json:
        return self._json("GET", path, seconds, None, None, **asked)

    def _json(
        self, method: str, path: str, seconds: float, body: bytes | None, media_type: str | None, **asked: str
    ) -> Json:
        query = urlencode({**asked, "appsecret_proof": self._proof()})
        headers = {"Authorization": f"Bearer {self.access_token}", "Accept": "application/json"}
        if media_type is not None:
            headers["Content-Type"] = media_type
        answer = exchange(
            method, f"{self.url}/{path}?{query}", body, headers, self._own_reach(), seconds, MOST_ANSWERED
        )
        return read(answer)

    def _proof(self) -> str:
        return hmac.new(self.app_secret.encode(), self.access_token.encode(), "sha256").hexdigest()

    def _own_reach(self) -> Reach:
        host = (urlsplit(self.url).hostname or "").lower()
        return Reach(self.reach.networks, self.reach.names | {host})


def read(answer: Answer) -> Json:
    """The answer's JSON object; raises ApiRefused."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    wait = answer.wait(dt.datetime.now(dt.UTC))
    if not isinstance(found, dict):
        raise ApiRefused(answer.status, 0, UNREADABLE, wait)
    error = found.get("error")
    if answer.status >= 400 or isinstance(error, dict):
        told = error if isinstance(error, dict) else {}
        raise ApiRefused(answer.status, _whole(told.get("code")), texts.one_line(str(told.get("message", ""))), wait)
    return found


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
