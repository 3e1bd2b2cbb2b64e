"""What a process logs, service or gateway: one JSON line a record, the request's id, and no text of an error."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from logging.config import dictConfig
from typing import Any

import pytest

from gateway.observability import logs as gateway_logs
from services.chassis.observability import logs

SECRET = "CPF 123.456.789-09"
LEFT_OUT = {"gateway": ("pika", "gunicorn.access"), "people": ("nameko", "kombu", "amqp", "pymongo")}


class Log:
    """The lines that a process has written since it was set up."""

    def __init__(self, process: str, written: io.StringIO) -> None:
        self.process, self._written = process, written

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._written.getvalue().splitlines()]

    def line(self) -> dict[str, Any]:
        (line,) = self.lines()
        return line


@pytest.fixture(params=LEFT_OUT)
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", written)
    if request.param == "gateway":
        dictConfig(gateway_logs.settings("INFO"))
    else:
        logs.set_up(request.param, "INFO")
    mine = threading.get_ident()
    for handler in root.handlers:
        # other tests of this process may have left a thread that looks for its broker, and says so
        handler.addFilter(lambda record: record.thread == mine)
    yield Log(request.param, written)
    root.handlers, root.level = handlers, level


def fail() -> None:
    raise ValueError(SECRET)


def test_a_line_says_when_who_what_and_for_which_request(log: Log) -> None:
    token = logs.request_id.set("r-17")
    logging.getLogger("somewhere").info("done", extra={"method": "note"})
    logs.request_id.reset(token)
    line = log.line()
    assert line.pop("time")
    assert line == {
        "service": log.process, "level": "INFO", "logger": "somewhere",
        "message": "done", "method": "note", "request_id": "r-17",
    }  # fmt: skip


def test_an_error_that_is_logged_with_its_traceback_is_told_by_type_and_place(log: Log) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("a.library").exception("worker failed")
    line = log.line()
    assert SECRET not in json.dumps(line)
    assert line["exc_info"].startswith("ValueError at ")
    assert __file__ in line["exc_info"]


def test_an_error_inside_a_librarys_sentence_is_told_so_too(log: Log) -> None:
    try:
        fail()
    except ValueError as error:
        logging.getLogger("nameko.containers").error("error handling %s: %r", "message", error)
    line = log.line()
    assert SECRET not in json.dumps(line)
    assert "ValueError at " in line["message"]


def test_an_address_is_logged_without_its_query(log: Log) -> None:
    logging.getLogger("a.library").warning("refused %s of %s", "/v1/persons?q=Maria", "somebody")
    line = log.line()
    assert line["message"] == "refused /v1/persons of somebody"


def test_what_libraries_say_of_messages_and_addresses_is_left_out(log: Log) -> None:
    for name in LEFT_OUT[log.process]:
        logging.getLogger(name).warning(SECRET)
    assert log.lines() == []
