"""Code that nobody calls: vulture, who also knows that fields of schemas and records are read by their names.

`python -m deploy.dead_code` prints each name that is defined and used nowhere, and ends with 1 where there is one.
What a library calls by its name is excepted in pyproject.toml, each with its reason.
"""

from __future__ import annotations

import ast
import re
import sys

from vulture.config import make_config
from vulture.core import Vulture

RUN = re.compile(r"\w+(?:\.\w+)+:(\w+)(?:\(\))?")


class DeclaringVulture(Vulture):
    """A class's `name: type` is a field that attrs, dataclasses or cattrs read, `name = Text()` one of marshmallow."""

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # noqa: N802 - vulture's name
        for part in node.body:
            if isinstance(part, ast.AnnAssign):
                self._declare([part.target])
            elif isinstance(part, ast.Assign) and isinstance(part.value, ast.Call):
                self._declare(part.targets)
        super().visit_ClassDef(node)

    def visit_Constant(self, node: ast.Constant) -> None:  # noqa: N802 - vulture's name
        """A text `module:Class` names what a process runs, or a server serves."""
        if isinstance(node.value, str) and (named := RUN.fullmatch(node.value)):
            self.used_names.add(named[1])

    def _declare(self, targets: list[ast.expr]) -> None:
        self.used_names |= {one.id for one in targets if isinstance(one, ast.Name)}


def main(arguments: list[str]) -> int:
    """As vulture's own command, whose settings are read."""
    config = make_config(arguments)
    found = DeclaringVulture(ignore_names=config["ignore_names"], ignore_decorators=config["ignore_decorators"])
    found.scavenge(config["paths"], exclude=config["exclude"])
    return int(found.report(min_confidence=config["min_confidence"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
