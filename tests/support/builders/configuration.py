"""The attendance configuration as a document (row A4)."""

from __future__ import annotations

from typing import Any

import requests
import yaml

from tests.support.stack.system import Client

PATH = "/v1/settings/attendance-configuration"


def send(client: Client, document: dict[str, Any] | str | bytes, **params: Any) -> requests.Response:
    text = document if isinstance(document, str | bytes) else yaml.safe_dump(document, sort_keys=False)
    body = text if isinstance(text, bytes) else text.encode()
    return client.request("PUT", PATH, data=body, params=params, headers={"Content-Type": "application/yaml"})


def outcomes(answer: requests.Response, *keys: str) -> dict[str, str]:
    assert answer.ok, answer.text
    return {one["id"]: one["outcome"] for one in answer.json()["changes"] if not keys or one["id"] in keys}


def shop(word: str) -> dict[str, Any]:
    """A document with a child before its group, and keys of its own."""
    return {
        "format": "vinculo-attendance/1",
        "centers": [
            {"id": f"{word}-entrada", "name": "Entrada", "default_text": "Linha 1\nLinha 2\n"},
            {"id": f"{word}-fim", "name": "Fim", "ends_the_process": True},
        ],
        "workflows": [{"id": f"{word}-fluxo", "name": "Fluxo", "items": [
            {"id": "a", "kind": "center", "center_id": f"{word}-entrada"},
            {"id": "z", "kind": "center", "center_id": f"{word}-fim"}]}],
        "cycles": [{"id": f"{word}-ciclo", "name": "Ciclo", "centers": [
            {"center_id": f"{word}-entrada", "questions": [{"id": "q", "text": "Como?", "required": True}]}]}],
        "types": [
            {"id": f"{word}-folha", "kind": "leaf", "name": "Folha", "parent_id": f"{word}-grupo"},
            {"id": f"{word}-grupo", "kind": "group", "name": "Grupo", "workflow_id": f"{word}-fluxo",
             "cycle_id": f"{word}-ciclo", "priority": "high"},
        ],
    }  # fmt: skip
