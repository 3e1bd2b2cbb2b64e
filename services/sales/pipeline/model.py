"""The stages of the pipeline (row S5): at most ten, in order; the last one closes.

No framework, store or clock may enter.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import lru_cache

from services.chassis.errors import Conflict, NotFound
from services.sales.shared.names import same_name

NAMESPACE = uuid.UUID("0d8b6a53-21f5-5ae0-8b80-54a2d9a9f3c4")
MOST_STAGES = 10
DEFAULTS = ("Prospecção", "Contato realizado", "Proposta apresentada", "Negociação", "Encerrado")


@dataclass
class Stage:
    id: str
    name: str
    closing: bool = False


@dataclass
class Pipeline:
    """The closing stage is always there and always last: an opportunity in it is closed, and no other is."""

    stages: list[Stage]
    version: int = 0

    @classmethod
    def default(cls, company: str) -> Pipeline:
        """The pipeline that a company begins with; its ids are derived, and nothing is stored."""
        stages = [Stage(stage_id, name) for stage_id, name in zip(_default_ids(company), DEFAULTS, strict=True)]
        stages[-1].closing = True
        return cls(stages)

    @property
    def first(self) -> Stage:
        return self.stages[0]

    @property
    def closing(self) -> Stage:
        return self.stages[-1]

    def get(self, stage_id: str) -> Stage:
        """Raises NotFound("stage_not_found")."""
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        raise NotFound("stage_not_found", "Estágio não encontrado.")

    def add(self, id: str, name: str, position: int | None = None) -> Stage:
        """Adds a stage at `position` (from 1), by default last before the closing one.

        Raises Conflict("stages_full" or "stage_exists").
        """
        if len(self.stages) >= MOST_STAGES:
            raise Conflict("stages_full", f"O funil tem no máximo {MOST_STAGES} estágios.")
        self._refuse_double(name)
        stage = Stage(id, name)
        self._place(stage, position or len(self.stages))
        return stage

    def change(self, stage_id: str, name: str | None = None, position: int | None = None) -> Stage:
        """Raises NotFound("stage_not_found"), Conflict("stage_exists"), Conflict("stage_closing")."""
        stage = self.get(stage_id)
        if name is not None:
            self._refuse_double(name, but=stage)
            stage.name = name
        if position is not None:
            self._move(stage, position)
        return stage

    def remove(self, stage_id: str, in_use: bool) -> None:
        """Raises Conflict("stage_closing"), Conflict("stage_last") or Conflict("stage_in_use")."""
        stage = self.get(stage_id)
        if stage.closing:
            raise Conflict("stage_closing", "O estágio de encerramento não pode ser excluído.")
        if len(self.stages) == 2:
            raise Conflict("stage_last", "O funil precisa de um estágio além do encerramento.")
        if in_use:
            raise Conflict("stage_in_use", "Há contatos de venda neste estágio; mova-os antes de excluí-lo.")
        self.stages.remove(stage)

    def _move(self, stage: Stage, position: int) -> None:
        if stage.closing:
            if position < len(self.stages):
                raise Conflict("stage_closing", "O estágio de encerramento é sempre o último.")
            return
        self.stages.remove(stage)
        self._place(stage, position)

    def _place(self, stage: Stage, position: int) -> None:
        """Inserts the stage at `position`, but before the closing stage."""
        self.stages.insert(min(position, len(self.stages)) - 1, stage)

    def _refuse_double(self, name: str, but: Stage | None = None) -> None:
        if any(stage is not but and same_name(stage.name, name) for stage in self.stages):
            raise Conflict("stage_exists", "Já existe um estágio com este nome.")


@lru_cache(1_000)
def _default_ids(company: str) -> list[str]:
    return [uuid.uuid5(NAMESPACE, f"{company}:{number}").hex for number in range(len(DEFAULTS))]
