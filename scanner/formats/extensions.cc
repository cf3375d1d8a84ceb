#include "scanner/formats/extensions.h"

#include <algorithm>
#include <array>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

struct Extension {
  std::string_view extension;
  std::string_view says;
  std::string_view formats;  // space-separated ids that may carry it; "" none of ours
};

// PyTorch's names are interchangeable among its containers and pickles (formats
// reference 3.4); .bin, .data and .model belong to nobody.
constexpr std::string_view kTorch =
    "pytorch_zip pytorch_legacy pytorch_tar torchscript torch_package pt2 pickle2 pickle0 joblib "
    "cloudpickle_dill paddle_pickle zip mindspore_ckpt tf_checkpoint_data pytorch_rc "
    "pytorch_mobile";

// joblib.dump(compress=...) and common scripts wrap a pickle in a compressor.
constexpr std::string_view kPickle =
    "pytorch_zip pytorch_legacy pytorch_tar torchscript torch_package pt2 pickle2 pickle0 joblib "
    "cloudpickle_dill paddle_pickle zip mindspore_ckpt tf_checkpoint_data pytorch_rc "
    "pytorch_mobile gzip bzip2 xz lzma lz4 zstd";
// What is a zip archive by its structure, whoever wrote it.
constexpr std::string_view kZip =
    "zip npz pytorch_zip torchscript torch_package pt2 keras_zip dduf torchserve_mar wheel "
    "llamafile marian dlc dl4j mlnet nnabla pnnx mediapipe_task";
// tar's own tools read a compressed one by this name too.
constexpr std::string_view kTar =
    "tar nemo pytorch_tar docker_save oci_layout gzip bzip2 xz lzma zstd lz4";

constexpr std::array kExtensions{
    Extension{".safetensors", "safetensors", "safetensors lfs_pointer"},
    Extension{".sft", "safetensors", "safetensors"},
    Extension{".gguf", "GGUF", "gguf gguf_be gguf_fugg gguf_lora lfs_pointer"},
    Extension{".ggml", "legacy GGML", "ggml ggmf ggjt ggla"},
    Extension{".onnx", "ONNX", "onnx"},
    Extension{".onnx_data", "ONNX external data", "onnx_external_data"},
    Extension{".engine", "a TensorRT engine", "tensorrt"},
    Extension{".mnn", "MNN", "mnn"},
    Extension{".llamafile", "a llamafile", "llamafile"},
    Extension{".nemo", "a NeMo archive", kTar},
    Extension{".pt", "PyTorch", kTorch},
    Extension{".pth", "PyTorch", kTorch},
    Extension{".ckpt", "a checkpoint", kTorch},
    Extension{".ptl", "PyTorch Mobile", "pytorch_mobile torchscript pytorch_zip zip"},
    Extension{".distcp", "a PyTorch distributed checkpoint",
              "torch_distcp pytorch_zip pytorch_legacy pickle2 zip safetensors"},
    Extension{".pkl", "pickle", kPickle},
    Extension{".pickle", "pickle", kPickle},
    Extension{".joblib", "joblib",
              "joblib pickle2 pickle0 cloudpickle_dill gzip bzip2 xz lzma lz4 zstd"},
    Extension{".npy", "a NumPy array", "npy"},
    Extension{".npz", "a NumPy archive", "npz zip marian"},
    Extension{".h5", "HDF5", "hdf5"},
    Extension{".hdf5", "HDF5", "hdf5"},
    Extension{".keras", "a Keras archive", "keras_zip hdf5 zip"},
    Extension{".tflite", "TensorFlow Lite", "tflite circle"},
    Extension{".mlmodel", "Core ML", "coreml_mlmodel"},
    Extension{".rknn", "RKNN", "rknn rknx rknn_encrypted"},
    Extension{".om", "Ascend OM", "ascend_om om_svp"},
    Extension{".zip", "a zip archive", kZip},
    Extension{".whl", "a Python wheel", "wheel zip"},
    Extension{".tar", "a tar archive", kTar},
    Extension{".gz", "gzip", "gzip"},
    Extension{".tgz", "gzip", "gzip"},
    Extension{".xz", "xz", "xz"},
    Extension{".json", "JSON",
              "safetensors_index pytorch_index tfjs keras_json xgboost paddle_pir tvm mxnet "
              "coreml_mlpackage coreml_mlmodelc orbax zarr mlc_llm spacy"},
    Extension{".yaml", "YAML text", ""},
    Extension{".yml", "YAML text", ""},
    Extension{".xml", "XML text", "openvino pmml"},
    Extension{".txt", "plain text", ""},
    Extension{".md", "Markdown text", ""},
    Extension{".csv", "CSV text", ""},
    Extension{".log", "a log", ""},
    Extension{".html", "HTML", ""},
    Extension{".py", "Python source", ""},
    Extension{".png", "a PNG image", ""},
    Extension{".jpg", "a JPEG image", ""},
    Extension{".jpeg", "a JPEG image", ""},
    Extension{".gif", "a GIF image", ""},
    Extension{".bmp", "a bitmap image", ""},
    Extension{".webp", "a WebP image", ""},
    Extension{".tif", "a TIFF image", ""},
    Extension{".tiff", "a TIFF image", ""},
    Extension{".ico", "an icon", ""},
    Extension{".svg", "an SVG image", ""},
    Extension{".pdf", "a PDF document", ""},
    Extension{".mp3", "MP3 audio", ""},
    Extension{".mp4", "MP4 video", ""},
};

bool Lists(std::string_view formats, std::string_view format) {
  while (!formats.empty()) {
    const std::size_t space = formats.find(' ');
    if (formats.substr(0, space) == format) return true;
    if (space == std::string_view::npos) return false;
    formats.remove_prefix(space + 1);
  }
  return false;
}

// Text formats of our own table that legally carry a text extension.
bool IsText(std::string_view format) {
  constexpr std::array<std::string_view, 7> kText{"ncnn_param", "lightgbm", "lfs_pointer", "pnnx",
                                                  "tnn",        "darknet",  "torch7"};
  return std::find(kText.begin(), kText.end(), format) != kText.end();
}

}  // namespace

std::string ExtensionConflict(std::string_view file_name, std::string_view format) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string extension = ToLower(file_name.substr(dot));
  for (const Extension& row : kExtensions) {
    if (row.extension != extension) continue;
    // A pointer stands for the file and keeps its name.
    if (format == "lfs_pointer" || Lists(row.formats, format)) return {};
    if (row.formats.empty() && IsText(format)) return {};
    return std::string(row.says);
  }
  return {};
}

}  // namespace weighbridge
