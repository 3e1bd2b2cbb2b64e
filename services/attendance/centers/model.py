"""Responsibility centers (row A1): a center is a phase of an attendance, in which somebody must act.

Pure: no framework, store or clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.chassis.errors import Conflict, Invalid


@dataclass
class Center:
    """`ends_the_process`: an attendance moved here is closed. The other flags are demands on the user who moves it."""

    id: str
    name: str
    ends_the_process: bool = False
    next_user_required: bool = False
    text_required: bool = False
    default_text: str = ""
    version: int = 1

    def change(self, data: dict[str, Any], in_a_workflow: bool) -> None:
        """Sets the fields of `data`. `in_a_workflow`: whether a published workflow has it; then its ending is fixed.

        Raises Conflict("center_in_use").
        """
        if in_a_workflow and data["ends_the_process"] != self.ends_the_process:
            raise Conflict(
                "center_in_use",
                "O centro está em um workflow publicado; crie outro centro para mudar se encerra o processo.",
            )
        for name, value in data.items():
            setattr(self, name, value)

    def receive(self, has_text: bool, next_user_id: str | None) -> None:
        """Checks what moving an attendance here demands.

        Raises Invalid("entry_text_required" or "next_user_required").
        """
        if self.text_required and not has_text:
            detail = f"O centro {self.name} exige um texto no parecer."
            raise Invalid("entry_text_required", detail, fields={"text": [detail]})
        if self.next_user_required and not next_user_id:
            detail = f"O centro {self.name} exige o usuário do próximo contato."
            raise Invalid("next_user_required", detail, fields={"next_user_id": [detail]})
