// The risk table: what runs code, what is plumbing, what is a library, what is unknown.
#include "scanner/formats/pickle_imports.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

TEST_CASE("pickle imports: risk by name") {
  using Risk = PickleImport::Risk;
  struct Row {
    const char* module;
    const char* name;
    Risk risk;
  };
  const std::vector<Row> rows = {
      {"os", "system", Risk::kCodeExecution},
      {"posix", "system", Risk::kCodeExecution},
      {"nt", "system", Risk::kCodeExecution},
      {"subprocess", "Popen", Risk::kCodeExecution},
      {"builtins", "eval", Risk::kCodeExecution},
      {"__builtin__", "getattr", Risk::kCodeExecution},
      {"builtins", "breakpoint", Risk::kCodeExecution},
      {"asyncio.unix_events", "_UnixSubprocessTransport._start", Risk::kCodeExecution},
      {"concurrent.futures.thread", "ThreadPoolExecutor", Risk::kCodeExecution},
      {"torch.hub", "load", Risk::kCodeExecution},
      {"torch", "load", Risk::kCodeExecution},
      {"torch.serialization", "os.system", Risk::kCodeExecution},
      {"numpy.testing._private.utils", "runstring", Risk::kCodeExecution},
      {"numpy", "f2py.os.system", Risk::kCodeExecution},
      {"operator", "attrgetter", Risk::kCodeExecution},
      {"functools", "partial", Risk::kCodeExecution},
      {"pip._internal", "main", Risk::kCodeExecution},
      {"cProfile", "run", Risk::kCodeExecution},
      {"dill._dill", "_create_function", Risk::kCodeExecution},
      {"types", "CodeType", Risk::kCodeExecution},
      {"torch._utils", "_rebuild_tensor_v2", Risk::kTensorPlumbing},
      {"collections", "OrderedDict", Risk::kTensorPlumbing},
      {"torch", "BFloat16Storage", Risk::kTensorPlumbing},
      {"torch", "float8_e4m3fn", Risk::kTensorPlumbing},
      {"builtins", "dict", Risk::kKnownLibrary},
      {"numpy.core.multiarray", "_reconstruct", Risk::kKnownLibrary},
      {"numpy._core.numeric", "_frombuffer", Risk::kKnownLibrary},
      {"sklearn.linear_model._base", "LinearRegression", Risk::kKnownLibrary},
      {"transformers.training_args", "TrainingArguments", Risk::kKnownLibrary},
      {"torch.jit._pickle", "build_intlist", Risk::kKnownLibrary},
      {"argparse", "Namespace", Risk::kKnownLibrary},
      {"pathlib", "PosixPath", Risk::kKnownLibrary},
      {"ossa", "system_of", Risk::kUnknown},
      {"my_company.model", "Net", Risk::kUnknown},
      {"?", "?", Risk::kCodeExecution},
      {"os", "?", Risk::kCodeExecution},
      {"", "", Risk::kUnknown},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.module));
    CAPTURE(std::string(row.name));
    CHECK(static_cast<int>(ClassifyPickleImport(row.module, row.name)) ==
          static_cast<int>(row.risk));
  }
}

TEST_CASE("pickle imports: code reached through a library, however the dots are split") {
  using Risk = PickleImport::Risk;
  const std::vector<std::string> code = {
      "numpy.testing._private.utils.runstring",
      "torch.utils.cpp_extension.load",
      "torch.hub.load",
      "torch.jit.load",
      "numpy.core.numeric.pickle.loads",
      "re.functools.partial",
      "torch.ops.load_library",
      "torch.classes.load_library",
      "tensorflow.load_op_library",
      "tensorflow.load_library",
      "numpy.ctypeslib.load_library",
      "keras.src.saving.saving_api.load_model",
      "tensorflow.keras.models.load_model",
      "torch.utils.model_zoo.load_url",
      "fastai.learner.load_learner",
      "typing._eval_type",
      "pandas.DataFrame.query",
      "sympy.sympify",
      "tkinter.Tcl",
      "dataclasses.make_dataclass",
      "weakref.finalize",
      "_xxsubinterpreters.run_string",
      "_testcapi.run_in_subinterp",
      "_winapi.CreateProcess",
      "sklearn.metrics._scorer.partial",
      "enum.sys.modules",
      "logging.os.system",
      "pathlib._local.os.system",
      "pathlib.os.system",
      "uuid.os.system",
      "cPickle.loads",
      "collections._sys.modules",
      "torch.fx.graph_module.reduce_graph_module",
      "transformers.AutoModel.from_pretrained",
      "numpy.lib.npyio.load",
  };
  for (const std::string& joined : code) {
    for (std::size_t dot = joined.find('.'); dot != joined.npos; dot = joined.find('.', dot + 1)) {
      CAPTURE(joined);
      CAPTURE(dot);
      CHECK(ClassifyPickleImport(joined.substr(0, dot), joined.substr(dot + 1)) ==
            Risk::kCodeExecution);
    }
  }
  CHECK(ClassifyPickleImport("my.mod", std::string(600, 'x')) == Risk::kCodeExecution);
}

TEST_CASE("pickle imports: a library's functions are not known, its classes are") {
  using Risk = PickleImport::Risk;
  struct Row {
    const char* module;
    const char* name;
    Risk risk;
  };
  const std::vector<Row> rows = {
      {"torch.nn.modules.linear", "Linear", Risk::kKnownLibrary},
      {"torch.optim.adamw", "AdamW", Risk::kKnownLibrary},
      {"torch.nn.functional", "gelu", Risk::kKnownLibrary},
      {"torch", "_C._jit_x", Risk::kUnknown},
      {"torch._C", "_jit_set_profiling", Risk::kUnknown},
      {"torch", "nn.init.zeros_", Risk::kUnknown},
      {"sklearn.tree._tree", "Tree", Risk::kKnownLibrary},
      {"sklearn.metrics._classification", "accuracy_score", Risk::kKnownLibrary},
      {"sklearn.neighbors._kd_tree", "newObj", Risk::kKnownLibrary},
      {"sklearn._loss._loss", "__pyx_unpickle_CyHalfSquaredError", Risk::kKnownLibrary},
      {"sklearn.utils", "resample", Risk::kUnknown},
      {"scipy.sparse._csr", "csr_matrix", Risk::kKnownLibrary},
      {"scipy.stats._continuous_distns", "norm_gen", Risk::kKnownLibrary},
      {"numpy", "ndarray", Risk::kKnownLibrary},
      {"numpy", "float64", Risk::kKnownLibrary},
      {"numpy.random._pickle", "__randomstate_ctor", Risk::kKnownLibrary},
      {"numpy.dtypes", "Float32DType", Risk::kKnownLibrary},
      {"pandas._libs.internals", "_unpickle_block", Risk::kKnownLibrary},
      {"joblib.numpy_pickle", "NumpyArrayWrapper", Risk::kKnownLibrary},
      {"collections", "defaultdict", Risk::kKnownLibrary},
      {"collections", "namedtuple", Risk::kUnknown},
      {"_codecs", "encode", Risk::kKnownLibrary},
      {"_codecs", "decode", Risk::kUnknown},
      {"re", "_compile", Risk::kKnownLibrary},
      {"datetime", "datetime", Risk::kKnownLibrary},
      {"copyreg", "extension 7", Risk::kUnknown},
      {"transformers.models.llama.configuration_llama", "LlamaConfig", Risk::kKnownLibrary},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.module));
    CAPTURE(std::string(row.name));
    CHECK(static_cast<int>(ClassifyPickleImport(row.module, row.name)) ==
          static_cast<int>(row.risk));
  }
}

}  // namespace
}  // namespace weighbridge
