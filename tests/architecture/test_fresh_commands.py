"""What outlives a token asks again who the actor is: access, erasure, files of everything, the house's own settings.

A token is believed for minutes. A command of people that administers, exports or configures is declared `fresh`, so
that the chassis reads the actor's membership, roles and session in its own transaction.
"""

from __future__ import annotations

import inspect

import pytest

from deploy.topology import SERVICES
from services.chassis.handling.requests import RpcSpec
from services.chassis.handling.session import Session
from services.chassis.process.service import Service
from services.people.service import People

# Of commands and queries alike: who is no administrator any more reads no more of it, either.
ALWAYS = {"people.administer", "people.export"}
COMMANDS = {"people.configure"}
# They need what nearly every user holds, and do what outlives a token all the same.
OTHERS = {"start_import", "approve_action"}


def specs(service: type[Service]) -> dict[str, RpcSpec]:
    methods = inspect.getmembers(service, inspect.isfunction)
    return {name: vars(method)["chassis_rpc"] for name, method in methods if "chassis_rpc" in vars(method)}


def test_every_command_of_people_that_grants_erases_or_exports_is_fresh() -> None:
    due = {
        name
        for name, spec in specs(People).items()
        if spec.needs in ALWAYS or (spec.is_command and spec.needs in COMMANDS) or name in OTHERS
    }
    fresh = {name for name, spec in specs(People).items() if spec.fresh}
    assert due == fresh
    assert {"create_user", "change_role", "create_key", "erase_person", "begin_export", "merge_persons"} <= fresh


@pytest.mark.parametrize("service", SERVICES)
def test_only_a_service_that_keeps_users_declares_it(service: type[Service]) -> None:
    """Elsewhere each such call would fail."""
    can = service.session.confirm_actor is not Session.confirm_actor
    assert can or not [name for name, spec in specs(service).items() if spec.fresh]
