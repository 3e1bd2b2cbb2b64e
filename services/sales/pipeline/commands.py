"""The stages of the pipeline, set up (row S5)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import CONFIGURATION
from services.chassis.handling.entrypoints import command
from services.sales.pipeline import contract
from services.sales.pipeline.model import Pipeline
from services.sales.session import SalesSession

Data = dict[str, Any]


@command(takes=contract.AddStage, gives=contract.SavedStage, needs="sales.configure", section=CONFIGURATION)
def add_stage(tx: SalesSession, data: Data) -> Data:
    """Raises Conflict("stages_full") for an 11th, Conflict("stage_exists")."""
    pipeline = tx.configuration.pipeline()
    stage = pipeline.add(tx.new_id(), **data)
    tx.configuration.save(pipeline)
    return {**vars(stage), "version": pipeline.version}


@command(takes=contract.ChangeStage, gives=contract.StageList, needs="sales.configure", section=CONFIGURATION)
def change_stage(tx: SalesSession, data: Data) -> Pipeline:
    """Changes name or position; raises Conflict("stage_exists"), Conflict("stage_closing")."""
    pipeline = tx.configuration.pipeline()
    pipeline.change(**data)
    tx.configuration.save(pipeline)
    return pipeline


@command(takes=contract.DeleteStage, gives=contract.StageList, needs="sales.configure", section=CONFIGURATION)
def delete_stage(tx: SalesSession, data: Data) -> Pipeline:
    """Raises Conflict("stage_in_use"), Conflict("stage_closing"), Conflict("stage_last")."""
    pipeline = tx.configuration.pipeline()
    pipeline.remove(data["stage_id"], in_use=tx.opportunities.any_in(data["stage_id"]))
    tx.configuration.save(pipeline)
    tx.stage_totals.seal(data["stage_id"])
    return pipeline
