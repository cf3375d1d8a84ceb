"""The contract for tools (sbom/README.md), checked against what the program writes of the
model farm. `problems(run)` returns one line for each broken promise; `run` takes arguments
and returns the finished process, in the folder that holds farm/."""
import json
import re

GRADES = {"verified", "claimed", "inferred", "unknown"}
OUTCOMES = {"prohibited": "error", "licence-required": "error", "restricted": "warning",
            "review": "warning", "notice": "note"}
BUILT_IN = {
    "WB-CONFLICT-IDENTITY", "WB-CONFLICT-LICENCE", "WB-DIGEST-MISMATCH", "WB-EXTENSION-MISMATCH",
    "WB-POLYGLOT", "WB-MISSING-SHARD", "WB-INDEX-MISMATCH", "WB-NOT-INSPECTED", "WB-FILE-CHANGED", "WB-WAIVER-EXPIRED",
    "WB-WAIVER-UNUSED", "WB-UNSAFE-PICKLE", "WB-ARCHIVE-DIFFERENTIAL", "WB-ARCHIVE-BOMB",
    "WB-PATH-TRAVERSAL", "WB-NAME-CONTROL", "WB-LINK-ESCAPE"}
RESTRICTED = {"WB-DIGEST-MISMATCH", "WB-POLYGLOT", "WB-UNSAFE-PICKLE", "WB-CONFLICT-IDENTITY",
              "WB-CONFLICT-LICENCE"}
SIDE_CAR_KINDS = {"config", "model-card", "adapter-config"}
SIDE_CARS = {"config_json", "model_card", "adapter_config"}
SHA256 = re.compile(r"[0-9a-f]{64}")


def properties(component):
    return {p["name"]: p["value"] for p in component.get("properties", [])}


class Contract:
    def __init__(self, run):
        self.problems = []
        self.formats = {row["id"] for row in json.loads(run("list", "formats", "-o", "json").stdout)}
        self.rules = {row["id"]: row for row in json.loads(run("list", "rules", "-o", "json").stdout)}
        self.bom = json.loads(run("scan", "farm", "-o", "cyclonedx-json").stdout)
        self.sarif = json.loads(run("scan", "farm", "-o", "sarif").stdout)

    def expect(self, condition, text):
        if not condition:
            self.problems.append(text)

    def check_file(self, file):
        name, own = file["name"], properties(file)
        self.expect(file["type"] == "file", f"{name}: type {file['type']}")
        form = own.get("weighbridge:format")
        known = form in (SIDE_CARS if own.get("weighbridge:kind") in SIDE_CAR_KINDS else self.formats)
        self.expect(known, f"{name}: weighbridge:format {form}")
        self.expect(any(h["alg"] == "SHA-256" and SHA256.fullmatch(h["content"])
                        for h in file.get("hashes", [])), f"{name}: no SHA-256")
        places = [o["location"] for o in file.get("evidence", {}).get("occurrences", [])]
        self.expect(places and all(p.startswith("farm/") for p in places), f"{name}: {places}")

    def check_model(self, model):
        name, own = model["name"], properties(model)
        grade = own.get("weighbridge:identity-grade")
        self.expect(grade in GRADES, f"{name}: identity-grade {grade}")
        origin = own.get("weighbridge:origin-publisher")
        candidates = own.get("weighbridge:candidates")
        self.expect((grade == "unknown") == (origin is None), f"{name}: {grade} with {origin}")
        self.expect(not candidates or ("," in candidates and origin is None and
                                       "weighbridge:origin-country" not in own),
                    f"{name}: candidates {candidates} with origin {origin}")
        country = own.get("weighbridge:origin-country", "XX")
        self.expect(re.fullmatch(r"[A-Z]{2}", country), f"{name}: country {country}")
        if origin:
            self.expect(origin in own.get("weighbridge:lineage-publishers", "").split(","),
                        f"{name}: {origin} is not in lineage-publishers")
        for digest in ("layout", "tensor", "tokenizer"):
            value = own.get(f"weighbridge:{digest}-digest", "0" * 64)
            self.expect(SHA256.fullmatch(value), f"{name}: {digest}-digest {value}")
        weights = [f for f in model.get("components", []) if f["type"] == "file"]
        self.expect(weights, f"{name}: no file")
        for file in weights:
            self.check_file(file)

    def check_bom(self):
        self.expect(self.bom["specVersion"] == "1.7", "specVersion")
        models = [c for c in self.bom["components"] if c["type"] == "machine-learning-model"]
        self.expect(len(models) == 7, f"{len(models)} models")
        for model in models:
            self.check_model(model)
        for other in self.bom["components"]:
            if other["type"] != "machine-learning-model":
                self.check_file(other)
        by_name = {m["name"]: (m, properties(m)) for m in models}
        # A renamed checkpoint: the bytes decide, and nobody is named as its developer.
        model, own = by_name["llama-3.2-1b"]
        self.expect(own["weighbridge:origin-publisher"] == "Qwen" and
                    own["weighbridge:family"] == "Qwen3" and "group" not in model,
                    f"the renamed model: {own}")
        # A pointer: identity as claimed, format lfs_pointer.
        model, own = by_name["DeepSeek-R1"]
        self.expect(own["weighbridge:format"] == "lfs_pointer" and
                    own["weighbridge:identity-grade"] == "claimed" and
                    model["group"] == "deepseek-ai", f"the pointer: {own}")
        aggregates = {c["aggregate"]: c["assemblies"] for c in self.bom["compositions"]}
        self.expect(set(aggregates) == {"complete", "incomplete"}, f"compositions {aggregates}")
        text = json.dumps(self.bom)
        self.expect("farm/" in text and "/tmp" not in text, "an absolute path")

    def check_result(self, result):
        rule, own = result["ruleId"], result["properties"]
        self.expect(rule in self.rules, f"{rule}: not in list rules")
        self.expect(not rule.startswith("WB-") or rule in BUILT_IN, f"{rule}: not in the contract")
        for key in ("outcome", "confidence", "dependsOn"):
            self.expect(key in own, f"{rule}: no {key}")
        if not rule.startswith("WB-"):
            for key in ("jurisdiction", "citation"):
                self.expect(own.get(key), f"{rule}: no {key}")
        if own["dependsOn"]:
            self.expect(result["kind"] in ("review", "open") and result["level"] == "none",
                        f"{rule}: depends, but {result['kind']} {result['level']}")
        else:
            self.expect(result["kind"] == "fail" and result["level"] == OUTCOMES[own["outcome"]],
                        f"{rule}: {own['outcome']}, but {result['kind']} {result['level']}")

    def check_sarif(self):
        (one,) = self.sarif["runs"]
        self.expect(len(one["results"]) > 20, "few results")
        for result in one["results"]:
            self.check_result(result)
            self.expect(one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] ==
                        result["ruleId"], f"{result['ruleId']}: ruleIndex")
        for rule in BUILT_IN:
            outcome = self.rules[rule]["outcome"]
            wanted = {"WB-WAIVER-UNUSED": "notice"}.get(
                rule, "restricted" if rule in RESTRICTED else "review")
            self.expect(outcome == wanted, f"{rule}: {outcome}, expected {wanted}")


def problems(run):
    contract = Contract(run)
    contract.check_bom()
    contract.check_sarif()
    return contract.problems
