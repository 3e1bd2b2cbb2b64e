"""Row P9: what a role is narrowed to holds in every service, and a flow's papers are its users' alone."""

from __future__ import annotations

from tests.support.builders import users
from tests.support.builders.people import unique_word
from tests.support.problems import refused
from tests.support.stack.system import Client, System


def test_who_is_narrowed_to_sections_is_refused_the_others(system: System, ana: Client) -> None:
    rita = ana.register(f"Rita {unique_word()}", category_ids=["supplier"])
    caio = users.narrowed(system, ana, section=["receivables"])
    own = f"/v1/persons/{rita['id']}"
    assert caio.get(f"{own}/receivables")["items"] == []
    for path in (f"{own}/contracts", f"{own}/attendances", f"{own}/opportunities", "/v1/pipeline"):
        refused(caio.request("GET", path), 403, "section_hidden")
    refused(caio.request("POST", f"{own}/opportunities", json={"subject": "Forno"}), 403, "section_hidden")
    assert {"attendances", "opportunities"} <= set(caio.get(f"{own}/view")["withheld"])
