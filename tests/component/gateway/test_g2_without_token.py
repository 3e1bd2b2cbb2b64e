"""Row G2: every operation of the API but signing in refuses who has no token, a wrong one, or a wrong key."""

from __future__ import annotations

import re

import pytest
import requests

from tests.contract.write_openapi import document
from tests.support.problems import refused
from tests.support.stack.system import System

WITHOUT: tuple[dict[str, str], ...] = (
    {},
    {"Authorization": "Bearer x"},
    {"Authorization": "Basic eDp4"},
    {"X-API-Key": "vk_1_x"},
)
SIGNING_IN = {"post /v1/session", "post /v1/session/refresh"}


def test_only_signing_in_is_open() -> None:
    told = {f"{verb} {path}": one for path, verbs in document()["paths"].items() for verb, one in verbs.items()}
    assert {name for name, one in told.items() if isinstance(one, dict) and one.get("security") == []} == SIGNING_IN


@pytest.mark.parametrize("headers", WITHOUT)
def test_a_stranger_is_refused_everywhere(system: System, headers: dict[str, str]) -> None:
    asked = 0
    with requests.Session() as http:
        for path, verbs in document()["paths"].items():
            for verb in ("get", "post", "put", "patch", "delete"):
                if verb in verbs and f"{verb} {path}" not in SIGNING_IN:
                    url = system.url + re.sub(r"\{\w+\}", "1", path)
                    answer = http.request(verb.upper(), url, headers=headers, timeout=20)
                    assert refused(answer, 401)["code"] in ("token_missing", "token_invalid", "key_invalid"), url
                    asked += 1
    assert asked > 350
