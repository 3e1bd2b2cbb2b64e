"""The network policies allow the pairs that the code uses, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.topology import SERVICES
from tests.k8s.objects import OVERLAYS, ROOT, Object, all_labels, of_kind, ports_of, selects

# What a process speaks to follows from the settings that its code reads.
SPOKEN = {
    "AMQP_URI": "broker",
    "MONGO_URI": "database",
    "VINCULO_SMTP_URL": "mail",
    "VINCULO_NFE_URL": "web",
    "VINCULO_OUTBOUND_ALLOWED": "web",
}
FOLDERS = {
    **{service.name: (f"services/{service.name}", "services/chassis") for service in SERVICES},
    "gateway": ("gateway",),
    "operator": ("deploy",),
    "prepare": ("deploy",),
}
# Addresses outside, by the ports that they are reached at.
OUTSIDE = {frozenset({465, 587, 993}): "mail", frozenset({443}): "web"}
PRIVATE = {"10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"}
INSIDE = {"broker": "broker", "database": "database"}

every_overlay = pytest.mark.parametrize("overlay", OVERLAYS)


def used() -> set[tuple[str, str]]:
    """(process, what it speaks to), by the code."""
    found = set()
    for process, folders in FOLDERS.items():
        code = "".join(path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py"))
        found |= {(process, target) for setting, target in SPOKEN.items() if f'"{setting}"' in code}
    # deploy/local holds the settings of `make run` too; an operator's command speaks to the engines only
    return {pair for pair in found if pair[0] not in ("operator", "prepare") or pair[1] in INSIDE}


def numbers(rule: Object) -> set[int]:
    return {port["port"] for port in rule.get("ports", [])}


def targets(overlay: str, rule: Object) -> Iterator[tuple[str, set[int]]]:
    """What an egress rule opens: names of pods' makers, or of what lies outside."""
    for end in rule.get("to", []):
        if "ipBlock" in end:
            assert set(end["ipBlock"].get("except", [])) == PRIVATE
            yield OUTSIDE[frozenset(numbers(rule))], set()
        elif "namespaceSelector" not in end:
            yield from (
                (name, numbers(rule))
                for name, labels in all_labels(overlay).items()
                if selects(end["podSelector"], labels)
            )


def plain(overlay: str, name: str) -> str:
    """A maker's name, or what it serves."""
    labels = all_labels(overlay).get(name, {})
    served = labels.get("vinculo/serves", "")
    return served or ("mail" if name == "Deployment/mailbox" else labels.get("app.kubernetes.io/name", name))


def sent(overlay: str) -> set[tuple[str, str]]:
    """The pairs that egress allows."""
    found = set()
    for policy in of_kind(overlay, "NetworkPolicy"):
        senders = [
            name for name, labels in all_labels(overlay).items() if selects(policy["spec"]["podSelector"], labels)
        ]
        for rule in policy["spec"].get("egress", []):
            for target, ports in targets(overlay, rule):
                assert ports <= ports_of(overlay).get(target, ports), f"{policy['metadata']['name']}: no such port"
                found |= {(plain(overlay, sender), plain(overlay, target)) for sender in senders}
    return found


def taken(overlay: str) -> set[tuple[str, str]]:
    """The pairs inside the namespace that ingress allows."""
    found = set()
    for policy in of_kind(overlay, "NetworkPolicy"):
        for name, labels in all_labels(overlay).items():
            if not selects(policy["spec"]["podSelector"], labels):
                continue
            for rule in policy["spec"].get("ingress", []):
                for end in rule["from"]:
                    if "namespaceSelector" not in end:
                        found |= {
                            (plain(overlay, other), plain(overlay, name))
                            for other, theirs in all_labels(overlay).items()
                            if selects(end["podSelector"], theirs)
                        }
    return found


def among_themselves(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


@every_overlay
def test_allowed_pairs_are_used_pairs(overlay: str) -> None:
    assert {pair for pair in sent(overlay) if not among_themselves(pair)} == used()


@every_overlay
def test_what_one_may_send_the_other_may_take(overlay: str) -> None:
    inside = {pair for pair in sent(overlay) if pair[1] in INSIDE or (overlay == "dev" and pair[1] == "mail")}
    assert inside == taken(overlay)


@every_overlay
def test_nothing_else_goes_in_or_out(overlay: str) -> None:
    (first,) = [one for one in of_kind(overlay, "NetworkPolicy") if one["metadata"]["name"] == "deny-all"]
    assert first["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@every_overlay
def test_from_other_namespaces_come_only_those_that_are_named(overlay: str) -> None:
    """(namespace, whom it reaches, at which ports)."""
    found = {
        (end["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"], policy["metadata"]["name"])
        for policy in of_kind(overlay, "NetworkPolicy")
        for rule in policy["spec"].get("ingress", [])
        for end in rule["from"]
        if "namespaceSelector" in end
    }
    allowed = {
        ("ingress-nginx", "gateway"), ("gateways", "gateway"), ("monitoring", "metrics"), ("keda", "broker-counted"),
        ("psmdb-operator", "database-members"),
    }  # fmt: skip
    assert found <= allowed
    for policy in of_kind(overlay, "NetworkPolicy"):
        if policy["metadata"]["name"] == "gateway":
            assert [numbers(rule) for rule in policy["spec"]["ingress"]] == [{8000}]
