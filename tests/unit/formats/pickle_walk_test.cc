// The symbolic walk and plain pickle files: imports before and after damage, hidden
// names, cycles, caps, and text that is no pickle.
#include "scanner/formats/pickle_walk.h"

#include <doctest/doctest.h>

#include "scanner/formats/pickle_file.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/torch_tensors.h"
#include "tests/support/pickle_builder.h"

namespace weighbridge {
namespace {

using test::Bytes;
using test::PickleBuilder;
using test::ToBytes;

PickleWalk Walk(const Bytes& bytes, const Limits& limits = {}) {
  return WalkPickle(MemorySource(bytes), 0, limits);
}

std::string Names(const std::vector<PickleImport>& imports) {
  std::string out;
  for (const PickleImport& import : imports) {
    out += import.module + "." + import.name;
    if (import.risk == PickleImport::Risk::kCodeExecution) out += "!";
    out += " ";
  }
  return out;
}

bool Probe(const Bytes& bytes) {
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = bytes;
  window.source = &source;
  window.size = bytes.size();
  return ProbePickle(window);
}

Artifact Parse(const Bytes& bytes) {
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = bytes;
  window.source = &source;
  window.size = bytes.size();
  Artifact artifact;
  artifact.location.path = "x.pkl";
  ParsePickle(source, window, Limits{}, artifact);
  return artifact;
}

// Follows one value on the stack.
const std::string kBomb = "0cos\nsystem\n(S'id'\ntR.";

TEST_CASE("pickle walk: imports by every road") {
  struct Row {
    const char* what;
    Bytes bytes;
    std::string imports;
    bool complete;
  };
  const std::vector<Row> rows = {
      {"GLOBAL", PickleBuilder().Global("os", "system").Text("id").Op(0x85).Reduce().Stop(),
       "os.system! ", true},
      {"INST", ToBytes("(S'id'\nios\nsystem\n."), "os.system! ", true},
      {"OBJ", ToBytes("(cos\nsystem\nS'id'\no."), "os.system! ", true},
      {"STACK_GLOBAL", PickleBuilder(4).StackGlobal("posix", "system").Stop(), "posix.system! ",
       true},
      {"STACK_GLOBAL through the memo",
       PickleBuilder(4)
           .Short("os")
           .Op(0x94)
           .Short("system")
           .Op(0x94)
           .Op('0')
           .Op('0')
           .Get(0)
           .Get(1)
           .Op(0x93)
           .Stop(),
       "os.system! ", true},
      {"escaped string", ToBytes("S'\\x6fs'\nS'sys\\164em'\n\x93."), "os.system! ", true},
      {"escaped unicode", ToBytes("V\\u006fs\nVsystem\n\x93."), "os.system! ", true},
      {"STACK_GLOBAL of what is no text", PickleBuilder(4).Int(1).Int(2).Op(0x93).Stop(), "?.?! ",
       true},
      {"names that a call builds",
       PickleBuilder(4)
           .Global("_codecs", "decode")
           .Raw("C\x02os")
           .Op(0x85)
           .Reduce()
           .Short("system")
           .Op(0x93)
           .Stop(),
       "_codecs.decode ?.system! ", true},
      {"short octal escapes", ToBytes("S'os\\56path'\nS'exists'\n\x93."), "os.path.exists! ", true},
      {"escaped backslash", ToBytes("V\\\\u006f\nVx\n\x93."), "\\\\u006f.x ", true},
      {"last byte cut with the line", ToBytes("cos\nsystemX"), "os.system! ", false},
      {"extension code", ToBytes(std::string("\x80\x02\x82\x07.", 5)), "copyreg.extension 7 ",
       true},
      {"broken after the import", ToBytes("cos\nsystem\n(S'id'\ntR\xff\xff"), "os.system! ", false},
      {"cut after the import", ToBytes("cos\nsystem\n"), "os.system! ", false},
      {"a line longer than is kept", ToBytes("V" + std::string(5000, 'x') + "\n" + kBomb),
       "os.system! ", true},
      {"underscore in INT", ToBytes("I1_0\n" + kBomb), "os.system! ", true},
      {"sign in INT", ToBytes("I+5\n" + kBomb), "os.system! ", true},
      {"hexadecimal LONG", ToBytes("L 0x12 L\n" + kBomb), "os.system! ", true},
      {"INT that is none", ToBytes("I12x\n" + kBomb), "os.system! ", true},
      {"INT longer than is kept", ToBytes("I" + std::string(5000, '9') + "\n" + kBomb),
       "os.system! ", true},
      {"underscore in PUT and GET", ToBytes("Np1_1\n0g+11\n" + kBomb), "os.system! ", true},
      {"GET of a negative number", ToBytes("Ng-1\n" + kBomb), "os.system! ", true},
      {"the same twice", PickleBuilder().Global("a", "b").Global("a", "b").Stop(), "a.b ", true},
      {"frame length lies",
       ToBytes(std::string(
           "\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f\x8c\x02os\x8c\x06system\x93.", 25)),
       "os.system! ", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const PickleWalk walk = Walk(row.bytes);
    CHECK(Names(walk.imports) == row.imports);
    CHECK(walk.complete == row.complete);
  }
}

TEST_CASE("pickle walk: faults, with their message") {
  struct Row {
    std::string bytes;
    std::string message;
  };
  const std::vector<Row> rows = {
      {"", "at 0x0: pickle ends in an opcode"},
      {"\x80\x02", "at 0x2: pickle ends in an opcode"},
      {".", "at 0x1: opcode takes a value from an empty stack"},
      {"u", "at 0x1: opcode needs a mark and there is none"},
      {std::string("h\x05", 2), "at 0x2: memo entry 5 was never set"},
      {"\xff", "at 0x1: opcode 255 does not exist"},
      {std::string("X\xff\xff\xff\x7f", 5), "at 0x5: text of 2147483647 bytes, 0 left"},
      {std::string("\x8e\xff\xff\xff\xff\xff\xff\xff\xff", 9),
       "at 0x9: bytes of 18446744073709551615 bytes, 0 left"},
      {"(K\x01R", "at 0x4: opcode takes a value from an empty stack"},
  };
  for (const Row& row : rows) {
    const PickleWalk walk = Walk(ToBytes(row.bytes));
    CHECK(!walk.complete);
    CHECK(walk.fault.message == row.message);
  }
}

TEST_CASE("pickle walk: caps end the walk and say so") {
  Limits limits;
  limits.max_pickle_stack = 8;
  // A stack, marks or a memo that are too large lose values, not imports.
  for (const std::string& many : {std::string(100, 'N'), std::string(100, '('),
                                  std::string(50, 'N') + std::string(50, '(')}) {
    const PickleWalk walk = Walk(ToBytes(many + "N" + kBomb), limits);
    CHECK(walk.complete);
    CHECK(walk.tree_cut);
    CHECK(Names(walk.imports) == "os.system! ");
  }
  CHECK(Walk(ToBytes("(" + std::string(20, 'N') + "t" + kBomb), limits).complete);
  CHECK(Walk(ToBytes(std::string(20, 'N') + std::string(20, '0') + "N."), limits).complete);
  CHECK(Walk(ToBytes(std::string(20, 'N') + std::string(21, '0') + "N."), limits).fault.message ==
        "at 0x29: opcode takes a value from an empty stack");
  limits = {};
  limits.max_pickle_opcodes = 10;
  CHECK(Walk(ToBytes("N" + std::string(100, '2') + "."), limits).fault.message ==
        "at 0xa: more than 10 opcodes");
  limits = {};
  limits.max_pickle_memo = 1;
  const PickleWalk memo = Walk(ToBytes("Vos\n\x94Vsystem\n\x94g0\ng1\n\x93."), limits);
  CHECK(memo.tree_cut);
  CHECK(Names(memo.imports) == "os.?! ");
  limits = {};
  limits.max_pickle_bytes = 5;
  CHECK(Walk(ToBytes("NNNNNNNN."), limits).fault.code == ErrorCode::kLimitExceeded);
}

TEST_CASE("pickle walk: a full tree hides no name") {
  // The tree keeps 2 Mi nodes; the names come after them.
  std::string bytes = "\x80\x04";
  for (int i = 0; i < 2200000; ++i) bytes += "N0";
  Limits limits;
  limits.max_pickle_opcodes = 8U << 20;
  const PickleWalk walk = Walk(ToBytes(bytes + "\x8c\x02os\x94\x8c\x06system\x94" + "00h" +
                                       std::string(1, '\0') + "h\x01\x93."),
                               limits);
  CHECK(walk.tree_cut);
  CHECK(Names(walk.imports) == "os.system! ");
  // More names than are kept: one that was lost counts as hidden.
  std::string lost = bytes + "\x8c\x02os\x94";
  for (int i = 0; i < 20000; ++i)
    lost +=
        "\x8c\x01x"
        "0";
  CHECK(Names(Walk(ToBytes(lost + "\x8c\x06system\x93."), limits).imports) == "?.system! ");
}

TEST_CASE("pickle walk: objects that hold themselves and shared objects end") {
  // d = {}; d["self"] = d
  const Bytes cycle = PickleBuilder().EmptyDict().Put(0).Text("self").Get(0).Op('s').Stop();
  CHECK(CollectTorchTensors(Walk(cycle), Limits{}).tensors.empty());
  // Thirty lists, each holding the one before ten times: 10^30 visits if followed.
  PickleBuilder laughs;
  laughs.Op(']').Put(0);
  for (std::uint8_t i = 1; i < 30; ++i) {
    laughs.Mark();
    for (int twice = 0; twice < 10; ++twice) laughs.Get(static_cast<std::uint8_t>(i - 1));
    laughs.Op('l').Put(i);
  }
  const PickleWalk walk = Walk(laughs.Stop());
  CHECK(walk.complete);
  CHECK(CollectTorchTensors(walk, Limits{}).tensors.empty());
}

std::string Repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST_CASE("pickle probe: what is a pickle and what is text") {
  struct Row {
    std::string bytes;
    bool yes;
  };
  const std::vector<Row> rows = {
      {"cos\nsystem\n(S'id'\ntR.", true},
      {"cos\nsystem\n(S'id'\ntRgarbage", true},
      {"(ios\nsystem\n", true},
      {"(dp0\nS'a'\np1\nI1\ns.", true},
      {"(lp0\nI1\naI2\na.", true},
      {std::string("\x80\x02}q\x00.", 6), true},
      {"V" + std::string(5000, 'x') + "\n" + kBomb, true},
      {"I" + std::string(5000, '9') + "\n" + kBomb, true},
      {Repeat("N0", 1500) + "I1_0\n" + kBomb, true},
      {Repeat("N0", 3000) + "N" + kBomb, true},
      {std::string(70000, 'N') + kBomb, true},
      {std::string(70000, '(') + "N" + kBomb, true},
      {"I 0x1f\n" + kBomb, true},
      {"F1_0\n" + kBomb, true},
      {"(lp0\n.(lp0\n.", true},
      {"(lp0\n."
       "N" +
           kBomb,
       true},
      {"cmylib.things\nThing\n)RNNNNNNNN0\xff", true},
      {"V_codecs\n0c_codecs\ndecode\nC\x02os\x85RV\n\x93\xff", true},
      {"\x80\x04N0I1_0\nz", true},
      {"Some text\nwhich cannot be a pickle.", false},
      {"If this\nis none,\ncos\n", false},
      {"Ia\nNN.", false},
      {"Very long text, " + std::string(9000, 'x') + "\nand more.", false},
      {"", false},
      {".", false},
      {"N.", false},
      {"(see the notes below)\nIn this file.", false},
      {"Some text.", false},
      {"Include the header.\n", false},
      {"class Model:\n    pass\n", false},
      {"collections\nOrderedDict\n", false},
      {"import os\nsystem\n", false},
      {"{\"a\": 1}", false},
      {"# README\nVery nice.\n", false},
      {"]]]]]]]]]]]]", false},
      {std::string(5000, 'N'), false},
      {"\x89PNG\r\n", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    CHECK(Probe(ToBytes(row.bytes)) == row.yes);
  }
}

TEST_CASE("pickle file: format ids and claims") {
  const Artifact two = Parse(PickleBuilder().EmptyDict().Stop());
  CHECK(two.format == "pickle2");
  CHECK(two.format_version == "2");
  CHECK(two.kind == ArtifactKind::kPickle);
  CHECK(two.inspection == Inspection::kFull);
  CHECK(Parse(ToBytes("(lp0\nI1\na.")).format == "pickle0");
  CHECK(Parse(PickleBuilder().Global("dill._dill", "_create_code").Stop()).format ==
        "cloudpickle_dill");
  const Artifact sklearn = Parse(PickleBuilder()
                                     .Global("sklearn.svm._classes", "SVC")
                                     .EmptyTuple()
                                     .Op(0x81)
                                     .EmptyDict()
                                     .Mark()
                                     .Text("_sklearn_version")
                                     .Text("1.4.2")
                                     .SetItems()
                                     .Op('b')
                                     .Stop());
  CHECK(sklearn.ClaimOr("pickle:root_class") == "sklearn.svm._classes.SVC");
  CHECK(sklearn.ClaimOr("pickle:sklearn_version") == "1.4.2");
  const Artifact broken = Parse(ToBytes("cos\nsystem\n(S'id'\ntR\xff"));
  CHECK(broken.inspection == Inspection::kPartial);
  CHECK(Names(broken.pickle_imports) == "os.system! ");
  REQUIRE(broken.diagnostics.size() == 1);
  CHECK(broken.diagnostics[0].message == "pickle stops early: at 0x15: opcode 255 does not exist");
}

TEST_CASE("pickle file: a second pickle behind the first is walked too") {
  Bytes bytes = PickleBuilder().EmptyDict().Stop();
  const Bytes second = PickleBuilder().Global("os", "system").Stop();
  bytes.insert(bytes.end(), second.begin(), second.end());
  CHECK(Names(Parse(bytes).pickle_imports) == "os.system! ");
}

// joblib: NumpyArrayWrapper, then raw bytes, then more opcodes.
Bytes JoblibDump(const std::string& raw) {
  PickleBuilder out(4);
  out.EmptyDict().Mark().Text("coef");
  out.StackGlobal("joblib.numpy_pickle", "NumpyArrayWrapper").EmptyTuple().Op(0x81);
  out.EmptyDict().Mark().Text("shape").Int(raw.size() / 4).Op(0x85).Text("dtype");
  out.StackGlobal("numpy", "dtype").Text("f4").Op(0x89).Op(0x88).Op(0x87).Reduce();
  out.SetItems().Op('b').Raw(raw);
  out.Text("after").StackGlobal("my.module", "Thing").SetItems();
  return out.Stop();
}

TEST_CASE("pickle file: joblib arrays are stepped over, and hide nothing") {
  const Artifact plain = Parse(JoblibDump("\xff\xff\xff\xff\xff\xff\xff\xff"));
  CHECK(plain.format == "joblib");
  CHECK(plain.inspection == Inspection::kFull);
  CHECK(Names(plain.pickle_imports) ==
        "joblib.numpy_pickle.NumpyArrayWrapper numpy.dtype my.module.Thing ");
  // Array bytes that pickle.load would execute as opcodes are reported as well.
  CHECK(Names(Parse(JoblibDump("cos\nsystem\n0")).pickle_imports).find("os.system! ") !=
        std::string::npos);
}

TEST_CASE("pickle: every prefix and every flipped byte ends in a result") {
  Bytes bytes = JoblibDump("12345678");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Artifact artifact =
        Parse(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    CHECK(artifact.inspection != Inspection::kFull);
    CHECK(!artifact.diagnostics.empty());
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] ^= 0xFF;
    CHECK(!Parse(bytes).format.empty());
    bytes[at] ^= 0xFF;
  }
}

}  // namespace
}  // namespace weighbridge
