"""What the gateway measures of itself."""

from __future__ import annotations

import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.support.stack.system import System


def pending_calls(system: System) -> float:
    """The calls on their way, of all workers."""
    text = requests.get(f"http://127.0.0.1:{system.ports['metrics']}/metrics", timeout=10).text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "vinculo_gateway_pending_calls"
    )
