"""The import contracts of pyproject.toml hold, and each of them would see its violation."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter import Contract
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract

KINDS: dict[str, type[Any]] = {
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
}
ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = read_configuration(str(ROOT / "pyproject.toml"))
CONTRACTS: dict[str, dict[str, Any]] = {one["id"]: one for one in CONFIGURATION["contracts_options"]}
# by contract: who imports what
PLANTED = {
    "independence": ("services.sales.opportunities.model", "services.people.persons.contract"),
    "chassis": ("services.chassis.observability.logs", "services.sales.events"),
    "chassis-order": ("services.chassis.storage.tenant", "services.chassis.process.runtime"),
    "gateway": ("gateway.bus.rpc", "services.people.persons.repository"),
    "gateway-model": ("gateway.bus.rpc", "services.people.persons.commands"),
    "service": ("services.sales.events", "services.sales.service"),
    "feature": ("services.sales.quotes.repository", "services.sales.quotes.commands"),
    "order-sales": ("services.sales.commission.accruing", "services.sales.closing.commands"),
    "order-attendance": ("services.attendance.timeline.writing", "services.attendance.entries.commands"),
    "order-people": ("services.people.persons.editing", "services.people.merging.commands"),
    "order-notifications": ("services.notifications.deliveries.queries", "services.notifications.watching.commands"),
    "model": ("services.sales.pipeline.model", "pymongo"),
}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    """Who imports whom, and which library; those that are for types only as well."""
    return grimp.build_graph(
        *CONFIGURATION["session_options"]["root_packages"],
        include_external_packages=True,
        exclude_type_checking_imports=False,
        cache_dir=None,
    )


def holds(name: str, imports: grimp.ImportGraph) -> bool:
    """Checked on a copy, for a contract takes out what it ignores."""
    options = CONTRACTS[name]
    contract: Contract = KINDS[options["type"]](options["name"], CONFIGURATION["session_options"], options)
    return bool(contract.check(deepcopy(imports), verbose=False).kept)


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_contract_holds(name: str, imports: grimp.ImportGraph) -> None:
    """`lint-imports` says by whom it is broken."""
    assert holds(name, imports)


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_planted_violation_is_seen(name: str, imports: grimp.ImportGraph) -> None:
    importer, imported = PLANTED[name]
    assert {importer, imported} <= imports.modules
    planted = deepcopy(imports)
    planted.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
    assert not holds(name, planted)


def test_a_gateway_that_prints_nothing_loads_nothing_to_print_with() -> None:
    """They are a third of its memory, and most workers never print."""
    printers = {"reportlab", "brazilfiscalreport", "fpdf", "weasyprint", "numpy", "PIL", "fontTools"}
    asked = "import sys, gateway.app; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert printers & set(run.stdout.split()) == set()
