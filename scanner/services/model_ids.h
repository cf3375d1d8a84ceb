// Model ids: which publisher an id names, and which gateway its spelling belongs to.
//
//   deepseek-chat                            a name: its prefix tells the publisher
//   deepseek/deepseek-chat                   vendor/name, as gateways write it
//   accounts/fireworks/models/kimi-k2        a gateway's own spelling around a name
//   us.anthropic.claude-sonnet-4-v1:0        AWS Bedrock: [region.]vendor.name
//   publishers/google/models/gemini-2.5-pro  Google Vertex AI
//   openrouter/deepseek/deepseek-r1          a client's route (LiteLLM), then vendor/name
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/services/service_table.h"

namespace weighbridge {

struct ModelToken {
  std::string id;  // as written
  std::size_t begin = 0;
  bool named_as_model = false;  // "model" stands before it on its line
};

// The id around [at, at + size), when it stands in quotes, or as the value of a setting
// where `unquoted` allows that; empty id otherwise. File names and URLs are no ids.
ModelToken ModelTokenAt(std::string_view text, std::size_t at, std::size_t size, bool unquoted);

struct ModelMeaning {
  std::optional<std::size_t> publisher_row;  // of the table, whose publisher made it
  std::optional<std::size_t> gateway_row;    // whose spelling it is
};

class ModelIds {
 public:
  explicit ModelIds(const ServiceTable& table);
  // Nothing set: the id is none that the table knows.
  ModelMeaning Read(std::string_view id) const;

 private:
  struct Prefix {
    std::string text;
    std::size_t row;
    bool route;  // of a row that only serves others' models
  };
  const Prefix* Longest(std::string_view id, bool route) const;
  std::optional<std::size_t> PublisherOf(std::string_view id) const;

  std::vector<Prefix> prefixes_;  // sorted
};

}  // namespace weighbridge
