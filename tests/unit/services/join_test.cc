#include "scanner/services/join.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "scanner/services/service_hits.h"
#include "tests/support/service_run.h"

using namespace weighbridge;
using test::FindServices;

namespace {

struct File {
  std::string path;
  std::string text;
};

std::vector<ServiceHit> HitsOf(const std::vector<File>& files) {
  std::vector<ServiceHit> hits;
  for (const File& file : files) {
    for (const ServiceHit& hit : FindServices(file.path, file.text)) hits.push_back(hit);
  }
  return hits;
}

std::string UseLine(const ServiceUse& use) {
  const auto word = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
  std::string out = word(use.root) + ": " + word(use.service) + " @ " + word(use.endpoint) + " " +
                    ServiceRoleName(use.role) + " " + GradeName(use.grade) + " " +
                    word(use.country) + "/" + word(use.publisher) + " evidence " +
                    std::to_string(use.evidence_count);
  if (use.mentions != 0) out += " mentions " + std::to_string(use.mentions);
  for (const ServiceModel& model : use.models) out += " " + model.id;
  if (!use.note.empty()) out += " (" + use.note + ")";
  return out;
}

std::string Uses(std::vector<ServiceHit> hits) {
  std::vector<std::string> lines;
  for (const ServiceUse& use : JoinServiceHits(std::move(hits), EmbeddedServiceTable())) {
    lines.push_back(UseLine(use));
  }
  return Join(lines, "\n");
}

}  // namespace

TEST_CASE("hits of a project become uses") {
  struct Row {
    std::vector<File> files;
    std::string uses;
  };
  const Row rows[] = {
      // A client alone is no evidence of OpenAI.
      {{{"p/requirements.txt", "openai\n"}, {"p/.env", "OPENAI_API_KEY=x\n"}},
       "p: OpenAI-compatible client @ - client unknown -/- evidence 2 (an OpenAI-compatible "
       "client; the endpoint is not known)"},
      // The base URL says whose it is; client and model join it.
      {{{"p/requirements.txt", "openai\n"},
        {"p/.env", "OPENAI_API_KEY=x\nOPENAI_BASE_URL=https://api.deepseek.com\n"},
        {"p/src/a.py", "chat(model='deepseek-chat')\n"}},
       "p: DeepSeek @ api.deepseek.com publisher claimed CN/deepseek-ai evidence 5 "
       "deepseek-chat"},
      // Anthropic's client pointed elsewhere is not Anthropic.
      {{{"p/package.json", "{\"dependencies\": {\"@anthropic-ai/sdk\": \"1\"}}"},
        {"p/.env", "ANTHROPIC_BASE_URL=https://api.z.ai/api/anthropic\nANTHROPIC_API_KEY=x\n"}},
       "p: Z.ai @ api.z.ai publisher claimed CN/zai-org evidence 4"},
      {{{"p/package.json", "{\"dependencies\": {\"@anthropic-ai/sdk\": \"1\"}}"}},
       "p: Anthropic @ - publisher inferred US/Anthropic evidence 1 (a client that a base URL "
       "may point elsewhere; none was seen)"},
      // Redirected in several ways: the client's own evidence decides for none of them.
      {{{"p/package.json", "{\"dependencies\": {\"@anthropic-ai/sdk\": \"1\"}}"},
        {"p/a.env", "ANTHROPIC_BASE_URL=https://api.z.ai\n"},
        {"p/b.env", "ANTHROPIC_BASE_URL=https://api.moonshot.ai\n"}},
       "p: Anthropic @ - publisher inferred US/Anthropic evidence 1 (a client that base URLs of "
       "this project point elsewhere, at least in part)\n"
       "p: Moonshot AI @ api.moonshot.ai publisher claimed CN/moonshotai evidence 2\n"
       "p: Z.ai @ api.z.ai publisher claimed CN/zai-org evidence 2"},
      // A model goes to its publisher's own service before another's endpoint.
      {{{"p/go.mod", "module x\n"},
        {"p/a.py", "u = 'https://openrouter.ai'\n"},
        {"p/.env", "DEEPSEEK_API_KEY=x\n"},
        {"p/b.py", "m = 'deepseek-chat'\nn = 'gpt-4o'\n"}},
       "p: DeepSeek @ - publisher inferred CN/deepseek-ai evidence 2 deepseek-chat\n"
       "p: OpenRouter @ openrouter.ai gateway claimed US/openai evidence 2 gpt-4o"},
      {{{"p/requirements.txt", "openai\n"}, {"p/b.py", "n = 'gpt-4o'\n"}},
       "p: OpenAI-compatible client @ - client unknown -/openai evidence 2 gpt-4o (an "
       "OpenAI-compatible client; the endpoint is not known)"},
      // A gateway: the endpoint's country and the model's publisher are two facts.
      {{{"p/go.mod", "module x\n"},
        {"p/a.go", "url := \"https://openrouter.ai/api/v1\"\nmodel := \"deepseek/deepseek-r1\"\n"}},
       "p: OpenRouter @ openrouter.ai gateway claimed US/deepseek-ai evidence 2 "
       "deepseek/deepseek-r1"},
      {{{"p/a.py", "m = 'accounts/fireworks/models/kimi-k2-instruct'\n"}},
       "-: Fireworks AI @ - gateway inferred US/moonshotai evidence 1 "
       "accounts/fireworks/models/kimi-k2-instruct"},
      {{{"p/a.py",
         "u='https://api.together.xyz'\na='Qwen/Qwen2-72B'\nb='meta-llama/Llama-3-8b'\n"}},
       "-: Together AI @ api.together.xyz gateway claimed US/- evidence 3 Qwen/Qwen2-72B "
       "meta-llama/Llama-3-8b"},
      // An item of two services: told apart by other evidence, else both are said.
      {{{"p/.env", "DASHSCOPE_API_KEY=x\n"}},
       "-: Alibaba DashScope / Model Studio (China) or Alibaba Model Studio (International) @ - "
       "cloud inferred CN/- evidence 1"},
      {{{"p/.env", "DASHSCOPE_API_KEY=x\nU=https://dashscope-intl.aliyuncs.com/v1\n"}},
       "-: Alibaba Model Studio (International) @ dashscope-intl.aliyuncs.com cloud claimed CN/- "
       "evidence 2"},
      // An endpoint that nobody knows is still said.
      {{{"p/.env", "OPENAI_BASE_URL=http://llm.corp:8000/v1\nOPENAI_API_KEY=x\n"}},
       "-: - @ llm.corp unknown claimed -/- evidence 3 (the table does not know who runs this "
       "endpoint)"},
      // A model with no service in sight; a hub id alone is weights more often.
      {{{"p/a.yaml", "model: deepseek-chat\n"}},
       "-: - @ - unknown unknown -/deepseek-ai evidence 1 deepseek-chat (a model is named; what "
       "serves it is not known)"},
      {{{"p/a.py", "m = from_pretrained(model='Qwen/Qwen2-7B')\n"}}, ""},
      // Mentions and shared things make no use.
      {{{"p/README.md", "Set DEEPSEEK_API_KEY, see api.deepseek.com\n"}}, ""},
      {{{"p/.env", "GOOGLE_API_KEY=x\n"}}, ""},
      {{{"p/.env", "GOOGLE_API_KEY=x\nGEMINI_API_KEY=x\n"},
        {"p/README.md", "GEMINI_API_KEY\nGEMINI_API_KEY\n"}},
       "-: Google Gemini API @ - publisher inferred US/google evidence 2 mentions 2"},
      // Two projects, two uses; two endpoints of one provider, two uses.
      {{{"a/package.json", "{}"},
        {"a/x.js", "u = 'https://api.groq.com'\n"},
        {"b/pyproject.toml", "[project]\ndependencies = ['groq']\n"}},
       "a: Groq @ api.groq.com gateway claimed US/- evidence 1\n"
       "b: Groq @ - gateway inferred US/- evidence 1"},
      {{{"a/x.js", "a = 'https://api.minimax.io'\nb = 'https://api.minimaxi.com'\n"}},
       "-: MiniMax @ api.minimax.io publisher claimed CN/MiniMaxAI evidence 1\n"
       "-: MiniMax @ api.minimaxi.com publisher claimed CN/MiniMaxAI evidence 1"},
  };
  for (const Row& row : rows) {
    const std::vector<ServiceHit> hits = HitsOf(row.files);
    // package.json and go.mod without a hit still mark their project.
    ProjectRoots roots;
    for (const File& file : row.files) roots.See({file.path, {}});
    std::vector<std::string> lines;
    for (const ServiceUse& use : JoinServiceHits(hits, EmbeddedServiceTable(), roots)) {
      lines.push_back(UseLine(use));
    }
    CAPTURE(row.files.front().text);
    CHECK(Join(lines, "\n") == row.uses);
  }
}

TEST_CASE("the provider's own publisher stands beside that of the models") {
  struct Row {
    std::string text;
    std::string own;
    std::string models;
  };
  const Row rows[] = {
      {"u: https://ark.cn-beijing.volces.com\nmodel: deepseek-v3\n", "ByteDance-Seed",
       "deepseek-ai"},
      {"DASHSCOPE_API_KEY=x\nmodel: kimi-k2\n", "Qwen", "moonshotai"},
      {"u: https://openrouter.ai\nmodel: deepseek/deepseek-r1\n", "", "deepseek-ai"},
      {"u: https://api.deepseek.com\n", "deepseek-ai", "deepseek-ai"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto uses = JoinServiceHits(HitsOf({{"a.yaml", row.text}}), EmbeddedServiceTable());
    REQUIRE(uses.size() == 1);
    CHECK(uses[0].provider_publisher == row.own);
    CHECK(uses[0].publisher == row.models);
  }
}

TEST_CASE("a scan keeps the strongest hits, the same for any order") {
  std::vector<ServiceHit> all;
  for (int i = 0; i < 100; ++i) {
    const std::string path = "f" + std::to_string(i) + ".env";
    for (ServiceHit& hit : FindServices(path, "XAI_API_KEY=1\nU=https://api.x.ai\n")) {
      all.push_back(std::move(hit));
    }
  }
  const auto kept_of = [](const std::vector<ServiceHit>& hits, std::uint64_t& dropped) {
    ServiceHits kept(60);
    for (const ServiceHit& hit : hits) kept.Add({hit});
    dropped = kept.dropped();
    std::vector<std::string> lines;
    for (const ServiceHit& hit : kept.Take()) {
      lines.push_back(hit.location.path + " " + test::HitLine(hit));
    }
    return lines;
  };
  std::uint64_t dropped = 0;
  const auto forward = kept_of(all, dropped);
  CHECK(dropped == 140);
  REQUIRE(forward.size() == 60);
  CHECK(forward.front() == "f0.env 2 strong endpoint xAI: api.x.ai");
  CHECK(forward.back().ends_with("2 strong endpoint xAI: api.x.ai"));
  std::reverse(all.begin(), all.end());
  CHECK(kept_of(all, dropped) == forward);
  CHECK(dropped == 140);
}

TEST_CASE("the order of hits does not matter, and evidence is capped and counted") {
  std::vector<ServiceHit> hits;
  for (int i = 0; i < 40; ++i) {
    for (const ServiceHit& hit : FindServices("p/f" + std::to_string(i) + ".py",
                                              "k = 'XAI_API_KEY'\nu = 'https://api.x.ai'\n")) {
      hits.push_back(hit);
    }
  }
  const std::string forward = Uses(hits);
  std::reverse(hits.begin(), hits.end());
  CHECK(Uses(hits) == forward);
  CHECK(forward == "-: xAI @ api.x.ai publisher claimed US/xai-org evidence 80");
  const auto uses = JoinServiceHits(hits, EmbeddedServiceTable());
  REQUIRE(uses.size() == 1);
  CHECK(uses[0].evidence.size() == kMaxServiceEvidence);
  CHECK(uses[0].evidence[0].strength == ServiceStrength::kStrong);
}

TEST_CASE("the project is the nearest folder with a mark, else the container or the target") {
  ProjectRoots roots({"work", "work/deep", "img.tar"});
  roots.See({"work/a/package.json", {}});
  roots.See({"work/b/.git/HEAD", {}});
  roots.See({"img.tar", {"layers/1", "app/requirements.txt"}});
  roots.See({"work/a/node_modules/x/package.json", {}});
  struct Row {
    Location place;
    std::string root;
  };
  const Row rows[] = {
      {{"work/a/src/x.js", {}}, "work/a"},
      {{"work/a/node_modules/x/package.json", {}}, "work/a"},
      {{"work/b/c/x.py", {}}, "work/b"},
      {{"work/ab/x.py", {}}, "work"},
      {{"work/deep/x/y.py", {}}, "work/deep"},
      {{"elsewhere/x.py", {}}, ""},
      {{"img.tar", {"layers/1", "app/src/x.py"}}, "img.tar!/layers/1!/app"},
      {{"img.tar", {"layers/1", "etc/x.conf"}}, "img.tar!/layers/1"},
      {{"img.tar", {"x.conf"}}, "img.tar"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.place.ToString());
    CHECK(roots.RootOf(row.place) == row.root);
  }
}

TEST_CASE("many unknown endpoints stay bounded") {
  std::vector<ServiceHit> hits;
  for (int i = 0; i < 20'000; ++i) {
    ServiceHit hit;
    hit.technique = ServiceTechnique::kBaseUrl;
    hit.endpoint = "h" + std::to_string(i) + ".example";
    hit.matched = "OPENAI_BASE_URL -> " + hit.endpoint;
    hit.strength = ServiceStrength::kStrong;
    hit.location = {"p/" + std::to_string(i) + ".env", {}};
    hits.push_back(hit);
  }
  const auto uses = JoinServiceHits(hits, EmbeddedServiceTable());
  CHECK(uses.size() == 4097);
  std::uint64_t evidence = 0;
  for (const ServiceUse& use : uses) evidence += use.evidence_count;
  CHECK(evidence == 20'000);
}
