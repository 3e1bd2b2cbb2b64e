"""An import of persons (row P8), from the upload through its preview to the last row: states, mapping, progress.

No framework, store or clock may enter.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.chassis.csv_text import LINE_END, Header
from services.chassis.errors import Conflict, Invalid
from services.people.imports.model.columns import FIELDS, NAME_FIELDS, note_of, title_of
from services.people.imports.model.layouts import GENERIC, recognise

STATES = ("uploading", "previewed", "running", "done", "failed", "cancelled")
OPEN = ("uploading", "previewed", "running")
# Of one company, which keeps the file of each.
MOST_OPEN = 100
EXISTING = ("skip", "update")
OUTCOMES = ("registered", "updated", "existing", "refused")
# Counts beside the outcomes. Registered, and a probable duplicate (row P2).
WARNED = "warned"
# Taken, except parts that the report names.
LEFT_OUT = "left_out"
PART_BYTES = 256 * 1024
MAX_BYTES = 64 << 20
KEPT = dt.timedelta(days=7)
MAX_ATTEMPTS = 60


def refuse_more(open_now: int) -> None:
    """Raises Conflict("imports_full") where the company has `open_now` imports that are not over."""
    if open_now >= MOST_OPEN:
        detail = f"A empresa já tem {MOST_OPEN} importações abertas; inicie, espere ou cancele alguma antes."
        raise Conflict("imports_full", detail)


@dataclass
class Import:
    """An import. `position` (bytes), `line`: where the next chunk begins; `next_at`: when the job takes it up again."""

    id: str
    company: str
    name: str
    size: int
    created_at: dt.datetime
    created_by: str
    created_by_name: str
    next_at: dt.datetime | None
    state: str = "uploading"
    parts: int = 0
    encoding: str = ""
    separator: str = ""
    line_end: str = LINE_END
    layout: str = ""
    header: list[str] = field(default_factory=list)
    fields: list[str | None] = field(default_factory=list)
    rows_at: int = 0
    first_line: int = 1
    position: int = 0
    line: int = 1
    chunks: int = 0
    existing: str = "skip"
    category: str = "prospect"
    dry_run: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    attempts: int = 0
    failure: str | None = None
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    version: int = 1

    @classmethod
    def begin(cls, id: str, company: str, name: str, size: int, actor: Any, now: dt.datetime) -> Import:
        return cls(id, company, name, size, now, actor.id, actor.name, next_at=now + KEPT)

    @property
    def expected_parts(self) -> int:
        return -(-self.size // PART_BYTES)

    @property
    def progress(self) -> int:
        """Percent of the file's bytes that are done."""
        if self.state == "done" or (self.state == "previewed" and self.finished_at):
            return 100
        return 100 * self.position // self.size

    @property
    def columns(self) -> list[dict[str, Any]]:
        pairs = zip(self.header, self.fields, strict=True)
        return [
            {"index": index, "header": header, "field": field, "note": note_of(field)}
            for index, (header, field) in enumerate(pairs)
        ]

    def receive(self, number: int, size: int) -> None:
        """The parts come in order; raises Conflict("import_part_unexpected")."""
        self._require("uploading")
        last = number == self.expected_parts - 1
        expected = self.size - PART_BYTES * number if last else PART_BYTES
        if number != self.parts or size != expected:
            raise Conflict("import_part_unexpected", "O envio do arquivo saiu de ordem; envie-o de novo.")
        self.parts += 1

    def require_whole_file(self) -> None:
        """Raises Conflict("import_upload_incomplete"), or Conflict("import_<state>") once it has begun."""
        self._require("uploading", "previewed")
        if self.parts != self.expected_parts:
            raise Conflict("import_upload_incomplete", "O arquivo não foi enviado por inteiro.")

    def recognised(self, encoding: str, header: Header) -> None:
        """Sets what was recognised of the file; the user may correct it."""
        self.require_whole_file()
        self.state = "previewed"
        self.encoding, self.separator, self.header = encoding, header.separator, header.names
        self.line_end = header.line_end
        self.layout, self.fields = recognise(header.names)
        self.rows_at, self.first_line = header.rows_at, header.first_line
        self._rewind()

    def choose(self, columns: Iterable[dict[str, Any]], existing: str | None, category: str | None) -> None:
        """Sets the fields of columns, and the options; raises Invalid("import_mapping_invalid")."""
        self._require("previewed")
        for column in columns:
            if not 0 <= column["index"] < len(self.fields):
                raise _mapping(f"O arquivo não tem a coluna {column['index']}.")
            self.fields[column["index"]] = column["field"]
        self._check_fields()
        self.existing, self.category = existing or self.existing, category or self.category
        self._rewind()

    def _check_fields(self) -> None:
        given = Counter(name for name in self.fields if name)
        for name, count in given.items():
            if count > 1 and not FIELDS[name].several:
                raise _mapping(f"O campo {title_of(name)} foi dado a mais de uma coluna.")

    def reread(self) -> None:
        """Back to the first row, where the file is whole and still kept; raises Conflict("import_<state>")."""
        self._require("previewed")
        self._rewind()

    def start(self, dry_run: bool, now: dt.datetime) -> None:
        """Starts from the first row; raises Invalid("import_mapping_invalid") where no column is a name.

        An address book may keep people under an e-mail or a phone only.
        """
        self._require("previewed")
        if self.layout == GENERIC and not NAME_FIELDS & set(self.fields):
            raise _mapping("Nenhuma coluna foi dada ao nome.")
        self._rewind()
        self.state, self.dry_run, self.started_at, self.next_at = "running", dry_run, now, now

    def advance(self, position: int, line: int, rows: Iterable[dict[str, Any]]) -> None:
        """Counts the rows of a chunk (each with `outcome`, `warning`, `left_out`), and moves the position after it.

        A chunk of blank lines has none, and no report.
        """
        counts, told = Counter(self.counts), list(rows)
        for row in told:
            counts.update([row["outcome"], *([WARNED] if row["warning"] else [])])
            counts.update([LEFT_OUT] if row["left_out"] else [])
        self.counts = dict(counts)
        self.position, self.line, self.attempts = position, line, 0
        self.chunks += bool(told)

    def finish(self, now: dt.datetime) -> None:
        """Ends the import after the last row; after a dry run it can be started again."""
        self.state, self.finished_at = "previewed" if self.dry_run else "done", now
        self.next_at = now + KEPT if self.dry_run else None

    def fail(self, reason: str, now: dt.datetime) -> None:
        self.state, self.failure, self.finished_at, self.next_at = "failed", reason, now, None

    def cancel(self, now: dt.datetime) -> None:
        """What is registered stays; the rest is not read. Raises Conflict("import_<state>")."""
        self._require("uploading", "previewed", "running")
        self.state, self.finished_at, self.next_at = "cancelled", now, None

    def taken_up(self, now: dt.datetime) -> None:
        """A process takes the import up, perhaps after a crash; fails it after MAX_ATTEMPTS without progress."""
        self.attempts += 1
        if self.attempts > MAX_ATTEMPTS:
            self.fail("A importação parou várias vezes na mesma linha; a equipe foi avisada.", now)

    @property
    def over(self) -> bool:
        return self.state not in OPEN

    def _rewind(self) -> None:
        self.position, self.line, self.chunks, self.attempts = self.rows_at, self.first_line, 0, 0
        self.counts = dict.fromkeys((*OUTCOMES, WARNED, LEFT_OUT), 0)
        self.started_at = self.finished_at = None

    def _require(self, *states: str) -> None:
        if self.state not in states:
            raise Conflict(f"import_{self.state}", f"A importação está {STATE_NAMES[self.state]}.")


STATE_NAMES = {
    "uploading": "em envio",
    "previewed": "à espera de início",
    "running": "em andamento",
    "done": "concluída",
    "failed": "interrompida por erro",
    "cancelled": "cancelada",
}


def _mapping(detail: str) -> Invalid:
    return Invalid("import_mapping_invalid", detail, fields={"columns": [detail]})
