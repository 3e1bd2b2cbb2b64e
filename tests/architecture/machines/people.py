"""Of people: imports and erasures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from types import SimpleNamespace
from typing import Any, cast

from services.chassis.csv_text import read_header
from services.chassis.process.runtime import Runtime
from services.people.erasure import model as erasure
from services.people.erasure import subscribers as receipts
from services.people.imports import jobs as importing
from services.people.imports.model.imports import KEPT, STATES, Import
from services.people.imports.model.imports import MAX_ATTEMPTS as MOST_BEGINNINGS
from services.people.session import INDEXES, PeopleSession
from tests.architecture.machines.driving import COMMON, NOW, Machine, Samples, methods_of, one, when
from tests.support.fakes.memory import Memory


def file_import() -> Machine:
    """Its user's steps are the model's; the rest is the job's (imports/jobs.py)."""
    header = read_header(iter([b"nome\nAna\n"]), "utf-8")
    samples: Samples = {
        **COMMON, "number": [0], "size": [10], "encoding": ["utf-8"], "header": [header], "columns": [[]],
        "existing": [None], "category": [None], "dry_run": [False, True],
    }  # fmt: skip
    job = importing.Importer(cast(Runtime, None))
    nobody = Memory(PeopleSession, INDEXES)

    def within(work: Callable[[Any, Import], Any], now: dt.datetime) -> Callable[[Import], None]:
        """The job's transaction: what it knew was running; the record may have become another since."""

        def step(record: Import) -> None:
            known = deepcopy(record)
            imports = SimpleNamespace(get=lambda _: record, save=lambda _: None)
            rest = nobody.run(lambda tx: {"persons": tx.persons, "duplicates": tx.duplicates})
            work(SimpleNamespace(now=now, imports=imports, **rest), known)

        return step

    def chunk(tx: Any, known: Import) -> None:
        job._taken(tx, known, importing.Chunk([], known.position, known.line, True, frozenset()))

    return Machine(
        begin=("begin", lambda _: Import.begin("i1", "c1", "x.csv", 10, SimpleNamespace(id="u", name="Ana"), NOW)),
        steps=[
            *methods_of(Import, samples, apart={"advance", "finish", "fail", "taken_up"}),
            ("take_up", within(job._begin, NOW)),
            ("take_up", within(job._begin, NOW + KEPT)),
            ("finish", within(chunk, NOW)),
            ("fail", within(lambda tx, known: importing._fail(tx, known, "x"), NOW)),
        ],
        seen=one(lambda record: record.state),
        facts=lambda record: (record.state, record.parts, record.dry_run, min(record.attempts, MOST_BEGINNINGS + 1)),
        states=set(STATES),
    )  # fmt: skip


def erasing() -> Machine:
    """Stored are `running` and `done`; the job begins when every service has answered (erasure/subscribers.py)."""

    def receive(service: str) -> Callable[[erasure.Erasure], None]:
        def step(record: erasure.Erasure) -> None:
            rows = SimpleNamespace(get=lambda _: record, save=lambda _: None)
            tx: Any = SimpleNamespace(erasures=rows, enqueue=lambda *_: None)
            event: Any = SimpleNamespace(data={"erasure_id": "e1", "items": []}, at=NOW)
            receipts._receive(tx, service, event)

        return step

    def answered(record: erasure.Erasure) -> bool:
        return record.answered

    return Machine(
        begin=("erase_person", lambda _: erasure.Erasure(
            "e1", "p1", ["p1"], erasure.RUNNING, "x", "LGPD", NOW, "u", "Ana")),
        steps=[
            *(("receive", receive(service)) for service in erasure.ASKED),
            *when(answered, [("finish", lambda record: record.finish(NOW))]),
        ],
        seen=one(lambda record: "answered" if record.state == erasure.RUNNING and record.answered else record.state),
        facts=lambda record: (record.state, *sorted(record.receipts)),
        states={erasure.RUNNING, "answered", erasure.DONE},
    )  # fmt: skip
