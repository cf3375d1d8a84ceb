// The risk table of pickle imports. Sources: the modules that public pickle scanners
// list and the reports of names they missed (picklescan CVE-2025-1716, -1889, -1944,
// -1945, -10155, -10156, -10157), Python's own documentation of the named modules,
// and what torch.save writes (torch/_utils.py, torch/_weights_only_unpickler.py).
#include "scanner/formats/pickle_imports.h"

#include <algorithm>
#include <array>

namespace weighbridge {
namespace {

using Risk = PickleImport::Risk;

// Any name of these modules, and of their submodules, can run or lead to code.
constexpr auto kCodeModules = std::to_array<std::string_view>({
    "_aix_support",
    "_bootsubprocess",
    "_ctypes",
    "_frozen_importlib",
    "_io",
    "_osx_support",
    "_pickle",
    "_posixsubprocess",
    "_pyrepl",
    "_sitebuiltins",
    "_thread",
    "asyncio",
    "atexit",
    "bdb",
    "cProfile",
    "cffi",
    "cgitb",
    "cmd",
    "cloudpickle.cloudpickle.loads",
    "code",
    "codeop",
    "commands",
    "compileall",
    "concurrent.futures",
    "ctypes",
    "dbm",
    "distutils",
    "doctest",
    "ensurepip",
    "fileinput",
    "ftplib",
    "gc",
    "http",
    "httplib",
    "idlelib",
    "imaplib",
    "imp",
    "importlib",
    "inspect",
    "io",
    "lib2to3",
    "linecache",
    "logging.config",
    "marshal",
    "mmap",
    "modulefinder",
    "multiprocessing",
    "nt",
    "ntpath",
    "nturl2path",
    "os",
    "pathlib",
    "paramiko",
    "pdb",
    "pickle",
    "pickletools",
    "pip",
    "pkgutil",
    "platform",
    "poplib",
    "popen2",
    "posix",
    "posixpath",
    "profile",
    "pstats",
    "pty",
    "py_compile",
    "pydoc",
    "requests",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "setuptools",
    "shelve",
    "shutil",
    "signal",
    "site",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "sysconfig",
    "tarfile",
    "telnetlib",
    "tempfile",
    "test.support",
    "threading",
    "timeit",
    "torch._dynamo",
    "torch._inductor",
    "torch.fx.experimental.symbolic_shapes",
    "torch.hub",
    "torch.jit",
    "torch.package",
    "torch.utils._config_module",
    "torch.utils.bottleneck",
    "torch.utils.collect_env",
    "torch.utils.cpp_extension",
    "torch.utils.data.datapipes",
    "trace",
    "turtle",
    "turtledemo",
    "unittest",
    "urllib",
    "urllib2",
    "uuid",
    "venv",
    "webbrowser",
    "wsgiref",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "aiohttp",
    "code_interact",
    "dill",
    "cloudpickle",
    "joblib.load",
    "pandas.eval",
    "pandas.io",
    "jsonpickle",
    "yaml",
    "fabric",
    "invoke",
    "sh",
    "pexpect",
    "cython",
    "pyximport",
    "numba",
    "execnet",
    "nltk.app",
    "numpy.testing",
    "numpy.f2py",
    "numpy.distutils",
    "lldb",
    "IPython",
    "ipykernel",
});

// Single names of modules that are otherwise harmless or are judged name by name.
struct CodeName {
  std::string_view module;
  std::string_view name;
};
constexpr auto kCodeNames = std::to_array<CodeName>({
    {"operator", "attrgetter"},
    {"operator", "itemgetter"},
    {"operator", "methodcaller"},
    {"_operator", "attrgetter"},
    {"_operator", "itemgetter"},
    {"_operator", "methodcaller"},
    {"functools", "partial"},
    {"functools", "reduce"},
    {"functools", "partialmethod"},
    {"functools", "singledispatch"},
    {"itertools", "starmap"},
    {"types", "CodeType"},
    {"types", "FunctionType"},
    {"types", "LambdaType"},
    {"types", "MethodType"},
    {"types", "ModuleType"},
    {"torch", "load"},
    {"torch.serialization", "load"},
    {"torch", "compile"},
    {"torch.storage", "_load_from_bytes"},
    {"numpy", "load"},
    {"numpy", "fromfile"},
    {"numpy", "memmap"},
    {"pandas", "read_pickle"},
    {"pandas", "eval"},
    {"joblib", "load"},
    {"joblib.numpy_pickle", "load"},
    {"torch", "_load_from_bytes"},
    {"sklearn.utils._testing", "check_call"},
    {"keras.models", "load_model"},
    {"torch.nn.modules.module", "_load"},
    {"torch.distributed.rpc", "rpc_sync"},
    {"copyreg", "add_extension"},
    {"logging", "FileHandler"},
    {"tensorflow", "py_function"},
});

// Of builtins and __builtin__: whatever is not on this list counts as code.
constexpr auto kPlainBuiltins = std::to_array<std::string_view>({
    "ArithmeticError",
    "AttributeError",
    "BaseException",
    "Ellipsis",
    "Exception",
    "IndexError",
    "KeyError",
    "NotImplemented",
    "NotImplementedError",
    "OSError",
    "RuntimeError",
    "StopIteration",
    "TypeError",
    "ValueError",
    "bool",
    "bytearray",
    "bytes",
    "complex",
    "dict",
    "enumerate",
    "float",
    "frozenset",
    "int",
    "list",
    "long",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "classmethod",
    "str",
    "super",
    "tuple",
    "unicode",
    "xrange",
    "zip",
    "basestring",
    "type",
});

// A dotted name that passes through one of these reaches what the module name hides.
constexpr auto kCodeParts = std::to_array<std::string_view>({
    "os",
    "posix",
    "nt",
    "sys",
    "subprocess",
    "builtins",
    "__builtins__",
    "importlib",
    "eval",
    "exec",
    "system",
    "popen",
    "Popen",
    "__import__",
    "__globals__",
    "__subclasses__",
    "__code__",
    "__reduce__",
    "__getattribute__",
    "__class__",
    "__dict__",
    "ctypes",
    "socket",
    "shutil",
    "runpy",
    "pty",
    "_os",
    "_sys",
    "getattr",
    "__call__",
    "__init__",
});

// What torch.save itself writes.
constexpr auto kPlumbing = std::to_array<CodeName>({
    {"collections", "OrderedDict"},
    {"torch", "Size"},
    {"torch", "Tensor"},
    {"torch", "device"},
    {"torch", "dtype"},
    {"torch._tensor", "_rebuild_from_type_v2"},
    {"torch", "layout"},
    {"torch.nn.parameter", "Parameter"},
    {"torch.nn.parameter", "Buffer"},
    {"torch.storage", "UntypedStorage"},
    {"torch.storage", "TypedStorage"},
    {"torch.storage", "_UntypedStorage"},
    {"torch.serialization", "_get_layout"},
    {"torch", "UntypedStorage"},
    {"torch._C", "_TensorBase"},
});

constexpr auto kLibraries = std::to_array<std::string_view>({
    "accelerate",
    "apex",
    "argparse.Namespace",
    "catboost",
    "collections",
    "copy_reg",
    "copyreg",
    "datetime",
    "decimal",
    "deepspeed",
    "detectron2",
    "diffusers",
    "easydict",
    "enum",
    "fairseq",
    "fastai",
    "fractions",
    "fvcore",
    "gensim",
    "hydra",
    "imblearn",
    "jax",
    "jaxlib",
    "joblib.numpy_pickle",
    "keras",
    "lightgbm",
    "lightning",
    "lightning_fabric",
    "lightning_utilities",
    "megatron",
    "mmcv",
    "mmengine",
    "monai",
    "mxnet",
    "nemo",
    "numpy",
    "omegaconf",
    "onnx",
    "optuna",
    "paddle",
    "pandas",
    "peft",
    "pyannote",
    "pytorch_lightning",
    "random",
    "re",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "spacy",
    "statsmodels",
    "tensorflow",
    "thinc",
    "timm",
    "tokenizers",
    "torch",
    "torch_geometric",
    "torchaudio",
    "torchtext",
    "torchvision",
    "transformers",
    "trl",
    "typing",
    "ultralytics",
    "unsloth",
    "xgboost",
    "yacs",
    "_codecs",
});

bool IsOrIsUnder(std::string_view module, std::string_view root) {
  if (!module.starts_with(root)) return false;
  return module.size() == root.size() || module[root.size()] == '.';
}

template <typename Table>
bool AnyRoot(const Table& table, std::string_view module) {
  return std::any_of(table.begin(), table.end(),
                     [module](std::string_view root) { return IsOrIsUnder(module, root); });
}

template <typename Table>
bool HasPair(const Table& table, std::string_view module, std::string_view name) {
  return std::any_of(table.begin(), table.end(), [&](const CodeName& row) {
    return row.module == module && IsOrIsUnder(name, row.name);
  });
}

bool IsBuiltins(std::string_view module) {
  return module == "builtins" || module == "__builtin__" || module == "__builtins__";
}

bool HasCodePart(std::string_view dotted) {
  for (std::size_t at = 0; at <= dotted.size();) {
    const std::size_t end = std::min(dotted.find('.', at), dotted.size());
    const std::string_view part = dotted.substr(at, end - at);
    if (std::find(kCodeParts.begin(), kCodeParts.end(), part) != kCodeParts.end()) return true;
    at = end + 1;
  }
  return false;
}

bool RunsCode(std::string_view module, std::string_view name) {
  if (IsBuiltins(module)) {
    return std::find(kPlainBuiltins.begin(), kPlainBuiltins.end(), name) == kPlainBuiltins.end();
  }
  // UUID and Path values are data; the rest of their modules is not.
  if ((module == "uuid" && name == "UUID") || module == "pathlib._local") return false;
  if (module == "pathlib" && name.find('.') == std::string_view::npos) return false;
  if (module == "torch.jit._pickle" && name.starts_with("build_")) return false;
  if (module == "io" && (name == "BytesIO" || name == "StringIO")) return false;
  if (module == "_io" && (name == "BytesIO" || name == "StringIO")) return false;
  if (AnyRoot(kCodeModules, module) || HasPair(kCodeNames, module, name)) return true;
  // A module path or a dotted name that runs through os, sys and the like.
  return HasCodePart(name) || HasCodePart(module.substr(std::min(module.find('.'), module.size())));
}

bool IsPlumbing(std::string_view module, std::string_view name) {
  if (HasPair(kPlumbing, module, name)) return true;
  if (module == "torch._utils" && name.starts_with("_rebuild_")) return true;
  if (module != "torch" && module != "torch.cuda") return false;
  if (name.ends_with("Storage") || name.ends_with("Tensor")) return true;
  constexpr auto kDtypes = std::to_array<std::string_view>(
      {"float", "bfloat", "int", "uint", "half", "double", "long", "short", "bool", "complex",
       "qint", "quint", "per_", "strided", "sparse_"});
  return std::any_of(kDtypes.begin(), kDtypes.end(),
                     [name](std::string_view start) { return name.starts_with(start); });
}

}  // namespace

Risk ClassifyPickleImport(std::string_view module, std::string_view name) {
  if (RunsCode(module, name)) return Risk::kCodeExecution;
  if (IsPlumbing(module, name)) return Risk::kTensorPlumbing;
  if (IsBuiltins(module) || AnyRoot(kLibraries, module)) return Risk::kKnownLibrary;
  if (module == "argparse" && name == "Namespace") return Risk::kKnownLibrary;
  if (module == "uuid" || module == "pathlib" || module == "io" || module == "_io") {
    return Risk::kKnownLibrary;
  }
  // TorchScript class names inside an archive; the code lies under code/.
  if (IsOrIsUnder(module, "__torch__")) return Risk::kKnownLibrary;
  return Risk::kUnknown;
}

}  // namespace weighbridge
