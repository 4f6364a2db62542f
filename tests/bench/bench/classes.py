"""A class: (d) many students whose programs have to be built, (e) the same class again, unchanged."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import table

ROOT = Path(__file__).resolve().parents[3]
ABSENT = "class: not in this grader"


def there(bench):
    asked = subprocess.run([str(bench.whole.program), "class", "--help"], capture_output=True)
    return asked.returncode == 0


def grade(bench, folder, results, cache, timeout=3600 * 3):
    command = [str(bench.whole.program), "class", str(folder), "--out", str(results), "--lab", "02-server"]
    env = os.environ | {"GRADER_CACHE": str(cache)}
    cost = bench.meter.run(command, env=env, timeout=timeout, watch_memory=True)
    if cost.status not in (0, 1) or not (results / "gradebook.csv").exists():
        raise RuntimeError(f"class ended with {cost.status}: {cost.output[-2000:]}")
    return cost


def student(folder, number):
    """The reference with an edit of its own: the compiler has to run for each, because no two sources are the same."""
    shutil.copytree(ROOT / "reference", folder, ignore=shutil.ignore_patterns("target"))
    shutil.copy(ROOT / "starter/Cargo.lock", folder)
    manifest = folder / "Cargo.toml"
    manifest.write_text(manifest.read_text() + "\n[workspace]\n")
    source = folder / "src/server.rs"
    source.write_text(source.read_text() + f"\n#[allow(dead_code)]\nconst STUDENT: u32 = {number};\n")
    return folder


def builds_alone(bench, times=3):
    """The processor time of one student's build without a grader: same profile, the crates built already.

    The first build, not counted, makes the crates; after that all that is left to do is the student's own package,
    at a path of its own, as in the class.
    """
    work = fresh(bench.scratch / "alone")
    env = os.environ | {
        "CARGO_TARGET_DIR": str(work / "target"),
        "CARGO_INCREMENTAL": "0",
        "CARGO_PROFILE_DEV_DEBUG": "0",
    }
    spent = 0.0
    for number in range(times + 1):
        folder = student(work / f"{number}", 1_000_000 + number)
        cost = bench.meter.run(["cargo", "build", "--quiet", "--bin", "server"], cwd=folder, env=env)
        if cost.status:
            raise RuntimeError(f"cargo build: {cost.output[-1000:]}")
        if number:
            spent += cost.processor
    (work / "server").write_bytes((work / "target/debug/server").read_bytes())
    (work / "server").chmod(0o755)
    return spent / times, work


def program_alone(bench, folder):
    """The processor time of a student's program in the lab's conversations; see alone.py."""
    script = Path(__file__).with_name("alone.py")
    runs = [bench.meter.run([sys.executable, str(script), str(folder)]) for _ in range(3)]
    for run in runs:
        if run.status:
            raise RuntimeError(f"alone: {run.output[-1000:]}")
    return sorted(float(run.output) for run in runs)[1]


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def built(bench):
    count, cores = bench.students, len(os.sched_getaffinity(0))
    table.title(f"(d) a class of {count}, each with a build")
    if not there(bench):
        return table.absent("grader class", ABSENT)
    build, alone = builds_alone(bench)
    program = program_alone(bench, alone)
    cache = fresh(bench.scratch / "cache")
    # The lab's crates are fetched and built once for a machine, by whoever builds first: not part of this class.
    first = fresh(bench.scratch / "first")
    student(first / "warm", 999_999)
    grade(bench, first, bench.scratch / "first-results", cache)
    folder, results = fresh(bench.scratch / "class"), bench.scratch / "class-results"
    shutil.rmtree(results, ignore_errors=True)
    for number in range(count):
        student(folder / f"student-{number:04}", number)
    cost = grade(bench, folder, results, cache)
    table.row("grader class", [cost])
    theirs = count * (build + program)
    print(f"  builds {build:.2f} s and programs {program:.2f} s a student, alone: {theirs:.1f} s of processor time,")
    print(f"  {theirs / cost.processor:.0%} of what the class took; {cost.processor / cost.wall:.2f} of {cores} cores in use")
    bound = theirs / cores
    table.aim("wall at most 1.2 of builds and programs over cores", cost.wall <= 1.2 * bound, f"{cost.wall / bound:.2f}")
    table.aim("the grader itself in at most 200 MB", cost.peak <= 200_000, f"{cost.peak / 1000:.0f} MB")


def unchanged(bench):
    count = bench.unchanged
    table.title(f"(e) a class of {count} again, nothing changed")
    if not there(bench):
        return table.absent("grader class", ABSENT)
    cache = fresh(bench.scratch / "cache-again")
    folder, results = fresh(bench.scratch / "again"), bench.scratch / "again-results"
    shutil.rmtree(results, ignore_errors=True)
    for number in range(count):
        place = folder / f"student-{number:04}"
        # The quickest to grade: what is measured is the second time.
        shutil.copytree(bench.submission("never_listens"), place)
        (place / "NAME").write_text(f"student {number}\n")
    first = grade(bench, folder, results, cache)
    table.row("grader class, the first time", [first])
    costs = [grade(bench, folder, results, cache) for _ in range(bench.runs)]
    table.row("grader class, unchanged", costs)
    wall = sorted(cost.wall for cost in costs)[len(costs) // 2]
    table.aim("at most 2 s", wall <= 2, f"{wall:.3f} s")
