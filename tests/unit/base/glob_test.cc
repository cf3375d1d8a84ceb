#include "scanner/base/glob.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

TEST_CASE("globs match as in .gitignore") {
  struct Row {
    const char* pattern;
    const char* path;
    bool directory;
    bool matches;
  };
  const Row rows[] = {
      {"*.tmp", "a.tmp", false, true},
      {"*.tmp", "deep/down/a.tmp", false, true},
      {"*.tmp", "a.tmp.gz", false, false},
      {"node_modules/", "x/node_modules", true, true},
      {"node_modules/", "x/node_modules", false, false},
      {"cache/*", "cache/a", false, true},
      {"cache/*", "cache/a/b", false, false},
      {"cache/**", "cache/a/b", false, true},
      {"/top", "top", false, true},
      {"/top", "x/top", false, false},
      {"**/blobs/*", "a/b/blobs/c", false, true},
      {"**/blobs/*", "blobs/c", false, true},
      {"a?c", "abc", false, true},
      {"a?c", "a/c", false, false},
      {"[a-c]x", "bx", false, true},
      {"[!a-c]x", "bx", false, false},
      {"[x", "[x", false, true},
      {"./data/x", "data/x", false, true},
      {"a*b*c*d*e*f*g", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.path);
    CHECK(Glob(row.pattern).Matches(row.path, row.directory) == row.matches);
  }
}

}  // namespace
}  // namespace weighbridge
