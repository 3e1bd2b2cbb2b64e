"""deploy/compose.yaml is valid, complete, and starts in the order of health."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from deploy import installation
from services.catalogue import SERVICES
from tests.k8s.objects import ROOT

FOLDER = ROOT / "deploy"
# of the Compose Specification, as compose-go 2.4.9 has it
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "compose.json").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
PARTS: dict[str, Any] = COMPOSE["services"]
OURS = {name: part for name, part in PARTS.items() if part["image"].startswith("vinculo-")}


# its engines from Debian's packages
DEBIAN: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "compose" / "debian.yaml").read_text())


@pytest.mark.parametrize("file", [COMPOSE, DEBIAN], ids=["compose.yaml", "debian.yaml"])
def test_it_is_valid(file: dict[str, Any]) -> None:
    errors = jsonschema_rs.validator_for(SCHEMA).iter_errors(file)
    assert [f"{error.instance_path}: {error.message[:200]}" for error in errors] == []


def test_engines_of_debian_replace_what_comes_from_a_registry_and_nothing_of_ours() -> None:
    assert set(DEBIAN["services"]) == set(PARTS) - set(OURS)


def test_every_process_is_there_with_its_own_secrets_only() -> None:
    files = {
        name: part["env_file"].removeprefix("compose/secrets/") for name, part in OURS.items() if "env_file" in part
    }
    assert files == {
        **{name: f"{name}.env" for name in (*SERVICES, "gateway")},
        "topology": "operator.env",
        "indexes": "operator.env",
    }
    assert {file.removesuffix(".env") for file in files.values()} == set(installation.PROCESSES)


def test_our_processes_are_confined() -> None:
    for name, part in OURS.items():
        assert part["read_only"], name
        assert part["cap_drop"] == ["ALL"], name
        assert part["security_opt"] == ["no-new-privileges:true"], name


def test_engines_come_first_then_queues_and_indexes_then_processes_then_the_way_in() -> None:
    for name in (*SERVICES, "gateway"):
        waits = PARTS[name]["depends_on"]
        assert waits == {one: {"condition": "service_completed_successfully"} for one in ("topology", "indexes")}
    healthy = {"condition": "service_healthy"}
    assert PARTS["topology"]["depends_on"] == {"rabbitmq": healthy}
    assert PARTS["indexes"]["depends_on"] == {"mongodb": healthy}
    assert PARTS["proxy"]["depends_on"] == dict.fromkeys((*SERVICES, "gateway"), healthy)
    for name in ("rabbitmq", "mongodb", *SERVICES, "gateway"):
        assert "healthcheck" in PARTS[name], name


def test_every_process_is_asked_for_metrics() -> None:
    jobs = yaml.safe_load((FOLDER / "compose" / "prometheus.yml").read_text())["scrape_configs"]
    asked = {target for job in jobs for one in job["static_configs"] for target in one["targets"]}
    assert asked == {*(f"{name}:8080" for name in SERVICES), "gateway:9000"}


def test_files_that_it_mounts_are_there() -> None:
    for part in PARTS.values():
        for volume in part.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("./") and "/secrets/" not in source:
                assert (FOLDER / source).exists(), source


def test_only_the_way_in_listens_beyond_this_machine() -> None:
    for name, part in PARTS.items():
        for port in part.get("ports", []):
            assert name == "proxy" or port.startswith("127.0.0.1:"), name


def test_the_proxy_buffers_and_repeats_nothing() -> None:
    settings = (FOLDER / "compose" / "nginx.conf").read_text()
    for line in ("proxy_request_buffering on;", "proxy_buffering on;", "proxy_next_upstream off;"):
        assert re.search(rf"^\s*{line}$", settings, re.MULTILINE)
