// The documented places of stores, one row each. Only for host_stores.cc.
#pragma once

#include <array>
#include <string_view>

namespace weighbridge {

struct DocumentedPlace {
  std::string_view path;
  std::string_view kind;
};

// Absolute paths. Container stores: formats.md part D of the project's reference, and each
// distribution's documentation for its own root.
inline constexpr auto kSystemPlaces = std::to_array<DocumentedPlace>({
    {"/var/lib/docker", "Docker"},
    {"/var/snap/docker/common/var-lib-docker", "Docker (snap)"},
    {"/var/lib/containerd", "containerd"},
    {"/var/lib/rancher/k3s/agent/containerd", "containerd of k3s"},
    {"/var/lib/rancher/rke2/agent/containerd", "containerd of RKE2"},
    {"/var/snap/microk8s/common/var/lib/containerd", "containerd of MicroK8s"},
    {"/var/lib/k0s/containerd", "containerd of k0s"},
    {"/var/lib/containers/storage", "containers/storage (podman, CRI-O)"},
    {"/var/lib/kubelet/pods", "volumes of Kubernetes pods"},
    {"/var/lib/lxc", "LXC"},
    {"/var/lib/machines", "systemd-nspawn"},
    {"/var/lib/snapd/snaps", "snap"},
    {"/usr/share/ollama/.ollama", "Ollama"},
    {"/var/lib/ollama", "Ollama"},
    {"/var/snap/ollama/common", "Ollama (snap)"},
    {"/opt/nim/.cache", "NVIDIA NIM"},
    {"/opt/ml/model", "SageMaker"},
    {"/usr/share/nltk_data", "NLTK"},
    {"/usr/local/share/nltk_data", "NLTK"},
    {"/usr/share/tesseract-ocr", "Tesseract"},
});

// Below a home folder.
inline constexpr auto kHomePlaces = std::to_array<DocumentedPlace>({
    {".ollama", "Ollama"},
    {".cache/huggingface", "Hugging Face"},
    {".cache/modelscope", "ModelScope"},
    {".cache/torch", "torch hub"},
    {".keras", "Keras"},
    {".cache/kagglehub", "Kaggle hub"},
    {".cache/whisper", "Whisper"},
    {".cache/gpt4all", "GPT4All"},
    {".local/share/nomic.ai/GPT4All", "GPT4All"},
    {".cache/lm-studio", "LM Studio"},
    {".lmstudio", "LM Studio"},
    {".cache/llama.cpp", "llama.cpp"},
    {".local/share/Jan", "Jan"},
    {".config/Jan", "Jan"},
    {"jan", "Jan"},
    {".cache/mlc_llm", "MLC LLM"},
    {".cache/nim", "NVIDIA NIM"},
    {".docker/models", "Docker Model Runner"},
    {".local/share/docker", "Docker (rootless)"},
    {".local/share/containerd", "containerd (rootless)"},
    {".local/share/containers/storage", "containers/storage (podman, rootless)"},
    {".local/share/ramalama", "RamaLama"},
    {".apptainer/cache", "Apptainer"},
    {".singularity/cache", "Singularity"},
    {".EasyOCR", "EasyOCR"},
    {".paddleocr", "PaddleOCR"},
    {".paddlex", "PaddleX"},
    {".insightface", "InsightFace"},
    {".u2net", "rembg"},
    {"nltk_data", "NLTK"},
    {"stanza_resources", "Stanza"},
    {".local/share/tts", "Coqui TTS"},
    {".flair", "Flair"},
    {".cache/clip", "CLIP"},
    {".cache/doctr", "docTR"},
    {".cache/suno", "Bark"},
    {".config/Ultralytics", "Ultralytics"},
    {"ComfyUI/models", "ComfyUI"},
    {"stable-diffusion-webui/models", "A1111"},
    {"text-generation-webui/models", "text-generation-webui"},
});

}  // namespace weighbridge
