"""Writes k8s/components/monitoring/alerts.yaml: the rules of deploy/observability for the Prometheus operator."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "deploy" / "observability" / "alerts.yaml"
TARGET = ROOT / "k8s" / "components" / "monitoring" / "alerts.yaml"
HEAD = """\
# Made of deploy/observability/alerts.yaml by `python -m tests.k8s.write_alerts`; a test compares them.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: vinculo-alerts
"""


def text() -> str:
    groups = yaml.safe_load(SOURCE.read_text())["groups"]
    spec = yaml.safe_dump({"spec": {"groups": groups}}, sort_keys=False, allow_unicode=True, width=118)
    return HEAD + spec


if __name__ == "__main__":
    TARGET.write_text(text())
