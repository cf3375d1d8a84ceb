#include "scanner/images/layer_summary.h"

#include <vector>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

TEST_CASE("plain paths") {
  const std::pair<const char*, const char*> rows[] = {{"./a//b/", "a/b"},  {"/a", "a"},
                                                      {"a/../b", "b"},     {"../../a", "a"},
                                                      {"a/b/../c", "a/c"}, {"", ""}};
  for (const auto& [given, plain] : rows) CHECK(PlainPath(given) == plain);
}

TEST_CASE("what a layer hides") {
  struct Row {
    std::vector<const char*> names;  // of the higher layer
    const char* path;                // of the lower one
    bool deletes;
    bool holds;
  };
  const Row rows[] = {
      {{}, "a/m", false, false},
      {{"a/.wh.m"}, "a/m", true, false},
      {{"./a/.wh.m"}, "a/m", true, false},
      {{".wh.a"}, "a/m", true, false},
      {{"a/.wh.n"}, "a/m", false, false},
      {{"a/.wh..wh..opq"}, "a/m", true, false},
      {{"a/.wh..wh..opq"}, "a/b/m", true, false},
      {{"a/.wh..wh..opq"}, "b/m", false, false},
      {{".wh..wh..opq"}, "b/m", true, false},
      {{"a/.wh..wh.plnk"}, "a/m", false, false},
      {{".wh."}, "a/m", false, false},
      {{"a/m"}, "a/m", false, true},
      {{"a"}, "a/m", false, true},
      {{"a/m/x"}, "a/m", false, false},
  };
  for (const Row& row : rows) {
    LayerSummary layer;
    for (const char* name : row.names) layer.AddFile(name);
    layer.Finish();
    CAPTURE(row.path);
    CAPTURE((row.names.empty() ? "" : row.names[0]));
    CHECK(layer.Deletes(row.path) == row.deletes);
    CHECK(layer.Holds(row.path) == row.holds);
  }
}

}  // namespace
}  // namespace weighbridge
