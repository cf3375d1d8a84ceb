#!/usr/bin/env python3
"""Validates what people write for weighbridge, and what it writes for them, against the
schemas in rules/schema: every rule pack, the example pack, policies and overlay, and the
output of `policy init`. // comments are taken out first, as the program does.

usage: validate_inputs.py PROGRAM SOURCE
Exit: 0 all valid, 1 some not, 77 skipped (no python3-jsonschema at hand).
"""
import copy
import json
import pathlib
import subprocess
import sys

SKIP = 77


def without_comments(text):
    """`text` with // comments outside strings replaced by nothing."""
    out, position, in_string = [], 0, False
    while position < len(text):
        char = text[position]
        if in_string:
            step = 2 if char == "\\" else 1
            in_string = char != '"'
            out.append(text[position:position + step])
            position += step
        elif text.startswith("//", position):
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
        else:
            in_string = char == '"'
            out.append(char)
            position += 1
    return "".join(out)


def with_examples(text):
    """The output of `policy init` with its commented examples put to use."""
    lines = []
    for line in text.splitlines():
        stripped = line.strip()
        is_example = stripped.startswith(("// {", '// "'))
        lines.append(stripped[3:] if is_example else line)
    return "\n".join(lines)


def broken(document):
    """One document per key that a schema must refuse: the key misspelt."""
    for key in document:
        copied = copy.deepcopy(document)
        copied[key + "x"] = copied.pop(key)
        yield key, copied


def main():
    program, source = sys.argv[1], pathlib.Path(sys.argv[2])
    try:
        import jsonschema
    except ImportError:
        print("skipped: the Python package jsonschema is not installed (python3-jsonschema)")
        return SKIP

    def validator(name):
        schema = json.loads((source / "rules/schema" / name).read_text(encoding="utf-8"))
        cls = jsonschema.validators.validator_for(schema)
        cls.check_schema(schema)
        return cls(schema)

    init = subprocess.run([program, "policy", "init"], capture_output=True, check=True,
                          text=True).stdout
    texts = {
        "rule-pack.schema.json": [*source.glob("rules/packs/*.json"),
                                  *source.glob("examples/rules/*.json")],
        "policy.schema.json": [*source.glob("examples/policies/*.json"), ("policy init", init),
                               ("policy init, examples used", with_examples(init))],
        "overlay.schema.json": [source / "examples/company-models.json"],
    }
    checked = bad = 0
    for schema, subjects in texts.items():
        against = validator(schema)
        for subject in subjects:
            name, text = subject if isinstance(subject, tuple) else (
                str(subject.relative_to(source)), subject.read_text(encoding="utf-8"))
            checked += 1
            try:
                document = json.loads(without_comments(text))
            except json.JSONDecodeError as error:
                print(f"{name}: not JSON: {error}")
                bad += 1
                continue
            for error in against.iter_errors(document):
                print(f"{name}: /{'/'.join(map(str, error.absolute_path))}: "
                      f"{error.message[:300]}")
                bad += 1
            for key, wrong in broken(document):
                if against.is_valid(wrong):
                    print(f"{name}: {schema} does not refuse the misspelt key {key}x")
                    bad += 1
    print(f"{checked} documents checked, {bad} problems")
    return 1 if bad or checked < 12 else 0


if __name__ == "__main__":
    sys.exit(main())
