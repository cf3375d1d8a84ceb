#include "scanner/services/model_ids.h"

#include <doctest/doctest.h>

using namespace weighbridge;

TEST_CASE("an id tells the publisher of the model and the gateway of its spelling apart") {
  const ServiceTable& table = EmbeddedServiceTable();
  const ModelIds ids(table);
  struct Row {
    std::string id;
    std::string publisher;  // "-" none
    std::string gateway;
  };
  const Row rows[] = {
      {"deepseek-chat", "deepseek-ai", "-"},
      {"DeepSeek-R1-0528", "deepseek-ai", "-"},
      {"deepseek/deepseek-chat", "deepseek-ai", "-"},
      {"deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "deepseek-ai", "-"},
      {"gpt-4o-mini", "openai", "-"},
      {"gpt-neo-125m", "-", "-"},
      {"openai/deepseek-chat", "deepseek-ai", "-"},
      {"openai/gpt-oss-120b", "openai", "-"},
      {"accounts/fireworks/models/kimi-k2-instruct", "moonshotai", "Fireworks AI"},
      {"accounts/fireworks/models/something-new", "-", "Fireworks AI"},
      {"us.anthropic.claude-sonnet-4-20250514-v1:0", "Anthropic", "AWS Bedrock"},
      {"deepseek.r1-v1:0", "deepseek-ai", "AWS Bedrock"},
      {"meta.llama3-1-70b-instruct-v1:0", "meta-llama", "AWS Bedrock"},
      {"amazon.nova-lite-v1:0", "amazon", "AWS Bedrock"},
      {"publishers/google/models/gemini-2.5-pro", "google", "Google Vertex AI"},
      {"publishers/google/gemini", "-", "-"},
      {"openrouter/qwen/qwen3-235b", "Qwen", "OpenRouter"},
      {"openrouter/unheard-of/model", "-", "-"},
      {"@cf/meta/llama-3.1-8b-instruct", "meta-llama", "Cloudflare Workers AI / AI Gateway"},
      {"@cf/unheard/of", "-", "Cloudflare Workers AI / AI Gateway"},
      {"azure/gpt-4o", "openai", "Azure OpenAI / Azure AI Foundry"},
      {"azure/login@v1", "-", "-"},
      {"dashscope/qwen-max", "Qwen", "Alibaba DashScope / Model Studio (China)"},
      {"Qwen/Qwen2.5-7B-Instruct", "Qwen", "-"},
      {"grok-3", "xai-org", "-"},
      {"glm-4-plus", "zai-org", "-"},
      {"gpt://b1g/yandexgpt/latest", "yandex", "-"},
      {"", "-", "-"},
      {"us.", "-", "-"},
      {"command-r-plus", "CohereForAI", "-"},
      {"command-remapping", "-", "-"},
      {"gemini-prompt-log", "-", "-"},
      {"llama", "-", "-"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.id);
    const ModelMeaning meaning = ids.Read(row.id);
    CHECK((meaning.publisher_row ? table.rows[*meaning.publisher_row].publisher : "-") ==
          row.publisher);
    CHECK((meaning.gateway_row ? table.rows[*meaning.gateway_row].service : "-") == row.gateway);
  }
}
