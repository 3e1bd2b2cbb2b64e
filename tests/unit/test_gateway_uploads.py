"""Row P8: what becomes of an uploaded file that is refused."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest

from gateway.http.uploads import send_import
from services.chassis.access.context import Context
from services.chassis.errors import Failure, Invalid, Unavailable


class Bus:
    """Answers everything but the recognition, which fails."""

    def __init__(self, failure: Failure) -> None:
        self.failure, self.asked = failure, list[str]()

    def call(self, service: str, command: str, data: dict[str, Any], context: Context) -> Any:
        self.asked.append(command)
        if command == "recognise_import":
            raise self.failure
        return {"id": "i1"}


def uploaded(failure: Failure, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    bus: Any = Bus(failure)
    monkeypatch.setattr(bus, "call", lambda *a, command: Bus.call(bus, *a))
    monkeypatch.setattr("gateway.http.uploads.RETRY_SECONDS", 0)
    context = Context("c1", "u1", "Ana", ("people.write",), "r1", time.time() + 5, idempotency_key="k")
    with pytest.raises(type(failure)):
        send_import(bus, context, io.BytesIO(b"PK"), "clientes.xlsx")
    asked: list[str] = bus.asked
    return asked


def test_a_file_that_is_refused_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = Invalid("import_file_unreadable", "O arquivo é uma planilha.")
    assert uploaded(refusal, monkeypatch)[-1] == "cancel_import"


def test_a_file_whose_upload_was_interrupted_waits_for_the_same_request_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert uploaded(Unavailable("service_unavailable", "x"), monkeypatch)[-1] == "recognise_import"
