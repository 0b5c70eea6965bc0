"""The API does what its own description says, whatever comes in (schemathesis), and bounds it all."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

from superapp.wsgi import application
from tests.database import undone
from tests.permissions import world as worlds

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = 5


def described():
    """The schema as /api/schema/ gives it."""
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))


@pytest.fixture
def world(db, settings):
    settings.API_BURST = 1_000_000
    made = worlds.make(settings)
    for signal, handler in SIGNALS:
        signal.disconnect(handler)  # they would close the connection that holds this test
    yield made
    for signal, handler in SIGNALS:
        signal.connect(handler)


SIGNALS = (
    (request_started, reset_queries),
    (request_started, close_old_connections),
    (request_finished, close_old_connections),
)
turn = iter(range(10**9))


def test_every_operation_keeps_its_word(world):
    """One after the other in one world: a world for each operation would cost minutes."""
    schema = schemathesis.openapi.from_dict(described())
    broken = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            try:
                try_out(operation, mode, world)
            except (AssertionError, BaseExceptionGroup) as failure:
                broken[operation.label] = str(failure)[:1500]
            except Unsatisfiable:
                assert mode.is_negative, operation.label  # anything at all is accepted
    assert not broken, "\n\n".join(f"{label}: {why}" for label, why in broken.items())


def try_out(operation, mode, world):
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        if next(turn) % 2:
            put_real_ids(case, world.ids)
        with undone():
            answer = case.call(
                app=application, headers={"Authorization": f"Bearer {world.tokens['owner']}"}
            )
        case.validate_response(answer, checks=CHECKS)

    ask()


def put_real_ids(case, ids):
    """Half of the requests speak of things that are there."""
    known = {**ids, "conversation": ids["conversation_id"], "account": ids["account_id"]}
    known |= {"source": ids["conversation_id"], "accounts": [ids["account_id"]]}
    for place in (case.path_parameters, case.query, case.body):
        if isinstance(place, dict):
            place.update({name: known[name] for name in place if name in known})


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def unbounded(shape, components, where, seen=()):
    """Every text, list and number in a shape that says nothing about its size."""
    reference = shape.get("$ref", "")
    if reference in seen:
        return
    if reference:
        named = components[reference.rpartition("/")[2]]
        yield from unbounded(named, components, where, (*seen, reference))
    yield from (f"{where}: {fault}" for fault in faults(shape))
    for inner, name in inside(shape):
        yield from unbounded(inner, components, f"{where}{name}", seen)


def faults(shape):
    kinds = shape.get("type", [])
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    named = shape.keys() & {"enum", "const"} or shape.get("format") in SIZED
    for kind, bound in (("string", "maxLength"), ("array", "maxItems"), ("integer", "maximum")):
        if kind in kinds and not named and bound not in shape:
            yield f"{kind} without {bound}"


# Formats whose texts are short, and files, which are bounded by bytes.
SIZED = {"date-time", "date", "uri", "binary"}


def inside(shape):
    for group in ("allOf", "oneOf", "anyOf"):
        yield from ((part, "") for part in shape.get(group, ()))
    if "items" in shape:
        yield shape["items"], "[]"
    yield from ((part, f".{name}") for name, part in shape.get("properties", {}).items())


def test_everything_that_comes_in_has_a_bound():
    schema = described()
    components = schema["components"]["schemas"]
    found = []
    for name, operation in operations(schema):
        for parameter in operation.get("parameters", []):
            if parameter["in"] != "path":  # an address is bounded by the server
                where = f"{name} ?{parameter['name']}"
                found += unbounded(parameter["schema"], components, where)
        for media in operation.get("requestBody", {}).get("content", {}).values():
            found += unbounded(media["schema"], components, name)
    assert not found, "".join(f"\n  {line}" for line in found)


def test_the_walk_finds_what_has_no_bound():
    shape = {
        "type": "object",
        "properties": {
            "free": {"type": "string"},
            "many": {"type": "array", "items": {"type": "string", "maxLength": 3}},
            "one": {"type": ["string", "null"], "maxLength": 9},
        },
    }
    assert list(unbounded(shape, {}, "x")) == [
        "x.free: string without maxLength",
        "x.many: array without maxItems",
    ]


def test_every_operation_says_how_it_refuses_and_what_it_is_called():
    found = dict(operations(described()))
    assert [n for n, o in found.items() if not {"4XX", "503"} <= set(o["responses"])] == []
    names = [operation["operationId"] for operation in found.values()]
    assert len(names) == len(set(names))
    silent = [n for n, o in found.items() if not o.get("security")]
    assert silent == []
