// Excerpts here are marker sentences only, never whole texts.
#include "scanner/sidecars/licence_text.h"

#include <doctest/doctest.h>

#include "scanner/sidecars/licence_markers.h"
#include "tests/support/side_car_builder.h"

namespace weighbridge {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("licence text is normalised") {
  CHECK(NormaliseLicenceText("  \"Qwen\"\n\tLICENSE -- Agreement. ") == "qwen license agreement");
  CHECK(NormaliseLicenceText("Open RAIL++-M") == "open rail++ m");
  CHECK(NormaliseLicenceText("a\xE2\x80\x99s \xE6\x9D\xA1") == "a s");
  CHECK(NormaliseLicenceText("").empty());
}

const std::string kMit =
    "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this "
    "software and associated documentation files (the \"Software\"), ...\nThe above copyright "
    "notice and this permission notice shall be included in all\ncopies or substantial portions "
    "of the Software.\n";
const std::string kBsd =
    "Redistribution and use in source and binary forms, with or without\nmodification, are "
    "permitted provided that the following conditions are met:\n2. Redistributions in binary form "
    "must reproduce the above copyright notice\n";
const std::string kTencent =
    "TENCENT HUNYUAN COMMUNITY LICENSE AGREEMENT\nTencent Model Release Date: ";
const std::string kNowhere3 =
    "\nTHIS LICENSE AGREEMENT DOES NOT APPLY IN THE EUROPEAN UNION, UNITED KINGDOM AND SOUTH KOREA "
    "AND IS EXPRESSLY LIMITED TO THE TERRITORY\n";

struct IdRow {
  const char* name;
  std::string text;
  Lines ids;
  Lines territories;
};

TEST_CASE("licence ids by content") {
  const std::vector<IdRow> rows = {
      {"llama 2", "Llama 2 Version Release Date: July 18, 2023", {"llama2"}, {}},
      {"llama 3", "Meta Llama 3 Version Release Date: April 18, 2024", {"llama3"}, {}},
      {"llama 3.1", "Llama 3.1 Version Release Date: July 23, 2024", {"llama3.1"}, {}},
      {"llama 3.2", "Llama 3.2 Version Release Date: September 25, 2024", {"llama3.2"}, {}},
      {"llama 3.3", "Llama 3.3 Version Release Date: December 6, 2024", {"llama3.3"}, {}},
      {"llama 4", "Llama 4 Version Effective Date: April 5, 2025", {"llama4"}, {}},
      {"llama 3.2 policy",
       "Llama 3.2 Acceptable Use Policy\n... a company with a principal place of business in, the "
       "European Union, ...",
       {"llama3.2-use-policy"},
       {"EU"}},
      {"hunyuan dit",
       kTencent + "May 14, 2024\nTHIS LICENSE AGREEMENT DOES NOT APPLY IN THE EUROPEAN UNION AND "
                  "IS EXPRESSLY LIMITED",
       {"tencent-hunyuan-community (HunyuanDiT)"},
       {"EU"}},
      {"hunyuan video",
       kTencent + "December 3, 2024" + kNowhere3,
       {"tencent-hunyuan-community (HunyuanVideo)"},
       {"EU", "GB", "KR"}},
      {"hunyuan a13b",
       kTencent + "June 27, 2025" + kNowhere3,
       {"tencent-hunyuan-community (Hunyuan-A13B)"},
       {"EU", "GB", "KR"}},
      {"hunyuan of an unknown date",
       kTencent + "March 1, 2031" + kNowhere3,
       {"tencent-hunyuan-community"},
       {"EU", "GB", "KR"}},
      {"hunyuan without the sentence",
       kTencent + "March 1, 2031",
       {"tencent-hunyuan-community"},
       {}},
      {"hunyuan 3d",
       "TENCENT HUNYUAN 3D 2.1 COMMUNITY LICENSE AGREEMENT" + kNowhere3,
       {"tencent-hunyuan-3d-2.1-community"},
       {"EU", "GB", "KR"}},
      {"openpangu", "OPENPANGU MODEL LICENSE AGREEMENT VERSION 1.0", {"openpangu-1.0"}, {"EU"}},
      {"deepseek",
       "DEEPSEEK LICENSE AGREEMENT\nVersion 1.0\n- For military use in any way;",
       {"deepseek"},
       {}},
      {"qwen", "Qwen LICENSE AGREEMENT\nRelease Date: September 19, 2024", {"qwen"}, {}},
      {"qwen research", "Qwen RESEARCH LICENSE AGREEMENT", {"qwen-research"}, {}},
      {"tongyi", "Tongyi Qianwen LICENSE AGREEMENT", {"tongyi-qianwen"}, {}},
      {"tongyi research",
       "Tongyi Qianwen RESEARCH LICENSE AGREEMENT",
       {"tongyi-qianwen-research"},
       {}},
      {"kimi is not MIT",
       kMit + "Our only modification part is that, ... \"Kimi K2\" ...",
       {"modified-mit (Kimi K2)"},
       {}},
      {"minimax m2",
       kMit + "Our only modification part is that ... display \xE2\x80\x9CMiniMax M2"
              "\xE2\x80\x9D",
       {"modified-mit (MiniMax-M2)"},
       {}},
      {"gemma", "Gemma Terms of Use", {"gemma"}, {}},
      {"exaone", "EXAONE AI Model License Agreement 1.1 - NC", {"exaone (1.1-NC)"}, {}},
      {"rail", "CreativeML Open RAIL-M\ndated August 22, 2022", {"creativeml-openrail-m"}, {}},
      {"rail++", "CreativeML Open RAIL++-M License", {"openrail++"}, {}},
      {"apache",
       "Apache License\n  Version 2.0, January 2004\n http://www.apache.org/licenses/\n"
       "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
       {"Apache-2.0"},
       {}},
      {"mit", kMit, {"MIT"}, {}},
      {"bsd 2", kBsd, {"BSD-2-Clause"}, {}},
      {"bsd 3",
       kBsd + "Neither the name of the copyright holder nor the names of its contributors "
              "may be used to endorse or promote products derived from this software",
       {"BSD-3-Clause"},
       {}},
      {"gpl 2", "GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991", {"GPL-2.0"}, {}},
      {"gpl 3", "GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007", {"GPL-3.0"}, {}},
      {"lgpl 3 is not gpl 3",
       "GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007",
       {"LGPL-3.0"},
       {}},
      {"agpl", "GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007", {"AGPL-3.0"}, {}},
      {"cc by", "Creative Commons Attribution 4.0 International Public License", {"CC-BY-4.0"}, {}},
      {"cc by nc", "Attribution-NonCommercial 4.0 International", {"CC-BY-NC-4.0"}, {}},
      {"cohere",
       "Attribution-NonCommercial 4.0 International\nCohere Labs Acceptable Use Policy",
       {"cc-by-nc-4.0 (Cohere)"},
       {}},
      {"cc0", "CC0 1.0 Universal", {"CC0-1.0"}, {}},
      {"two texts in one file",
       kMit + "\nGNU GENERAL PUBLIC LICENSE Version 2, June 1991",
       {"MIT", "GPL-2.0"},
       {}},
      {"nothing known", "You may do as you please.", {"unknown"}, {}},
  };
  for (const IdRow& row : rows) {
    CAPTURE(row.name);
    const InspectedSideCar found = InspectText("m/LICENSE", row.text);
    REQUIRE(found.taken);
    CHECK(found.artifact.kind == ArtifactKind::kLicenceText);
    CHECK(found.artifact.format == "licence_text");
    CHECK(found.artifact.inspection == Inspection::kFull);
    CHECK(found.artifact.ClaimList("licence:id") == row.ids);
    CHECK(found.artifact.ClaimList("licence:territory_excluded") == row.territories);
  }
}

TEST_CASE("licence claims") {
  CHECK(ClaimLines(InspectText("LICENSE", "Qwen LICENSE AGREEMENT").artifact) ==
        Lines{"licence:id=qwen", "licence:name=Qwen Licence Agreement",
              "licence:marker=Qwen LICENSE AGREEMENT"});
}

struct NameRow {
  const char* name;
  bool licence;
};

TEST_CASE("licence names") {
  const std::vector<NameRow> rows = {
      {"LICENSE", true},
      {"LICENSE.txt", true},
      {"LICENCE.md", true},
      {"License-MODEL", true},
      {"COPYING.LESSER", true},
      {"MODEL_LICENSE", true},
      {"NOTICE", true},
      {"USE_POLICY.md", true},
      {"LICENSE.Apache-2.0", true},
      {"Tongyi Qianwen LICENSE AGREEMENT", true},
      {"third-party-licenses.txt", true},
      {"license.py", false},
      {"licenses.json", false},
      {"noticeboard.txt", false},
      {"licensed_images.txt", true},
      {"README.md", false},
      {"copyright", false},
      {"my_license.png", false},
      {"licences.csv", false},
  };
  for (const NameRow& row : rows) {
    CAPTURE(row.name);
    CHECK(IsLicenceName(row.name) == row.licence);
  }
}

TEST_CASE("a model licence under another name is still one") {
  const std::string text =
      "Qwen LICENSE AGREEMENT\nBy clicking, you agree to the terms. Licensee means you.\n";
  CHECK(InspectText("terms.txt", text).artifact.ClaimOr("licence:id") == "qwen");
  CHECK(InspectText("agreement", text).taken);
  // A mention is not the text, code is not looked into, a README speaks about others.
  CHECK_FALSE(InspectText("notes.txt", "We use models under the Qwen LICENSE AGREEMENT.").taken);
  CHECK_FALSE(InspectText("terms.py", text).taken);
  CHECK_FALSE(InspectText("README.md", text).taken);
  CHECK_FALSE(InspectText("copyright", kMit + "you agree, licensee").taken);
}

TEST_CASE("an empty LICENSE and an unmarked NOTICE are no licence texts") {
  CHECK_FALSE(InspectText("LICENSE", " \n").taken);
  CHECK_FALSE(InspectText("NOTICE", "Copyright 2024 Example").taken);
  CHECK_FALSE(InspectText("LICENSE", std::string("GNU\0GPL", 7)).taken);
}

TEST_CASE("a long licence text is read to the limit") {
  Limits limits;
  limits.max_licence_text_bytes = 30;
  const InspectedSideCar found =
      InspectText("LICENSE", "Qwen LICENSE AGREEMENT" + std::string(100, ' '), limits);
  REQUIRE(found.taken);
  CHECK(found.artifact.ClaimOr("licence:id") == "qwen");
  CHECK(DiagnosticLines(found.artifact) == Lines{"licence_text: text of 122 bytes, limit 30"});
}

}  // namespace
}  // namespace weighbridge
