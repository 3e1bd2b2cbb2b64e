"""What one object says of another is true: selectors, ports, Secrets, settings, budgets, queues."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from deploy import broker_rights, installation
from deploy.topology import SERVICES, queues
from services.chassis.messaging.topology import DEAD_PREFIX
from tests.k8s.objects import (
    MADE,
    OVERLAYS,
    ROOT,
    Pod,
    all_labels,
    name_of,
    of_kind,
    pods,
    rendered,
    selects,
    values,
)  # fmt: skip

ADDRESSES = installation.Addresses(
    "amqp://{user}:{password}@b", "mongodb://{user}:{password}@d", "smtp://m", "http://m"
)
SECRETS = {f"vinculo-{name}": said for name, said in installation.secrets_of(ADDRESSES).items()}
# made by others: of the Ingress, by cert-manager or by hand; of the database, by its operator
OTHERS = {"vinculo-certificate", "database-ssl"}
PROCESSES = ("gateway", *(service.name for service in SERVICES))

every_overlay = pytest.mark.parametrize("overlay", OVERLAYS)


@every_overlay
def test_who_makes_pods_selects_them_and_nobody_elses(overlay: str) -> None:
    for owner in of_kind(overlay, "Deployment", "StatefulSet"):
        selected = [name for name, labels in all_labels(overlay).items() if selects(owner["spec"]["selector"], labels)]
        assert selected == [name_of(owner)]


@every_overlay
def test_a_service_selects_one_kind_of_pods_and_a_port_that_they_have(overlay: str) -> None:
    for service in of_kind(overlay, "Service"):
        selector = {"matchLabels": service["spec"]["selector"]}
        selected = [pod for pod in pods(overlay) if selects(selector, pod.labels)]
        assert len(selected) == 1, service
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= selected[0].ports.keys()


@every_overlay
def test_each_process_has_a_disruption_budget_of_its_own(overlay: str) -> None:
    guarded = []
    for budget in of_kind(overlay, "PodDisruptionBudget"):
        selector = budget["spec"]["selector"]
        guarded += [name for name, labels in all_labels(overlay).items() if selects(selector, labels)]
    assert sorted(name for name in guarded if name.startswith("Deployment/")) == sorted(
        f"Deployment/{name}" for name in PROCESSES
    )
    assert len(guarded) == len(set(guarded))


@every_overlay
def test_every_secret_settings_and_account_that_a_pod_names_is_there(overlay: str) -> None:
    maps = {one["metadata"]["name"] for one in of_kind(overlay, "ConfigMap")}
    accounts = {one["metadata"]["name"] for one in of_kind(overlay, "ServiceAccount")}
    for pod in pods(overlay):
        named = {one["name"] for one in values(pod.spec, "secretRef")} | set(values(pod.spec, "secretName"))
        assert named <= SECRETS.keys() | OTHERS, pod.name
        named = {one["name"] for key in ("configMapRef", "configMap") for one in values(pod.spec, key)}
        assert named <= maps, pod.name
        assert pod.spec["serviceAccountName"] in accounts


@every_overlay
def test_a_process_gets_its_own_secret_and_no_other(overlay: str) -> None:
    for pod in pods(overlay):
        if pod.labels["app.kubernetes.io/component"] != "embedded":
            account = pod.spec["serviceAccountName"]
            assert {one["name"] for one in values(pod.spec, "secretRef")} == {f"vinculo-{account}"}


@every_overlay
def test_a_secret_outside_is_each_of_the_installation(overlay: str) -> None:
    external = {one["metadata"]["name"] for one in of_kind(overlay, "ExternalSecret")}
    assert external in (set(), SECRETS.keys())


@every_overlay
def test_keys_of_secrets_are_there(overlay: str) -> None:
    for one in of_kind(overlay, "TriggerAuthentication"):
        for reference in one["spec"]["secretTargetRef"]:
            assert reference["key"] in SECRETS[reference["name"]]
    for one in of_kind(overlay, "PerconaServerMongoDB"):
        for user in one["spec"]["users"]:
            reference = user["passwordSecretRef"]
            assert user["name"] in SECRETS[reference["name"]]
            assert reference["key"] == user["name"]


@every_overlay
def test_a_service_may_write_its_own_database_and_no_other(overlay: str) -> None:
    for one in of_kind(overlay, "PerconaServerMongoDB"):
        settings = next(found for found in of_kind(overlay, "ConfigMap") if "settings" in found["metadata"]["name"])
        prefix = settings["data"]["VINCULO_DATABASE_PREFIX"]
        held = {user["name"]: {(role["name"], role["db"]) for role in user["roles"]} for user in one["spec"]["users"]}
        own = {service.name: {("readWrite", prefix + service.name)} for service in SERVICES}
        assert held == own | {"operator": set().union(*own.values())}


@every_overlay
def test_every_setting_is_one_that_the_code_reads(overlay: str) -> None:
    code = "".join(path.read_text() for folder in ("services", "gateway") for path in (ROOT / folder).rglob("*.py"))
    for found in of_kind(overlay, "ConfigMap"):
        if found["metadata"]["name"].startswith("vinculo-settings"):
            assert [name for name in found["data"] if f'"{name}"' not in code] == []
    names = {name for said in SECRETS.values() for name in said if name.isupper()}
    assert [name for name in sorted(names) if f'"{name}"' not in code] == []


@every_overlay
def test_probes_name_ports_that_the_container_has(overlay: str) -> None:
    for pod in pods(overlay):
        for container in pod.spec["containers"]:
            ports = {port["name"] for port in container.get("ports", [])}
            asked = [
                container[kind] for kind in ("startupProbe", "livenessProbe", "readinessProbe") if kind in container
            ]
            assert set(values(asked, "port")) <= ports, pod.name


@every_overlay
def test_a_pod_has_time_to_drain(overlay: str) -> None:
    """The services' grace; the gateway's, after the pause in which proxies still send requests."""
    gunicorn = (ROOT / "gateway" / "gunicorn.conf.py").read_text()
    graceful = int(next(iter(re.findall(r"^graceful_timeout = (\d+)$", gunicorn, re.MULTILINE))))
    settings = next(one for one in of_kind(overlay, "ConfigMap") if "vinculo-settings" in one["metadata"]["name"])
    grace = int(settings["data"]["VINCULO_GRACE_SECONDS"])
    for pod in pods(overlay):
        seconds = pod.spec.get("terminationGracePeriodSeconds", 30)
        if pod.labels["app.kubernetes.io/component"] == "service":
            assert seconds >= grace + 5, pod.name
        if pod.labels["app.kubernetes.io/component"] == "gateway":
            pause = pod.spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
            assert seconds >= pause + graceful + 5, pod.name


@every_overlay
def test_autoscaling_counts_the_queues_of_the_service_and_no_others(overlay: str) -> None:
    deployments = {one["metadata"]["name"]: one for one in of_kind(overlay, "Deployment")}
    authentications = {one["metadata"]["name"] for one in of_kind(overlay, "TriggerAuthentication")}
    names = {queue.name for queue in queues([1, 5, 30, 300])}
    scaled = of_kind(overlay, "ScaledObject")
    assert {one["spec"]["scaleTargetRef"]["name"] for one in scaled} in (set(), set(PROCESSES))
    for one in scaled:
        target = one["spec"]["scaleTargetRef"]["name"]
        assert "replicas" not in deployments[target]["spec"], "an apply would undo the autoscaler's count"
        for trigger in one["spec"]["triggers"]:
            if trigger["type"] == "rabbitmq":
                counted = {name for name in names if re.search(trigger["metadata"]["queueName"], name)}
                assert counted == consumed(target)
                assert trigger["authenticationRef"]["name"] in authentications


@every_overlay
def test_autoscaling_asks_for_the_age_of_the_queues_of_the_service_in_its_namespace(overlay: str) -> None:
    (namespace,) = (one["metadata"]["name"] for one in of_kind(overlay, "Namespace"))
    for one in of_kind(overlay, "ScaledObject"):
        asked = f'{{namespace="{namespace}",service="{one["spec"]["scaleTargetRef"]["name"]}"'
        for query in (each["metadata"]["query"] for each in one["spec"]["triggers"] if each["type"] == "prometheus"):
            assert f"vinculo_event_age_seconds_bucket{asked}}}" in query
            assert f"vinculo_queue_messages{asked}," in query


def consumed(service: str) -> set[str]:
    """The queues that a service works off, by the code's own list."""
    own = [queue.name for queue in queues([1]) if f"--{service}." in queue.name or queue.name == f"rpc-{service}"]
    assert own
    assert not any(name.startswith((DEAD_PREFIX, "retry.")) for name in own)
    return set(own)


@every_overlay
def test_ways_in_lead_to_a_service_that_is_there(overlay: str) -> None:
    services = {one["metadata"]["name"]: one for one in of_kind(overlay, "Service")}
    for route in of_kind(overlay, "HTTPRoute"):
        for backend in values(route, "backendRefs"):
            for one in backend:
                assert one["port"] in {port["port"] for port in services[one["name"]]["spec"]["ports"]}
    for way in of_kind(overlay, "Ingress"):
        for backend in values(way["spec"], "backend"):
            ports = {port["name"] for port in services[backend["service"]["name"]]["spec"]["ports"]}
            assert backend["service"]["port"]["name"] in ports


@every_overlay
def test_metrics_are_asked_at_ports_that_are_there(overlay: str) -> None:
    for monitor in of_kind(overlay, "PodMonitor"):
        selected = [pod for pod in pods(overlay) if selects(monitor["spec"]["selector"], pod.labels)]
        assert selected
        for pod in selected:
            assert {end["port"] for end in monitor["spec"]["podMetricsEndpoints"]} <= pod.ports.keys()


@every_overlay
def test_names_of_the_engines_are_those_that_the_secrets_say(overlay: str) -> None:
    named = {one["metadata"]["name"] for one in of_kind(overlay, "Service", *MADE)}
    assert {"rabbitmq", "database"} <= named
    assert broker_rights.MONITOR in installation.secrets_of(ADDRESSES)


def test_the_autoscaler_finds_the_broker_from_its_own_namespace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["installation", "--namespace", "elsewhere"])
    installation.main()
    made = {one["metadata"]["name"]: one["stringData"] for one in json.loads(capsys.readouterr().out)["items"]}
    assert made["vinculo-monitor"]["host"].endswith("@rabbitmq.elsewhere.svc:15672/%2F")


def test_every_image_has_what_builds_it() -> None:
    script = (ROOT / "deploy" / "images" / "build.sh").read_text()
    for overlay in OVERLAYS:
        for pod in pods(overlay):
            for container in pod.containers:
                name = re.sub(r"^(.*/)?(vinculo[-/])?", "", container["image"]).partition(":")[0]
                assert name in script or name in PROCESSES, container["image"]


@every_overlay
def test_runbooks_of_alerts_are_there(overlay: str) -> None:
    for runbook in values(of_kind(overlay, "PrometheusRule"), "runbook"):
        page, _, anchor = runbook.partition("#")
        heads = [
            line.lstrip("# ").lower() for line in Path(ROOT / page).read_text().splitlines() if line.startswith("#")
        ]
        assert not anchor or anchor in [re.sub(r"[^a-z0-9 -]", "", head).replace(" ", "-") for head in heads]


@every_overlay
def test_all_lie_in_one_namespace_and_belong_to_the_installation(overlay: str) -> None:
    names = {one["metadata"]["name"] for one in of_kind(overlay, "Namespace")}
    assert len(names) == 1
    for one in rendered(overlay):
        if one["kind"] != "Namespace":
            assert one["metadata"]["namespace"] in names
        assert one["metadata"]["labels"]["app.kubernetes.io/part-of"] == "vinculo"


def confined(pod: Pod) -> list[str]:
    """What keeps a pod from Pod Security's level "restricted", and from a few things more."""
    troubles = []
    whole = pod.spec["securityContext"]
    if not (whole["runAsNonRoot"] and whole["runAsUser"] and whole["seccompProfile"]["type"] == "RuntimeDefault"):
        troubles.append("pod")
    if pod.spec["automountServiceAccountToken"] or pod.spec.get("hostNetwork") or list(values(pod.spec, "hostPath")):
        troubles.append("host or token")
    for one in pod.containers:
        own = one["securityContext"]
        if own["allowPrivilegeEscalation"] or own["capabilities"] != {"drop": ["ALL"]}:
            troubles.append(f"{one['name']} privileges")
        if not own["readOnlyRootFilesystem"]:
            troubles.append(f"{one['name']} root")
        if not ({"cpu", "memory"} <= one["resources"]["requests"].keys() and one["resources"]["limits"]["memory"]):
            troubles.append(f"{one['name']} resources")
    return troubles


@every_overlay
def test_every_pod_is_confined(overlay: str) -> None:
    assert {pod.name: found for pod in pods(overlay) if (found := confined(pod))} == {}
    (namespace,) = of_kind(overlay, "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
