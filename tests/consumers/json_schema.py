"""Whether PyPI's jsonschema accepts a report: `json_schema.py SCHEMA REPORT`. Status 10 if not."""

import json
import sys

from jsonschema import Draft202012Validator, ValidationError

schema, report = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
Draft202012Validator.check_schema(schema)
try:
    Draft202012Validator(schema).validate(report)
except ValidationError as error:
    print(error.json_path, error.message, file=sys.stderr)
    sys.exit(10)
