"""What a service holds of a person is hidden with the person: each collection of its holdings says how."""

from __future__ import annotations

from deploy.topology import SERVICES
from services.chassis.access.row_visibility import ATTENDANCES, PERSONS

# Asked for by its person only, who must be seen first; the first is listed by nobody but its owner.
BY_THE_PERSON = {
    "people": {"consents": "listed of one person", "looks": "listed of one person, to an administrator"},
}
# Told by the service whose it is, and asked for when it is told.
TOLD = {
    "notifications": {
        "watches", "enclosures", "tellings", "digests", "digest_items", "inbound_files",
        "whatsapp_conversations", "whatsapp_files", "whatsapp_file_parts",
    }
}  # fmt: skip


def test_every_holding_of_a_person_says_how_it_is_hidden() -> None:
    for service in SERVICES:
        declared = {rule.collection for rule in service.visibility_rules}
        excused = set(BY_THE_PERSON.get(service.name, {})) | TOLD.get(service.name, set())
        held = {holding.collection for holding in service.inventory}
        assert held - declared - excused == set(), service.name


def test_the_copies_that_decide_are_hidden_themselves() -> None:
    for service in SERVICES:
        declared = {rule.collection: rule for rule in service.visibility_rules}
        for name, rule in declared.items():
            assert rule.attendance is None or ATTENDANCES in declared, f"{service.name}.{name}"
            assert rule.person is None or PERSONS in declared, f"{service.name}.{name}"
