"""The companies of the installation, and the settings that all services may read (row P9).

No framework, store or clock may enter.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.chassis.errors import Invalid


@dataclass(frozen=True)
class Setting:
    """A whole number with its bounds; `label` is what an administrator reads."""

    label: str
    default: int
    least: int
    most: int


# Settings about signing in and approvals; a setting that concerns one service only belongs to that service.
SETTINGS: dict[str, Setting] = {
    "approval_seconds": Setting("Validade da aprovação de um supervisor, em segundos", 300, 30, 900),
    "session_hours": Setting("Horas sem uso até a sessão terminar", 168, 1, 720),
}


@dataclass
class Company:
    """A tenant of the installation; `settings` holds the values that were set, the others have their defaults."""

    id: str
    code: str
    name: str
    time_zone: str = "America/Sao_Paulo"
    settings: dict[str, int] = field(default_factory=dict)
    version: int = 1

    def __post_init__(self) -> None:
        refuse_unknown_zone(self.time_zone)

    def change(
        self, name: str | None = None, time_zone: str | None = None, settings: Mapping[str, int] | None = None
    ) -> None:
        """Raises Invalid("time_zone_unknown"), Invalid("setting_unknown") or Invalid("setting_invalid")."""
        refuse_unknown_zone(time_zone or self.time_zone)
        self.name = name or self.name
        self.time_zone = time_zone or self.time_zone
        self.settings = {**self.settings, **_check_settings(settings or {})}

    def setting(self, name: str) -> int:
        return self.settings.get(name, SETTINGS[name].default)

    @property
    def all_settings(self) -> dict[str, int]:
        return {name: self.setting(name) for name in SETTINGS}

    def event_data(self) -> dict[str, object]:
        """The data of company_changed."""
        return {"company_id": self.id, "code": self.code, "name": self.name, "time_zone": self.time_zone}


def refuse_unknown_zone(time_zone: str) -> None:
    """Raises Invalid("time_zone_unknown") unless it is a name of the IANA database."""
    try:
        zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        detail = "Fuso horário desconhecido; informe um nome como America/Manaus."
        raise Invalid("time_zone_unknown", detail, fields={"time_zone": [detail]}) from error


def _check_settings(settings: Mapping[str, int]) -> dict[str, int]:
    unknown = sorted(set(settings) - set(SETTINGS))
    if unknown:
        detail = f"Configuração desconhecida: {', '.join(unknown)}."
        raise Invalid("setting_unknown", detail, fields={"settings": [detail]})
    wrong = [name for name, value in settings.items() if not SETTINGS[name].least <= value <= SETTINGS[name].most]
    if wrong:
        bounds = "; ".join(f"{SETTINGS[n].label}: de {SETTINGS[n].least} a {SETTINGS[n].most}" for n in wrong)
        raise Invalid("setting_invalid", f"{bounds}.", fields={"settings": [f"{bounds}."]})
    return dict(settings)
