"""Row P8: files as Google, Outlook, Brazilian ERPs and spreadsheets write them, each with what comes of its lines.

tests/layouts/<name>.csv is read as it is; <name>.json says what is expected.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders.csv_rows import outcome_of, read_file

LAYOUTS = sorted((Path(__file__).resolve().parents[1] / "layouts").glob("*.csv"))


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_a_file_comes_in_as_it_is(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    file = read_file(path.read_bytes())
    read = file.read
    ignored = [header for header, field in zip(read.header, read.fields, strict=True) if field is None]
    assert (read.layout, read.encoding, read.separator) == tuple(
        expected[k] for k in ("layout", "encoding", "separator")
    )
    assert ignored == expected["ignored"]
    assert {str(line): outcome_of(row) for line, row in file.rows.items()} == expected["lines"]


def test_every_layout_has_its_expectation() -> None:
    assert len(LAYOUTS) >= 12
    assert all(path.with_suffix(".json").exists() for path in LAYOUTS)
