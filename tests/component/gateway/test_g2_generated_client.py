"""Row G2: a client made from the committed document is whole, typed strictly, and reads what the system says."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.contract.write_openapi import COMMITTED
from tests.support.builders import people
from tests.support.stack.system import PASSWORD, System

pytest.importorskip("openapi_python_client", reason="the generator is not among the locked requirements yet")
NAME = "generated_vinculo"
# It knows no YAML.
IN_YAML = {"GET /v1/settings/attendance-configuration", "PUT /v1/settings/attendance-configuration"}
# The generator knows no other kind of file than octets; the document names what they are.
FILES = ("application/pdf", "application/xml", "application/x-ndjson", "*/*")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("client")
    settings = {"post_hooks": [], "content_type_overrides": dict.fromkeys(FILES, "application/octet-stream")}
    (made / "settings.json").write_text(json.dumps(settings))
    program = str(Path(sys.executable).parent / "openapi-python-client")
    command = [program, "generate", "--path", str(COMMITTED), "--config", str(made / "settings.json")]
    done = subprocess.run(
        [*command, "--meta", "none", "--output-path", str(made / NAME)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    left_out = [line for line in done.stderr.splitlines() if line.startswith(("WARNING", "ERROR"))]
    assert {line.split(" within ")[0].removeprefix("WARNING parsing ") for line in left_out} == IN_YAML
    return made


@pytest.fixture(scope="module")
def generated(folder: Path) -> Iterator[ModuleType]:
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(NAME)
    finally:
        sys.path.remove(str(folder))


def call(group: str, operation: str, **given: Any) -> Any:
    return importlib.import_module(f"{NAME}.api.{group}.{operation}").sync(**given)


def model(kind: str, /, **given: Any) -> Any:
    return getattr(importlib.import_module(f"{NAME}.models"), kind)(**given)


def test_every_operation_is_generated_and_typed_strictly(folder: Path, generated: ModuleType) -> None:
    document = json.loads(COMMITTED.read_text())
    operations = {one["operationId"] for verbs in document["paths"].values()
                  for verb, one in verbs.items() if verb != "parameters"}  # fmt: skip
    modules = {path.stem for path in (folder / NAME / "api").glob("*/*.py")} - {"__init__"}
    assert modules == operations - {"apply_configuration"}
    checks = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", os.devnull]
    done = subprocess.run([*checks, "-p", NAME], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_it_signs_in_writes_and_reads_amounts_states_and_refusals(system: System, generated: ModuleType) -> None:
    anybody = generated.Client(base_url=system.url)
    proof = model("SignIn", login="ana@padaria.example", password=PASSWORD)
    token = call("entrada_de_usuarios", "sign_in", client=anybody, body=proof)
    ana = generated.AuthenticatedClient(base_url=system.url, token=token.access_token)
    person = call("pessoas", "register_person", client=ana, body=model("RegisterPerson", name=people.unique_word()))
    wanted = model("CreateOpportunity", subject="Forno", amount="1234.50")
    made = call("contatos_de_venda", "create_opportunity", client=ana, person_id=person.id, body=wanted)
    assert made.amount == "1234.50"
    assert str(made.legend) in {"today", "open", "overdue"}
    items = [model("Item", code="F1", description="Forno", quantity=2, unit_price="617.25")]
    order = call(
        "vendas_e_compras", "place_order", client=ana, person_id=person.id, body=model("PlaceOrder", items=items)
    )
    assert (order.basket.total, order.basket.items[0].unit_price, str(order.state)) == (
        "1234.50",
        "617.25",
        "approved",
    )
    page = call("titulos_a_receber", "list_receivables", client=ana, person_id=person.id)
    assert [receivable.amount for receivable in page.items] == ["1234.50"]
    refused = call("pessoas", "get_person", client=ana, person_id="nobody")
    assert (refused.status, refused.code) == (404, "person_not_found")
