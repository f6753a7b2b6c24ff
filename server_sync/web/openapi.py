"""The OpenAPI 3.1 description, made from the route table and the messages, so that it cannot disagree with them."""

import re
from typing import Any

import msgspec

from server_sync.contract.problems import KINDS, MEDIA, Problem
from server_sync.contract.routes import ROUTES, Route, problems_of
from server_sync.contract.version import HEADER, OLDEST, PROTOCOL

BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
KEY_PARAMETER = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "Made by the caller, once for what it wants done once; kept for 30 days.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{8,80}$", "minLength": 8, "maxLength": 80},
}  # fmt: skip
PROTOCOL_PARAMETER = {
    "name": HEADER, "in": "header", "required": False, "description": "The protocol number spoken.",
    "schema": {"type": "integer", "minimum": OLDEST, "maximum": PROTOCOL},
}  # fmt: skip
HEADERS = {"X-Request-Id": {"description": "Names the request in the service's log.", "schema": {"type": "string"}}}


def describe(title: str, version: str) -> dict[str, Any]:
    """The whole description, ready to be sent as JSON."""
    kinds = [
        kind for route in ROUTES for kind in (route.request, route.query, route.answer) if kind not in (None, bytes)
    ]
    _, components = msgspec.json.schema_components(
        [*dict.fromkeys(kinds), Problem], ref_template="#/components/schemas/{name}"
    )
    schemas = {name: _with_base64(schema) for name, schema in components.items()}
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    queries = {route.query.__name__ for route in ROUTES if route.query}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    parameters = [_part(name) for name in re.findall(r"\{(\w+)\}", route.path)]
    if route.query:
        parameters += [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in schemas[route.query.__name__]["properties"].items()
        ]
    if route.writes:
        parameters.append(KEY_PARAMETER)
    parameters.append(PROTOCOL_PARAMETER)
    made: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": parameters,
        "responses": {
            str(route.status): {
                "description": "Done.",
                "headers": HEADERS,
                "content": _content(route.answer, route.media),
            }
        },
    }
    for status in sorted({KINDS[slug].status for slug in problems_of(route)}):
        titles = [f"`{slug}`: {KINDS[slug].title}." for slug in problems_of(route) if KINDS[slug].status == status]
        made["responses"][str(status)] = {
            "description": " ".join(titles), "headers": HEADERS, "content": _content(Problem, MEDIA),
        }  # fmt: skip
    if route.request is not None:
        content = _content(route.request, route.body_media, limit=route.limit)
        made["requestBody"] = {"required": True, "content": content}
    if route.access != "anyone":
        made["security"] = [{"token": []}]
        made["x-roles"] = list(route.roles)
    return made


def _content(kind: Any, media: str, limit: int | None = None) -> dict[str, Any]:
    if kind is bytes and media == "application/json":
        return {media: {"schema": {"type": "object"}}}
    if kind is bytes:
        return {media: {"schema": {"type": "string", "format": "binary", **({"maxLength": limit} if limit else {})}}}
    return {media: {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}


def _part(name: str) -> dict[str, Any]:
    schema = (
        {"type": "string", "pattern": "^[0-9a-f]{64}$", "minLength": 64, "maxLength": 64}
        if name == "sha256"
        else {"type": "string", "format": "uuid"}
    )
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _with_base64(schema: Any) -> Any:
    """The schema with base64 spelt out as a pattern, for readers that only look at those."""
    if isinstance(schema, list):
        return [_with_base64(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _with_base64(one) for name, one in schema.items()}
    if made.get("contentEncoding") == "base64":
        made.setdefault("pattern", BASE64)
    return made
