#!/usr/bin/env python3
"""validate.py OPENAPI - holds documents against the schemas of the contract.

Reads JSON lines {"name", "schema", "value"} from standard input, where `schema` is a JSON pointer into
OPENAPI, and prints a line for each fault. First the schemas themselves are held against the
metaschema of JSON Schema 2020-12.
"""
import json
import sys

import yaml
from jsonschema import Draft202012Validator, FormatChecker

LOADER = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


def at(document, pointer):
    for part in pointer.strip('/').split('/'):
        part = part.replace('~1', '/').replace('~0', '~')
        document = document[part]
    return document


def main():
    with open(sys.argv[1], encoding='utf-8') as source:
        contract = yaml.load(source, Loader=LOADER)
    for name, schema in contract['components']['schemas'].items():
        for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema):
            print(f'{name}: {error.message}')
    validators = {}
    for line in sys.stdin:
        case = json.loads(line)
        pointer = case['schema']
        if pointer not in validators:
            schema = {**at(contract, pointer), 'components': contract['components']}
            validators[pointer] = Draft202012Validator(schema, format_checker=FormatChecker())
        for error in validators[pointer].iter_errors(case['value']):
            where = '/'.join(str(part) for part in error.absolute_path)
            print(f"{case['name']}: /{where}: {error.message[:300]}")


main()
