"""The roles that every company has, by their names for people. What each may do, people says (access/model.py); the
others name them, held by somebody or not."""

from __future__ import annotations

BUILT_IN_ROLES = {
    "admin": "Administrador",
    "manager": "Gerente",
    "seller": "Vendedor",
    "attendant": "Atendente",
    "viewer": "Consulta",
}
