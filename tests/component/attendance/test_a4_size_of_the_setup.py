"""Rows A1 to A4: what a company sets up of one kind has a size in all; what does not fit any more is refused."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest

from services.attendance.shared import keyed
from tests.support.builders.attendance import set_up, unique_key
from tests.support.problems import refused
from tests.support.stack.system import Client


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        ("responsibility-centers", {}, "center_size_exceeded"),
        ("workflows", {"items": []}, "workflow_size_exceeded"),
        ("service-cycles", {"centers": []}, "cycle_size_exceeded"),
        ("attendance-types", {"kind": "group"}, "type_size_exceeded"),
    ],
)
def test_one_more_that_does_not_fit_is_refused(ana: Client, path: str, fields: dict[str, Any], code: str) -> None:
    if path == "workflows":
        fields = {"items": set_up(ana).items()}
    body = {"id": unique_key(), "name": "Mais um", **fields}
    with patch.object(keyed, "MOST_BYTES", 1):
        refused(ana.request("POST", f"/v1/{path}", json=body), 409, code)


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        ("responsibility-centers", {}, "center_size_exceeded"),
        ("service-cycles", {"centers": []}, "cycle_size_exceeded"),
        ("attendance-types", {"kind": "group"}, "type_size_exceeded"),
    ],
)
def test_one_that_grows_and_does_not_fit_is_refused(ana: Client, path: str, fields: dict[str, Any], code: str) -> None:
    made = ana.post(f"/v1/{path}", {"id": unique_key(), "name": "Curto", **fields})
    longer = {"name": "Nome mais longo " * 6, **fields}
    with patch.object(keyed, "MOST_BYTES", 1):
        answer = ana.request("PUT", f"/v1/{path}/{made['id']}", json=longer, headers={"If-Match": "*"})
    refused(answer, 409, code)
