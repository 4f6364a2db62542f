"""Makes small mistakes in the reference: each mutation is one edit of one file.

No parser: the reference is formatted by rustfmt, so a function begins at a line with `fn` and ends at a line with
only the brace in the same column, and a line that ends in `;` and is balanced is a statement. What does not compile
is thrown out by the compiler.
"""

import re
from dataclasses import dataclass

OPERATORS = [
    (" == ", " != "), (" != ", " == "), (" < ", " <= "), (" > ", " >= "), (" <= ", " < "), (" >= ", " > "),
    (" && ", " || "), (" || ", " && "), (" += ", " -= "), (" -= ", " += "), (" + ", " - "), (" - ", " + "),
    (" * ", " + "), (" / ", " * "), ("true", "false"), ("false", "true"),
]

FUNCTION = re.compile(r'^(\s*)(?:pub(?:\([a-z]+\))? )?(?:const )?(?:unsafe )?(?:extern "C" )?fn (\w+)')


@dataclass(frozen=True)
class Mutation:
    file: str
    function: str
    name: str
    text: str  # the whole file, edited

    @property
    def id(self):
        return f"{self.file} {self.function}: {self.name}"


def mask(line):
    """The line with what stands in strings, characters and comments blanked out, of the same length."""
    blank = lambda found: found.group(0)[0] + "_" * (len(found.group(0)) - 2) + found.group(0)[-1]
    line = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)\'', blank, line)
    at = line.find("//")
    return line if at < 0 else line[:at] + " " * (len(line) - at)


def functions(lines):
    """Name, line of the opening brace, line of the closing one: of every function before the unit tests."""
    for number, line in enumerate(lines):
        if line.startswith("#[cfg(test)]"):
            return
        found = FUNCTION.match(line)
        if not found:
            continue
        opening = number
        while not mask(lines[opening]).rstrip().endswith(("{", ";")):
            opening += 1
        if not mask(lines[opening]).rstrip().endswith("{"):
            continue
        closing = next(at for at in range(opening + 1, len(lines)) if lines[at].rstrip() == found.group(1) + "}")
        yield found.group(2), number, opening, closing


def values(signature):
    """What a function of this type could return without doing anything."""
    found = re.search(r"-> (.+?)\s*(?:where .*)?\{\s*$", signature)
    kind = found.group(1) if found else "()"
    if re.match(r"(nix::)?Result<\(\)", kind) or re.match(r"io::Result<\(\)", kind):
        return ["Ok(())"]
    table = {"()": [""], "bool": ["true", "false"], "String": ["String::new()"], "Vec": ["Vec::new()"],
             "Option": ["None"], "u16": ["0"], "u32": ["0"], "u64": ["0"], "usize": ["0"]}
    inner = re.match(r"(?:nix::|io::)?Result<(.+)", kind)
    kind = inner.group(1) if inner else kind
    found = [value for name, all_values in table.items() if kind.startswith(name) for value in all_values]
    return [f"Ok({value})" for value in found] if inner else found


def line_edits(line):
    """Every edit of one line: its name and the new line, None to leave it out."""
    masked, text = mask(line), line.strip()
    balanced = all(masked.count(a) == masked.count(b) for a, b in ("()", "[]", "{}"))
    if text.endswith(";") and balanced and not re.match(r"\s*(let |use |const |static |\}|\.)", masked):
        yield "delete", None
        if text.endswith("?;") and " = " not in masked:
            yield "ignore the error", line.replace(text, f"_ = {text[:-2]};")
    if " => " in masked and text.endswith((",", "{}")) and balanced:
        yield "delete the arm", None
    if re.search(r"(Err|Ok|Some)\(.* \| |^\s+\S.* \| .* => |Flags?::\w+ \| |Flag::\w+ \| ", masked):
        for found in re.finditer(r"(?<=[(\s])([\w:]+(?:\([\w.]+\))?) \| ", masked):
            yield f"without `{found.group(1)}`", line[:found.start()] + line[found.end():]
        for found in re.finditer(r" \| ([\w:]+(?:\([\w:]+\))?)(?=[;) ])", masked):
            yield f"without `{found.group(1)}`", line[:found.start()] + line[found.end():]
    found = re.match(r"(\s*(?:\} else )?(?:if|while) )(?!let )(.+)( \{)$", masked.rstrip())
    if found and " && let " not in masked:
        condition = line[found.start(2):found.end(2)]
        yield "negate the condition", f"{line[:found.end(1)]}!({condition}){line[found.end(2):]}"
    for found in re.finditer(r"\bif ([^{]+?) =>", masked):
        yield "negate the guard", f"{line[:found.start(1)]}!({line[found.start(1):found.end(1)]}){line[found.end(1):]}"
    for old, new in OPERATORS:
        for found in re.finditer(re.escape(old) if old.startswith(" ") else rf"\b{old}\b", masked):
            yield f"`{old.strip()}` to `{new.strip()}`", line[:found.start()] + new + line[found.end():]
    for found in re.finditer(r"(?<![\w.'])(\d[\d_]*)(?![\w'])", masked):
        number = int(found.group(1).replace("_", ""))
        for other in (number + 1, number - 1):
            if other >= 0:
                yield f"{number} to {other}", f"{line[:found.start()]}{other}{line[found.end():]}"
    for found in re.finditer(r"(?<=[(\s&|])!(?=[\w(])(?!=)", masked):
        yield "without `!`", line[:found.start()] + line[found.end():]


def own(file, text):
    """Our own repertoire, over every function of the file, and over its constants."""
    lines = text.splitlines()
    seen = {}

    def mutation(function, name, new_lines):
        name = " ".join(name.split())
        seen[function, name] = seen.get((function, name), 0) + 1
        if seen[function, name] > 1:
            name += f" #{seen[function, name]}"
        return Mutation(file, function, name, "\n".join(new_lines) + "\n")

    for number, line in enumerate(lines):
        if re.match(r"(pub )?const \w+: ", line) and not line.startswith("#[cfg(test)]"):
            for name, new in line_edits(line):
                if new is not None and new != line:
                    yield mutation("constants", f"{name} in `{line.strip()}`", lines[:number] + [new] + lines[number + 1:])
    for function, begin, opening, closing in functions(lines):
        signature = " ".join(line.strip() for line in lines[begin:opening + 1])
        for value in values(signature):
            yield mutation(function, f"body to `{value}`", lines[:opening + 1] + [value] + lines[closing:])
        for number in range(opening + 1, closing):
            line = lines[number]
            if not mask(line).strip():
                continue
            for name, new in line_edits(line):
                edited = lines[:number] + ([] if new is None else [new]) + lines[number + 1:]
                if edited != lines:
                    yield mutation(function, f"{name} in `{line.strip()}`", edited)
