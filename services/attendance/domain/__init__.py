"""The rules of `attendance`. No framework, store or clock may enter."""

from __future__ import annotations

from services.attendance.domain.attachments import PART_BYTES, Attachment, Rule, Upload
from services.attendance.domain.attendance import (
    ACTIVE,
    ARCHIVED,
    CHANGE,
    CLOSED,
    CYCLE,
    MOVE,
    NOTE,
    OPEN,
    SYSTEM,
    TRASHED,
    Attendance,
    Entry,
    title_of,
)
from services.attendance.domain.centers import Center
from services.attendance.domain.cycle import QUESTION_KINDS, CenterQuestions, Cycle, CycleAnswer, Question
from services.attendance.domain.drafts import Draft
from services.attendance.domain.options import Options
from services.attendance.domain.tags import TODOS
from services.attendance.domain.types import (
    CRITICAL,
    GROUP,
    LEAF,
    MAX_ATTACHMENT,
    PRIORITIES,
    TYPE_KINDS,
    StandardText,
    Tree,
    Type,
)
from services.attendance.domain.workflow import Answer, Graph, Item, Offer, Place, Version, Workflow

__all__ = [
    "ACTIVE",
    "ARCHIVED",
    "CHANGE",
    "CLOSED",
    "CRITICAL",
    "CYCLE",
    "GROUP",
    "LEAF",
    "MAX_ATTACHMENT",
    "MOVE",
    "NOTE",
    "OPEN",
    "PART_BYTES",
    "PRIORITIES",
    "QUESTION_KINDS",
    "SYSTEM",
    "TODOS",
    "TRASHED",
    "TYPE_KINDS",
    "Answer",
    "Attachment",
    "Attendance",
    "Center",
    "CenterQuestions",
    "Cycle",
    "CycleAnswer",
    "Draft",
    "Entry",
    "Graph",
    "Item",
    "Offer",
    "Options",
    "Place",
    "Question",
    "Rule",
    "StandardText",
    "Tree",
    "Type",
    "Upload",
    "Version",
    "Workflow",
    "title_of",
]
