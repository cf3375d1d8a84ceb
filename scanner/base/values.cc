// The few functions of the public value types in include/weighbridge.
#include "weighbridge/artifact.h"
#include "weighbridge/evidence.h"
#include "weighbridge/finding.h"
#include "weighbridge/report.h"

namespace weighbridge {

const char* ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTruncated: return "truncated";
    case ErrorCode::kMalformed: return "malformed";
    case ErrorCode::kLimitExceeded: return "limit-exceeded";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kPermission: return "permission";
    case ErrorCode::kNotFound: return "not-found";
    case ErrorCode::kChanged: return "changed";
    case ErrorCode::kInvalidArgument: return "invalid-argument";
  }
  return "malformed";
}

const char* ArtifactKindName(ArtifactKind kind) {
  switch (kind) {
    case ArtifactKind::kWeights: return "weights";
    case ArtifactKind::kAdapter: return "adapter";
    case ArtifactKind::kProjector: return "projector";
    case ArtifactKind::kPointer: return "pointer";
    case ArtifactKind::kWeightIndex: return "weight-index";
    case ArtifactKind::kExternalData: return "external-data";
    case ArtifactKind::kConfig: return "config";
    case ArtifactKind::kGenerationConfig: return "generation-config";
    case ArtifactKind::kTokenizer: return "tokenizer";
    case ArtifactKind::kTokenizerConfig: return "tokenizer-config";
    case ArtifactKind::kModelCard: return "model-card";
    case ArtifactKind::kLicenceText: return "licence-text";
    case ArtifactKind::kModelIndex: return "model-index";
    case ArtifactKind::kAdapterConfig: return "adapter-config";
    case ArtifactKind::kHubMetadata: return "hub-metadata";
    case ArtifactKind::kModelfile: return "modelfile";
    case ArtifactKind::kImageManifest: return "image-manifest";
    case ArtifactKind::kArray: return "array";
    case ArtifactKind::kPickle: return "pickle";
    case ArtifactKind::kContainer: return "container";
    case ArtifactKind::kProgram: return "program";
    case ArtifactKind::kOther: return "other";
  }
  return "other";
}

const char* ImageStateName(ImagePlace::State state) {
  switch (state) {
    case ImagePlace::State::kVisible: return "visible";
    case ImagePlace::State::kDeleted: return "deleted";
    case ImagePlace::State::kReplaced: return "replaced";
    case ImagePlace::State::kUnknown: return "unknown";
  }
  return "unknown";
}

const char* GradeName(Grade grade) {
  switch (grade) {
    case Grade::kUnknown: return "unknown";
    case Grade::kInferred: return "inferred";
    case Grade::kClaimed: return "claimed";
    case Grade::kVerified: return "verified";
  }
  return "unknown";
}

const char* OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNone: return "none";
    case Outcome::kNotice: return "notice";
    case Outcome::kReview: return "review";
    case Outcome::kRestricted: return "restricted";
    case Outcome::kLicenceRequired: return "licence-required";
    case Outcome::kProhibited: return "prohibited";
  }
  return "none";
}

std::optional<Outcome> ParseOutcome(const std::string& text) {
  for (const Outcome outcome :
       {Outcome::kNone, Outcome::kNotice, Outcome::kReview, Outcome::kRestricted,
        Outcome::kLicenceRequired, Outcome::kProhibited}) {
    if (text == OutcomeName(outcome)) return outcome;
  }
  return std::nullopt;
}

namespace {

constexpr std::string_view kSeparator = "!/";

void AppendName(std::string& text, std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool after_mark = i > 0 && name[i - 1] == '!';
    if (after_mark && name[i] == '/') {
      text += "%2F";
    } else if (after_mark && name[i] == '%') {
      text += "%25";
    } else {
      text += name[i];
    }
  }
}

std::string ReadName(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    name += text[i];
    if (text[i] != '!') continue;
    const std::string_view code = text.substr(i + 1, 3);
    if (code != "%2F" && code != "%25") continue;
    name += code == "%2F" ? '/' : '%';
    i += code.size();
  }
  return name;
}

}  // namespace

std::string Location::ToString() const {
  std::string text;
  AppendName(text, path);
  for (const std::string& member : members) {
    text += kSeparator;
    AppendName(text, member);
  }
  return text;
}

Location Location::Parse(std::string_view text) {
  Location location;
  bool first = true;
  while (true) {
    const std::size_t at = text.find(kSeparator);
    std::string name = ReadName(text.substr(0, at));
    if (first) {
      location.path = std::move(name);
    } else {
      location.members.push_back(std::move(name));
    }
    if (at == std::string_view::npos) return location;
    first = false;
    text.remove_prefix(at + kSeparator.size());
  }
}

std::string_view Location::FileName() const {
  const std::string_view last = members.empty() ? std::string_view(path) : members.back();
  const std::size_t slash = last.rfind('/');
  return slash == std::string_view::npos ? last : last.substr(slash + 1);
}

std::string Location::Folder() const {
  const std::string text = ToString();
  const std::size_t slash = text.rfind('/');
  return slash == std::string::npos ? std::string() : text.substr(0, slash);
}

const std::string& Artifact::EmptyText() {
  static const std::string empty;
  return empty;
}

const std::string& Artifact::ClaimOr(const std::string& key, const std::string& otherwise) const {
  for (const Claim& claim : claims) {
    if (claim.key == key) return claim.value;
  }
  return otherwise;
}

std::vector<std::string> Artifact::ClaimList(const std::string& key) const {
  std::vector<std::string> values;
  for (const Claim& claim : claims) {
    if (claim.key == key) values.push_back(claim.value);
  }
  return values;
}

void MemberCoverage::Add(const MemberCoverage& other) {
  seen += other.seen;
  recognised += other.recognised;
  unrecognised += other.unrecognised;
  failed += other.failed;
  for (const auto& [reason, count] : other.skipped) skipped[reason] += count;
}

bool MemberCoverage::Balanced() const {
  std::uint64_t sum = recognised + unrecognised + failed;
  for (const auto& [reason, count] : skipped) sum += count;
  return sum == seen;
}

bool Coverage::Balanced() const {
  std::uint64_t sum = recognised + unrecognised + failed;
  for (const auto& [reason, count] : skipped) sum += count;
  return sum == files_seen && members.Balanced();
}

}  // namespace weighbridge
