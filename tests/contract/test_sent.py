"""What is sent, in paths, queries and bodies: each part has its bound, and what it means is said in Portuguese."""

from __future__ import annotations

import re

from gateway.http.document import properties
from gateway.http.document.answers import operations
from tests.support.api_document import Schema, document, kinds, parts, schemas, sent_schemas


def sent_properties() -> dict[str, Schema]:
    return {
        f"{name}.{field}": said
        for name in sent_schemas()
        for field, said in schemas()[name].get("properties", {}).items()
    }


def test_what_a_property_of_a_body_means_is_said_in_portuguese() -> None:
    told = {field: said.get("description", "") for field, said in sent_properties().items()}
    assert len(told) > 600
    assert [field for field, words in told.items() if not re.fullmatch(r"[A-ZÀ-Ý].{3,150}", words)] == []
    english = re.compile(r"\b(the|of|and|whose|only|with|by)\b")
    assert [field for field, words in told.items() if english.search(words)] == []


def test_the_table_of_properties_has_nothing_that_no_body_has() -> None:
    fields = {field.rpartition(".")[2] for field in sent_properties()}
    assert properties.BY_NAME.keys() <= fields
    stems = {
        properties.DOES.sub("", field.partition(".")[0]) + "." + field.rpartition(".")[2] for field in sent_properties()
    }
    assert properties.OF_SCHEMA.keys() <= stems


def bodies(verb: str) -> dict[str, tuple[bool, Schema]]:
    """The properties of JSON bodies, and whether each is required."""
    contents = [one["requestBody"]["content"] for _, asked, one in operations(document())
                if asked == verb and "requestBody" in one]  # fmt: skip
    refs = [content["application/json"]["schema"]["$ref"] for content in contents if "application/json" in content]
    return {
        f"{name}.{field}": (field in schemas()[name].get("required", ()), said)
        for name in (ref.rpartition("/")[2] for ref in refs)
        for field, said in schemas()[name].get("properties", {}).items()
    }


def test_what_a_patch_leaves_out_stays_and_what_a_put_leaves_out_has_a_default() -> None:
    """A client that is generated sends a default that it is told, and would overwrite what is there."""
    assert len(bodies("patch")) > 100 < len(bodies("put"))
    assert [field for field, (_, said) in bodies("patch").items() if "default" in said] == []
    without = [
        field
        for field, (required, said) in bodies("put").items()
        if not required and "default" not in said and said.get("type") != "array"
    ]
    assert without == []


def test_whatever_is_sent_has_a_bound() -> None:
    """Of paths, queries and bodies."""
    asked = [one["parameters"] for one in document()["paths"].values() if "parameters" in one]
    asked += [one.get("parameters", []) for _, _, one in operations(document())]
    said = {one["name"]: one["schema"] for many in asked for one in many if one["in"] != "header"} | sent_properties()
    assert len(said) > 700
    assert [name for name, one in said.items() for part in parts(one) if not bounded(part)] == []


def bounded(part: Schema) -> bool:
    needed = {"string": {"maxLength", "pattern"}, "integer": {"maximum"}, "number": {"maximum"}, "array": {"maxItems"},
              "object": {"maxProperties"}}  # fmt: skip
    if "type" not in part or "enum" in part or part.get("format") in ("date", "date-time"):
        return True
    return all(not bounds or bounds & part.keys() for bounds in (needed.get(kind) for kind in kinds(part)))
