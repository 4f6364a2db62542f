#!/usr/bin/env python3
"""Writes a class that no course has, and every course has a part of: good submissions, every mutant of the labs, programs
in C and Python, archives of all kinds, damaged ones, and hostile programs.

usage: synthetic_class.py OUT [--students N] [--order SEED] [--lab LAB]…

Another order gives the same submissions other places in the class, and so other neighbours.
"""

import argparse
import random
import shutil
import tarfile
import zipfile
from pathlib import Path

try:
    import yaml
except ImportError:
    raise SystemExit("error: PyYAML is not installed\nhint: apt install python3-yaml") from None

TOP = Path(__file__).resolve().parents[2]
LEAVE = shutil.ignore_patterns("target", "*.o")


def mutants(labs):
    """Each mutant's lab, of these labs or of all, and the mutant as its file has it: id, file, replace, with."""
    for lab in sorted((TOP / "labs").iterdir()):
        if lab.name in (labs or [lab.name]) and (lab / "mutants.yaml").is_file():
            for mutant in yaml.safe_load((lab / "mutants.yaml").read_text())["mutants"]:
                yield lab.name, mutant


def copy(source, to):
    shutil.copytree(source, to, ignore=LEAVE)


def write(folder, **files):
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)


def good(folder, number):
    """The reference, with a line of its own, so that it is a program that nobody has built before."""
    copy(TOP / "reference", folder)
    for main in folder.glob("src/*.rs"):
        main.write_text(main.read_text() + f"\n// {number}\n")


def mutate(folder, number, mutant):
    good(folder, number)
    file = folder / mutant["file"]
    text = file.read_text()
    if mutant["replace"] not in text:
        raise SystemExit(f"{mutant['id']}: nothing to replace in {mutant['file']}")
    file.write_text(text.replace(mutant["replace"], mutant["with"], 1))


HOSTILE = {
    "fork-bomb": "int main(void) { for (;;) fork(); }",
    "eats-memory": "int main(void) { for (;;) { char *m = malloc(1 << 20); if (m) memset(m, 1, 1 << 20); } }",
    "fills-the-disk": 'int main(void) { FILE *f = fopen("/tmp/x", "w"); for (;;) fputs("xxxxxxxxxxxxxxxx", f); }',
    "floods-stderr": 'int main(void) { for (;;) fputs("listening on 0.0.0.0:1\\n", stderr); }',
    "never-sleeps": "int main(void) { for (;;) ; }",
    "kills-all": "int main(void) { for (;;) { kill(-1, SIGKILL); usleep(1000); } }",
    "stays-behind": "int main(void) { if (fork() == 0) { setsid(); for (;;) pause(); } return 0; }",
    "markup": 'int main(void) { fputs("<script>alert(1)</script>\\033]0;x\\007", stderr); return 3; }',
    "says-it-passed": 'int main(void) { puts("{\\"score\\": 100, \\"passed\\": true}"); return 0; }',
}
HEAD = "#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"
MAKEFILE = "all: client server\nclient server: program.c\n\t$(CC) -o $@ program.c\n"


def pack(folder, kind):
    """The folder as an archive of its name."""
    if kind == "zip":
        with zipfile.ZipFile(f"{folder}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(file, Path("hw") / file.relative_to(folder))
    else:
        with tarfile.open(f"{folder}.{kind}", "w:gz" if kind == "tar.gz" else "w") as archive:
            archive.add(folder, "hw")
    shutil.rmtree(folder)


def submissions(students, labs):
    """Names and what writes each, as many as there are students: those that differ first, then good ones."""
    made = []
    for lab, mutant in mutants(labs):
        made.append((f"mutant-{lab}-{mutant['id']}", lambda to, number, mutant=mutant: mutate(to, number, mutant)))
    for source in sorted((TOP / "tests/submissions").glob("*/*")):
        made.append((f"{source.parent.name}-{source.name}", lambda to, _, source=source: copy(source, to)))
    for name, program in HOSTILE.items():
        text = f"{HEAD}{program}\n"
        made.append((f"hostile-{name}", lambda to, _, text=text: write(to, **{"program.c": text, "Makefile": MAKEFILE})))
    made.append(("starter", lambda to, _: copy(TOP / "starter", to)))
    made.append(("empty", lambda to, _: to.mkdir()))
    made.append(("no-build", lambda to, _: write(to, **{"Makefile": MAKEFILE, "program.c": "int main("})))
    made.append(("damaged.zip", lambda to, _: to.write_bytes(b"PK\x03\x04 and no more")))
    made.append(("cut.tar.gz", lambda to, _: to.write_bytes(b"\x1f\x8b\x08\x00 and no more")))
    made.append(("essay.pdf", lambda to, _: to.write_bytes(b"%PDF-1.7\n")))
    kinds = ["zip", "tar.gz", "tar"]
    while len(made) < students:
        kind = kinds[len(made) % 4] if len(made) % 4 < 3 else None

        def write_good(to, number, kind=kind):
            good(to, number)
            if kind:
                pack(to, kind)

        made.append((f"good-{len(made):03}", write_good))
    return made[:students]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--order", type=int, default=0)
    parser.add_argument("--lab", action="append", help="mutants of this lab only; may be given more than once")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True)
    made = submissions(arguments.students, arguments.lab)
    places = list(range(len(made)))
    random.Random(arguments.order).shuffle(places)
    for number, ((name, write_it), place) in enumerate(zip(made, places)):
        # The place comes first, because a class is graded in the order of its names.
        write_it(arguments.out / f"{place:04}-{name}", number)


if __name__ == "__main__":
    main()
