"""The roles that every company has, with their names in Portuguese. The service people says what each may do
(services/people/access/model.py); the other services only show the names."""

from __future__ import annotations

BUILT_IN_ROLES = {
    "admin": "Administrador",
    "manager": "Gerente",
    "seller": "Vendedor",
    "attendant": "Atendente",
    "viewer": "Consulta",
}
