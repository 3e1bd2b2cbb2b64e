"""The service under measure: one validated, signed, tenant-checked query."""

from __future__ import annotations

from typing import Any

from services.chassis.handling.entrypoints import query
from services.chassis.handling.session import Session
from services.chassis.inputs import Line
from services.chassis.process.runtime import Runtime
from services.chassis.process.service import Service
from services.chassis.schemas import Result, Strict


class Say(Strict):
    words = Line(200, required=True)


class Said(Result):
    words = Line(200, required=True)


@query(takes=Say, gives=Said, needs="people.read")
def say(session: Session, data: dict[str, Any]) -> dict[str, Any]:
    return data


class Echo(Service):
    name = "echo"
    session = Session
    indexes = ()
    runtime = Runtime()

    say = say
