"""Row A18: what is overdue for more than five days, or nearly due, by person, center and company, with its reason."""

from __future__ import annotations

import pytest

from tests.support.builders.asked import due, factors, ids
from tests.support.builders.attendance import set_up
from tests.support.builders.flows import opened
from tests.support.builders.people import unique_word
from tests.support.problems import refused
from tests.support.stack.system import Client

PATH = "/v1/critical-factors"


@pytest.fixture
def person(ana: Client) -> str:
    return str(ana.register(unique_word())["id"])


def test_overdue_for_more_than_five_days_or_due_within_two(ana: Client, person: str) -> None:
    long = opened(ana, "Seis dias", person, due_at=due(days=6, hours=1))["id"]
    just = opened(ana, "Cinco dias e um segundo", person, due_at=due(days=5, seconds=1))["id"]
    opened(ana, "Cinco dias menos um minuto", person, due_at=due(days=5, minutes=-1))
    opened(ana, "Ontem", person, due_at=due(days=1))
    near = opened(ana, "Amanhã", person, due_at=due(days=-1))["id"]
    opened(ana, "Três dias", person, due_at=due(days=-3))
    opened(ana, "Sem vencimento", person)
    found = factors(ana, person_id=person)
    assert ids(found) == [long, just, near]
    assert [one["kind"] for one in found] == ["overdue", "overdue", "near_due"]
    assert found[0]["days"] == 6
    assert found[0]["reason"].startswith("Vencido há 6 dias, desde ")
    assert set(ids(found)) <= set(ids(factors(ana)))


def test_they_are_grouped_by_the_center_that_must_act_and_forwarded_to_it(ana: Client, person: str) -> None:
    made = set_up(ana)
    attendance = opened(ana, "Parado", person, type_id=made.leaf, due_at=due(days=6, hours=1))
    center = made.triage
    groups = ana.get(PATH, params={"person_id": person})["items"]
    assert [group["center"]["id"] for group in groups] == [center]
    assert groups[0]["center"]["name"] == "Triagem"
    assert ids(factors(ana, center_id=center)) == [attendance["id"]]

    own = f"/v1/attendances/{attendance['id']}"
    ana.post(f"{own}/forward", {"note": "Cliente ligou de novo."})
    text = ana.get(f"{own}/entries")["items"][0]["text"]
    assert text.startswith(f"Fator crítico encaminhado a {groups[0]['center']['name']}. Vencido há 6 dias, desde ")
    assert text.endswith("\nCliente ligou de novo.")


def test_what_is_not_critical_or_has_no_center_is_not_forwarded(ana: Client, bruno: Client, person: str) -> None:
    calm = opened(ana, "Sem pressa", person, type_id=set_up(ana).leaf)
    refused(ana.request("POST", f"/v1/attendances/{calm['id']}/forward", json={}), 409, "attendance_not_critical")
    late = opened(ana, "Sem centro", person, due_at=due(days=6, hours=1))
    forward = f"/v1/attendances/{late['id']}/forward"
    refused(ana.request("POST", forward, json={}), 409, "center_missing")
    refused(bruno.request("POST", forward, json={}), 404, "attendance_not_found")
