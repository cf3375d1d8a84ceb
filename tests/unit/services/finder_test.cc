#include <doctest/doctest.h>

#include "tests/support/service_run.h"

using namespace weighbridge;
using test::FindServices;
using test::HitLine;
using test::HitLines;

namespace {

struct Row {
  std::string path;
  std::string text;
  std::string hits;
};

void CheckRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CAPTURE(row.text);
    CHECK(HitLines(row.path, row.text) == row.hits);
  }
}

}  // namespace

TEST_CASE("hostnames match on label boundaries, without case") {
  CheckRows({
      {"a.py", "u = 'https://api.deepseek.com/v1'\n",
       "1 strong endpoint DeepSeek: api.deepseek.com"},
      {"a.py", "u = 'HTTPS://API.DeepSeek.COM:443/'\n",
       "1 strong endpoint DeepSeek: api.deepseek.com"},
      {"a.yaml", "x: 1\nhost: api.moonshot.cn\n", "2 strong endpoint Moonshot AI: api.moonshot.cn"},
      {"a.yaml", "host: eu.api.openai.com\n", "1 strong endpoint OpenAI: eu.api.openai.com"},
      {"a.yaml", "host: tenant.api.x.ai.\n", "1 strong endpoint xAI: tenant.api.x.ai"},
      {"a.yaml", "host: myapi.deepseek.com\n", ""},
      {"a.yaml", "host: api.deepseek.com.evil.example\n", ""},
      {"a.yaml", "host: api.deepseek.company\n", ""},
      {"a.yaml", "host: api-deepseek.com\n", ""},
      {"a.yaml", "mail: me@api.z.ai\n", ""},
      {"a.yaml", "url: https://me:secret@api.z.ai/x\n", "1 strong endpoint Z.ai: api.z.ai"},
      {"a.js", "await chat.d.run(task)\n", ""},
      {"a.js", "x = api.x.ai;\n", ""},
      {"a.json", "{\"u\": \"https:\\/\\/api.groq.com\\/openai\"}",
       "1 strong endpoint Groq: api.groq.com"},
      {"a.yaml", "u: https://acme-eu.openai.azure.com/\n",
       "1 strong endpoint Azure OpenAI / Azure AI Foundry: acme-eu.openai.azure.com"},
      {"a.py", "f'https://{region}-aiplatform.googleapis.com/v1'",
       "1 strong endpoint Google Vertex AI: *-aiplatform.googleapis.com"},
      {"a.py", "f'https://bedrock-runtime.{region}.amazonaws.com'",
       "1 strong endpoint AWS Bedrock: bedrock-runtime.*.amazonaws.com"},
      {"a.py", "'https://bedrock-runtime.us-east-1.amazonaws.com'",
       "1 strong endpoint AWS Bedrock: bedrock-runtime.us-east-1.amazonaws.com"},
      {"a.py", "'https://s3.us-east-1.amazonaws.com'", ""},
      {"v.yaml", "url: https://{{ .Values.name }}.openai.azure.com\n",
       "1 strong endpoint Azure OpenAI / Azure AI Foundry: *.openai.azure.com"},
      {"a.py", "'https://ollama.com/api/chat'", "1 strong endpoint Ollama Cloud: ollama.com"},
      {"a.py", "'https://ollama.com/download'", ""},
      {"a.ipynb", "{\"source\": [\"x\\napi.x.ai\", \"u=\\\"https://api.x.ai\\\"\\n\"]}",
       "1 strong endpoint xAI: api.x.ai"},
  });
}

TEST_CASE("a base URL names the provider, whatever the client is called") {
  CheckRows({
      {".env", "OPENAI_API_KEY=sk-123\nOPENAI_BASE_URL=https://api.deepseek.com/v1\n",
       "1 weak variable OpenAI-compatible client: OPENAI_API_KEY\n"
       "2 weak variable OpenAI-compatible client: OPENAI_BASE_URL\n"
       "2 strong base-url DeepSeek: OPENAI_BASE_URL -> api.deepseek.com"},
      {"k8s.yaml", "- name: ANTHROPIC_BASE_URL\n  value: https://api.z.ai/api/anthropic\n",
       "1 medium variable Anthropic: ANTHROPIC_BASE_URL\n"
       "2 strong base-url Z.ai: ANTHROPIC_BASE_URL -> api.z.ai"},
      {"a.py", "from openai import OpenAI\nc = OpenAI(base_url=\"https://api.moonshot.cn/v1\")\n",
       "1 weak package OpenAI-compatible client: pypi:openai\n"
       "2 strong base-url Moonshot AI: base_url -> api.moonshot.cn"},
      {"a.ts", "import OpenAI from 'openai'\nnew OpenAI({ baseURL: 'http://llm.corp:8000/v1' })\n",
       "1 weak package OpenAI-compatible client: npm:openai\n"
       "2 strong base-url -: baseURL -> llm.corp"},
      {"a.py", "base_url = 'https://shop.example/api'\n", ""},
      {"Dockerfile", "ENV OPENAI_API_BASE=http://user:pw@10.0.0.7:11434/v1\n",
       "1 strong base-url -: OPENAI_API_BASE -> 10.0.0.7\n"
       "1 weak variable OpenAI-compatible client: OPENAI_API_BASE"},
      {".env", "OPENAI_BASE_URL=\n", "1 weak variable OpenAI-compatible client: OPENAI_BASE_URL"},
  });
}

TEST_CASE("names of variables are whole words; values are never kept") {
  CheckRows({
      {".env", "DEEPSEEK_API_KEY=sk-live-98231\n", "1 medium variable DeepSeek: DEEPSEEK_API_KEY"},
      {".env", "MY_DEEPSEEK_API_KEY=1\nDEEPSEEK_API_KEY_OLD=1\ndeepseek_api_key=1\n", ""},
      {"a.py", "os.environ['ARK_API_KEY']",
       "1 medium variable BytePlus ModelArk+Volcengine Ark: ARK_API_KEY"},
      {"a.sh", "export XAI_API_KEY=$(cat key)\n", "1 medium variable xAI: XAI_API_KEY"},
      {"c.yml", "environment:\n  - GOOGLE_API_KEY=AIza\n",
       "2 weak variable Google Gemini API: GOOGLE_API_KEY"},
      {"a.ipynb", "\"source\": \"a\\nGROQ_API_KEY = 1\"", "1 medium variable Groq: GROQ_API_KEY"},
      {"a.py", "AWS_ACCESS_KEY_ID GITHUB_TOKEN HF_TOKEN", ""},
  });
  for (const ServiceHit& hit : FindServices(".env", "DEEPSEEK_API_KEY=sk-live-98231\n")) {
    CHECK(HitLine(hit).find("98231") == std::string::npos);
  }
}

TEST_CASE("model ids count in quotes and as values") {
  CheckRows({
      {"a.py", "chat(model=\"deepseek-chat\")\n", "1 weak model-id -: deepseek-chat"},
      {"a.yaml", "model: qwen-max\n", "1 weak model-id -: qwen-max"},
      {".env", "LLM_MODEL=moonshot-v1-8k\n", "1 weak model-id -: moonshot-v1-8k"},
      {"a.py", "m = 'accounts/fireworks/models/deepseek-v3'\n",
       "1 medium model-id Fireworks AI: accounts/fireworks/models/deepseek-v3"},
      {"a.py", "model = deepseek-chat\n", ""},
      {"a.py", "load('models/deepseek-r1.gguf')\n", ""},
      {"a.py", "get('https://huggingface.co/deepseek-ai/deepseek-r1')\n", ""},
      {"a.py", "load(\"/data/deepseek-r1-7b\")\n", ""},
      {"a.py", "'gpt-neo' 'command-line' 'step-by-step'\n", ""},
      {"a.py", "x = \"a deepseek-chat b\"\n", ""},
  });
}

TEST_CASE("documentation and comments are mentions") {
  CheckRows({
      {"README.md", "We support DeepSeek: set DEEPSEEK_API_KEY for https://api.deepseek.com\n",
       "1 mention variable DeepSeek: DEEPSEEK_API_KEY\n"
       "1 mention endpoint DeepSeek: api.deepseek.com"},
      {"README.md", "The deepseek-chat and `gpt-4o` models, by OpenAI and DeepSeek.\n", ""},
      {"a.py", "# see https://api.deepseek.com\n", "1 mention endpoint DeepSeek: api.deepseek.com"},
      {"a.js", "call(); // DEEPSEEK_API_KEY\n", "1 mention variable DeepSeek: DEEPSEEK_API_KEY"},
      {".env", "#XAI_API_KEY=\n", "1 mention variable xAI: XAI_API_KEY"},
      {"a.py", "# XAI_API_KEY\nk = env['XAI_API_KEY']\n", "2 medium variable xAI: XAI_API_KEY"},
      {"notes.txt", "api.deepseek.com\n", ""},
      {"a.yaml", "u: http://x # y\nv: 'https://api.z.ai'\n", "2 strong endpoint Z.ai: api.z.ai"},
  });
}

TEST_CASE("places where no lines are: variables of images and remote models of stores") {
  const ServiceFinder& finder = ServiceFinder::Instance();
  Artifact artifact;
  artifact.location = {"image.tar", {"blobs/sha256/c"}};
  artifact.claims = {{"oci:env", "PATH"},
                     {"oci:env", "OPENAI_BASE_URL"},
                     {"oci:env.host", "OPENAI_BASE_URL\tapi.deepseek.com"},
                     {"oci:env.host", "HOMEPAGE\texample.org"},
                     {"oci:env.host", "no tab"},
                     {"store:remote", "deepseek-v3.1:671b at https://ollama.com:443"},
                     {"store:remote", "kimi-k2 at elsewhere.example"}};
  std::vector<ServiceHit> hits;
  FindInClaims(finder, artifact, hits);
  std::vector<std::string> lines;
  for (const ServiceHit& hit : hits) lines.push_back(HitLine(hit) + " " + hit.model.publisher);
  CHECK(Join(lines, "\n") ==
        "0 weak variable OpenAI-compatible client: OPENAI_BASE_URL \n"
        "0 strong base-url DeepSeek: OPENAI_BASE_URL -> api.deepseek.com \n"
        "0 strong remote-model Ollama Cloud: deepseek-v3.1:671b at ollama.com deepseek-ai\n"
        "0 strong remote-model -: kimi-k2 at elsewhere.example moonshotai");
}
