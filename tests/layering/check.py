#!/usr/bin/env python3
"""Fails when a source file includes a folder that layers.txt does not allow."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
allowed = {}
for line in (root / "tests/layering/layers.txt").read_text().splitlines():
    if line and not line.startswith("#"):
        folder, targets = line.split(":")
        allowed[folder] = targets.split()

failures, checked = [], 0
for folder in ("include", "scanner", "rules", "sbom", "examples"):
    for path in sorted((root / folder).rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        relative = path.relative_to(root).as_posix()
        layer = max((l for l in allowed if relative.startswith(l + "/")), key=len, default=None)
        if layer is None:
            failures.append(f"{relative}: folder is not in layers.txt")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'#include "([^"]+)"', line)
            if not match:
                continue
            checked += 1
            name = match.group(1)
            if "/" not in name:  # made by the build, beside its includer
                continue
            name = "include/" + name if name.startswith("weighbridge/") else name
            own = name.startswith(layer + "/")
            if not own and not any(name == a or name.startswith(a + "/") for a in allowed[layer]):
                failures.append(f"{relative}:{number}: {layer} may not include {name}")
print("\n".join(failures))
print(f"{checked} includes checked, {len(failures)} failed")
sys.exit(1 if failures or checked == 0 else 0)
