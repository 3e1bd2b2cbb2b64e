"""Row A8: how many attachments of one user may wait for an entry."""

from __future__ import annotations

import base64

import pytest

from services.attendance.attachments import commands
from services.attendance.attachments.model.attachments import STAGED_LIMIT
from services.attendance.attendances import commands as attendances_commands
from services.chassis.errors import Conflict
from tests.support.builders.attendance_in_memory import OPENED, office, run


def test_uploads_begun_side_by_side_leave_no_more_attachments_than_uploads_begun_one_after_another() -> None:
    memory = office()
    attendance = run(memory, attendances_commands.open_attendance, **OPENED)["id"]
    uploads = [
        run(memory, commands.begin_upload, attendance_id=attendance, name=f"{number}.txt").id
        for number in range(STAGED_LIMIT + 1)
    ]
    for upload in uploads:
        run(memory, commands.send_part, upload_id=upload, number=0, data=base64.b64encode(b"Segue.").decode())
    for upload in uploads[:-1]:
        run(memory, commands.finish_upload, upload_id=upload)
    with pytest.raises(Conflict) as refusal:
        run(memory, commands.finish_upload, upload_id=uploads[-1])
    assert refusal.value.code == "attachments_too_many"
    assert len(memory.documents("attachments")) == STAGED_LIMIT
