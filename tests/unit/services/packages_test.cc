#include <doctest/doctest.h>

#include "tests/support/service_run.h"

using namespace weighbridge;
using test::HitLines;

TEST_CASE("packages count where the file's kind declares them") {
  struct Row {
    std::string path;
    std::string text;
    std::string hits;
  };
  const std::string client = "weak package OpenAI-compatible client: ";
  const Row rows[] = {
      {"requirements.txt", "requests\nopenai>=1.0\nAnthropic[vertex]==0.3 ; x\n# cohere\n",
       "2 " + client + "pypi:openai\n3 medium package Anthropic: pypi:anthropic"},
      {"requirements.txt", "openai-whisper\nmy-openai==1\n-r openai.txt\n", ""},
      {"pyproject.toml",
       "[project]\nname = \"openai\"\nkeywords = [\"groq\"]\ndependencies = [\n  "
       "\"mistralai>=1\",\n]\n",
       "5 medium package Mistral AI: pypi:mistralai"},
      {"pyproject.toml", "[tool.poetry.dependencies]\ngroq = \"^0.5\"\n[tool.x]\ncohere = \"1\"\n",
       "2 medium package Groq: pypi:groq"},
      {"setup.py", "setup(install_requires=['together>=1', \"zai-sdk\"])\n",
       "1 medium package Together AI: pypi:together\n"
       "1 medium package Z.ai+Zhipu AI BigModel: pypi:zai-sdk"},
      {"poetry.lock",
       "[[package]]\nname = \"dashscope\"\nversion = \"1\"\ndescription = \"groq\"\n",
       "2 medium package Alibaba DashScope / Model Studio (China)+Alibaba Model Studio "
       "(International): pypi:dashscope"},
      {"Pipfile.lock", "{\"default\": {\"qianfan\": {\"version\": \"==1\"}}}",
       "1 medium package Baidu Qianfan: pypi:qianfan"},
      {"package.json", "{\"name\": \"openai\",\n \"dependencies\": {\n  \"groq-sdk\": \"^1\" } }",
       "3 medium package Groq: npm:groq-sdk"},
      {"package.json", "{\"description\": \"groq-sdk\", \"replicate\": {\"x\": 1}}", ""},
      {"package-lock.json",
       "{\"packages\":{\"node_modules/@anthropic-ai/sdk\":{\"version\":\"1\"}}}",
       "1 medium package Anthropic: npm:@anthropic-ai/sdk"},
      {"yarn.lock", "openai@^4.0.0:\n  version \"4\"\n\"@ai-sdk/groq@^1\":\n",
       "1 " + client + "npm:openai\n3 medium package Groq: npm:@ai-sdk/groq"},
      {"pnpm-lock.yaml", "packages:\n  /cohere-ai@7.0.0:\n  '@ai-sdk/xai@1.0.0':\n",
       "2 medium package Cohere: npm:cohere-ai\n3 medium package xAI: npm:@ai-sdk/xai"},
      {"web/node_modules/groq-sdk/package.json",
       "{\"name\": \"groq-sdk\", \"dependencies\": {\"openai\": \"1\"}}",
       "1 medium package Groq: npm:groq-sdk"},
      {"v/site-packages/mistralai-1.0.dist-info/METADATA",
       "Metadata-Version: 2.1\nName: mistralai\nRequires-Dist: openai\n\nopenai\n",
       "2 medium package Mistral AI: pypi:mistralai"},
      {"go.mod", "module x\nrequire (\n\tgithub.com/openai/openai-go/v2 v2.0.1\n)\n",
       "3 " + client + "go:github.com/openai/openai-go"},
      {"pom.xml", "<dependency>\n <artifactId>dashscope-sdk-java</artifactId>\n",
       "2 medium package Alibaba DashScope / Model Studio (China): "
       "maven:com.alibaba:dashscope-sdk-java"},
      {"Api.csproj", "<PackageReference Include=\"Azure.AI.OpenAI\" Version=\"2\" />",
       "1 medium package Azure OpenAI / Azure AI Foundry: nuget:Azure.AI.OpenAI"},
      {"a.py", "import os, openai\nfrom anthropic import Anthropic\n  import cohere as c\n",
       "2 medium package Anthropic: pypi:anthropic\n3 medium package Cohere: pypi:cohere"},
      {"a.py", "# import groq\nimporting = 'groq'\nfrom groq_tools import x\n", ""},
      {"a.ts", "import OpenAI from \"openai\";\nconst g = require('groq-sdk');\n",
       "1 " + client + "npm:openai\n2 medium package Groq: npm:groq-sdk"},
      {"a.ts", "const word = \"replicate\" + \"x\";\nfoo(\"openai\");\n", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CAPTURE(row.text);
    CHECK(HitLines(row.path, row.text) == row.hits);
  }
}
