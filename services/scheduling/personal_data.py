"""The personal-data inventory of `scheduling`, and the handlers that merge, erase and report by it (row P7)."""

from __future__ import annotations

from services.chassis.personal_data import handlers
from services.chassis.personal_data.inventory import ERASED_TEXT, Holding

BASIS = "LGPD art. 16, IV: data, hora e tipo na agenda da empresa; assunto e endereço eliminados, sem dados da pessoa."
INVENTORY = (
    Holding(
        "appointments", by="person_id", sort="starts_at", erases={"subject": ERASED_TEXT, "address": ""}, basis=BASIS
    ),
)

on_people_person_merged = handlers.person_merged()
on_people_person_unmerged = handlers.person_unmerged()
on_people_person_erasure_requested = handlers.person_erasure_requested()
get_person_data = handlers.person_data(INVENTORY)
