"""A results.json as Gradescope's own package writes it, with a test of this visibility: `gradescope.py VISIBILITY`."""

import io
import json
import sys
import unittest

from gradescope_utils.autograder_utils.decorators import number, visibility, weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


class Steps(unittest.TestCase):
    @weight(4)
    @number("1.1")
    def test_passes(self):
        """One line"""

    @weight(3)
    @visibility(sys.argv[1])
    def test_fails(self):
        """Half close"""
        self.fail("too short")


results = io.StringIO()
JSONTestRunner(stream=results, visibility="visible").run(unittest.defaultTestLoader.loadTestsFromTestCase(Steps))
written = json.loads(results.getvalue())
# A number in the documentation, and in what we write; a text in what this package writes.
del written["execution_time"]
print(json.dumps(written))
