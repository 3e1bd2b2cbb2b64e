"""One SOAP 1.2 call over HTTP(S) with a deadline."""

from __future__ import annotations

import secrets
import ssl
import tempfile
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from services.sales.fiscal.certificate import Certificate
from services.sales.nfe.authority.schemas import parsed

ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
LONGEST_ANSWER = 4_000_000
CHUNK = 65_536


class Unreachable(Exception):
    """No usable answer: the authority may have done what was asked, or not. The text is in Portuguese."""


def tls_of(certificate: Certificate, ca_file: str | None) -> ssl.SSLContext:
    """Mutual TLS with the company's certificate; the authority's is checked, against `ca_file` where one is given."""
    context = ssl.create_default_context(cafile=ca_file)
    password = secrets.token_bytes(32).hex()
    # ssl reads keys from files only: the file is encrypted with a random password and deleted at once
    with tempfile.NamedTemporaryFile() as file:
        file.write(certificate.pem(password.encode()))
        file.flush()
        context.load_cert_chain(file.name, password=password)
    return context


def call(url: str, action: str, message: str, seconds: float, tls: ssl.SSLContext | None) -> Any:
    """The element inside the answer's nfeResultMsg; raises Unreachable."""
    namespace = action.rpartition("/")[0]
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><soap12:Envelope xmlns:soap12="{ENVELOPE}"><soap12:Body>'
        f'<nfeDadosMsg xmlns="{namespace}">{message}</nfeDadosMsg></soap12:Body></soap12:Envelope>'
    )
    headers = {"Content-Type": f'application/soap+xml; charset=utf-8; action="{action}"'}
    try:
        status, answer = _post(url, body.encode(), headers, seconds, tls)
    except TimeoutError as error:
        raise Unreachable(f"A SEFAZ não respondeu em {seconds:g} s.") from error
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(f"Não foi possível falar com a SEFAZ ({type(error).__name__}).") from error
    return _result(status, answer)


def _post(
    url: str, body: bytes, headers: dict[str, str], seconds: float, tls: ssl.SSLContext | None
) -> tuple[int, bytes]:  # fmt: skip
    deadline, parts = time.monotonic() + seconds, urlsplit(url)
    host, port = parts.hostname or "", parts.port
    connection = (
        HTTPSConnection(host, port, timeout=seconds, context=tls)
        if parts.scheme == "https"
        else HTTPConnection(host, port, timeout=seconds)
    )
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, _read(response, deadline)
    finally:
        connection.close()


def _read(response: HTTPResponse, deadline: float) -> bytes:
    """Raises TimeoutError after the deadline, ValueError for an answer longer than LONGEST_ANSWER."""
    found = b""
    while chunk := response.read1(CHUNK):
        found += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
        if len(found) > LONGEST_ANSWER:
            raise ValueError
    return found


def _result(status: int, answer: bytes) -> Any:
    try:
        envelope = parsed(answer)
    except etree.XMLSyntaxError as error:
        raise Unreachable(f"A resposta da SEFAZ não é XML (HTTP {status}).") from error
    for element in envelope.iter():
        if isinstance(element.tag, str) and etree.QName(element).localname == "nfeResultMsg" and len(element):
            return element[0]
    raise Unreachable(f"A SEFAZ respondeu com uma falha (HTTP {status}).")
