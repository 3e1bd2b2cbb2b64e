"""Refusals made below the application, as problem+json: the poller's own, and those of requests that are not HTTP.

These answers repeat nothing that the client sent.
"""

from __future__ import annotations

import json

from gunicorn.http import errors

_BAD = ("400 Bad Request", "Requisição malformada")
# code -> status line, title, detail
REFUSALS = {
    "request_timeout": ("408 Request Timeout", "Tempo esgotado", "A requisição não chegou inteira a tempo."),
    "server_busy": ("503 Service Unavailable", "Serviço indisponível", "Há envios demais agora; tente em instantes."),
    "request_malformed": (*_BAD, "A requisição não pôde ser lida."),
    "request_line_invalid": (*_BAD, "A primeira linha da requisição não é HTTP válido."),
    "request_method_invalid": (*_BAD, "O método da requisição não é válido."),
    "http_version_unsupported": (*_BAD, "Use HTTP/1.1."),
    "header_invalid": (*_BAD, "A requisição tem um cabeçalho inválido, repetido ou contraditório."),
    "chunk_invalid": (*_BAD, "O conteúdo enviado em partes (chunked) não é válido."),
    "proxy_forbidden": ("403 Forbidden", "Sem permissão", "Este endereço não pode enviar requisições de outros."),
    "uri_too_long": ("414 URI Too Long", "Endereço longo demais", "O endereço da requisição é longo demais."),
    "expectation_unsupported": ("417 Expectation Failed", "Expectativa não aceita", "O cabeçalho Expect não é aceito."),
    "headers_too_large": (
        "431 Request Header Fields Too Large", "Cabeçalhos grandes demais",
        "Os cabeçalhos da requisição são grandes demais.",
    ),
    "transfer_coding_unsupported": (
        "501 Not Implemented", "Codificação não aceita", "Esta codificação (Transfer-Encoding) não é aceita.",
    ),
    "internal_error": ("500 Internal Server Error", "Erro interno", "Erro interno; a equipe foi avisada."),
}  # fmt: skip
# Exception -> code; the first class that the error is an instance of counts. The statuses are gunicorn's.
CODES: tuple[tuple[type[Exception], str], ...] = (
    # The application's answer is not HTTP, or a setting is wrong: defects of ours.
    (errors.InvalidResponseHeader, "internal_error"),
    (errors.InvalidResponseHeaderName, "internal_error"),
    (errors.ConfigurationProblem, "internal_error"),
    (errors.InvalidRequestLine, "request_line_invalid"),
    (errors.InvalidRequestMethod, "request_method_invalid"),
    (errors.InvalidHTTPVersion, "http_version_unsupported"),
    (errors.InvalidHeader, "header_invalid"),
    (errors.InvalidHeaderName, "header_invalid"),
    (errors.ObsoleteFolding, "header_invalid"),
    (errors.InvalidSchemeHeaders, "header_invalid"),
    (errors.LimitRequestLine, "uri_too_long"),
    (errors.LimitRequestHeaders, "headers_too_large"),
    (errors.ExpectationFailed, "expectation_unsupported"),
    (errors.UnsupportedTransferCoding, "transfer_coding_unsupported"),
    (errors.InvalidChunkSize, "chunk_invalid"),
    (errors.ChunkMissingTerminator, "chunk_invalid"),
    (errors.InvalidChunkExtension, "chunk_invalid"),
    (errors.ForbiddenProxyRequest, "proxy_forbidden"),
    (errors.ParseException, "request_malformed"),
)


def code_of(error: Exception) -> str:
    """The code for an exception of gunicorn's; "internal_error" where the request is not to blame."""
    return next((code for kind, code in CODES if isinstance(error, kind)), "internal_error")


def answer(code: str, request_id: str) -> bytes:
    """The bytes of a whole HTTP answer, after which the connection ends."""
    line, title, detail = REFUSALS[code]
    problem = {
        "type": f"urn:vinculo:problem:{code}",
        "title": title,
        "status": int(line[:3]),
        "code": code,
        "detail": detail,
        "request_id": request_id,
    }
    body = json.dumps(problem).encode()
    again = "Retry-After: 2\r\n" if line.startswith("503") else ""
    head = (
        f"HTTP/1.1 {line}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n{again}"
        "Content-Language: pt-BR\r\n"
        f"X-Request-Id: {request_id}\r\n"
        f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
