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
      {"?", "?", Risk::kUnknown},
      {"", "", Risk::kUnknown},
  };
  for (const Row& row : rows) {
    CAPTURE(row.module);
    CAPTURE(row.name);
    CHECK(static_cast<int>(ClassifyPickleImport(row.module, row.name)) ==
          static_cast<int>(row.risk));
  }
}

}  // namespace
}  // namespace weighbridge
