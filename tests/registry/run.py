#!/usr/bin/env python3
"""Scans what a real registry serves: Debian's docker-registry on loopback, filled by
skopeo with layouts written here. Exit 77 (skipped) when either is not installed."""
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings

for tool in ("docker-registry", "skopeo", "openssl"):
    if shutil.which(tool) is None:
        print(f"skipped: {tool} is not installed")
        sys.exit(77)

program = str(pathlib.Path(sys.argv[1]).resolve())
work = pathlib.Path(tempfile.mkdtemp(prefix="wb-registry-"))
failures, ran, servers = [], 0, []
MODEL_BYTES = 24 << 20


def check(name, condition, detail=""):
    global ran
    ran += 1
    if not condition:
        failures.append(f"{name}: {str(detail)[:1500]}")


# --- bytes ---------------------------------------------------------------------------

def gguf(name, data_bytes):
    def text(value):
        raw = value.encode()
        return struct.pack("<Q", len(raw)) + raw
    values = {"general.architecture": "llama", "general.name": name}
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(values))
    for key, value in values.items():
        head += text(key) + struct.pack("<I", 8) + text(value)
    head += text("output.weight") + struct.pack("<IQIQ", 1, data_bytes // 4, 0, 0)
    head += b"\0" * (-len(head) % 32)
    return head + bytes(data_bytes)


def safetensors():
    header = json.dumps({"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(range(16))


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


# --- OCI layouts (image-spec v1.1) -----------------------------------------------------

class Layout:
    def __init__(self, name):
        self.path = work / name
        (self.path / "blobs/sha256").mkdir(parents=True)
        (self.path / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')

    def blob(self, data, media_type, **more):
        digest = hashlib.sha256(data).hexdigest()
        (self.path / "blobs/sha256" / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(data), **more}

    def json(self, value, media_type, **more):
        return self.blob(json.dumps(value).encode(), media_type, **more)

    def image(self, layers, architecture):
        stored = [self.blob(gzip.compress(layer, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip") for layer in layers]
        config = self.json({"os": "linux", "architecture": architecture, "config": {},
                            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(l).hexdigest() for l in layers]},
                            "history": [{"created_by": "test"} for _ in layers]}, "application/vnd.oci.image.config.v1+json")
        return self.manifest(config, stored, platform={"os": "linux", "architecture": architecture})

    def manifest(self, config, layers, platform=None, **more):
        descriptor = self.json({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                                "config": config, "layers": layers, **more}, "application/vnd.oci.image.manifest.v1+json")
        if platform:
            descriptor["platform"] = platform
        return descriptor

    def close(self, descriptor, tag):
        descriptor = {**descriptor, "annotations": {"org.opencontainers.image.ref.name": tag}}
        (self.path / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [descriptor]}))


def image_layout():
    layout = Layout("image")
    shared = tar({"models/small.gguf": gguf("shared", 64), "models/old.safetensors": safetensors()})
    amd64 = layout.image([shared, tar({"models/.wh.old.safetensors": b"", "app/x": b"x"})], "amd64")
    arm64 = layout.image([shared, tar({"models/arm.gguf": gguf("arm", 128)})], "arm64")
    index = layout.json({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                         "manifests": [amd64, arm64]}, "application/vnd.oci.image.index.v1+json")
    layout.close(index, "t")
    return layout, index, amd64, arm64


def artifact_layout():
    """As ORAS and modctl push them: every file a layer of its own."""
    layout = Layout("artifact")
    title = lambda name: {"annotations": {"org.cncf.model.filepath": name}}
    config = layout.json({"descriptor": {"name": "tiny", "vendor": "example"}, "config": {"format": "gguf"},
                          "modelfs": {"type": "layers", "diffIds": []}}, "application/vnd.cncf.model.config.v1+json")
    layers = [layout.blob(gguf("raw layer", MODEL_BYTES), "application/vnd.cncf.model.weight.v1.raw", **title("model.gguf")),
              layout.blob(b"---\nlicense: mit\n---\n# Tiny\n", "application/vnd.cncf.model.doc.v1.raw", **title("README.md"))]
    manifest = layout.manifest(config, layers, artifactType="application/vnd.cncf.model.manifest.v1+json")
    layout.close(manifest, "t")
    return layout, manifest, layers


# --- servers -----------------------------------------------------------------------------

def serve(name, http_lines="", auth=""):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = work / name
    root.mkdir(exist_ok=True)
    config = work / f"{name}.yml"
    config.write_text(f"version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {root}\n"
                      f"http:\n  addr: 127.0.0.1:{port}\n{http_lines}{auth}")
    servers.append(subprocess.Popen(["docker-registry", "serve", str(config)], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "OTEL_TRACES_EXPORTER": "none"}))
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return port
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"docker-registry did not start ({name})")


def push(layout, port, name, *more):
    subprocess.run(["skopeo", "--insecure-policy", "copy", "--quiet", "--all", "--preserve-digests", "--dest-tls-verify=false",
                    *more, f"oci:{layout.path}:t", f"docker://127.0.0.1:{port}/{name}:t"], check=True, timeout=120)


def scan(*arguments, code=0, **environment):
    result = subprocess.run([program, "scan", "-q", "-o", "json", *arguments], cwd=work, capture_output=True, timeout=120,
                            env={"PATH": "/usr/bin:/bin", "HOME": str(work), "LC_ALL": "C", **environment})
    text = result.stderr.decode()
    check(" ".join(arguments), code is None or result.returncode == code, f"exit {result.returncode}, expected {code}\n{text}")
    return (json.loads(result.stdout) if result.stdout else {}), text


def places(report):
    return {a["location"]: a for a in report.get("artifacts", [])}


def balanced(name, report):
    c = report["coverage"]
    check(name + " adds up", c["files_seen"] == c["recognised"] + c["unrecognised"] + sum(c["skipped"].values()) + c["failed"], c)


# --- the tests -----------------------------------------------------------------------------

def test_image(port):
    layout, index, amd64, arm64 = image_layout()
    push(layout, port, "org/image")
    root = f"registry:127.0.0.1:{port}/org/image@{index['digest']}!/"
    layers = json.loads((layout.path / "blobs/sha256" / amd64["digest"][7:]).read_text())["layers"]
    first = root + "blobs/sha256/" + layers[0]["digest"][7:]
    report, _ = scan(f"registry:127.0.0.1:{port}/org/image:t", "--insecure")
    balanced("image", report)
    found = places(report)
    check("image: the model in its layer", first + "!/models/small.gguf" in found, list(found))
    check("image: no arm64", not any("arm.gguf" in place for place in found), list(found))
    check("image: layer digest computed", found.get(first, {}).get("sha256") == layers[0]["digest"][7:], found.get(first))
    report, _ = scan(f"registry:127.0.0.1:{port}/org/image:t", "--insecure", "--all-platforms")
    found = places(report)
    check("all platforms: arm64 too", any(p.endswith("!/models/arm.gguf") for p in found), list(found))
    check("all platforms: read once", report["coverage"]["skipped"].get("blob already read") == 1, report["coverage"])
    report, _ = scan(f"registry:127.0.0.1:{port}/org/image@{arm64['digest']}", "--insecure")
    check("by digest", any(p.endswith("!/models/arm.gguf") for p in places(report)), list(places(report)))
    report, _ = scan(f"registry:127.0.0.1:{port}/org/image:t", "--insecure", "--platform", "windows/amd64")
    check("platform that is not there", any("no manifest for \"windows/amd64\", it has linux/amd64, linux/arm64" in d["message"]
                                            for d in report["diagnostics"]), report["diagnostics"])
    return layout, amd64


def test_artifact(port):
    layout, manifest, layers = artifact_layout()
    push(layout, port, "org/model")
    place = f"registry:127.0.0.1:{port}/org/model@{manifest['digest']}!/model.gguf"
    report, _ = scan(f"registry:127.0.0.1:{port}/org/model:t", "--insecure")
    balanced("artifact", report)
    model = places(report).get(place, {})
    check("artifact: recognised under its name", model.get("format") == "gguf", list(places(report)))
    check("artifact: header only", report["coverage"]["bytes_read"] < 300_000, report["coverage"])
    check("artifact: the digest is a claim", not model.get("sha256"), model.get("sha256"))
    check("artifact: and said to be", any(d["message"].endswith("is the manifest's claim (--hash full reads all)")
                                          for d in report["diagnostics"]), report["diagnostics"])
    check("artifact: the blob is its other place", f"registry:127.0.0.1:{port}/org/model@{manifest['digest']}!/blobs/sha256/"
          + layers[0]["digest"][7:] in json.dumps(model), model)
    report, _ = scan(f"registry:127.0.0.1:{port}/org/model:t", "--insecure", "--hash", "full")
    check("artifact: --hash full computes it", places(report).get(place, {}).get("sha256") == layers[0]["digest"][7:],
          places(report).get(place))
    check("artifact: and reads all", report["coverage"]["bytes_read"] > MODEL_BYTES, report["coverage"])
    change(layers[0], -1)
    report, _ = scan(f"registry:127.0.0.1:{port}/org/model:t", "--insecure", "--hash", "full")
    check("artifact: a changed blob is a finding", any(f["rule_id"] == "WB-DIGEST-MISMATCH" for f in report["findings"]),
          [f["rule_id"] for f in report["findings"]])


def change(layer, offset):
    path = next((work / "open").rglob(layer["digest"][7:] + "/data"))
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


def test_changed_layer(port, layout, amd64):
    """The time stamp of a gzip header: the content stays as it was, the digest does not."""
    layers = json.loads((layout.path / "blobs/sha256" / amd64["digest"][7:]).read_text())["layers"]
    change(layers[0], 4)
    report, _ = scan(f"registry:127.0.0.1:{port}/org/image:t", "--insecure", code=None)
    check("changed layer: diagnosed", any("digest mismatch: the name says " + layers[0]["digest"] in d["message"]
                                          for d in report["diagnostics"]), report["diagnostics"])
    check("changed layer: a finding", any(f["rule_id"] == "WB-DIGEST-MISMATCH" for f in report["findings"]),
          [f["rule_id"] for f in report["findings"]])


def test_refusals(port):
    _, text = scan(f"registry:127.0.0.1:{port}/org/image:t", code=2)
    check("plain HTTP needs --insecure", "TLS handshake" in text or "certificate" in text, text)
    _, text = scan(f"registry:127.0.0.1:{port}/org/none:t", "--insecure", code=2)
    check("unknown name", f"127.0.0.1:{port}/org/none: manifest t: not found, HTTP 404" in text, text)
    _, text = scan("registry:Not A Name", code=2)
    check("no reference", "is not a registry reference" in text, text)


def certificate(name, subject):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=test", "-addext", f"subjectAltName={subject}", "-keyout", str(work / f"{name}.key"),
                    "-out", str(work / f"{name}.crt")], check=True, capture_output=True)
    return f"  tls:\n    certificate: {work / name}.crt\n    key: {work / name}.key\n"


def test_tls(layout):
    port = serve("tls", certificate("good", "IP:127.0.0.1,DNS:localhost"))
    push(layout, port, "org/image")
    target = f"registry:127.0.0.1:{port}/org/image:t"
    report, _ = scan(target, SSL_CERT_FILE=str(work / "good.crt"))
    check("TLS: scanned", any(p.endswith("small.gguf") for p in places(report)), list(places(report)))
    scan(target.replace("127.0.0.1", "localhost"), SSL_CERT_FILE=str(work / "good.crt"))
    _, text = scan(target, code=2)
    check("TLS: unknown issuer", "certificate not accepted: self-signed certificate" in text, text)
    port = serve("tls2", certificate("other", "DNS:other.example"))
    _, text = scan(f"registry:localhost:{port}/a:t", code=2, SSL_CERT_FILE=str(work / "other.crt"))
    check("TLS: wrong host name", "certificate not accepted: hostname mismatch" in text, text)


def test_login(layout):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import crypt
    except ImportError:
        print("login not tested: this Python has no crypt")
        return
    (work / "htpasswd").write_text("user:" + crypt.crypt("secret", "$2a$05$" + "abcdefghijklmnopqrstuu") + "\n")
    port = serve("login", auth=f"auth:\n  htpasswd:\n    realm: test\n    path: {work / 'htpasswd'}\n")
    push(layout, port, "org/image", "--dest-creds", "user:secret")
    target = f"registry:127.0.0.1:{port}/org/image:t"
    _, text = scan(target, "--insecure", code=2)
    check("login: none", "needs a user name and password (run docker login or skopeo login)" in text, text)
    config = work / "docker"
    config.mkdir()
    auth = lambda word: json.dumps({"auths": {f"127.0.0.1:{port}": {"username": "user", "password": word}}})
    (config / "config.json").write_text(auth("secret"))
    report, _ = scan(target, "--insecure", DOCKER_CONFIG=str(config))
    check("login: scanned", any(p.endswith("small.gguf") for p in places(report)), list(places(report)))
    (config / "config.json").write_text(auth("wrong"))
    _, text = scan(target, "--insecure", code=2, DOCKER_CONFIG=str(config))
    check("login: wrong password", "refused, HTTP 401" in text and "wrong" not in text, text)


try:
    open_port = serve("open")
    image, amd64 = test_image(open_port)
    test_artifact(open_port)
    test_refusals(open_port)
    test_changed_layer(open_port, image, amd64)
    test_tls(image)
    test_login(image)
finally:
    for server in servers:
        server.terminate()
        server.wait()
    shutil.rmtree(work, ignore_errors=True)
print("\n".join(failures))
print(f"{ran} checks, {len(failures)} failed")
sys.exit(1 if failures else 0)
