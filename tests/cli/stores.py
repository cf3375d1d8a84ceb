"""An Ollama store and a hub cache as their tools lay them out, with tiny models in them."""
import hashlib
import json
import struct


def text(value):
    return struct.pack("<Q", len(value)) + value.encode()


def gguf(name, architecture="llama"):
    """One F32 tensor of 8 values; GGUF version 3."""
    values = {"general.architecture": architecture, "general.name": name}
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(values))
    for key, value in values.items():
        head += text(key) + struct.pack("<I", 8) + text(value)
    head += text("output.weight") + struct.pack("<IQQIQ", 2, 4, 2, 0, 0)
    return head + b"\0" * (-len(head) % 32) + bytes(range(32))


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def ollama(root, place, layers, **config):
    def blob(data):
        write(root / "blobs" / f"sha256-{sha256(data)}", data)
        return {"digest": "sha256:" + sha256(data), "size": len(data)}

    config = json.dumps({"model_format": "gguf", **config, "rootfs": {"type": "layers", "diff_ids": []}}).encode()
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", **blob(config)},
        "layers": [{"mediaType": f"application/vnd.ollama.image.{kind}", **blob(data)} for kind, data in layers],
    }
    write(root / "manifests" / place, json.dumps(manifest).encode())


def build(root):
    store = root / "ollama"
    apache = b"Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n\n" + b"TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION\n" * 4
    ollama(store, "registry.ollama.ai/library/qwen3/8b",
           [("model", gguf("Qwen3 8B", "qwen3")), ("license", apache), ("template", b"{{ .Prompt }}"),
            ("params", b'{"temperature":0.6}')],
           model_family="qwen3", model_type="8.2B", file_type="Q4_K_M")
    ollama(store, "registry.ollama.ai/library/gpt-oss/20b-cloud", [],
           model_family="gptoss", remote_host="https://ollama.com:443", remote_model="gpt-oss:20b")
    write(store / "blobs" / ("sha256-" + "0" * 64), gguf("Left over"))
    commit = "0123456789abcdef0123456789abcdef01234567"
    hub = root / "hub" / "models--Qwen--Qwen3-8B-GGUF"
    weights = gguf("Qwen3 8B", "qwen3")
    write(hub / "refs" / "main", commit.encode())
    write(hub / "blobs" / sha256(weights), weights)
    write(hub / "trees" / f"{commit}.json", json.dumps({"format_version": 1, "files": {
        "Qwen3-8B-Q4_K_M.gguf": {"size": len(weights), "blob_id": "0" * 40, "lfs_sha256": sha256(weights)},
        "Qwen3-8B-Q8_0.gguf": {"size": 9, "blob_id": "1" * 40, "lfs_sha256": "2" * 64}}}).encode())
    link = hub / "snapshots" / commit / "Qwen3-8B-Q4_K_M.gguf"
    link.parent.mkdir(parents=True)
    link.symlink_to(f"../../blobs/{sha256(weights)}")
