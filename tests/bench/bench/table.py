"""Figures as lines of a table: minimum, median, maximum."""

from statistics import median

HEAD = f"{'':<44} {'processor s':^23}  {'wall s':^23}  "


def spread(values):
    return f"{min(values):7.3f} {median(values):7.3f} {max(values):7.3f}"


def title(text, extra=""):
    print(f"\n{text}\n{HEAD}{extra}")
    print(f"{'':<44} {'min':>7} {'median':>7} {'max':>7}  {'min':>7} {'median':>7} {'max':>7}")


def row(name, costs, extra=""):
    print(f"{name:<44} {spread([c.processor for c in costs])}  {spread([c.wall for c in costs])}  {extra}", flush=True)


def absent(name, why):
    print(f"{name:<44} {why}", flush=True)


def aim(text, met, figure):
    print(f"aim: {text}: {figure}: {'met' if met else 'missed'}", flush=True)
