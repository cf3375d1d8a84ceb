#!/usr/bin/env python3
"""Runs the real program in a fresh folder per case and compares exit code, standard
output and standard error with tests/cli/expected/CASE.*. WEIGHBRIDGE_UPDATE_GOLDEN=1
rewrites them; then read the diff."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import bundles
import contract
import accelerators
import screening
import stores

program, farm = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
here = pathlib.Path(__file__).resolve().parent
update = os.environ.get("WEIGHBRIDGE_UPDATE_GOLDEN") == "1"
environment = {"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": "1795478400", "LC_ALL": "C"}
failures, ran = [], 0


def run(folder, *arguments, stdin=b"", more={}):
    return subprocess.run([program, *arguments], cwd=folder, env=environment | more, input=stdin, capture_output=True, timeout=300)


def check(name, condition, detail=""):
    global ran
    ran += 1
    if not condition:
        failures.append(f"{name}: {detail}")


def golden(name, kind, text):
    # The catalogue's digest differs between releases of SQLite; nothing else may.
    text = re.sub(rb"(reviewed \S+ sha256\s+)[0-9a-f]{64}", rb"\1DIGEST", text)
    path = here / "expected" / f"{name}.{kind}"
    if update:
        path.parent.mkdir(exist_ok=True)
        if text:
            path.write_bytes(text)
        elif path.exists():
            path.unlink()
    want = path.read_bytes() if path.exists() else b""
    if text == want:
        return check(name, True)
    import difflib
    diff = "\n".join(list(difflib.unified_diff(want.decode(errors="replace").splitlines(), text.decode(errors="replace").splitlines(), "expected", "got", lineterm=""))[:40])
    check(name, False, f"{kind} differs\n{diff}")


def case(name, folder, arguments, code, stdin=b"", whole=True):
    result = run(folder, *arguments, stdin=stdin)
    check(name, result.returncode == code, f"exit {result.returncode}, expected {code}\n{result.stderr.decode()}")
    if whole:
        golden(name, "stdout", result.stdout)
        golden(name, "stderr", result.stderr)
    return result


with tempfile.TemporaryDirectory() as scratch:
    subprocess.run([farm, f"{scratch}/farm"], check=True, capture_output=True)
    pathlib.Path(scratch, "empty").mkdir()
    pathlib.Path(scratch, "dod.json").write_text('{"context": {"country": "US", "sector": "us-dod", "activity": ["use"]}}')
    pathlib.Path(scratch, "bad.json").write_text('{"contxt": {}, "gate": {"fail_on": "perhaps"}}')

    # The farm, as the README shows it, in every format.
    case("farm-table", scratch, ["scan", "farm"], 0)
    case("farm-dod", scratch, ["scan", "farm", "--policy", "dod.json"], 1)
    case("farm-exit-zero", scratch, ["scan", "farm", "--policy", "dod.json", "--exit-zero", "-o", "json=out.json"], 0)
    case("farm-strict", scratch, ["scan", "farm", "--strict", "--hash", "none", "-o", "json=out.json"], 2)
    for output in ("json", "cyclonedx-json", "cyclonedx-json@1.6", "sarif"):
        name = "farm-" + output.replace("@", "-")
        first = run(scratch, "scan", "farm", "-o", output, "--policy", "dod.json")
        again = run(scratch, "scan", "farm", "-o", output, "--policy", "dod.json", "--jobs", "7")
        check(name, first.returncode == 1 and first.stdout == again.stdout, "differs between runs and thread counts")
        json.loads(first.stdout)
    for problem in contract.problems(lambda *arguments: run(scratch, *arguments)):
        check("contract", False, problem)
    ran += 1
    case("farm-as-of", scratch, ["scan", "farm", "--policy", "dod.json", "--as-of", "2026-01-16"], 0, whole=False)

    # Waivers by name, by glob and by digest; one that meets nothing is said, and does not gate.
    pathlib.Path(scratch, "waivers.json").write_text(json.dumps({"gate": {"fail_on": "notice"}, "packs": ["china"], "waivers": [
        {"rule": "WB-.*", "subject": subject, "reason": "ticket 1", "owner": "ada", "expires": "2027-01-31"}
        for subject in ("farm/**", "Acme Assistant", "nowhere/*")]}))
    case("farm-waived", scratch, ["scan", "farm", "--hash", "none", "--policy", "waivers.json"], 0)
    # A deny list speaks of what is not identified; --verbose lists all.
    pathlib.Path(scratch, "deny.json").write_text('{"packs": ["china"], "deny": [{"licence": "(?i)llama.*", "reason": "not approved"}]}')
    case("farm-deny", scratch, ["scan", "farm", "--hash", "none", "--policy", "deny.json", "--verbose"], 1)
    # A day to come, and one before a law.
    future = run(scratch, "scan", "farm", "-o", "json", "--as-of", "2031-01-01")
    check("as-of-future", future.returncode == 0 and json.loads(future.stdout)["as_of"] == "2031-01-01", future.stderr.decode())

    # Model stores, on disk and in a tar: one component per model, what the store says, blobs
    # that are not what their name says.
    stores.build(pathlib.Path(scratch, "stores"))
    case("stores", scratch, ["scan", "stores"], 0)
    case("stores-verify", scratch, ["scan", "stores", "--hash", "none", "--verify"], 0)
    subprocess.run(["tar", "--sort=name", "-cf", "stores.tar", "stores"], cwd=scratch, check=True)
    case("stores-tar", scratch, ["scan", "stores.tar"], 0)

    # Accelerators: captured inventories, another host's tree, serial numbers only on demand.
    accelerators.build(pathlib.Path(scratch, "acc"))
    case("accelerators", scratch, ["accelerators", "acc/lspci.txt", "acc/gpus.csv"], 0)
    case("accelerators-china", scratch, ["accelerators", "acc/gpus.csv", "acc/lspci.txt", "--policy", "acc/china.json",
                                         "--fail-on", "licence-required"], 1)
    case("accelerators-sysroot", scratch, ["accelerators", "--sysroot", "acc/root", "--as-of", "2023-01-01"], 0)
    case("accelerators-bad", scratch, ["accelerators", "acc/notes.txt"], 2)
    case("accelerators-no-tree", scratch, ["accelerators", "--sysroot", "farm"], 2)
    for output in ("json", "cyclonedx-json", "sarif"):
        shown = run(scratch, "accelerators", "acc/gpus.csv", "-o", output)
        again = run(scratch, "accelerators", "acc/gpus.csv", "-o", output)
        kept = run(scratch, "accelerators", "acc/gpus.csv", "-o", output, "--with-serials")
        check("accelerators-" + output, shown.returncode == 0 and shown.stdout == again.stdout, shown.stderr.decode())
        check("accelerators-serials", b"1650000000001" not in shown.stdout and b"GPU-aaaa" not in shown.stdout
              and (output == "sarif" or (b"1650000000001" in kept.stdout and b"GPU-aaaa" in kept.stdout)), output)
    host = json.loads(run(scratch, "scan", "host:acc/root", "-o", "json").stdout)
    check("host-accelerators", [(each["products"], each["count"]) for each in host["accelerators"]]
          == [(["nvidia-h200-sxm-141gb"], 2)] and host["accelerator_hosts"][0]["computer_eccn"] == "4A090.a", str(host.get("accelerators")))

    # Hosted services: names only, and the rules about services in full for the publisher's own.
    pathlib.Path(scratch, "svc/src").mkdir(parents=True)
    pathlib.Path(scratch, "svc/.env").write_text("DEEPSEEK_API_KEY=sk-topsecret\nOPENAI_BASE_URL=https://api.deepseek.com/v1\n")
    pathlib.Path(scratch, "svc/src/m.py").write_text('client = OpenAI(base_url="https://openrouter.ai/api/v1")\nclient.chat.completions.create(model="deepseek/deepseek-chat")\n')
    pathlib.Path(scratch, "svc/requirements.txt").write_text("openai==1.3\nanthropic\n")
    pathlib.Path(scratch, "tx.json").write_text('{"context": {"country": "US", "sector": "us-state-tx", "activity": ["use"]}}')
    case("services", scratch, ["scan", "svc", "--policy", "tx.json", "-o", "table", "-o", "json=svc.json"], 1)
    case("services-again", scratch, ["policy", "check", "tx.json", "--report", "svc.json"], 1)
    for output in ("json", "cyclonedx-json", "sarif", "table"):
        check("services-secret", b"topsecret" not in run(scratch, "scan", "svc", "-o", output).stdout, output)
    none = run(scratch, "scan", "svc", "--no-services", "-o", "json")
    check("no-services", none.returncode == 0 and "services" not in json.loads(none.stdout), none.stderr.decode())

    # What users get wrong.
    case("no-command", scratch, [], 2)
    case("no-target", scratch, ["scan"], 2)
    case("missing-target", scratch, ["scan", "nowhere"], 2)
    case("two-on-stdout", scratch, ["scan", "empty", "-o", "json", "-o", "sarif"], 2)
    case("two-in-one-file", scratch, ["scan", "empty", "-o", "json=x", "-o", "sarif=./x"], 2)
    case("two-to-null", scratch, ["scan", "empty", "-o", "json=/dev/null", "-o", "sarif=/dev/null"], 0)
    case("empty-target", scratch, ["scan", "empty", ""], 2)
    case("unknown-format", scratch, ["scan", "empty", "-o", "sarf"], 2)
    case("bad-policy", scratch, ["scan", "empty", "--policy", "bad.json"], 2)
    case("bad-write", scratch, ["scan", "empty", "-o", "json=nowhere/out.json"], 2)
    case("bad-date", scratch, ["scan", "empty", "--as-of", "yesterday"], 2)
    case("pseudo", scratch, ["scan", "/proc"], 2)

    screening.cases(scratch, case, check, run)
    bundles.cases(scratch, golden, check, run)

    # Small commands.
    case("empty", scratch, ["scan", "empty"], 0)
    case("files-from", scratch, ["scan", "--files-from", "-", "-0"], 0, stdin=b"empty\0farm/srv/inbox/notes.txt\0")
    case("policy-check-bad", scratch, ["policy", "check", "bad.json"], 2)
    init = run(scratch, "policy", "init")
    pathlib.Path(scratch, "init.json").write_bytes(init.stdout)
    case("policy-init-checks", scratch, ["policy", "check", "init.json"], 0)

    # Rule packs: what they are tested with, what is wrong in them, and what a change would mean.
    good = {"model": {"publishers": [{"namespace": "deepseek-ai", "country": "CN"}]}, "context": {"sector": "us-dod"}, "as_of": "2026-11-24", "expect": "prohibited"}
    bad = {**good, "note": "another publisher", "model": {"publishers": [{"namespace": "Qwen", "country": "CN"}]}, "expect": "none"}
    own = {"id": "OWN-1", "title": "DeepSeek at the department", "jurisdiction": "US", "authority": "us", "citation": "memo 7", "source_url": "https://example.com/7",
           "source_date": "2026-10-01", "confidence": "high", "review_by": "2027-09-30", "status": "in-force", "effective_from": "2026-09-01", "subject_kind": "model", "outcome": "prohibited",
           "sentence": "Not used here.", "condition": {"lineage_publisher": ["deepseek-ai"]}, "context": {"sector": ["us-dod"]}, "examples": [good, bad]}

    def pack(name, *rules):
        pathlib.Path(scratch, name).parent.mkdir(exist_ok=True)
        pathlib.Path(scratch, name).write_text(json.dumps({"pack": "own", "rules": rules}, indent=2) + "\n")
    pack("own.json", own)
    pack("packs/wrong.json", {**own, "examples": [{**good, "expect": "review"}, {**bad, "expect": "prohibited"}]})
    pack("lint.json", {**own, "review_by": "2026-11-01", "see": ["US-OFAC-SDM"], "condition": {"all": [{"family": ["A"]}, {"family": ["B"]}]}, "examples": [good]},
         {**own, "id": "OWN-2", "context": {"country": ["UK"]}})
    pack("schema.json", {**own, "titel": "x", "status": "off", "condition": {"lineage_publishr": ["x"]}})
    pack("softer.json", {**own, "outcome": "review"})
    pathlib.Path(scratch, "malformed.json").write_text('{\n  "pack": "own",\n  "rules": [}\n')
    tested = case("rules-test", scratch, ["rules", "test", "own.json", "built-in"], 0, whole=False).stdout.decode()
    check("rules-test", re.fullmatch(r"\d{3,} examples of \d{2,} rules in \d{2} packs: \d{3,} passed, 0 failed\n", tested) is not None, tested)
    case("rules-test-fails", scratch, ["rules", "test", "packs", "own.json"], 1)
    case("rules-test-refused", scratch, ["rules", "test", "schema.json", "malformed.json"], 2)
    case("rules-test-missing", scratch, ["rules", "test", "nowhere.json"], 2)
    case("rules-test-empty", scratch, ["rules", "test", "empty"], 2)
    case("rules-lint-own", scratch, ["rules", "lint", "own.json"], 0)
    case("rules-lint-wrong", scratch, ["rules", "lint", "lint.json", "schema.json", "malformed.json"], 1)
    lint = run(scratch, "rules", "lint", "--as-of", "2026-11-24")
    check("rules-lint", lint.returncode == 0 and b": error: " not in lint.stdout and b"0 errors" in lint.stdout, lint.stdout.decode()[-2000:])
    case("rules-lint-bad-date", scratch, ["rules", "lint", "--as-of", "soon"], 2)
    case("rules-explain", scratch, ["rules", "explain", "US-EAR-AFFILIATES"], 0)
    case("rules-explain-as-of", scratch, ["rules", "explain", "US-EAR-AFFILIATES", "--as-of", "2025-10-01"], 0)
    case("rules-explain-own", scratch, ["rules", "explain", "OWN-1", "--rules", "own.json"], 0)
    case("rules-explain-builtin", scratch, ["rules", "explain", "WB-POLYGLOT"], 0)
    case("rules-explain-unknown", scratch, ["rules", "explain", "US-EAR-AFILIATES"], 2)
    for rule in json.loads(run(scratch, "list", "rules", "-o", "json").stdout):
        said = run(scratch, "rules", "explain", rule["id"])
        check("rules-explain-each", said.returncode == 0 and rule["id"].encode() in said.stdout and all(len(text) <= 80 for text in said.stdout.decode().split("\n")), rule["id"])
    run(scratch, "scan", "farm", "--policy", "dod.json", "-o", "json=stored.json")
    case("rules-diff", scratch, ["rules", "diff", "own.json", "softer.json", "--report", "stored.json", "--policy", "dod.json"], 0)
    same = run(scratch, "rules", "diff", "built-in", "built-in", "--report", "stored.json", "--policy", "dod.json").stdout
    check("rules-diff-same", b"0 added, 0 removed, 0 changed" in same and b"0 findings change, of 7 models" in same and b"none of A's" not in same, same.decode())
    case("rules-diff-no-policy", scratch, ["rules", "diff", "own.json", "softer.json", "--report", "stored.json"], 0)
    case("rules-diff-no-report", scratch, ["rules", "diff", "own.json", "softer.json", "--report", "dod.json"], 2)
    case("rules-diff-one", scratch, ["rules", "diff", "own.json"], 2)
    stored = json.loads(pathlib.Path(scratch, "stored.json").read_text())
    pathlib.Path(scratch, "waive.json").write_text('{"context": {"country": "US", "sector": "us-dod"}, "waivers": [{"rule": "US-NDAA26-1532-CORE", "subject": "**/weights.safetensors", "reason": "ticket 1", "owner": "a@example.com", "expires": "2026-12-31"}]}')
    pathlib.Path(scratch, "list.json").write_text('{"packs": ["licences"], "context": {"country": "US"}, "allow": [{"publisher": "Qwen"}], "unlisted": "prohibited"}')
    case("policy-check-report", scratch, ["policy", "check", "dod.json", "--report", "stored.json"], 1)
    case("policy-check-waived", scratch, ["policy", "check", "waive.json", "--report", "stored.json"], 0)
    case("policy-check-expired", scratch, ["policy", "check", "waive.json", "--report", "stored.json", "--as-of", "2027-01-01"], 1, whole=False)
    case("policy-check-unlisted", scratch, ["policy", "check", "list.json", "--report", "stored.json"], 1)
    case("policy-check-no-report", scratch, ["policy", "check", "dod.json", "--report", "own.json"], 2)
    case("policy-check-day", scratch, ["policy", "check", "dod.json", "--as-of", "2026-01-01"], 2)
    judged = run(scratch, "policy", "check", "dod.json", "--report", "stored.json").stdout
    check("policy-check-agrees", f"{len(stored['findings'])} findings of 7 models".encode() in judged, judged.decode())
    case("explain-renamed", scratch, ["explain", "farm/srv/apps/assistant"], 0)
    case("compare-same", scratch, ["compare", "farm/srv/models/sql-lora", "farm/srv/models/sql-lora"], 0)
    case("compare-none", scratch, ["compare", "empty", "farm/srv/models/sql-lora"], 2)

    # Export classification: figures on and beside the lines, products, days, and what is wrong.
    lines = [
        ("3A090.a", ["--tops8", "600"]), ("3A090.a", ["--tflops16", "300"]), ("3A090.a", ["--tops8", "600", "--not-datacenter"]),
        ("3A991.p", ["--tops8", "599.9", "--not-datacenter"]), ("undecided (needs die area)", ["--tops8", "599.9"]),
        ("3A090.a", ["--tops8", "370", "--die-area", "500"]), ("3A090.b", ["--tops8", "370", "--die-area", "500.1"]),
        ("3A090.b", ["--tflops4", "600", "--die-area", "1500"]), ("3A991.p", ["--tops4", "599", "--die-area", "1500"]),
        ("3A991.p", ["--tops8", "599.9", "--planar"]), ("3A991.p", ["--tflops32", "8"]), ("none", ["--tflops64", "7.9"]),
        ("3A991.p", ["--tflops8", "7.9", "--interconnect", "150"]), ("none", ["--tflops8", "7.9", "--interconnect", "149.9"]),
        ("undecided (needs bits that TF32 counts)", ["--tflops-tf32", "190", "--not-datacenter"]),
        ("none", ["--tops8", "600", "--as-of", "2022-10-06"]), ("undecided (needs interconnect)", ["--tops8", "600", "--as-of", "2022-10-07"]),
        ("3A090.a", ["--tops8", "600", "--interconnect", "600", "--as-of", "2023-11-16"]),
        ("3A991.p", ["--tops8", "600", "--interconnect", "599", "--as-of", "2023-11-16"]),
        ("3A090.a", ["H100 SXM"]), ("3A991.p", ["nvidia-h20-96gb"]), ("undecided (needs market segment)", ["RTX A6000"]),
        ("3A090.b", ["RTX A6000", "--datacenter"]), ("3A991.p", ["RTX A6000", "--not-datacenter"]),
        ("3A991.p", ["A800 80GB PCIe", "--as-of", "2023-01-01"]), ("undecided (needs dense rates, die area, interconnect)", ["910D"]),
    ]
    for want, arguments in lines:
        said = run(scratch, "classify", *arguments)
        eccn = [text for text in said.stdout.decode().split("\n") if text.startswith("ECCN: ")]
        check("classify", said.returncode == 0 and eccn == ["ECCN: " + want], f"{arguments}: {eccn} {said.stderr.decode()}")
        answer = json.loads(run(scratch, "classify", *arguments, "-o", "json").stdout)
        check("classify-json", answer["eccn"] == want.split(" ")[0] and bool(answer["needs"]) == ("needs" in want), str(arguments))
    case("classify-h20", scratch, ["classify", "h20"], 0)
    case("classify-trainium", scratch, ["classify", "aws-trainium2", "-o", "json"], 0)
    case("classify-figures", scratch, ["classify", "--tflops16", "989", "--die-area", "814", "--memory-bandwidth", "3350", "--as-of", "2026-02-01"], 0)
    case("classify-board", scratch, ["classify", "qualcomm-ai100-ultra"], 0)
    case("classify-2022", scratch, ["classify", "A100 SXM4 80GB", "--as-of", "2023-01-01"], 0)
    case("classify-nothing", scratch, ["classify", "--die-area", "800"], 2)
    case("classify-several", scratch, ["classify", "H100"], 2)
    case("classify-unknown", scratch, ["classify", "nvidia-h100-sxm5-80g"], 2)
    case("classify-both", scratch, ["classify", "H200", "--tops8", "1"], 2)
    case("classify-bad-date", scratch, ["classify", "H200", "--as-of", "2026-02-30"], 2)
    for value in ("0", "-1", "nan", "inf", "1e300", "12x", "", " 1", "0x10", "1,5"):
        bad = run(scratch, "classify", "--tops8", value)
        check("classify-bad-figure", bad.returncode == 2 and not bad.stdout, f"{value!r}: {bad.returncode}")
    for arguments in (["--die-area", "0"], ["--die-area", "-3"], ["--interconnect", "-1"], ["--memory-bandwidth", "nan"], ["--planar"]):
        check("classify-bad-figure", run(scratch, "classify", "--tops8", "600" if "--planar" not in arguments else "x", *arguments).returncode == 2, str(arguments))
    days = {day: json.loads(run(scratch, "list", "accelerators", "-o", "json", "--as-of", day).stdout) for day in ("2022-01-01", "2023-01-01", "2026-11-24")}
    counts = {day: [sum(row["eccn"] == eccn for row in rows) for eccn in ("3A090.a", "3A090.b", "3A991.p", "none", "undecided")] for day, rows in days.items()}
    check("list-accelerators-as-of", counts["2022-01-01"] == [0, 0, 0, 241, 0] and counts["2023-01-01"][1] == 0 and all(sum(each) == 241 for each in counts.values()) and counts["2026-11-24"][1] == 5, str(counts))
    case("explain-accelerator", scratch, ["explain", "nvidia-l40"], 0)
    for what in ("accelerators", "formats", "publishers", "models", "rules", "licences"):
        listed = run(scratch, "list", what, "-o", "json")
        check("list-" + what, listed.returncode == 0 and len(json.loads(listed.stdout)) > 10, listed.stderr.decode())
        check("list-" + what, run(scratch, "list", what).returncode == 0)
    check("version", run(scratch, "version").stdout.startswith(b"weighbridge 0."))
    check("help", b"--fail-on" in run(scratch, "scan", "--help").stdout)
    check("man", run(scratch, "man").stdout.startswith(b".TH WEIGHBRIDGE 1"))
    bash = run(scratch, "completion", "bash").stdout
    check("completion", subprocess.run(["bash", "-n"], input=bash).returncode == 0 and b"--fail-on" in bash)

    # A report is replaced whole; nothing else is left behind.
    run(scratch, "scan", "empty", "-o", "json=out.json")
    check("rename", not [f for f in os.listdir(scratch) if f.startswith("out.json.")])

    # Ctrl-C: the report of what was done, marked incomplete.
    process = subprocess.Popen([program, "scan", "/usr", "farm", "-o", "json"], cwd=scratch, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(0.15)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    check("interrupt", process.returncode == 2 and json.loads(out)["complete"] is False, f"exit {process.returncode}")

print("\n".join(failures))
print(f"{ran - len(failures)} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
