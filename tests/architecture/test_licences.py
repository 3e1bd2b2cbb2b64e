"""The licence of this code, and of every package that the services and the gateway run on (docs/licences.md)."""

from __future__ import annotations

import hashlib
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from services.catalogue import SERVICES

ROOT = Path(__file__).parents[2]
LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
ROW = re.compile(r"^\| ([a-z0-9._-]+) \| ([0-9][^|]*) \| ([^|]+) \| [a-z]+ \|$", re.MULTILINE)
NOTE = re.compile(r" \([^)]*\)")
# Of `LICENSE-2.0.txt` as the Apache Software Foundation publishes it.
APACHE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
# What may be distributed together with code under Apache-2.0; docs/licences.md says on which terms.
ALLOWED = {
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-2.1-or-later", "LGPL-3.0-only", "MIT", "MIT-0",
    "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense",
}  # fmt: skip


def locked(name: str) -> set[tuple[str, str]]:
    return set(LOCKED.findall((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")))


def listed() -> dict[str, tuple[str, str]]:
    """Version (with a note of a second one) and licence of each package with `used by`: those of the product."""
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = ROW.findall(page.split("## Data that ships with the code")[0])
    return {name: (version, NOTE.sub("", licence)) for name, version, licence in rows}


def allowed(expression: str) -> bool:
    """Of an SPDX expression without brackets: OR is a choice, AND asks for all."""
    return any(set(one.split(" AND ")) <= ALLOWED for one in expression.split(" OR "))


RUN_ON = sorted(set().union(*map(locked, (*SERVICES, "gateway"))))


@pytest.mark.parametrize(("package", "version"), RUN_ON)
def test_each_package_of_the_product_is_listed_with_a_licence_that_allows_distribution(
    package: str, version: str
) -> None:
    told, licence = listed()[package]
    assert version in re.split(r"[ ()]", told)
    assert allowed(licence), licence


def test_nothing_is_listed_that_the_product_does_not_run_on() -> None:
    assert set(listed()) == {package for package, _ in RUN_ON}


def _is_installed(package: str) -> bool:
    """Some are for other platforms only."""
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return False


@pytest.mark.parametrize("package", [one for one in sorted(listed()) if _is_installed(one)])
def test_the_listed_licence_is_the_one_that_the_package_declares(package: str) -> None:
    """Where it declares one as an SPDX expression; older metadata was read by a person."""
    declared = metadata.metadata(package)["License-Expression"]
    assert declared in (None, listed()[package][1])


@pytest.mark.parametrize(
    ("expression", "may"),
    [
        ("MIT", True),
        ("Apache-2.0 AND BSD-2-Clause", True),
        ("GPL-2.0-or-later OR LGPL-2.1-or-later", True),
        ("GPL-2.0-only", False),
        ("MIT AND GPL-2.0-only", False),
        ("BSD", False),
    ],
)
def test_a_choice_needs_one_allowed_licence_and_a_sum_all(expression: str, may: bool) -> None:
    assert allowed(expression) is may


def test_our_licence_is_the_whole_text_of_apache_2_and_named_everywhere() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert all((ROOT / name).is_file() for name in project["license-files"])
    for page in ("README.md", "NOTICE"):
        assert "Vínculo contributors" in (ROOT / page).read_text(encoding="utf-8")


def test_the_engine_under_gpl_is_installed_for_development_only_and_imported_by_its_program_alone() -> None:
    for name in (*SERVICES, "gateway", "operator", "test"):
        assert "secantusdb" not in dict(locked(name))
    ours = [path for top in ("services", "gateway", "deploy", "tests") for path in (ROOT / top).rglob("*.py")]
    imports = re.compile(r"^\s*(?:from|import)\s+(?:secantus|wiredtiger|deploy\.local\.engine)", re.MULTILINE)
    assert [path.name for path in ours if imports.search(path.read_text(encoding="utf-8"))] == ["engine.py"]
    assert "SPDX-License-Identifier: MIT" in (ROOT / "deploy/local/engine.py").read_text(encoding="utf-8")
