// Model licences: ids, names and marker phrases follow the texts as published, each
// read at the source named in the catalogue's licence table; versions of one licence
// are told apart by their title or date line. General licences: the title line or the
// sentence that SPDX's matching templates keep fixed.
#include "scanner/sidecars/licence_markers.h"

#include <cstddef>
#include <string>
#include <unordered_map>

namespace weighbridge {
namespace {

constexpr const char* kBsdGrant =
    "Redistribution and use in source and binary forms, with or without modification, are "
    "permitted provided that the following conditions are met";
constexpr const char* kMitGrant =
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this "
    "software and associated documentation files";
constexpr const char* kTencentNowhere3 = "EUROPEAN UNION, UNITED KINGDOM AND SOUTH KOREA";
constexpr const char* kMetaEuClause = "principal place of business in, the European Union";
constexpr const char* kTencent = "TENCENT HUNYUAN COMMUNITY LICENSE AGREEMENT";

constexpr LicenceMarker kMarkers[] = {
    // Meta
    {"llama2", "Llama 2 Community Licence", "llama", "", true,
     {"Llama 2 Version Release Date"}, {}},
    {"llama3", "Meta Llama 3 Community Licence", "llama", "", true,
     {"Meta Llama 3 Version Release Date"}, {}},
    {"llama3.1", "Llama 3.1 Community Licence", "llama", "", true,
     {"Llama 3.1 Version Release Date"}, {}},
    {"llama3.2", "Llama 3.2 Community Licence", "llama", "", true,
     {"Llama 3.2 Version Release Date"}, {}},
    {"llama3.3", "Llama 3.3 Community Licence", "llama", "", true,
     {"Llama 3.3 Version Release Date"}, {}},
    {"llama4", "Llama 4 Community Licence", "llama", "", true,
     {"Llama 4 Version Effective Date"}, {}},
    {"llama3.2-use-policy", "Llama 3.2 Acceptable Use Policy", "llama-policy", "EU", true,
     {"Llama 3.2 Acceptable Use Policy", kMetaEuClause}, {}},
    {"llama3.3-use-policy", "Llama 3.3 Acceptable Use Policy", "llama-policy", "", true,
     {"Llama 3.3 Acceptable Use Policy"}, {}},
    {"llama4-use-policy", "Llama 4 Acceptable Use Policy", "llama-policy", "EU", true,
     {"Llama 4 Acceptable Use Policy", kMetaEuClause}, {}},
    {"dinov3-license", "DINOv3 Licence", "", "", true,
     {"You are not the target of Trade Controls", "DINOv3"}, {}},
    {"sam-license", "SAM Licence", "", "", true, {"use of SAM Materials must comply with"}, {}},
    // Tencent: one title, many texts; the date line says which.
    {"tencent-hunyuan-community (HunyuanDiT)", "Tencent Hunyuan Community Licence, HunyuanDiT",
     "hunyuan", "EU", true, {kTencent, "DOES NOT APPLY IN THE EUROPEAN UNION AND"}, {}},
    {"tencent-hunyuan-community (HunyuanVideo 1.5)",
     "Tencent Hunyuan Community Licence, HunyuanVideo 1.5", "hunyuan", "EU|GB|KR", true,
     {kTencent, kTencentNowhere3, "Release Date: November 21, 2025"}, {}},
    {"tencent-hunyuan-community (HunyuanVideo)", "Tencent Hunyuan Community Licence, HunyuanVideo",
     "hunyuan", "EU|GB|KR", true,
     {kTencent, kTencentNowhere3, "Release Date: December 3, 2024"}, {}},
    {"tencent-hunyuan-community (Hunyuan-A13B)", "Tencent Hunyuan Community Licence, Hunyuan-A13B",
     "hunyuan", "EU|GB|KR", true, {kTencent, kTencentNowhere3, "Release Date: June 27, 2025"}, {}},
    {"tencent-hunyuan-community (Hunyuan-7B)", "Tencent Hunyuan Community Licence, Hunyuan-7B",
     "hunyuan", "EU|GB|KR", true, {kTencent, kTencentNowhere3, "Release Date: August 4, 2025"}, {}},
    {"tencent-hunyuan-community (Hunyuan-MT)", "Tencent Hunyuan Community Licence, Hunyuan-MT",
     "hunyuan", "EU|GB|KR", true,
     {kTencent, kTencentNowhere3, "Release Date: September 1, 2025"}, {}},
    {"tencent-hunyuan-community (HunyuanImage 3.0)",
     "Tencent Hunyuan Community Licence, HunyuanImage 3.0", "hunyuan", "EU|GB|KR", true,
     {kTencent, kTencentNowhere3, "Release Date: September 28, 2025"}, {}},
    {"tencent-hy-community (HY-MT1.5)", "Tencent HY Community Licence", "hunyuan", "EU|GB|KR", true,
     {"TENCENT HY COMMUNITY LICENSE AGREEMENT", kTencentNowhere3}, {}},
    {"tencent-hunyuan-3d-2.0-community", "Tencent Hunyuan 3D 2.0 Community Licence", "hunyuan",
     "EU|GB|KR", true,
     {"TENCENT HUNYUAN 3D 2.0 COMMUNITY LICENSE AGREEMENT", kTencentNowhere3}, {}},
    {"tencent-hunyuan-3d-2.1-community", "Tencent Hunyuan 3D 2.1 Community Licence", "hunyuan",
     "EU|GB|KR", true,
     {"TENCENT HUNYUAN 3D 2.1 COMMUNITY LICENSE AGREEMENT", kTencentNowhere3}, {}},
    {"tencent-hunyuan-3d-omni-community", "Tencent Hunyuan 3D Omni Community Licence", "hunyuan",
     "EU|GB|KR", true,
     {"TENCENT HUNYUAN 3D Omni COMMUNITY LICENSE AGREEMENT", kTencentNowhere3}, {}},
    {"tencent-hunyuanworld-1.0-community", "Tencent HunyuanWorld-1.0 Community Licence", "hunyuan",
     "EU|GB|KR", true,
     {"TENCENT HUNYUANWORLD-1.0 COMMUNITY LICENSE AGREEMENT", kTencentNowhere3}, {}},
    // A text of the family whose date we do not know, with and without the sentence.
    {"tencent-hunyuan-community", "Tencent Hunyuan Community Licence", "hunyuan", "EU|GB|KR", true,
     {kTencent, kTencentNowhere3}, {}},
    {"tencent-hunyuan-community", "Tencent Hunyuan Community Licence", "hunyuan", "", true,
     {kTencent}, {}},
    // Huawei
    {"openpangu-1.0", "OPENPANGU MODEL LICENSE AGREEMENT VERSION 1.0", "openpangu", "EU", true,
     {"OPENPANGU MODEL LICENSE AGREEMENT VERSION 1.0"}, {}},
    {"openpangu-2.0", "OpenPangu Model License Agreement Version 2.0", "openpangu", "EU", true,
     {"OpenPangu Model License Agreement Version 2.0"}, {}},
    // DeepSeek
    {"deepseek", "DeepSeek License Agreement", "", "", true,
     {"DEEPSEEK LICENSE AGREEMENT", "For military use in any way"}, {}},
    // Alibaba
    {"tongyi-qianwen-research", "Tongyi Qianwen Research Licence Agreement", "qwen", "", true,
     {"Tongyi Qianwen RESEARCH LICENSE AGREEMENT"}, {}},
    {"tongyi-qianwen", "Tongyi Qianwen Licence Agreement", "qwen", "", true,
     {"Tongyi Qianwen LICENSE AGREEMENT"}, {}},
    {"qwen-research", "Qwen Research Licence Agreement", "qwen", "", true,
     {"Qwen RESEARCH LICENSE AGREEMENT"}, {}},
    {"qwen", "Qwen Licence Agreement", "qwen", "", true, {"Qwen LICENSE AGREEMENT"}, {}},
    // Moonshot AI, MiniMax
    {"modified-mit (Kimi K2)", "Modified MIT (Kimi K2)", "mit", "", true,
     {"Our only modification part is that", "Kimi K2"}, {}},
    {"modified-mit (MiniMax-M2)", "Modified MIT (MiniMax-M2)", "mit", "", true,
     {"Our only modification part is that", "MiniMax M2"}, {}},
    {"modified-mit", "Modified MIT", "mit", "", true, {"Our only modification part is that"}, {}},
    {"minimax-model-license (M2.5)", "MiniMax Model Licence, MiniMax-M2.5", "minimax", "", true,
     {"MiniMax-M2.5 Version Release Date"}, {}},
    {"minimax-model-license", "MiniMax Model Licence", "minimax", "", true,
     {"engage in or otherwise support any military purpose", "MiniMax"}, {}},
    // Zhipu AI
    {"chatglm3-6b", "ChatGLM3-6B Licence", "glm", "", true, {"The ChatGLM3-6B License"}, {}},
    {"chatglm2-6b", "ChatGLM2-6B Licence", "glm", "", true, {"The ChatGLM2-6B License"}, {}},
    {"chatglm-6b", "ChatGLM-6B Licence", "glm", "", true, {"The ChatGLM-6B License"}, {}},
    {"glm-4", "GLM-4 Licence", "glm", "", true, {"The glm-4-9b License"}, {}},
    {"cogvlm", "CogVLM Licence", "glm", "", true,
     {"undermine China's national security and national unity", "CogVLM"}, {}},
    // Other model publishers
    {"yi-license", "Yi Series Models Community Licence", "", "", true,
     {"Yi Series Models Community License Agreement"}, {}},
    {"baichuan2-community", "Baichuan 2 Model Community Licence", "", "", true,
     {"Community License for Baichuan 2 Model"}, {}},
    {"skywork-community", "Skywork Community License", "", "", true,
     {"Skywork Community License"}, {}},
    {"gemma", "Gemma Terms of Use", "", "", true, {"Gemma Terms of Use"}, {}},
    {"nvidia-open-model-license", "NVIDIA Open Model Licence Agreement", "", "", true,
     {"NVIDIA Open Model License Agreement"}, {}},
    {"nvidia-open-model-license", "NVIDIA Open Model Licence Agreement", "", "", true,
     {"Office of Foreign Assets Control regulations", "NVIDIA", "Trustworthy AI"},
     {"NVIDIA Open Model License Agreement"}},
    {"falcon-llm-license", "Falcon 2 11B TII Licence", "falcon", "", true,
     {"Falcon 2 11B TII License Version 1.0"}, {}},
    {"falcon-180b", "Falcon 180B TII Licence", "falcon", "", true,
     {"Falcon 180B TII License Version 1.0"}, {}},
    {"falcon-llm-license", "TII Falcon LLM Licence", "falcon", "", true,
     {"TII Falcon LLM License"}, {}},
    {"exaone (1.2-NC)", "EXAONE AI Model Licence Agreement 1.2 - NC", "exaone", "", true,
     {"EXAONE AI Model License Agreement 1.2 - NC"}, {}},
    {"exaone (1.1-NC)", "EXAONE AI Model Licence Agreement 1.1 - NC", "exaone", "", true,
     {"EXAONE AI Model License Agreement 1.1 - NC"}, {}},
    {"k-exaone", "K-EXAONE AI Model Licence Agreement", "exaone", "", true,
     {"K-EXAONE AI Model License Agreement"}, {}},
    {"hyperclovax-seed", "HyperCLOVA X SEED Model Licence Agreement", "", "", true,
     {"HyperCLOVA X SEED Model License Agreement"}, {}},
    {"flux-1-dev-non-commercial-license", "FLUX.1 [dev] Non-Commercial Licence", "flux", "", true,
     {"FLUX.1 [dev] Non-Commercial License"}, {}},
    {"flux-dev-non-commercial-license-2", "FLUX [dev] Non-Commercial Licence v2.0", "flux", "",
     true, {"FLUX [dev] Non-Commercial License v2.0"}, {}},
    {"stabilityai-ai-community", "Stability AI Community Licence Agreement", "", "", true,
     {"Stability AI Community License Agreement"}, {}},
    {"sdxl-0.9-research", "SDXL 0.9 Research Licence", "", "", true,
     {"located in a comprehensively sanctioned jurisdiction", "SDXL 0.9"}, {}},
    {"apple-amlr", "Apple Machine Learning Research Model Licence", "", "", true,
     {"Apple Machine Learning Research Model"}, {}},
    {"mrl", "Mistral AI Research Licence", "mistral", "", true,
     {"Mistral AI Research License"}, {}},
    {"mnpl", "Mistral AI Non-Production Licence", "mistral", "", true,
     {"Mistral AI Non-Production License"}, {}},
    {"bigcode-openrail-m", "BigCode Open RAIL-M v1", "rail", "", true,
     {"BigCode Open RAIL-M v1"}, {}},
    {"openrail++", "CreativeML Open RAIL++-M", "rail", "", true, {"CreativeML Open RAIL++-M"}, {}},
    {"creativeml-openrail-m", "CreativeML Open RAIL-M", "rail", "", true,
     {"CreativeML Open RAIL-M"}, {}},
    {"bigscience-openrail-m", "BigScience Open RAIL-M", "rail", "", true,
     {"BigScience Open RAIL-M"}, {}},
    {"bigscience-openrail-m", "BigScience Open RAIL-M", "rail", "", true,
     {"This Open RAIL-M License was created by BigScience"}, {}},
    {"bigscience-bloom-rail-1.0", "BigScience RAIL License v1.0", "rail", "", true,
     {"BigScience RAIL License v1.0"}, {}},
    {"OpenMDW-1.0", "OpenMDW Licence Agreement 1.0", "", "", true,
     {"OpenMDW License Agreement, version 1.0"}, {}},
    {"cc-by-nc-4.0 (Cohere)", "CC-BY-NC-4.0 with Cohere Labs acceptable use policy", "cc-by-nc",
     "", true, {"Attribution-NonCommercial 4.0 International", "Cohere", "Acceptable Use"}, {}},
    // General licences
    {"Apache-2.0", "Apache License 2.0", "", "", false,
     {"Apache License Version 2.0, January 2004",
      "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION"}, {}},
    {"Apache-2.0", "Apache License 2.0 (notice)", "", "", false,
     {"Licensed under the Apache License, Version 2.0"},
     {"TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION"}},
    {"MIT", "MIT License", "mit", "", false,
     {kMitGrant, "The above copyright notice and this permission notice shall be included in all "
                 "copies or substantial portions of the Software"},
     {"The Software shall be used for Good, not Evil"}},
    {"MIT-0", "MIT No Attribution", "mit", "", false,
     {kMitGrant, "THE SOFTWARE IS PROVIDED \"AS IS\""}, {"this permission notice"}},
    {"BSD-3-Clause", "BSD 3-Clause License", "bsd", "", false,
     {kBsdGrant, "may be used to endorse or promote products derived from this software",
      "Neither the name"}, {"All advertising materials mentioning features"}},
    {"BSD-2-Clause", "BSD 2-Clause License", "bsd", "", false,
     {kBsdGrant, "Redistributions in binary form must reproduce the above copyright notice"},
     {"endorse or promote products", "All advertising materials mentioning features"}},
    {"GPL-2.0", "GNU General Public License v2", "", "", false,
     {"GNU GENERAL PUBLIC LICENSE Version 2, June 1991"}, {}},
    {"GPL-3.0", "GNU General Public License v3", "", "", false,
     {"GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007"}, {}},
    {"LGPL-2.1", "GNU Lesser General Public License v2.1", "", "", false,
     {"GNU LESSER GENERAL PUBLIC LICENSE Version 2.1, February 1999"}, {}},
    {"LGPL-3.0", "GNU Lesser General Public License v3", "", "", false,
     {"GNU LESSER GENERAL PUBLIC LICENSE Version 3, 29 June 2007"}, {}},
    {"AGPL-3.0", "GNU Affero General Public License v3", "", "", false,
     {"GNU AFFERO GENERAL PUBLIC LICENSE Version 3, 19 November 2007"}, {}},
    {"MPL-2.0", "Mozilla Public License 2.0", "", "", false,
     {"Mozilla Public License Version 2.0",
      "each individual or legal entity that creates, contributes to"}, {}},
    {"CC-BY-NC-SA-4.0", "Creative Commons BY-NC-SA 4.0", "cc", "", false,
     {"Attribution-NonCommercial-ShareAlike 4.0 International"}, {}},
    {"CC-BY-NC-ND-4.0", "Creative Commons BY-NC-ND 4.0", "cc", "", false,
     {"Attribution-NonCommercial-NoDerivatives 4.0 International"}, {}},
    {"CC-BY-NC-4.0", "Creative Commons BY-NC 4.0", "cc-by-nc", "", false,
     {"Attribution-NonCommercial 4.0 International"}, {}},
    {"CC-BY-SA-4.0", "Creative Commons BY-SA 4.0", "cc", "", false,
     {"Attribution-ShareAlike 4.0 International"}, {}},
    {"CC-BY-ND-4.0", "Creative Commons BY-ND 4.0", "cc", "", false,
     {"Attribution-NoDerivatives 4.0 International"}, {}},
    {"CC-BY-4.0", "Creative Commons BY 4.0", "cc", "", false,
     {"Attribution 4.0 International"}, {}},
    {"CC0-1.0", "CC0 1.0 Universal", "", "", false, {"CC0 1.0 Universal"}, {}},
    {"ISC", "ISC License", "", "", false,
     {"distribute this software for any purpose with or without fee is hereby granted",
      "this permission notice appear in all copies"}, {}},
    {"Unlicense", "The Unlicense", "", "", false,
     {"This is free and unencumbered software released into the public domain"}, {}},
};
constexpr std::size_t kMarkerCount = sizeof(kMarkers) / sizeof(kMarkers[0]);

// Where a phrase belongs: a bit of `all` or `never` of one row.
struct Phrase {
  std::string text;
  std::size_t row = 0;
  unsigned bit = 0;
  bool never = false;
};

// Phrases by their first word, so that a text is walked once, word by word.
struct PhraseIndex {
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_first_word;
  std::vector<Phrase> phrases;
  std::vector<unsigned> wanted;  // per row: the bits that must be set
};

void AddPhrases(PhraseIndex& index, std::size_t row) {
  unsigned bit = 0;
  for (const char* phrase : kMarkers[row].phrases) {
    if (phrase == nullptr) break;
    index.phrases.push_back({NormaliseLicenceText(phrase), row, 1U << bit++, false});
  }
  index.wanted.push_back((1U << bit) - 1);
  for (const char* phrase : kMarkers[row].never) {
    if (phrase == nullptr) break;
    index.phrases.push_back({NormaliseLicenceText(phrase), row, 1U, true});
  }
}

PhraseIndex MakeIndex() {
  PhraseIndex index;
  for (std::size_t row = 0; row < kMarkerCount; ++row) AddPhrases(index, row);
  for (std::size_t i = 0; i < index.phrases.size(); ++i) {
    const std::string_view text = index.phrases[i].text;
    index.by_first_word[text.substr(0, text.find(' '))].push_back(i);
  }
  return index;
}

// Built once, then only read.
const PhraseIndex& Index() {
  static const PhraseIndex index = MakeIndex();
  return index;
}

bool PhraseAt(std::string_view text, std::size_t at, std::string_view phrase) {
  if (text.compare(at, phrase.size(), phrase) != 0) return false;
  const std::size_t end = at + phrase.size();
  return end >= text.size() || text[end] == ' ';
}

// Calls `met(phrase)` for every phrase in the text; stops when it returns false.
template <typename Met>
void WalkPhrases(std::string_view text, Met met) {
  const PhraseIndex& index = Index();
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find(' ', at);
    if (end == std::string_view::npos) end = text.size();
    const auto found = index.by_first_word.find(text.substr(at, end - at));
    if (found != index.by_first_word.end()) {
      for (const std::size_t i : found->second) {
        if (PhraseAt(text, at, index.phrases[i].text) && !met(index.phrases[i])) return;
      }
    }
    at = end + 1;
  }
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+';
}

}  // namespace

std::string NormaliseLicenceText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (const char c : text) {
    if (!IsWordByte(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::vector<const LicenceMarker*> FindLicences(const std::string& normalised) {
  std::vector<unsigned> met(kMarkerCount, 0);
  std::vector<bool> refused(kMarkerCount, false);
  WalkPhrases(normalised, [&](const Phrase& phrase) {
    if (phrase.never) {
      refused[phrase.row] = true;
    } else {
      met[phrase.row] |= phrase.bit;
    }
    return true;
  });
  std::vector<const LicenceMarker*> found;
  std::vector<std::string_view> groups;
  for (std::size_t row = 0; row < kMarkerCount; ++row) {
    if (refused[row] || met[row] != Index().wanted[row]) continue;
    const std::string_view group = kMarkers[row].group;
    bool taken = false;
    for (const std::string_view other : groups) taken = taken || other == group;
    if (taken) continue;
    if (!group.empty()) groups.push_back(group);
    found.push_back(&kMarkers[row]);
  }
  return found;
}

bool HasModelLicenceMarker(const std::string& normalised) {
  bool found = false;
  WalkPhrases(normalised, [&](const Phrase& phrase) {
    found = !phrase.never && phrase.bit == 1U && kMarkers[phrase.row].model_licence;
    return !found;
  });
  return found;
}

}  // namespace weighbridge
