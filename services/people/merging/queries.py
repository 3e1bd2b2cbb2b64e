"""The preview of a merge, and the persons merged into one (row P7, ADR 0010)."""

from __future__ import annotations

from typing import Any

from services.chassis.access.sections import RECORD
from services.chassis.handling.entrypoints import query
from services.chassis.schemas import ById
from services.people.merging import contract
from services.people.merging.loading import pair_of, sees_merged
from services.people.merging.model.merge import Merge, merge_records
from services.people.session import PeopleSession

Data = dict[str, Any]


@query(takes=contract.PreviewMerge, gives=contract.MergePreview, needs="people.configure", section=RECORD)
def get_merge_preview(session: PeopleSession, data: Data) -> Data:
    """How the survivor would look; raises what merge_persons raises."""
    survivor, person = pair_of(session, data)
    preview = merge_records(survivor, person, data["take"])
    versions = {"survivor_version": survivor.version, "person_version": person.version}
    return {**vars(preview), **versions}


@query(takes=ById, gives=contract.MergedPersons, needs="people.read", section=RECORD)
def list_merged_persons(session: PeopleSession, data: Data) -> Data:
    """The persons merged into this one, the newest merge first."""
    survivor = session.persons.get(data["id"])
    merges = [merge for merge in session.merges.into(survivor.id) if sees_merged(session, merge)]
    return {"items": [{**vars(merge), "person": _person_reference(merge)} for merge in merges]}


def _person_reference(merge: Merge) -> Data:
    """The merged person, by the name in the record of the merge."""
    return {"id": merge.id, "code": merge.code, "name": merge.person.name if merge.person else ""}
