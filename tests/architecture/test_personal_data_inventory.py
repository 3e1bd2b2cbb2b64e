"""What a service holds of a person is named in its table: only then does it follow a merge, and go in an erasure."""

from __future__ import annotations

import pytest

from deploy.topology import SERVICES
from services.chassis.process.service import Service
from services.chassis.storage.indexes import Index
from services.people.erasure.model import ASKED

# a request to erase a person belongs to the record that it erased, for good
APART = {("people", "erasures")}


@pytest.mark.parametrize("service", SERVICES)
def test_every_collection_listed_by_person_is_a_holding(service: type[Service]) -> None:
    """Add a Holding to the service's table (services/<name>/store): its rows, what an erasure writes, what stays."""
    listed = {i.collection for i in service.indexes if isinstance(i, Index) and i.keys[0][0] == "person_id"}
    held = {holding.collection for holding in service.inventory}
    assert {(service.name, name) for name in listed - held} <= APART


@pytest.mark.parametrize("service", SERVICES)
def test_every_holding_has_the_index_of_its_pages(service: type[Service]) -> None:
    keys = {(i.collection, tuple(key for key, _ in i.keys)) for i in service.all_indexes()}
    for holding in service.inventory:
        for one in (holding, *holding.parts):
            assert (one.collection, (one.by, one.sort, "_id")) in keys, one.collection


@pytest.mark.parametrize("service", SERVICES)
def test_what_stays_after_an_erasure_has_its_legal_basis(service: type[Service]) -> None:
    for holding in service.inventory:
        for one in (holding, *holding.parts):
            assert one.removes or "LGPD art." in (one.basis or ""), one.collection


def test_every_service_that_holds_rows_of_persons_is_asked_to_erase_them() -> None:
    assert set(ASKED) == {service.name for service in SERVICES if service.inventory} - {"people"}


FOLLOWED = (
    "on_people_person_merged",
    "on_people_person_unmerged",
    "on_people_person_erasure_requested",
    "get_person_data",
)


@pytest.mark.parametrize("service", [one for one in SERVICES if one.inventory and one.name != "people"])
@pytest.mark.parametrize("name", FOLLOWED)
def test_what_is_held_of_a_person_is_followed_erased_and_reported_by_the_one_set_of_handlers(
    service: type[Service], name: str
) -> None:
    handler = getattr(service, name).__wrapped__
    assert handler.__module__ == "services.chassis.personal_data.handlers"
