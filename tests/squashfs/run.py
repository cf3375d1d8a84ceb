#!/usr/bin/env python3
"""Scans what mksquashfs makes with every compressor that it offers, beside what
unsquashfs lists and unpacks; and SIF images around such file systems, in tars too.
Exit 77 (skipped) when squashfs-tools are not installed."""
import hashlib
import io
import json
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile

for tool in ("mksquashfs", "unsquashfs"):
    if shutil.which(tool) is None:
        print(f"skipped: {tool} is not installed")
        sys.exit(77)

program = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="wb-squashfs-"))
failures, ran = [], 0
READ = {"gzip", "xz", "zstd", "lz4"}


def check(name, condition, detail=""):
    global ran
    ran += 1
    if not condition:
        failures.append(f"{name}: {str(detail)[:1500]}")


def safetensors(data):
    header = json.dumps({"w": {"dtype": "U8", "shape": [len(data)], "data_offsets": [0, len(data)]}}).encode()
    return struct.pack("<Q", len(header)) + header + data


def tree(root):
    """Every file is one that the scan recognises, so that its digest is in the report."""
    random.seed(7)
    text = b"".join(b"line %d\n" % i for i in range(40000))
    bodies = {
        "empty-tensor.safetensors": b"",
        "small.safetensors": b"small",
        "text.safetensors": text,
        "deep/er/and/deeper/text.safetensors": text[:4096 * 3 - 61],
        "noise.safetensors": random.randbytes(300_000),
        "zeros.safetensors": bytes(3 << 20),
        "mixed.safetensors": random.randbytes(200_000) + bytes(500_000) + text[:100_001],
    }
    for i in range(600):
        bodies[f"many/n{i:03}.safetensors"] = b"%d" % i * (i % 40 + 1)
    for name, body in bodies.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(safetensors(body))
    (root / "empty").mkdir()
    os.symlink("text.safetensors", root / "link")
    os.link(root / "noise.safetensors", root / "deep/second-name")
    os.mkfifo(root / "fifo")


def digests(root):
    return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(root.rglob("*")) if p.is_file() and not p.is_symlink()}


def scan(path):
    out = work / "report.json"
    run = subprocess.run([program, "scan", str(path), "-o", f"json={out}"], capture_output=True, text=True)
    check(f"{path.name}: exit code", run.returncode == 0, run.stdout + run.stderr)
    return json.loads(out.read_text())


def found(report, image, inner=""):
    """Digest of every weight file by its path in the image."""
    prefix = f"{image}!/{inner}"
    return {a["location"][len(prefix):]: a.get("sha256") for a in report["artifacts"]
            if a["kind"] == "weights" and a["location"].startswith(prefix)}


def compressors():
    text = subprocess.run(["mksquashfs"], capture_output=True, text=True)
    text = (text.stdout + text.stderr).split("Compressors available")[-1]
    return [name for name in ("gzip", "lzma", "lzo", "lz4", "xz", "zstd") if re.search(rf"^\s+{name}\b", text, re.M)]


def make(source, image, *options):
    subprocess.run(["mksquashfs", str(source), str(image), "-quiet", "-no-progress", "-noappend", *options],
                   check=True, capture_output=True)


def compare(image, expected):
    listed = subprocess.run(["unsquashfs", "-l", str(image)], check=True, capture_output=True, text=True)
    names = {line[len("squashfs-root/"):] for line in listed.stdout.splitlines() if line.startswith("squashfs-root/")}
    unpacked = work / "unpacked"
    subprocess.run(["unsquashfs", "-quiet", "-no-progress", "-d", str(unpacked), str(image)], check=True, capture_output=True)
    check(f"{image.name}: unsquashfs agrees with the source", digests(unpacked) == {**expected, **SECOND}, image)
    folders = {str(p.relative_to(unpacked)) for p in unpacked.rglob("*") if p.is_dir() and not p.is_symlink()}
    shutil.rmtree(unpacked)
    report = scan(image)
    own = found(report, image)
    check(f"{image.name}: digests", own == expected,
          {k: (own.get(k), expected.get(k)) for k in own.keys() | expected.keys() if own.get(k) != expected.get(k)})
    members = report["coverage"]["members"]
    check(f"{image.name}: as many members as unsquashfs lists", members["seen"] == len(names - folders), members)
    check(f"{image.name}: nothing failed", members["failed"] == 0 and not report["diagnostics"], report["diagnostics"])


# --- SIF ---------------------------------------------------------------------------------

def sif(parts):
    """[(type, name, extra, bytes)] as Apptainer lays them out: data at 4096 byte steps."""
    descriptors, data = b"", b""
    start = 32768
    for i, (kind, name, extra, content) in enumerate(parts, 1):
        descriptors += struct.pack("<iBIII", kind, 1, i, 0xF0000001, 0)
        descriptors += struct.pack("<qqqqqqq", start + len(data), len(content), len(content), 1700000000, 1700000000, 0, 0)
        descriptors += name.encode().ljust(128, b"\0") + extra.ljust(384, b"\0")
        data += content + b"\0" * (-len(content) % 4096)
    header = b"#!/usr/bin/env run-singularity\n".ljust(32, b"\0") + b"SIF_MAGIC\0" + b"01\0" + b"02\0" + bytes(16)
    header += struct.pack("<qqqqqqqq", 1700000000, 1700000000, 48 - len(parts), 48, 4096, 48 * 585, start, len(data))
    return (header.ljust(4096, b"\0") + descriptors.ljust(48 * 585, b"\0")).ljust(start, b"\0") + data


def partition(file_system):
    return struct.pack("<ii", file_system, 2) + b"02\0"


def sif_images(squashfs, expected):
    metadata = {"data": {"attributes": {"labels": {"org.label-schema.usage.apptainer.version": "1.3.0"}}}, "type": "container"}
    image = work / "image.sif"
    image.write_bytes(sif([
        (0x4001, "model.def", b"", b"Bootstrap: docker\nFrom: vllm/vllm-openai:v0.6.0\n%post\n  true\n"),
        (0x4006, "inspect-metadata.json", b"", json.dumps(metadata).encode()),
        (0x4004, "rootfs.img", partition(1), squashfs.read_bytes()),
        (0x4004, "overlay.img", partition(2), bytes(8192)),
    ]))
    report = scan(image)
    check("sif: digests", found(report, image, "rootfs.img!/") == expected)
    claims = {(c["key"], c["value"]) for a in report["artifacts"] if a["location"] == str(image) for c in a.get("claims", [])}
    check("sif: claims", {("sif:arch", "amd64"), ("sif:created", "2023-11-14T22:13:20Z"),
                          ("sif:deffile", "Bootstrap: docker"), ("sif:deffile", "From: vllm/vllm-openai:v0.6.0"),
                          ("sif:label.org.label-schema.usage.apptainer.version", "1.3.0")} <= claims, claims)
    messages = [d["message"] for d in report["diagnostics"]]
    check("sif: the overlay is said", messages == ['member not inspected: "overlay.img": ext3 partition'], messages)
    for mode, name in (("w", "outer.tar"), ("w:gz", "outer.tgz")):
        outer = work / name
        with tarfile.open(outer, mode) as archive:
            archive.add(image, "images/x.sif")
        check(f"{name}: digests", found(scan(outer), outer, "images/x.sif!/rootfs.img!/") == expected)


def oci_sif(source, expected):
    """An image whose layer is a squashfs, held as blobs."""
    layer, top, upper = work / "layer.squashfs", work / "top.squashfs", work / "upper"
    make(source, layer, "-comp", "zstd")
    (upper / "many").mkdir(parents=True)
    (upper / "deep/er").mkdir(parents=True)
    hidden = {"text.safetensors", "many/n001.safetensors"}
    try:  # mksquashfs takes attributes from its source
        os.setxattr(upper / "deep/er", "user.other", b"long enough to be passed by")
        os.setxattr(upper / "deep/er", "user.overlay.opaque", b"y")
        hidden.add("deep/er/and/deeper/text.safetensors")
    except OSError as error:
        print(f"opaque folders not tried: {error}")
    whiteout = ["-p", "text.safetensors c 644 0 0 0 0", "-p", "many/n001.safetensors c 644 0 0 0 0"]
    make(upper, top, "-comp", "gzip", *whiteout)
    blobs = []

    def blob(data, kind=0x400B):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        blobs.append((kind, "", digest.encode(), data))
        return {"digest": digest, "size": len(data)}
    descriptor, second = blob(layer.read_bytes()), blob(top.read_bytes())
    config = blob(json.dumps({"os": "linux", "architecture": "amd64", "config": {},
                              "rootfs": {"type": "layers", "diff_ids": [descriptor["digest"], second["digest"]]}}).encode())
    manifest = blob(json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                                "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config},
                                "layers": [{"mediaType": "application/vnd.sylabs.image.layer.v1.squashfs", **d} for d in (descriptor, second)]}).encode())
    blob(json.dumps({"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json", **manifest}]}).encode(), 0x400A)
    image = work / "oci.sif"
    image.write_bytes(sif(blobs))
    report = scan(image)
    check("oci-sif: digests", found(report, image, f"blobs/sha256/{descriptor['digest'][7:]}!/") == expected)
    places = {a["location"].split("!/", 2)[2]: a["images"] for a in report["artifacts"] if a.get("images")}
    check("oci-sif: every weight file knows its image", places.keys() == expected.keys() and all(
        p[0]["manifest_digest"] == manifest["digest"] and p[0]["layers"] == 2 for p in places.values()), list(places.items())[:1])
    deleted = {name for name, p in places.items() if p[0]["state"] == "deleted"}
    check("oci-sif: what a whiteout deletes", deleted == hidden, deleted)
    check("oci-sif: the rest shows", {p[0]["state"] for name, p in places.items() if name not in deleted} == {"visible"})
    check("oci-sif: digests of blobs agree", not report["diagnostics"], report["diagnostics"])


try:
    source = work / "source"
    tree(source)
    everything = digests(source)
    # The second name of a file, in order of the listing, is a link; the first is the file.
    SECOND = {"noise.safetensors": everything["noise.safetensors"]}
    expected = {k: v for k, v in everything.items() if k not in SECOND}
    offered = compressors()
    check("mksquashfs offers compressors", "gzip" in offered, offered)
    for compressor in offered:
        image = work / f"{compressor}.squashfs"
        make(source, image, "-comp", compressor)
        if compressor in READ:
            compare(image, expected)
            continue
        report = scan(image)
        entry = [a for a in report["artifacts"] if a["location"] == str(image)][0]
        check(f"{compressor}: named", (entry["inspection"], entry.get("not_inspected_reason")) == ("not-inspected", f"compressor {compressor}"), entry)
        check(f"{compressor}: incomplete", report["coverage"]["not_inspected"] == 1, report["coverage"])
    variants = {
        "small-blocks": ["-b", "4K"], "large-blocks": ["-b", "1M"], "no-fragments": ["-no-fragments"],
        "tails": ["-always-use-fragments"], "nothing-packed": ["-noI", "-noD", "-noF", "-noX", "-noId"],
        "in-place": ["-noD", "-no-fragments", "-no-sparse"], "no-duplicates": ["-no-duplicates"],
        "stored-lzo": ["-noI", "-noD", "-noF", "-noX", "-noId", "-comp", "lzo"] if "lzo" in offered else ["-b", "8K"],
        "xz-filter": ["-comp", "xz", "-Xbcj", "x86", "-Xdict-size", "100%"] if "xz" in offered else ["-b", "16K"],
    }
    for name, options in variants.items():
        image = work / f"{name}.squashfs"
        make(source, image, *options)
        compare(image, expected)
    sif_images(work / "gzip.squashfs", expected)
    oci_sif(source, expected)
finally:
    shutil.rmtree(work, ignore_errors=True)

for failure in failures:
    print("FAIL", failure)
print(f"{ran} checks, {len(failures)} failed")
sys.exit(1 if failures else 0)
