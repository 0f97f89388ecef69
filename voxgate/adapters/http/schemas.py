"""What the schema at `/openapi.json` says of bodies that are read by hand."""

from __future__ import annotations

from typing import Any

__all__ = ["body_schema"]

_PROBLEM = {
    "description": "A problem (RFC 9457) with OpenAI's member `error`",
    "content": {"application/problem+json": {}},
}


def body_schema(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a route says of its body; references in `schema` are replaced."""
    return {
        "requestBody": {"required": True, "content": {media_type: {"schema": _inlined(schema)}}},
        "responses": {"default": _PROBLEM},
    }


def _inlined(schema: dict[str, Any]) -> Any:
    """Return a schema whose references are replaced by what they name: it is put into another."""
    named = schema.pop("$defs", {})

    def resolve(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return named[part["$ref"].rpartition("/")[2]]
            return {name: resolve(value) for name, value in part.items()}
        return [resolve(value) for value in part] if isinstance(part, list) else part

    return resolve(schema)
