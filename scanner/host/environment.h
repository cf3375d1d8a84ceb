// The environment variables by which tools move their model stores (Hugging Face hub
// "environment variables", ollama envconfig, and each tool's own documentation).
#pragma once

#include <string_view>
#include <vector>

#include "scanner/host/processes.h"

namespace weighbridge {

// Of "NAME=VALUE" entries between separators: those that move a store to an absolute
// path. Quotes around a value are dropped.
std::vector<StoreVariable> StoreVariablesOf(std::string_view text, char separator);

// Of a systemd unit or a drop-in (systemd.exec(5), Environment=).
std::vector<StoreVariable> StoreVariablesOfUnit(std::string_view text);

// Those of this process.
std::vector<StoreVariable> OwnStoreVariables();

}  // namespace weighbridge
