"""Row A8: how many attachments of one user may wait for an entry."""

from __future__ import annotations

import base64

import pytest

from services.attendance.attachments import commands
from services.attendance.attachments.model.attachments import STAGED_LIMIT
from services.attendance.attendances import commands as attendances_commands
from services.chassis.errors import Conflict
from tests.support.builders.attendance_in_memory import OPENED, office, run
from tests.support.fakes.memory import Memory


def begin(memory: Memory, attendance: str, number: int) -> str:
    return str(run(memory, commands.begin_upload, attendance_id=attendance, name=f"{number}.txt").id)


def test_uploads_that_begin_and_end_in_the_same_moment_leave_no_more_attachments_than_others() -> None:
    memory = office()
    attendance = run(memory, attendances_commands.open_attendance, **OPENED)["id"]
    uploads = [begin(memory, attendance, number) for number in range(STAGED_LIMIT)]
    # what begins in the same moment sees none of these
    rows = memory.collection("uploads").kept
    rows["late"] = {**rows[uploads[0]], "_id": "late"}
    for upload in (*uploads, "late"):
        run(memory, commands.send_part, upload_id=upload, number=0, data=base64.b64encode(b"Segue.").decode())
    for upload in uploads:
        run(memory, commands.finish_upload, upload_id=upload)
    with pytest.raises(Conflict) as refusal:
        run(memory, commands.finish_upload, upload_id="late")
    assert refusal.value.code == "attachments_too_many"
    assert len(memory.documents("attachments")) == STAGED_LIMIT


def test_uploads_that_are_not_finished_count_and_leave_their_places_when_discarded() -> None:
    """Each may bring 10 MiB, and is kept for an hour."""
    memory = office()
    attendance = run(memory, attendances_commands.open_attendance, **OPENED)["id"]
    uploads = [begin(memory, attendance, number) for number in range(STAGED_LIMIT)]
    with pytest.raises(Conflict) as refusal:
        begin(memory, attendance, STAGED_LIMIT)
    assert refusal.value.code == "attachments_too_many"
    run(memory, commands.discard_upload, upload_id=uploads[0])
    assert begin(memory, attendance, STAGED_LIMIT)
