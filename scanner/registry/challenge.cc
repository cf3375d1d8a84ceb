#include "scanner/registry/challenge.h"

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxChallenges = 16;
constexpr std::size_t kMaxParams = 32;

bool IsTokenChar(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Sticky: after the end every read gives nothing.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool over() const { return at_ == text_.size(); }
  char next() const { return over() ? '\0' : text_[at_]; }
  std::size_t place() const { return at_; }
  void GoTo(std::size_t place) { at_ = place; }

  bool Take(char c) {
    if (over() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void SkipSpace() {
    while (next() == ' ' || next() == '\t') ++at_;
  }
  void SkipCommas() {
    while (next() == ' ' || next() == '\t' || next() == ',') ++at_;
  }
  std::string Token() {
    const std::size_t start = at_;
    while (!over() && IsTokenChar(text_[at_])) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }
  // A token or a quoted string; false when the quote is never closed.
  bool Value(std::string& out) {
    if (!Take('"')) {
      out = Token();
      return !out.empty();
    }
    while (!over()) {
      char c = text_[at_++];
      if (c == '"') return true;
      if (c == '\\' && !over()) c = text_[at_++];
      out += c;
    }
    return false;
  }
  // token68: what Negotiate and NTLM put in place of parameters.
  void SkipBlob() {
    while (!over() && next() != ',' && next() != ' ') ++at_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// "name=value"; leaves the scanner where it was when there is none.
enum class Parameter { kTaken, kNone, kBroken };
Parameter TakeParameter(Scanner& in, Challenge& challenge) {
  const std::size_t start = in.place();
  const std::string name = ToLower(in.Token());
  in.SkipSpace();
  if (name.empty() || !in.Take('=')) {
    in.GoTo(start);
    return Parameter::kNone;
  }
  in.SkipSpace();
  if (in.next() == '=' || in.over() || in.next() == ',') {  // padding of a token68
    in.GoTo(start);
    return Parameter::kNone;
  }
  std::string value;
  if (!in.Value(value)) return Parameter::kBroken;
  if (challenge.params.size() < kMaxParams) challenge.params.emplace(name, std::move(value));
  return Parameter::kTaken;
}

}  // namespace

std::vector<Challenge> ParseChallenges(std::string_view header) {
  std::vector<Challenge> challenges;
  Scanner in(header);
  while (challenges.size() < kMaxChallenges) {
    in.SkipCommas();
    Challenge challenge;
    challenge.scheme = ToLower(in.Token());
    if (challenge.scheme.empty()) return challenges;
    in.SkipSpace();
    Parameter last = TakeParameter(in, challenge);
    if (last == Parameter::kNone) in.SkipBlob();
    while (last == Parameter::kTaken) {
      in.SkipCommas();
      last = TakeParameter(in, challenge);
    }
    if (last == Parameter::kBroken) return challenges;
    challenges.push_back(std::move(challenge));
  }
  return challenges;
}

}  // namespace weighbridge
