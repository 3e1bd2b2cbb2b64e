"""Names on the wire: queues, handlers and promised events agree, and never change by accident."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

from deploy import topology as deployed
from gateway.bus.rpc import Bus
from services.catalogue import SERVICES
from services.chassis.handling.entrypoints import subscriptions_of
from services.chassis.handling.extensions import EventEntrypoint, RpcEntrypoint
from services.chassis.messaging import topology as messaging_topology

DELAYS = [1, 5, 30, 300]
QUERY_VERBS = ("get_", "list_", "search_", "count_")
# permissions of a use case that may read or write
BOTH = (
    "people.administer", "people.configure", "people.export", "people.own", "installation.sign_in", "sales.configure",
    "notifications.configure",
)  # fmt: skip
EVENT_QUEUE = re.compile(r"evt-([a-z]+)-([a-z_]+)--([a-z]+)\.on_\1_\2")


def entrypoints(kind: type) -> list[tuple[str, str, object]]:
    """(service, method, entrypoint) of all five services."""
    return [
        (service.name, name, entrypoint)
        for service in deployed.SERVICES
        for name, method in inspect.getmembers(service, inspect.isfunction)
        for entrypoint in getattr(method, "nameko_entrypoints", ())
        if isinstance(entrypoint, kind)
    ]


def test_declared_queues_are_those_of_the_code_and_bear_the_names_of_the_rule() -> None:
    names = {service.name for service in deployed.SERVICES}
    expected = {f"rpc-{name}" for name in names} | {f"dead.{name}" for name in names}
    expected |= {f"retry.{name}.{seconds}" for name in names for seconds in DELAYS}
    for service, method, entrypoint in entrypoints(EventEntrypoint):
        assert isinstance(entrypoint, EventEntrypoint)
        expected.add(f"evt-{entrypoint.source}-{entrypoint.event}--{service}.{method}")
    assert {queue.name for queue in deployed.queues(DELAYS)} == expected


def test_there_is_one_list_of_services() -> None:
    """services/catalogue.py: each service's folder once, by its own name; nobody else writes them out."""
    assert {path.parent.name for path in Path("services").glob("*/service.py")} == set(SERVICES)
    assert list(SERVICES) == [service.name for service in deployed.SERVICES]
    all_named = re.compile(r"\W+".join(r"(?:" + "|".join(SERVICES) + ")" for _ in SERVICES))
    product = [path for folder in ("services", "gateway", "deploy") for path in Path(folder).rglob("*.py")]
    code = {path: re.sub(r"\.service:\w+", "", path.read_text()) for path in product}
    listing = [str(path) for path, text in code.items() if all_named.search(text.replace("services.", ""))]
    assert listing == ["services/catalogue.py"]


def test_event_queues_are_quorum_with_a_limit_and_a_safe_dead_letter() -> None:
    for queue in deployed.queues(DELAYS):
        if queue.name.startswith("evt-"):
            assert EVENT_QUEUE.fullmatch(queue.name), queue.name
            assert queue.queue_arguments["x-queue-type"] == "quorum"
            assert queue.queue_arguments["x-delivery-limit"] > 0
            assert queue.queue_arguments["x-dead-letter-strategy"] == "at-least-once"


def test_every_subscription_hears_an_event_that_its_source_promises() -> None:
    for service in deployed.SERVICES:
        for heard in subscriptions_of(service):
            events = importlib.import_module(f"services.{heard.source}.events")
            assert heard.event in {event.name for event in events.EVENTS}, heard
            assert heard.source != service.name


def test_who_hears_no_minor_news_is_bound_to_the_plain_name() -> None:
    bound = {queue.name: queue.routing_key for queue in deployed.queues(DELAYS) if queue.name.startswith("evt-")}
    few = {name for name, key in bound.items() if not key.endswith(".#")}
    assert few == {
        "evt-sales-opportunity_changed--attendance.on_sales_opportunity_changed",
        "evt-attendance-entry_recorded--sales.on_attendance_entry_recorded",
        "evt-attendance-attendance_closed--sales.on_attendance_attendance_closed",
    }
    for name, key in bound.items():
        assert key.removesuffix(".#") == EVENT_QUEUE.fullmatch(name)[2], name  # type: ignore[index]


def test_only_the_bus_puts_a_call_on_its_way() -> None:
    """All others `gather`, or `call`: what a block began is forgotten when it ends."""
    begins = re.compile(r"\b(Call|Pending)\(|\bbus(\(\))?\._")
    found = {path.name for path in Path("gateway").rglob("*.py") if begins.search(path.read_text())}
    assert found <= {"rpc.py", "calls.py", "messages.py"}
    assert {name for name in vars(Bus) if not name.startswith("_")} == {
        "pending", "connected", "call", "relay", "call_secretly", "gather", "send", "close",
    }  # fmt: skip


def test_what_is_secret_is_asked_secretly_and_nothing_else_is() -> None:
    """Else it is refused, and only when somebody tries: message_not_sealed, or message_unreadable."""
    asked = re.compile(r"""\b(\w+)\(\s*"(\w+)",\s*"(\w+)",""")
    sources = [path.read_text() for path in Path("gateway").rglob("*.py")]
    calls = {found for text in sources for found in asked.findall(text)}
    secretly = {
        (service, method) for name, service, method in calls if name in ("send_command_secretly", "call_secretly")
    }
    assert secretly == {
        (service, method) for service, method, entrypoint in entrypoints(RpcEntrypoint) if is_secret(service, method)
    }
    assert not secretly & {(service, method) for name, service, method in calls if not name.endswith("_secretly")}


def is_secret(service: str, method: str) -> bool:
    (named,) = (each for each in deployed.SERVICES if each.name == service)
    return bool(vars(getattr(named, method))["chassis_rpc"].secret)


def test_handlers_are_called_by_source_and_event() -> None:
    for service, method, entrypoint in entrypoints(EventEntrypoint):
        assert isinstance(entrypoint, EventEntrypoint)
        assert method == f"on_{entrypoint.source}_{entrypoint.event}", service


def test_commands_and_queries_are_told_apart_by_verb_and_permission() -> None:
    for service in deployed.SERVICES:
        for name, method in inspect.getmembers(service, inspect.isfunction):
            if not any(isinstance(e, RpcEntrypoint) for e in getattr(method, "nameko_entrypoints", ())):
                continue
            spec = vars(method)["chassis_rpc"]
            is_command, needs = spec.is_command, spec.needs
            assert is_command is not name.startswith(QUERY_VERBS), f"{service.name}.{name}"
            assert needs.endswith(".read") is not is_command or needs in BOTH, f"{service.name}.{name}"


def test_an_unheard_event_goes_to_the_unrouted_queue() -> None:
    for exchange in deployed.exchanges():
        assert exchange.arguments["alternate-exchange"] == messaging_topology.UNROUTED_EXCHANGE.name
