"""Alerts and dashboards ask for metrics that the code has; each alert has a page and a test, and promtool runs them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from gateway.observability.metrics import Metrics
from services.chassis.observability import metrics
from tests.k8s import write_alerts

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "observability"
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"][0]["rules"]
TESTS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts_test.yaml").read_text())["tests"]
DASHBOARDS = {path.stem: json.loads(path.read_text()) for path in (FOLDER / "dashboards").glob("*.json")}
NAMES = [rule["alert"] for rule in RULES]
# Of Prometheus itself, of its client for Python, and of a scrape.
OTHERS = {"up": set[str](), "process_resident_memory_bytes": set[str]()}
TARGET_LABELS = {"service", "instance", "le"}
USED = re.compile(r"\b(vinculo_\w+|up|process_\w+)(?:\{([^}]*)\})?")
GROUPED = re.compile(r"\bby \(([^)]*)\)")


def ours() -> dict[str, set[str]]:
    """The labels of each series that the code writes, by name."""
    gateway = Metrics(None)  # type: ignore[arg-type]
    found = dict(OTHERS)
    for registry in (REGISTRY, gateway._registry):
        for collector in {*registry._collector_to_names}:
            labels = {*getattr(collector, "_labelnames", ())}
            found |= dict.fromkeys(registry._collector_to_names[collector], labels)
    return found


def expressions() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for name, board in DASHBOARDS.items():
        for panel in board["panels"]:
            yield from ((f"{name}: {panel['title']}", target["expr"]) for target in panel["targets"])


@pytest.mark.parametrize(("where", "expression"), list(expressions()), ids=lambda value: value[:40])
def test_what_is_asked_for_is_written_by_the_code(where: str, expression: str) -> None:
    known = ours()
    used = USED.findall(expression)
    assert used
    labels = set(TARGET_LABELS)
    for name, filters in used:
        assert name in known, f"{where}: {name}"
        labels |= known[name]
        assert {*re.findall(r"(\w+)\s*[=!]~?", filters)} <= known[name] | TARGET_LABELS, where
    grouped = {label.strip() for text in GROUPED.findall(expression) for label in text.split(",")}
    assert grouped <= labels, where


def test_each_alert_has_a_page_and_each_page_an_alert() -> None:
    pages = {path.stem for path in (ROOT / "deploy" / "runbooks").glob("Vinculo*.md")}
    assert pages == set(NAMES)
    assert [rule["alert"] for rule in RULES if not (ROOT / rule["annotations"]["runbook"]).is_file()] == []
    for rule in RULES:
        page = (ROOT / rule["annotations"]["runbook"]).read_text()
        assert rule["expr"] in page, rule["alert"]
        assert all(f"## {part}" in page for part in ("Look", "Do")), rule["alert"]


def test_each_alert_is_seen_to_fire_and_to_keep_quiet() -> None:
    fired = {one["alertname"] for test in TESTS for one in test["alert_rule_test"] if one["exp_alerts"]}
    quiet = {one["alertname"] for test in TESTS for one in test["alert_rule_test"] if not one["exp_alerts"]}
    assert fired == quiet == set(NAMES)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is in Debian's package prometheus")
def test_promtool_finds_the_rules_right_and_sees_the_alerts_fire() -> None:
    for command in (["check", "rules", "alerts.yaml"], ["test", "rules", "alerts_test.yaml"]):
        done = subprocess.run(["promtool", *command], cwd=FOLDER, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_operator_of_prometheus_is_given_the_same_rules() -> None:
    assert write_alerts.TARGET.read_text() == write_alerts.text()


def test_dashboards_have_names_of_their_own_and_a_source_to_choose() -> None:
    assert len({board["uid"] for board in DASHBOARDS.values()}) == len(DASHBOARDS) >= 3
    for board in DASHBOARDS.values():
        assert board["templating"]["list"][0]["type"] == "datasource"
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_no_metric_of_a_service_holds_what_nobody_bounds() -> None:
    """Labels are names of the code, but for a company's, of which there are so many and no more."""
    bounded = {"method", "outcome", "reason", "event", "collection", "kind", "queue", "company"}
    for collector in {*REGISTRY._collector_to_names}:
        names = REGISTRY._collector_to_names[collector]
        if any(name.startswith("vinculo_") for name in names):
            assert {*getattr(collector, "_labelnames", ())} <= bounded, names
    assert metrics.HANDLED in REGISTRY._collector_to_names
