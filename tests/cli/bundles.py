"""Database bundles from the command line: build, sign, verify, update, roll back, and what a
scan then says. Digests depend on the release of SQLite and are masked."""
import hashlib
import http.server
import os
import pathlib
import re
import stat
import subprocess
import threading

# A key of these tests alone: that of RFC 8032, 7.1, test 2.
KEY = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
-----END PRIVATE KEY-----
"""
PUBLIC = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=
-----END PUBLIC KEY-----
"""


def masked(text):
    """Without what changes with every table and pack: digests, sizes, counts, other packs."""
    text = re.sub(rb"\b[0-9a-f]{64}\b", b"DIGEST", text)
    text = re.sub(rb" +\d+  DIGEST", b" SIZE  DIGEST", text)
    text = re.sub(rb"\b\d+ (publishers|models|accelerators|licences|packs|rules|services|parts)\b(?=.*[,\n])", rb"N \1", text)
    text = re.sub(rb"at byte \d+:", b"at byte N:", text)
    return re.sub(rb"  packs/(?!china).*\n", b"", text)


class Address(http.server.BaseHTTPRequestHandler):
    """One bundle, a redirect to it, and nothing else; on a loopback address."""
    bundle = b""

    def do_GET(self):
        self.send_response({"/new.wbdb": 200, "/moved.wbdb": 302}.get(self.path, 404))
        if self.path == "/moved.wbdb":
            self.send_header("Location", "/new.wbdb")
        body = self.bundle if self.path == "/new.wbdb" else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def from_address(folder, check, run):
    Address.bundle = (folder / "signed.wbdb").read_bytes()
    with http.server.HTTPServer(("127.0.0.1", 0), Address) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        rows = [
            ("new.wbdb", [], 2, b"plain HTTP"),
            ("gone.wbdb", ["--insecure"], 2, b"answers with status 404"),
            ("moved.wbdb", ["--insecure"], 2, b"answers with a redirect, which is not followed"),
            ("new.wbdb", ["--insecure"], 0, b""),
        ]
        for name, more, code, said in rows:
            result = run(folder, "db", "update", "--data-dir", "web", "--key", "key.pub.pem", "--from", f"{base}/{name}", *more)
            check("db-address", result.returncode == code and said in result.stderr, f"{name} {more}: exit {result.returncode}, {result.stderr.decode()}")
        server.shutdown()
    check("db-address", b"installed: web" in run(folder, "db", "info", "--data-dir", "web").stdout)


def cases(scratch, golden, check, run):
    folder = pathlib.Path(scratch, "bundles")
    folder.mkdir()
    (folder / "empty").mkdir()
    (folder / "key.pem").write_text(KEY)
    (folder / "key.pub.pem").write_text(PUBLIC)

    def db(name, arguments, code, text=True):
        result = run(folder, *arguments)
        check(name, result.returncode == code, f"exit {result.returncode}, expected {code}\n{result.stderr.decode()}")
        if text:
            for kind in ("stdout", "stderr"):
                golden("db-" + name, kind, masked(getattr(result, kind)))
        return result

    # The same input gives the same bytes; a tar that any tar lists.
    db("build", ["db", "build", "-o", "one.wbdb"], 0)
    db("build-again", ["db", "build", "-o", "two.wbdb"], 0, text=False)
    check("db-same-bytes", (folder / "one.wbdb").read_bytes() == (folder / "two.wbdb").read_bytes())
    check("db-tar", b"packs/us-ear.json" in subprocess.run(["tar", "-tf", "one.wbdb"], cwd=folder, capture_output=True).stdout)
    db("build-bad", ["db", "build", "-o", "bad.wbdb", "--version", "next", "--expires", "2030-01-01"], 2)
    check("db-build-bad", not (folder / "bad.wbdb").exists())

    made = run(folder, "db", "keygen", "-o", "new")
    check("db-keygen", made.returncode == 0 and re.fullmatch(rb"key [0-9a-f]{16}: new\.pem \(keep it secret\), new\.pub\.pem\n", made.stdout), made.stdout.decode())
    check("db-keygen", stat.S_IMODE(os.stat(folder / "new.pem").st_mode) == 0o600)
    db("keygen-there", ["db", "keygen", "-o", "new"], 2)

    db("sign", ["db", "sign", "one.wbdb", "--key", "key.pem", "-o", "signed.wbdb"], 0)
    db("sign-public", ["db", "sign", "one.wbdb", "--key", "key.pub.pem"], 2)
    db("info-file", ["db", "info", "signed.wbdb"], 0)
    db("verify", ["db", "verify", "signed.wbdb", "--key", "key.pub.pem"], 0)
    db("verify-unsigned", ["db", "verify", "one.wbdb", "--key", "key.pub.pem"], 1)
    db("verify-no-key", ["db", "verify", "signed.wbdb", "--data-dir", "data"], 1)
    db("verify-other-key", ["db", "verify", "signed.wbdb", "--key", "new.pub.pem"], 1)
    db("verify-nothing", ["db", "verify", "nowhere.wbdb"], 2)
    # A byte of the catalogue, and one of the manifest that no digest covers.
    whole = (folder / "signed.wbdb").read_bytes()
    (folder / "catalogue.wbdb").write_bytes(whole[:100_000] + bytes([whole[100_000] ^ 1]) + whole[100_001:])
    (folder / "later.wbdb").write_bytes(re.sub(rb'("version": ")20', rb"\g<1>30", whole, count=1))
    db("verify-catalogue", ["db", "verify", "catalogue.wbdb", "--key", "key.pub.pem"], 1)
    db("verify-later", ["db", "verify", "later.wbdb", "--key", "key.pub.pem"], 1)

    # Refused, and nothing is installed; a forced update forgives neither.
    update = ["db", "update", "--data-dir", "data", "--key", "key.pub.pem", "--from"]
    for name in ("one", "catalogue", "later"):
        db("update-" + name, [*update, name + ".wbdb", "--force"], 1)
    db("update-nowhere", [*update, "nowhere.wbdb"], 2)
    db("update-no-key", ["db", "update", "--data-dir", "data", "--from", "signed.wbdb"], 1)
    check("db-nothing", not (folder / "data").exists())
    db("info", ["db", "info", "--data-dir", "data"], 0)

    # Installed with a key of the administrator's, from a folder; then rules and reports are its own.
    china = folder / "packs"
    china.mkdir()
    packs = subprocess.run(["tar", "-xOf", "one.wbdb", "packs/china.json"], cwd=folder, capture_output=True).stdout
    (china / "china.json").write_bytes(packs)
    (folder / "feed").mkdir()
    for version, expires in (("2030.1.1", "2028-01-01"), ("2030.1.2", "2028-01-01")):
        run(folder, "db", "build", "-o", f"feed/{version}.wbdb", "--packs", "packs", "--version", version, "--expires", expires)
        run(folder, "db", "sign", f"feed/{version}.wbdb", "--key", "key.pem")
    (folder / "data" / "keys").mkdir(parents=True)
    (folder / "data" / "keys" / "ours.pem").write_text(PUBLIC)
    own = ["db", "update", "--data-dir", "data", "--from"]
    db("update", [*own, "signed.wbdb"], 0)
    db("update-again", [*own, "signed.wbdb"], 0)
    (folder / "feed" / "9999.wbdb").write_bytes(b"not a bundle")
    db("update-folder", [*own, "feed"], 0)
    db("update-rollback", [*own, "feed/2030.1.1.wbdb"], 1)
    db("info-installed", ["db", "info", "--data-dir", "data"], 0)
    version = run(folder, "version", "--data-dir", "data").stdout.decode()
    manifest = subprocess.run(["tar", "-xOf", "feed/2030.1.2.wbdb", "manifest.json"], cwd=folder, capture_output=True).stdout
    check("db-version", "database 2030.1.2 (" in version and hashlib.sha256(manifest).hexdigest() in version, version)
    db("scan", ["scan", "empty", "--data-dir", "data"], 0)
    rules = run(folder, "list", "rules", "--data-dir", "data").stdout
    check("db-rules", b"CN-" in rules and b"US-" not in rules, rules.decode())
    check("db-embedded", b"US-" in run(folder, "list", "rules", "--data-dir", "data", "--db", "embedded").stdout)
    check("db-bundle", b"US-" not in run(folder, "list", "rules", "--db", "feed/2030.1.1.wbdb").stdout)
    db("bundle-refused", ["scan", "empty", "--db", "catalogue.wbdb"], 2)
    db("update-forced", [*own, "feed/2030.1.1.wbdb", "--force"], 0)
    db("rollback", ["db", "rollback", "--data-dir", "data"], 0)

    from_address(folder, check, run)

    # Past its day: used, and said on standard error and in the report.
    environment = {"SOURCE_DATE_EPOCH": "1893456000"}  # 2030-01-01
    late = run(folder, "scan", "empty", "--data-dir", "data", "-o", "json", more=environment)
    check("db-expired", b"weighbridge: database 2030.1.2 expired on 2028-01-01" in late.stderr and b'"stale": true' in late.stdout and b"expired on 2028-01-01" in late.stdout, late.stderr.decode())
    refused = run(folder, "db", "update", "--data-dir", "late", "--key", "key.pub.pem", "--from", "signed.wbdb", more=environment)
    check("db-expired", refused.returncode == 1 and b"the bundle expired on 20" in refused.stderr, refused.stderr.decode())
    # Damaged: the embedded one, and why.
    for path in (folder / "data").glob("*.wbdb"):
        path.write_bytes(path.read_bytes()[:-1])
    db("damaged", ["version", "--data-dir", "data"], 0)
