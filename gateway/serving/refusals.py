"""What the poller itself answers, as problem+json: there is no thread and no application behind these."""

from __future__ import annotations

import json

# code -> status line, title, detail
REFUSALS = {
    "request_timeout": ("408 Request Timeout", "Tempo esgotado", "A requisição não chegou inteira a tempo."),
    "server_busy": ("503 Service Unavailable", "Serviço indisponível", "Há envios demais agora; tente em instantes."),
}


def answer(code: str) -> bytes:
    """A whole answer, after which the connection ends."""
    line, title, detail = REFUSALS[code]
    problem = {
        "type": f"urn:vinculo:problem:{code}",
        "title": title,
        "status": int(line[:3]),
        "code": code,
        "detail": detail,
    }
    body = json.dumps(problem).encode()
    again = "Retry-After: 2\r\n" if line.startswith("503") else ""
    head = (
        f"HTTP/1.1 {line}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n{again}"
        f"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
