"""What junitparser and an XML schema make of a report: `junit.py SCHEMA REPORT`. Status 10 if they refuse it."""

import json
import sys
import xml.etree.ElementTree

import junitparser
import xmlschema

schema, report = sys.argv[1:]
try:
    xmlschema.XMLSchema(schema).validate(report)
    suites = list(junitparser.JUnitXml.fromfile(report))
except (xmlschema.XMLSchemaException, xml.etree.ElementTree.ParseError, junitparser.JUnitXmlError) as error:
    print(error, file=sys.stderr)
    sys.exit(10)

NAMES = ["tests", "failures", "errors", "skipped"]
cases = [case for suite in suites for case in suite]
counted = [
    len(cases),
    sum(case.is_failure for case in cases),
    sum(case.is_error for case in cases),
    sum(case.is_skipped for case in cases),
]
said = [sum(getattr(suite, name) for suite in suites) for name in NAMES]
if counted != said:
    print(f"the report says {said}, and there are {counted}", file=sys.stderr)
    sys.exit(10)
print(json.dumps(dict(zip(NAMES, counted))))
