"""One submission, and copies of it: (a) a good one, (b) two that never serve, (c) many."""

import os
import shlex
import shutil
from statistics import median

from . import table


def interleaved(tools, runs, play):
    """A B C A B C …: when the machine's speed drifts, it does so for all of them. The first round is not counted."""
    costs = {tool.name: [] for tool in tools}
    for turn in range(runs + 1):
        for tool in tools:
            cost = play(tool)
            if turn > 0:
                costs[tool.name].append(cost)
    return costs


def grade(bench, tool, program):
    results = bench.scratch / f"{tool.name.replace(' ', '-')}.json"
    results.unlink(missing_ok=True)
    folder = bench.submission(program)
    cost = bench.meter.run(tool.command(folder, results), env=tool.environment(folder, results))
    if cost.timed_out:
        cost.notes["passed"] = "timed out"
    else:
        try:
            cost.notes["passed"] = "{} of {}".format(*tool.passed(cost, results))
        except (OSError, ValueError, KeyError) as problem:
            cost.notes["passed"] = f"no results: {problem}"
        else:
            if hasattr(tool, "first_failure"):
                cost.notes["first failure"] = tool.first_failure(results)
    return cost


def passed(costs):
    """What the runs say; they should all say the same."""
    return ", ".join(sorted({cost.notes["passed"] for cost in costs}))


def middle(costs, what="processor"):
    return median(getattr(cost, what) for cost in costs)


def good(bench):
    tools = bench.present()
    table.title("(a) a good server, prebuilt", "passed")
    costs = interleaved(tools, bench.runs, lambda tool: grade(bench, tool, "good"))
    for tool in tools:
        table.row(tool.name, costs[tool.name], passed(costs[tool.name]))
    bench.say_missing()
    alone = bench.programs_alone()
    print(f"{'the server by itself, same conversations':<44} {alone:15.3f}")

    peers = [tool for tool in tools if tool not in bench.ours]
    if peers and len(bench.ours) == 2 and bench.ours[1] in tools:
        best = min(peers, key=lambda tool: middle(costs[tool.name]))
        ratio = middle(costs[bench.ours[1].name]) / middle(costs[best.name])
        text = f"on the common steps, processor time at most 0.5 of the best peer's ({best.name})"
        table.aim(text, ratio <= 0.5, f"{ratio:.2f}")


def never(bench):
    for program, says in (("never_listens", "binds only"), ("never_accepts", "listens, accepts nobody")):
        tools = [tool for tool in bench.present() if tool is not bench.common]
        table.title(f"(b) a server that {says}", "passed")
        costs = interleaved(tools, bench.slow_runs, lambda tool: grade(bench, tool, program))
        for tool in tools:
            extra = passed(costs[tool.name])
            seconds = [cost.notes.get("first failure") for cost in costs[tool.name]]
            if None not in seconds:
                extra += f"; the failing step by itself {median(seconds):.3f} s"
            table.row(tool.name, costs[tool.name], extra)
        bench.say_missing()
        if bench.whole in tools:
            wall = middle(costs[bench.whole.name], "wall")
            table.aim("the whole run in at most 0.1 s", wall <= 0.1, f"{wall:.3f} s")


def copies(bench):
    cores = len(os.sched_getaffinity(0))
    for program in ("never_accepts", "good"):
        table.title(f"(c) copies of {program}, one after the other, and {cores} at a time")
        for tool in bench.present():
            if tool is bench.common:
                continue
            count = bench.copies if tool is bench.whole else bench.peer_copies
            folder = bench.scratch / "copies"
            shutil.rmtree(folder, ignore_errors=True)
            for number in range(count):
                shutil.copytree(bench.submission(program), folder / f"{number:03}")
            lines = []
            for place in sorted(folder.iterdir()):
                lines.append(tool.command(place, place.with_suffix(".json")))
            for width in (1, cores):
                cost = bench.meter.run(many(lines, width, bench.scratch / "lines"), env=tool.environment(folder, folder), timeout=3600)
                table.row(f"{tool.name}, {count} copies, {width} at a time", [cost])
                if tool is bench.whole and width == 1 and program == "never_accepts":
                    table.aim(f"{count} copies in at most 1 s", cost.wall <= 1, f"{cost.wall:.3f} s")
        bench.say_missing()


def many(commands, width, script):
    """One command that runs all of them, `width` at a time: xargs, for it costs next to nothing itself."""
    script.write_text("\n".join(shlex.join(command) for command in commands) + "\n")
    # Exit status 255 would stop xargs; what a tool returns does not matter here.
    each = ["-d", "\n", "-I", "LINE", "sh", "-c", "(LINE) >/dev/null 2>&1; true"]
    return ["xargs", "-a", str(script), "-P", str(width), *each]
