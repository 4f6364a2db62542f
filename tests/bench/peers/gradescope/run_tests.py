"""What run_autograder calls on Gradescope; here the results go to stdout or to the file that RESULTS names."""

import os
import sys
import unittest
from pathlib import Path

from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.discover(str(Path(__file__).resolve().parent))
    results = os.environ.get("RESULTS")
    with open(results, "w") if results else sys.stdout as stream:
        JSONTestRunner(visibility="visible", stream=stream).run(suite)
