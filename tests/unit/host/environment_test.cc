#include "scanner/host/environment.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

std::string Text(const std::vector<StoreVariable>& variables) {
  std::string text;
  for (const StoreVariable& variable : variables) {
    text += variable.name + "=" + variable.value + "\n";
  }
  return text;
}

TEST_CASE("variables that move stores, and no others") {
  struct Row {
    std::string text;
    char separator;
    const char* expected;
  };
  const Row rows[] = {
      {std::string("HF_HOME=/data/hf\0API_KEY=/secret\0PATH=/bin\0", 41), '\0',
       "HF_HOME=/data/hf\n"},
      {"OLLAMA_MODELS=\"/data/o\"\nexport TORCH_HOME='/t'\n", '\n',
       "OLLAMA_MODELS=/data/o\nTORCH_HOME=/t\n"},
      {"HF_HOME=relative\nHF_HOME=\nHF_HOME\n", '\n', ""},
      {"NLTK_DATA=/a:/b", '\n', "NLTK_DATA=/a\nNLTK_DATA=/b\n"},
      {"MY_HF_HOME=/a\n# HF_HOME=/b", '\n', ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(Text(StoreVariablesOf(row.text, row.separator)) == row.expected);
  }
}

TEST_CASE("variables of a systemd unit") {
  CHECK(Text(StoreVariablesOfUnit("[Service]\n"
                                  "Environment=\"OLLAMA_MODELS=/big disk/models\" HF_HOME=/hf\n"
                                  "Environment='TORCH_HOME=/t'\n"
                                  "ExecStart=/bin/ollama OLLAMA_MODELS=/no\n"
                                  "Environment=\n"
                                  "Environment=\"OLLAMA_MODELS=/unclosed")) ==
        "OLLAMA_MODELS=/big disk/models\nHF_HOME=/hf\nTORCH_HOME=/t\nOLLAMA_MODELS=/unclosed\n");
}

}  // namespace
}  // namespace weighbridge
