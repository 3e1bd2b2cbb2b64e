"""What services answer the gateway, by "service.method": a table for `Wire` of bus.py."""

from __future__ import annotations

from typing import Any

from gateway.views import person_view, timeline
from services.catalogue import SERVICES

PAGE: dict[str, Any] = {"items": [], "next_cursor": None}
OPTIONS = [*person_view.OWN, *(section.name for section in person_view.SECTIONS)]
SUMMARY = {"first_entry": None, "person": {"id": "p1", "name": "Maria"}}
ANSWERS: dict[str, Any] = {
    "attendance.list_summaries": {
        "time_zone": "America/Sao_Paulo",
        "items": [{**SUMMARY, "attendance": {"id": f"a{n}", "person_id": f"p{n}"}} for n in range(30)],
    },
    "people.get_person": {"name": "Maria"},
    "people.get_company": {"name": "Padaria"},
    "people.get_opened_person": {
        "person": {"id": "p1", "addresses": []}, "category": "client", "options": OPTIONS,
        "related_persons": {**PAGE, "count": 0, "exact": True},
    },
    "sales.get_document_source": {"person": {"id": "p1", "name": "Maria"}},
    "sales.get_opportunity": {"id": "o1", "attendance_id": "a1"},
    "attendance.get_attendance": {"id": "a1"},
    **{f"{service}.get_person_data": PAGE for service in SERVICES},
    **{f"{part.service}.{part.method}": PAGE for part in timeline.PARTS},
    **{f"{section.service}.{section.method}": PAGE for section in person_view.SECTIONS},
    "attendance.get_person_attendances": {"attendances": PAGE, "critical_factors": {"count": 0, "exact": True}},
    "attendance.count_critical_factors": {"count": 0, "exact": True},
}  # fmt: skip
