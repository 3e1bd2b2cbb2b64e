"""The stand-in's HTTP: the Cloud API under /v23.0, and pages where a person writes as a customer."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import threading
from email import policy
from email.parser import BytesParser
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from deploy.local.processes import LOOPBACK
from deploy.local.whatsapp import customer, pages
from deploy.local.whatsapp.callbacks import Callbacks, status_of
from deploy.local.whatsapp.phone import (
    API,
    BUSINESS_ACCOUNT_ID,
    MOST_BYTES,
    PHONE_NUMBER_ID,
    Media,
    Phone,
    Refusal,
)
from deploy.local.whatsapp.sending import send

SLACK = 64 << 10
NO_TOKEN = Refusal(401, 190, "Invalid OAuth access token - Cannot parse access token")
NO_PROOF = Refusal(400, 100, "Invalid appsecret_proof provided in the API argument")
NO_OBJECT = Refusal(400, 100, "Unsupported get request. Object does not exist")
TOO_LARGE = Refusal(400, 131052, "(#131052) Media file size too large")
CUSTOMER = re.compile(r"[0-9]{8,15}")


class Server:
    """Both, running in threads. `statuses`: what a customer's phone reports of each message that comes."""

    def __init__(self, phone: Phone, port: int = 0, host: str = LOOPBACK) -> None:
        self.phone, self.callbacks = phone, Callbacks(phone)
        self.statuses: tuple[str, ...] = ("sent", "delivered")
        self._web = ThreadingHTTPServer((host, port), type("Bound", (Handler,), {"standin": self}))
        self._web.daemon_threads = True
        threading.Thread(target=self._web.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._web.server_port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/{API}"

    def account(self, **changes: Any) -> dict[str, Any]:
        """What a company gives to use it."""
        return {
            "phone_number_id": PHONE_NUMBER_ID,
            "business_account_id": BUSINESS_ACCOUNT_ID,
            "access_token": self.phone.token,
            "app_secret": self.phone.secret,
            "verify_token": "combinado-com-a-meta",
            **changes,
        }

    def close(self) -> None:
        self._web.shutdown()
        self._web.server_close()


class Handler(BaseHTTPRequestHandler):
    standin: Server

    def do_GET(self) -> None:
        path, asked = self._asked()
        if path[:1] == [API]:
            self._api("GET", path[1:], asked)
        elif path[:1] == ["media"] and len(path) == 2:
            self._download(path[1])
        elif path == ["live"]:
            self._json({"status": "live"})
        elif not path:
            self._page(pages.index(self.standin.phone))
        elif path[0] == "conversas" and len(path) == 2 and CUSTOMER.fullmatch(path[1]):
            customer.read_all(self.standin, path[1])
            self._page(pages.chat(self.standin.phone, path[1]))
        else:
            self._json({"detail": "Não encontrado."}, 404)

    def do_POST(self) -> None:
        path, asked = self._asked()
        if path[:1] == [API]:
            self._api("POST", path[1:], asked)
        elif path == ["inscricao"]:
            told = json.loads(self._body())
            taken = self.standin.callbacks.subscribe(str(told["url"]), str(told["verify_token"]))
            self._json({"success": taken}, 200 if taken else 400)
        elif path == ["conversas"]:
            self._write_as_customer()
        else:
            self._json({"detail": "Não encontrado."}, 404)

    def _asked(self) -> tuple[list[str], dict[str, str]]:
        parts = urlsplit(self.path)
        return [one for one in parts.path.split("/") if one], {k: v[0] for k, v in parse_qs(parts.query).items()}

    def _body(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BYTES + SLACK))

    def _api(self, method: str, path: list[str], asked: dict[str, str]) -> None:
        phone = self.standin.phone
        if self.headers.get("Authorization") != f"Bearer {phone.token}":
            return self._refuse(NO_TOKEN)
        proof = hmac.new(phone.secret.encode(), phone.token.encode(), "sha256").hexdigest()
        if asked.get("appsecret_proof", proof) != proof:
            return self._refuse(NO_PROOF)
        if method == "GET" and path == [PHONE_NUMBER_ID]:
            return self._json({"display_phone_number": "+55 31 3333-4444", "verified_name": "Padaria da Ana"})
        if method == "GET" and path == [BUSINESS_ACCOUNT_ID, "message_templates"]:
            return self._templates(asked)
        if method == "POST" and path == [PHONE_NUMBER_ID, "messages"]:
            return self._send()
        if method == "POST" and path == [PHONE_NUMBER_ID, "media"]:
            return self._take_media()
        if method == "GET" and len(path) == 1 and path[0] in phone.media:
            media = phone.media[path[0]]
            size, link = len(media.content), f"{self.standin.url}/media/{media.id}"
            return self._json({"id": media.id, "url": link, "mime_type": media.media_type, "file_size": size})
        return self._refuse(NO_OBJECT)

    def _templates(self, asked: dict[str, str]) -> None:
        """Two a page, however many were asked for: pages are followed."""
        start = int(asked.get("after") or 0)
        found = self.standin.phone.templates
        more = start + 2 < len(found)
        paging = {"cursors": {"after": str(start + 2)}, **({"next": f"{self.standin.api_url}/more"} if more else {})}
        self._json({"data": found[start : start + 2], "paging": paging})

    def _send(self) -> None:
        made = send(self.standin.phone, json.loads(self._body()))
        if isinstance(made, Refusal):
            return self._refuse(made)
        contact = {"input": made.number, "wa_id": made.number}
        self._json({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": made.id}]})
        for state in self.standin.statuses:
            made.state = state
            self.standin.callbacks.tell(status_of(made, state))
        self.standin.phone.save()
        return None

    def _take_media(self) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = BytesParser(policy=policy.default).parsebytes(head + self._body())
        file = next((part for part in parts.iter_parts() if part.get_filename()), None)
        content = file.get_payload(decode=True) if file else None
        if file is None or not isinstance(content, bytes) or not content:
            return self._refuse(NO_OBJECT)
        if len(content) > MOST_BYTES:
            return self._refuse(TOO_LARGE)
        media = Media(str(secrets.randbelow(10**15)), file.get_content_type(), content, file.get_filename() or "")
        self.standin.phone.media[media.id] = media
        return self._json({"id": media.id})

    def _download(self, media_id: str) -> None:
        media = self.standin.phone.media.get(media_id)
        if media is None or self.headers.get("Authorization") != f"Bearer {self.standin.phone.token}":
            return self._json({"detail": "Não encontrado."}, 404)
        return self._send_bytes(media.content, media.media_type, 200, {"Content-Disposition": "attachment"})

    def _write_as_customer(self) -> None:
        """The form of a page of ours; another site's is refused."""
        form = {name: values[0] for name, values in parse_qs(self._body().decode()).items()}
        number = re.sub("[^0-9]", "", form.get("numero", ""))
        if self.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            return self._json({"detail": "Use a própria página."}, 403)
        if not CUSTOMER.fullmatch(number):
            return self._page(pages.index(self.standin.phone, "Informe o número com país e DDD."))
        sent = customer.write(self.standin, number, form)
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", f"/conversas/{sent.number}#fim")
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def _refuse(self, refusal: Refusal) -> None:
        error = {"message": refusal.message, "type": "OAuthException", "code": refusal.code, "fbtrace_id": "standin"}
        headers = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
        self._json({"error": error}, refusal.status, headers)

    def _json(self, value: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._send_bytes(json.dumps(value, ensure_ascii=False).encode(), "application/json", status, headers)

    def _page(self, text: str) -> None:
        self._send_bytes(text.encode(), "text/html; charset=utf-8", 200)

    def _send_bytes(self, body: bytes, kind: str, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: chats are personal data."""
