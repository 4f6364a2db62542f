"""The tools side by side: how each is installed, called, and asked how many checks passed."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent / "peers"

# The steps that every tool here can play, by our names. README.md says what becomes of the other two.
COMMON = (
    "listens announces any-address backlog echoes next-client exact-bytes megabyte closes half-close no-leak reset "
    "broken-pipe restart refuses waits-asleep"
).split()


@dataclass
class Tool:
    name: str
    missing: str = ""  # why it cannot be run, if so

    def command(self, folder, results):
        """The call that grades `folder` and leaves what it found in the file `results`."""
        raise NotImplementedError

    def environment(self, folder, results):
        return os.environ.copy()

    def passed(self, cost, results):
        """How many checks passed, of how many."""
        raise NotImplementedError


class Ours(Tool):
    def __init__(self, name, program, steps=()):
        super().__init__(name)
        self.program, self.steps = program, steps
        if not program.exists():
            self.missing = f"no {program}: cargo build --release --package grader"

    def command(self, folder, results):
        steps = [word for step in self.steps for word in ("--step", f"02-server/{step}")]
        # The level is asked for: at a lesser one the figures would mean less.
        level = ["--require-level", "cell"]
        return [str(self.program), "grade", str(folder), "--lab", "02-server", *level, *steps, "--json", str(results)]

    def steps_of(self, results):
        return json.loads(results.read_text())["labs"][0]["steps"]

    def passed(self, cost, results):
        verdicts = [step["verdict"] for step in self.steps_of(results)]
        return verdicts.count("passed"), len(verdicts)

    def first_failure(self, results):
        return next((step["seconds"] for step in self.steps_of(results) if step["verdict"] == "failed"), None)


class Check50(Tool):
    def __init__(self, venv):
        super().__init__("check50", venv.missing.get("check50", ""))
        self.program = venv.folder / "bin/check50"

    def command(self, folder, results):
        # --dev: the checks are a folder here and not a repository to be fetched; nothing is uploaded.
        words = [str(self.program), "--dev", "--log-level", "warning", "-o", "json", "--output-file", str(results)]
        # It grades the folder it stands in.
        return ["sh", "-c", 'cd "$0" && exec "$@"', str(folder), *words, str(PEERS / "check50")]

    def passed(self, cost, results):
        verdicts = [check["passed"] for check in json.loads(results.read_text())["results"]]
        return verdicts.count(True), len(verdicts)


class Gradescope(Tool):
    def __init__(self, venv):
        super().__init__("gradescope-utils", venv.missing.get("gradescope-utils", ""))
        self.program = venv.folder / "bin/python"

    def command(self, folder, results):
        words = [str(self.program), str(PEERS / "gradescope/run_tests.py")]
        return ["env", f"SUBMISSION={folder}", f"RESULTS={results}", *words]

    def passed(self, cost, results):
        verdicts = [test["status"] for test in json.loads(results.read_text())["tests"]]
        return verdicts.count("passed"), len(verdicts)


class Shell(Tool):
    def __init__(self):
        super().__init__("shell driver")
        lacking = [word for word in ("ss", "nc", "python3") if subprocess.run(["which", word], capture_output=True).returncode]
        self.missing = f"needs {', '.join(lacking)}" if lacking else ""

    def command(self, folder, results):
        return [str(PEERS / "shell/driver.sh"), str(folder)]

    def passed(self, cost, results):
        verdicts = re.findall(r"^[a-z-]+: (\d+)/\d+$", cost.output, re.M)
        return len(verdicts) - verdicts.count("0"), len(COMMON)


class Venv:
    """An environment of its own for the peers from PyPI, made once."""

    def __init__(self, folder, packages):
        self.folder, self.missing = folder, {}
        python = folder / "bin/python"
        if not python.exists():
            made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True)
            if made.returncode:
                self.missing = {name: "no venv can be made" for name in packages}
                return
        for name in packages:
            if self.has(name):
                continue
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", name]
            done = subprocess.run(pip, capture_output=True, text=True)
            if done.returncode:
                lines = done.stderr.strip().splitlines()
                self.missing[name] = "not installed: " + (lines[-1] if lines else "pip says nothing")

    def has(self, name):
        show = [str(self.folder / "bin/python"), "-m", "pip", "show", "--quiet", name]
        return subprocess.run(show, capture_output=True).returncode == 0

    def version(self, name):
        asked = f"import importlib.metadata as m; print(m.version({name!r}))"
        found = subprocess.run([str(self.folder / "bin/python"), "-c", asked], capture_output=True, text=True)
        return found.stdout.strip() or "missing"
