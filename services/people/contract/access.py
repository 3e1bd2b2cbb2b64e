"""Roles and permissions (row P9)."""

from __future__ import annotations

from services.people.domain.access import OWN, PERMISSIONS

KNOWN_PERMISSIONS = frozenset((*PERMISSIONS, OWN))
