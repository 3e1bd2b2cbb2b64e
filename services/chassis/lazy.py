"""Attributes that are made when they are first read.

`functools.cached_property` has a lock before Python 3.12 which all instances of a class share: while one request reads
such a value from the database, every other request that needs its own would wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801, a decorator like property
    """As functools.cached_property, without its lock: for instances that one thread uses."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name = make, ""
        self.__doc__ = make.__doc__

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, _: type) -> lazy[T]: ...

    @overload
    def __get__(self, instance: object, _: type) -> T: ...

    def __get__(self, instance: object | None, _: type) -> lazy[T] | T:
        if instance is None:
            return self
        made = self._make(instance)
        vars(instance)[self._name] = made
        return made
