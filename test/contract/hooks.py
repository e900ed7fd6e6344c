"""Makes bodies that fit ones that are served: what is made up is of nobody's validator, and gets no further than who may ask."""

import json
import os
import re

import schemathesis

with open(os.environ["SERVED"]) as file:
    served = json.load(file)

hex_text = re.compile("0x[0-9a-fA-F]+")


def is_like(value, model):
    """Whether the schema has the same to say of both; what is not to fit stays as it is."""
    if isinstance(model, str):
        return isinstance(value, str) and hex_text.fullmatch(value) and len(value) == len(model)
    return type(value) is int and type(model) is int and 1 <= value < 2**53


def served_in(value, model):
    if isinstance(value, dict) and isinstance(model, dict):
        return {name: served_in(inner, model[name]) if name in model else inner for name, inner in value.items()}
    if isinstance(value, list) and isinstance(model, list):
        return [served_in(inner, model[at]) if at < len(model) else inner for at, inner in enumerate(value)]
    return model if is_like(value, model) else value


@schemathesis.hook
def map_body(context, body):
    models = served.get(context.operation.path, [])
    # Two of three, so that what is of nobody is asked for too.
    number = len(json.dumps(body, default=str)) % 3
    return served_in(body, models[number % len(models)]) if models and number < 2 else body
