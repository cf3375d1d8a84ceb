#include "rules/parties/fold.h"

#include "rules/parties/fold_tables.h"
#include "rules/parties/unicode.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

template <std::size_t kSize>
bool FromTable(const std::array<std::string_view, kSize>& table, char32_t first, char32_t point,
               std::string& out) {
  if (point < first || point - first >= kSize) return false;
  out += table[point - first];
  return true;
}

bool IsAsciiWord(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Marks that are written inside a word and leave no trace: accents, apostrophes.
bool IsSilent(char32_t c) {
  return (c >= 0x300 && c < 0x370) || c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 ||
         c == 0x2BC || c == 0x2BB || c == 0xB4 || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
         c == 0xFEFF || (c >= 0x64B && c <= 0x65F);
}

// Letters of scripts that are kept.
bool IsKept(char32_t c) {
  return (c >= 0x530 && c < 0x2000) || (c >= 0x2E80 && c < 0x3000) ||
         (c >= 0x3005 && c < 0xD7FF && c != 0x3008 && c != 0x3009 && c != 0x300A && c != 0x300B &&
          c != 0x30FB) ||
         (c >= 0xF900 && c < 0xFB00) || (c >= 0xFB50 && c < 0xFE00) ||
         (c >= 0xFE70 && c < 0xFEFF) || (c >= 0xFF66 && c < 0xFFE0) ||
         (c >= 0x20000 && c < 0x32000);
}

// Arabic letters and the punctuation of the same block.
bool IsKeptPunctuation(char32_t c) { return c == 0x60C || c == 0x61B || c == 0x61F || c == 0x6D4; }

bool HasUkrainian(const std::u32string& points) {
  return points.find_first_of(U"\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491") != points.npos;
}

class Folder {
 public:
  explicit Folder(const std::u32string& points)
      : points_(points), ukrainian_(HasUkrainian(points)) {}

  std::vector<std::string> Run() {
    for (at_ = 0; at_ < points_.size(); ++at_) Add(points_[at_]);
    EndWord();
    return std::move(words_);
  }

 private:
  void EndWord() {
    if (!word_.empty() && words_.size() < kMaxNameWords) words_.push_back(word_);
    word_.clear();
    kept_ = false;
    letters_ = 0;
  }

  void AddFolded(std::string_view folded) {
    if (kept_) EndWord();
    word_ += folded;
    ++letters_;
  }

  // A full stop joins single letters: "S.A." and "U. M. V." without the spaces.
  bool JoinsInitials() const {
    if (letters_ != 1 && !(initials_ && letters_ > 0)) return false;
    return at_ + 1 < points_.size() && points_[at_ + 1] != ' ' && points_[at_ + 1] != ',';
  }

  bool AddOtherScript(char32_t c) {
    std::string folded;
    if (ukrainian_ && (c == 0x433 || c == 0x413)) folded = "h";
    if (ukrainian_ && (c == 0x438 || c == 0x418)) folded = "y";
    if (c == 0x490 || c == 0x491) folded = "g";
    if (folded.empty() && !FromTable(kLatinFold, 0xC0, c, folded) &&
        !FromTable(kLatinAdditionalFold, 0x1E00, c, folded) &&
        !FromTable(kGreekFold, 0x386, c, folded) && !FromTable(kCyrillicFold, 0x400, c, folded))
      return false;
    if (!folded.empty()) AddFolded(folded);
    return true;
  }

  void Add(char32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full width
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    if (IsAsciiWord(c)) {
      const char letter = static_cast<char>(c);
      AddFolded(std::string_view(&letter, 1));
    } else if (c == '.' && JoinsInitials()) {
      initials_ = true;
      return;
    } else if (c == '&' || c == '+') {
      EndWord();
      word_ = "and";
      EndWord();
    } else if (!IsSilent(c) && !AddOtherScript(c)) {
      if (!IsKept(c) || IsKeptPunctuation(c)) {
        EndWord();
      } else {
        if (!kept_) EndWord();
        AppendUtf8(word_, c);
        kept_ = true;
      }
    }
    if (word_.empty()) initials_ = false;
  }

  const std::u32string& points_;
  bool ukrainian_;
  std::size_t at_ = 0;
  std::vector<std::string> words_;
  std::string word_;
  bool kept_ = false;      // the word is of a script that stays as it is
  bool initials_ = false;  // a full stop was passed over in it
  std::size_t letters_ = 0;
};

}  // namespace

std::vector<std::string> FoldName(std::string_view text) {
  const std::u32string points = CodePoints(text.substr(0, kMaxNameBytes));
  return Folder(points).Run();
}

}  // namespace weighbridge
