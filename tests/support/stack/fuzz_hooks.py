"""For schemathesis, loaded by its own process: which of its cases say nothing about the API's document."""

from __future__ import annotations

from typing import Any

import schemathesis

from services.chassis import texts


@schemathesis.hook  # type: ignore[untyped-decorator, unused-ignore]
def filter_case(context: Any, case: Any) -> bool:
    """Drops wrong input with signs that nobody sees: they go before a text is checked, so it may be right."""
    wrong = case.meta is not None and case.meta.generation.mode.is_negative
    return not (wrong and any(texts.lines(text) != text for text in _texts([case.body, case.query])))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _texts(one)]
