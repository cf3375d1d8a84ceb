#!/usr/bin/env python3
"""Validates every document under the given folders against its official JSON schema.

usage: validate.py [--schemas DIR]... [--native SCHEMA] [--expect-invalid] FOLDER...

What a document is, it says itself: CycloneDX by bomFormat and specVersion, SARIF by
version and runs, weighbridge's own report by format. Schemas are taken from the first
DIR that has them; nothing is fetched. Exit: 0 all valid, 1 some not, 77 skipped (no
schemas or no python3-jsonschema at hand), 2 nothing to validate. With --expect-invalid
every document must be refused: that tests this program.
"""
import argparse
import json
import pathlib
import re
import sys

SKIP = 77
# File names in ../shared/schemas, then in the npm packages (see fetch_schemas.sh).
NAMES = {
    "cyclonedx-1.7": ["bom-1.7.schema.json", "bom-1.7.SNAPSHOT.schema.json"],
    "cyclonedx-1.6": ["bom-1.6.schema.json", "bom-1.6.SNAPSHOT.schema.json"],
    "sarif": ["sarif-schema-2.1.0.json", "sarif-2.1.0-rtm.5.json"],
}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# RFC 3986: a relative reference has no colon in its first segment.
URI_REFERENCE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|(?![^/?#]*:))"
                           r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")


def kind_of(document):
    if not isinstance(document, dict):
        return None
    if document.get("bomFormat") == "CycloneDX":
        return "cyclonedx-" + str(document.get("specVersion"))
    if document.get("version") == "2.1.0" and "runs" in document:
        return "sarif"
    if document.get("format") == "weighbridge-report":
        return "native"
    return None


def find_schema(kind, folders):
    for folder in folders:
        for name in NAMES.get(kind, []):
            path = folder / name
            if path.is_file():
                return path
    return None


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def rewritten(value, bundled):
    """`value` with every $ref turned by `bundled`, and without the identifiers that
    would move the base of references."""
    if isinstance(value, list):
        return [rewritten(item, bundled) for item in value]
    if not isinstance(value, dict):
        return value
    out = {}
    for key, item in value.items():
        if key in ("$id", "id") and isinstance(item, str) and "://" in item:
            continue
        is_reference = key == "$ref" and isinstance(item, str)
        out[key] = bundled(item) if is_reference else rewritten(item, bundled)
    return out


def bundle(path):
    """The schema with the files it refers to copied into its definitions, so that every
    reference is local: jsonschema releases differ in how they resolve others."""
    parts = {}

    def add(name):
        if name not in parts:
            parts[name] = None  # the file may refer to itself
            parts[name] = rewritten(load(path.parent / name), lambda ref: turn(ref, name))

    def turn(ref, own):
        name, _, pointer = ref.partition("#")
        if not name and own is None:
            return ref
        name = name or own
        add(name)
        return "#/definitions/" + name + pointer

    schema = rewritten(load(path), lambda ref: turn(ref, None))
    schema.setdefault("definitions", {}).update(parts)
    return schema


def make_validator(path):
    import jsonschema

    schema = bundle(path)
    checker = jsonschema.FormatChecker(formats=())
    checker.checks("date-time")(
        lambda value: not isinstance(value, str) or DATE_TIME.fullmatch(value) is not None)
    for name in ("uri", "uri-reference", "iri-reference"):
        checker.checks(name)(
            lambda value: not isinstance(value, str) or URI_REFERENCE.fullmatch(value) is not None)
    cls = jsonschema.validators.validator_for(schema)
    cls.check_schema(schema)
    return cls(schema, format_checker=checker)


def references_resolve(document):
    """CycloneDX: every ref names a bom-ref, and no bom-ref is used twice."""
    refs, uses, problems = [], [], []

    def walk(value):
        if isinstance(value, dict):
            if "bom-ref" in value:
                refs.append(value["bom-ref"])
            for child in value.values():
                walk(child)
        elif isinstance(value, list):
            for child in value:
                walk(child)

    walk(document)
    for dependency in document.get("dependencies", []):
        uses += [dependency["ref"], *dependency.get("dependsOn", [])]
    for composition in document.get("compositions", []):
        uses += composition.get("assemblies", [])
    for annotation in document.get("annotations", []):
        uses += annotation["subjects"]
    problems += [f"bom-ref used twice: {ref!r}" for ref in set(refs) if refs.count(ref) > 1]
    problems += [f"no such bom-ref: {ref!r}" for ref in set(uses) - set(refs)]
    return sorted(problems)


def check(path, document, validator):
    problems = ["/".join(map(str, error.absolute_path)) + ": " + error.message[:300]
                for error in validator.iter_errors(document)]
    if "bomFormat" in document:
        problems += references_resolve(document)
    for problem in problems:
        print(f"{path}: {problem}")
    return not problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schemas", action="append", default=[], type=pathlib.Path)
    parser.add_argument("--native", type=pathlib.Path)
    parser.add_argument("--expect-invalid", action="store_true")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        print("skipped: the Python package jsonschema is not installed (python3-jsonschema)")
        return SKIP

    validators, missing, counts, bad = {}, set(), {}, 0
    for path in sorted(p for folder in options.folders for p in folder.rglob("*.json")):
        try:
            document = load(path)
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            print(f"{path}: not JSON: {error}")
            bad += 1
            continue
        kind = kind_of(document)
        if kind is None:
            continue
        schema = options.native if kind == "native" else find_schema(kind, options.schemas)
        if schema is None:
            missing.add(kind)
            continue
        if kind not in validators:
            validators[kind] = make_validator(schema)
        good = check(path, document, validators[kind])
        bad += good if options.expect_invalid else not good
        counts[kind] = counts.get(kind, 0) + 1
    for kind, count in sorted(counts.items()):
        print(f"{kind}: {count} documents checked")
    if bad:
        print(f"{bad} documents are not " + ("refused" if options.expect_invalid else "valid"))
        return 1
    if missing:
        print("skipped: no schema for " + ", ".join(sorted(missing)) +
              " in ../shared/schemas; tests/schema/fetch_schemas.sh fetches them")
        return SKIP
    return 0 if counts else 2


if __name__ == "__main__":
    sys.exit(main())
