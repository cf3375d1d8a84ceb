// model_farm FOLDER: lays out a believable mix of model stores and loose files for
// `./dev scan examples/model-farm`: a hub cache, a renamed model, a mislabelled one,
// a restricted licence, pointers, an adapter, an unsafe pickle and a broken file.
//
// The tensors have the shapes of published models but hold no weights: their bytes
// are a hole in the file, which costs no disk space.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct TensorSpec {
  std::string name;
  std::vector<std::uint64_t> shape;  // outermost first
};

// The figures of a published configuration.
struct Decoder {
  std::uint64_t hidden, layers, heads, kv_heads, head_dim, ffn, vocab;
  bool qkv_bias, qk_norm;
};
constexpr Decoder kQwen25Half{896, 24, 14, 2, 64, 4864, 151936, true, false};
constexpr Decoder kQwen3Small{1024, 28, 16, 8, 128, 3072, 151936, false, true};
constexpr Decoder kHunyuanSmall{2048, 32, 16, 4, 128, 6144, 120818, false, true};

std::uint64_t Elements(const TensorSpec& tensor) {
  std::uint64_t count = 1;
  for (const std::uint64_t dimension : tensor.shape) count *= dimension;
  return count;
}

void Write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void WriteWithHole(const fs::path& path, const std::string& header, std::uint64_t data_bytes) {
  Write(path, header);
  fs::resize_file(path, header.size() + data_bytes);
}

std::vector<TensorSpec> HubTensors(const Decoder& d) {
  std::vector<TensorSpec> tensors{{"model.embed_tokens.weight", {d.vocab, d.hidden}},
                                  {"model.norm.weight", {d.hidden}}};
  for (std::uint64_t i = 0; i < d.layers; ++i) {
    const std::string p = "model.layers." + std::to_string(i) + ".";
    tensors.push_back({p + "input_layernorm.weight", {d.hidden}});
    tensors.push_back({p + "post_attention_layernorm.weight", {d.hidden}});
    tensors.push_back({p + "self_attn.q_proj.weight", {d.heads * d.head_dim, d.hidden}});
    tensors.push_back({p + "self_attn.k_proj.weight", {d.kv_heads * d.head_dim, d.hidden}});
    tensors.push_back({p + "self_attn.v_proj.weight", {d.kv_heads * d.head_dim, d.hidden}});
    tensors.push_back({p + "self_attn.o_proj.weight", {d.hidden, d.heads * d.head_dim}});
    tensors.push_back({p + "mlp.gate_proj.weight", {d.ffn, d.hidden}});
    tensors.push_back({p + "mlp.up_proj.weight", {d.ffn, d.hidden}});
    tensors.push_back({p + "mlp.down_proj.weight", {d.hidden, d.ffn}});
    if (d.qkv_bias) {
      tensors.push_back({p + "self_attn.q_proj.bias", {d.heads * d.head_dim}});
      tensors.push_back({p + "self_attn.k_proj.bias", {d.kv_heads * d.head_dim}});
      tensors.push_back({p + "self_attn.v_proj.bias", {d.kv_heads * d.head_dim}});
    }
    if (d.qk_norm) {
      tensors.push_back({p + "self_attn.q_norm.weight", {d.head_dim}});
      tensors.push_back({p + "self_attn.k_norm.weight", {d.head_dim}});
    }
  }
  return tensors;
}

std::string LittleEndian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

// safetensors: u64 header length, JSON header, data.
std::pair<std::string, std::uint64_t> Safetensors(const std::vector<TensorSpec>& tensors,
                                                  const std::string& dtype,
                                                  std::uint64_t item_bytes) {
  std::string json = "{\"__metadata__\":{\"format\":\"pt\"}";
  std::uint64_t offset = 0;
  for (const TensorSpec& tensor : tensors) {
    const std::uint64_t end = offset + Elements(tensor) * item_bytes;
    json += ",\"" + tensor.name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      json += (i == 0 ? "" : ",") + std::to_string(tensor.shape[i]);
    }
    json += "],\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(end) + "]}";
    offset = end;
  }
  json += "}";
  json.append((8 - json.size() % 8) % 8, ' ');
  return {LittleEndian(json.size(), 8) + json, offset};
}

// GGUF v3 (ggml docs/gguf.md): header, key-values, tensor infos, aligned data.
class Gguf {
 public:
  void Text(const std::string& key, const std::string& value) {
    values_ += String(key) + LittleEndian(8, 4) + String(value);
    ++count_;
  }
  void Number(const std::string& key, std::uint64_t value) {
    values_ += String(key) + LittleEndian(4, 4) + LittleEndian(value, 4);
    ++count_;
  }
  void Tensor(const TensorSpec& tensor, std::uint32_t type, std::uint64_t block,
              std::uint64_t bytes) {
    infos_ += String(tensor.name) + LittleEndian(tensor.shape.size(), 4);
    for (std::size_t i = tensor.shape.size(); i-- > 0;) infos_ += LittleEndian(tensor.shape[i], 8);
    infos_ += LittleEndian(type, 4) + LittleEndian(data_, 8);
    data_ += (Elements(tensor) / block * bytes + 31) / 32 * 32;
    ++tensors_;
  }
  void WriteTo(const fs::path& path) const {
    std::string header = "GGUF" + LittleEndian(3, 4) + LittleEndian(tensors_, 8) +
                         LittleEndian(count_, 8) + values_ + infos_;
    header.append((32 - header.size() % 32) % 32, '\0');
    WriteWithHole(path, header, data_);
  }

 private:
  static std::string String(const std::string& text) { return LittleEndian(text.size(), 8) + text; }
  std::string values_, infos_;
  std::uint64_t count_ = 0, tensors_ = 0, data_ = 0;
};

void AddGgufDecoder(Gguf& file, const std::string& arch, const Decoder& d, std::uint32_t type,
                    std::uint64_t block, std::uint64_t bytes) {
  file.Text("general.architecture", arch);
  file.Number(arch + ".block_count", d.layers);
  file.Number(arch + ".embedding_length", d.hidden);
  file.Number(arch + ".feed_forward_length", d.ffn);
  file.Number(arch + ".attention.head_count", d.heads);
  file.Number(arch + ".attention.head_count_kv", d.kv_heads);
  const auto norm = [&](const std::string& name, std::uint64_t length) {
    file.Tensor({name, {length}}, 0, 1, 4);
  };
  const auto weight = [&](const std::string& name, std::uint64_t out, std::uint64_t in) {
    file.Tensor({name, {out, in}}, type, block, bytes);
  };
  weight("token_embd.weight", d.vocab, d.hidden);
  norm("output_norm.weight", d.hidden);
  for (std::uint64_t i = 0; i < d.layers; ++i) {
    const std::string p = "blk." + std::to_string(i) + ".";
    norm(p + "attn_norm.weight", d.hidden);
    norm(p + "ffn_norm.weight", d.hidden);
    if (d.qk_norm) norm(p + "attn_q_norm.weight", d.head_dim);
    if (d.qk_norm) norm(p + "attn_k_norm.weight", d.head_dim);
    weight(p + "attn_q.weight", d.heads * d.head_dim, d.hidden);
    weight(p + "attn_k.weight", d.kv_heads * d.head_dim, d.hidden);
    weight(p + "attn_v.weight", d.kv_heads * d.head_dim, d.hidden);
    weight(p + "attn_output.weight", d.hidden, d.heads * d.head_dim);
    weight(p + "ffn_gate.weight", d.ffn, d.hidden);
    weight(p + "ffn_up.weight", d.ffn, d.hidden);
    weight(p + "ffn_down.weight", d.hidden, d.ffn);
  }
}

std::string Config(const std::string& model_type, const std::string& architecture,
                   const Decoder& d) {
  const auto number = [](const char* key, std::uint64_t value) {
    return ",\n  \"" + std::string(key) + "\": " + std::to_string(value);
  };
  return "{\n  \"architectures\": [\"" + architecture + "\"],\n  \"model_type\": \"" + model_type +
         "\"" + number("hidden_size", d.hidden) + number("num_hidden_layers", d.layers) +
         number("num_attention_heads", d.heads) + number("num_key_value_heads", d.kv_heads) +
         number("intermediate_size", d.ffn) + number("vocab_size", d.vocab) + "\n}\n";
}

// A hub cache as huggingface_hub lays it out: snapshots link to blobs.
void HubCache(const fs::path& root) {
  const fs::path repo =
      root / "home/ada/.cache/huggingface/hub/models--Qwen--Qwen2.5-0.5B-Instruct";
  const std::string commit = "7ae557604adf67be50417f59c2c2f167def9a775";
  const auto [header, bytes] = Safetensors(HubTensors(kQwen25Half), "BF16", 2);
  WriteWithHole(repo / "blobs/d0", header, bytes);
  Write(repo / "blobs/d1", Config("qwen2", "Qwen2ForCausalLM", kQwen25Half));
  Write(repo / "blobs/d2",
        "---\nlicense: apache-2.0\nbase_model: Qwen/Qwen2.5-0.5B\npipeline_tag: "
        "text-generation\n---\n# Qwen2.5-0.5B-Instruct\n");
  Write(repo / "refs/main", commit);
  fs::create_directories(repo / "snapshots" / commit);
  for (const auto& [name, blob] :
       {std::pair{"model.safetensors", "d0"}, {"config.json", "d1"}, {"README.md", "d2"}}) {
    const fs::path link = repo / "snapshots" / commit / name;
    fs::remove(link);
    fs::create_symlink(fs::path("../../blobs") / blob, link);
  }
}

void Renamed(const fs::path& root) {
  Gguf file;
  AddGgufDecoder(file, "llama", kQwen3Small, 2, 32, 18);  // Q4_0; the architecture was edited too
  file.Text("general.name", "Acme Assistant");
  file.WriteTo(root / "srv/apps/assistant/acme-assistant-v1.gguf");
}

void Mislabelled(const fs::path& root) {
  const fs::path folder = root / "srv/models/llama-3.2-1b";
  const auto [header, bytes] = Safetensors(HubTensors(kQwen3Small), "F8_E4M3", 1);
  WriteWithHole(folder / "model.safetensors", header, bytes);
  Write(folder / "config.json",
        Config("llama", "LlamaForCausalLM", {2048, 16, 32, 8, 64, 8192, 128256, false, false}));
  Write(folder / "README.md",
        "---\nlicense: llama3.2\nbase_model: meta-llama/Llama-3.2-1B\n---\n# Llama 3.2 1B\n");
}

void Restricted(const fs::path& root) {
  Gguf file;
  AddGgufDecoder(file, "hunyuan-dense", kHunyuanSmall, 19, 256, 50);  // IQ1_S
  file.Text("general.name", "Hunyuan 1.8B Instruct");
  file.Text("general.organization", "Tencent");
  file.WriteTo(root / "srv/models/hunyuan/hunyuan-1.8b-instruct-iq1_s.gguf");
  Write(root / "srv/models/hunyuan/README.md",
        "---\nlicense: other\nlicense_name: tencent-hunyuan-community\nbase_model: "
        "tencent/Hunyuan-1.8B-Instruct\nbase_model_relation: quantized\n---\n");
}

void Pointers(const fs::path& root) {
  const fs::path folder = root / "srv/git/assistant-weights";
  Write(folder / "weights.safetensors",
        "version https://git-lfs.github.com/spec/v1\n"
        "oid sha256:c2388e6b127ce6664e35c5e2529c3ce4bfc99f4f7fb6fa48e92b29ed5e4922af\nsize "
        "5234139343\n");
}

void Adapter(const fs::path& root) {
  const fs::path folder = root / "srv/models/sql-lora";
  std::vector<TensorSpec> tensors;
  for (int i = 0; i < 24; ++i) {
    const std::string p =
        "base_model.model.model.layers." + std::to_string(i) + ".self_attn.q_proj.";
    tensors.push_back({p + "lora_A.weight", {8, 896}});
    tensors.push_back({p + "lora_B.weight", {896, 8}});
  }
  const auto [header, bytes] = Safetensors(tensors, "F32", 4);
  WriteWithHole(folder / "adapter_model.safetensors", header, bytes);
  Write(folder / "adapter_config.json",
        "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": \"Qwen/Qwen2.5-0.5B-Instruct\", "
        "\"r\": 8, \"task_type\": \"CAUSAL_LM\"}\n");
}

// A pickle that would run a command if it were loaded. Weighbridge only lists it.
void UnsafePickle(const fs::path& root) {
  Write(root / "srv/inbox/classifier.pkl",
        "\x80\x02"
        "cposix\nsystem\nX\x0b" +
            std::string(3, '\0') + "echo loaded\x85R.");
}

void Broken(const fs::path& root) {
  const auto [header, bytes] = Safetensors(HubTensors(kQwen25Half), "BF16", 2);
  WriteWithHole(root / "srv/inbox/model-00001-of-00002.safetensors", header, bytes / 300);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: model_farm FOLDER\n";
    return 2;
  }
  try {
    const fs::path root = argv[1];
    HubCache(root);
    Renamed(root);
    Mislabelled(root);
    Restricted(root);
    Pointers(root);
    Adapter(root);
    UnsafePickle(root);
    Broken(root);
    Write(root / "srv/inbox/notes.txt", "nothing to see here\n");
    std::cout << "laid out " << root.string() << "\n";
  } catch (const std::exception& error) {
    std::cerr << "model_farm: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
