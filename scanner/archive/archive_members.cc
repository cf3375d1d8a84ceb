// tar, cpio, ar and 7-Zip through libarchive, one format enabled at a time.
#include <cerrno>
#include <ctime>

#include <archive_entry.h>

#include "scanner/archive/libarchive_handle.h"
#include "scanner/archive/members.h"
#include "scanner/archive/tar_header.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

class EntryStream final : public Stream {
 public:
  EntryStream(struct archive* handle, const ArchiveInput& input, bool counted,
              ArchiveBudget& budget)
      : handle_(handle), input_(input), counted_(counted), budget_(budget) {}
  Result<std::size_t> Read(MutableByteSpan out) override {
    if (out.empty()) return std::size_t{0};
    const la_ssize_t got = archive_read_data(handle_, out.data(), out.size());
    if (got < 0) return ArchiveError(handle_, input_);
    if (counted_ && !budget_.CountExpanded(static_cast<std::uint64_t>(got))) {
      return budget_.error();
    }
    return static_cast<std::size_t>(got);
  }

 private:
  struct archive* handle_;
  const ArchiveInput& input_;
  bool counted_;  // sparse or compressed: more comes out than went in
  ArchiveBudget& budget_;
};

int Enable(struct archive* handle, Packing packing) {
  switch (packing) {
    case Packing::kTar: return archive_read_support_format_tar(handle);
    case Packing::kCpio: return archive_read_support_format_cpio(handle);
    case Packing::kAr: return archive_read_support_format_ar(handle);
    case Packing::k7zip: return archive_read_support_format_7zip(handle);
    default: return ARCHIVE_FATAL;
  }
}

class ArchiveVisit {
 public:
  ArchiveVisit(Packing packing, const ByteSource* in_place, ArchiveInput& input,
               ArchiveBudget& budget, MemberVisitor& visitor)
      : packing_(packing),
        in_place_(in_place),
        input_(input),
        budget_(budget),
        visitor_(visitor),
        handle_(archive_read_new()) {}

  Status Run() {
    if (handle_ == nullptr) return Error{ErrorCode::kLimitExceeded, "out of memory"};
    if (Enable(handle_.get(), packing_) != ARCHIVE_OK) {
      return Error{ErrorCode::kUnsupported, "this build of libarchive cannot read it"};
    }
    Status opened = input_.Open(handle_.get());
    if (!opened.ok()) return opened;
    while (true) {
      struct archive_entry* entry = nullptr;
      const int result = archive_read_next_header(handle_.get(), &entry);
      if (result == ARCHIVE_EOF) return {};
      if (budget_.spent()) return budget_.error();
      if (result == ARCHIVE_RETRY) continue;
      if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        Error error = ArchiveError(handle_.get(), input_);
        // Some writers (umoci) leave out the padding after the last member.
        if (packing_ == Packing::kTar && error.code == ErrorCode::kTruncated && whole_) return {};
        return error;
      }
      if (!budget_.CountMember()) return budget_.error();
      Visit(entry);
      if (budget_.spent()) return budget_.error();
    }
  }

 private:
  void Visit(struct archive_entry* entry) {
    const char* raw = archive_entry_pathname(entry);
    const std::string name = raw == nullptr ? "" : raw;
    if (const char* target = archive_entry_hardlink(entry)) {
      visitor_.OnLink({name, target, true});
      return;
    }
    switch (archive_entry_filetype(entry)) {
      case AE_IFDIR: visitor_.OnDirectory(name); return;
      case AE_IFLNK: {
        const char* target = archive_entry_symlink(entry);
        visitor_.OnLink({name, target == nullptr ? "" : target, false});
        return;
      }
      case AE_IFREG: break;
      default: visitor_.OnSpecial(name); return;
    }
    if (archive_entry_is_encrypted(entry) > 0) {
      visitor_.OnRefused(name, {ErrorCode::kUnsupported, "encrypted"});
      return;
    }
    const auto size =
        static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
    const bool sparse = archive_entry_sparse_count(entry) > 0;
    if (!sparse && VisitInPlace(name, size)) return;
    EntryStream stream(handle_.get(), input_, sparse || packing_ == Packing::k7zip, budget_);
    SpooledSource source(stream, size, budget_);
    visitor_.OnMember({name, source, std::nullopt, &source, nullptr});
    // The padding after a last member may be missing: what counts is that the member is there.
    if (packing_ == Packing::kTar) {
      static_cast<void>(source.Drain());
      whole_ = source.pulled() == size;
    }
  }

  bool VisitInPlace(const std::string& name, std::uint64_t size) {
    if (in_place_ == nullptr || packing_ != Packing::kTar) return false;
    const la_int64_t header = archive_read_header_position(handle_.get());
    const auto data = FindTarData(*in_place_, static_cast<std::uint64_t>(header));
    if (!data || *data > in_place_->size()) return false;
    // Of a cut member, what is there: libarchive then reports the cut.
    const SliceSource slice(*in_place_, *data, std::min(size, in_place_->size() - *data));
    visitor_.OnMember({name, slice, *data, nullptr, nullptr});
    whole_ = slice.size() == size;
    return true;
  }

  Packing packing_;
  const ByteSource* in_place_;
  ArchiveInput& input_;
  ArchiveBudget& budget_;
  MemberVisitor& visitor_;
  ArchiveHandle handle_;
  bool whole_ = false;  // the last member was there to its end
};

}  // namespace

Status VisitArchive(const Container& container, Packing packing, ArchiveBudget& budget,
                    MemberVisitor& visitor) {
  if (container.stream != nullptr && packing != Packing::k7zip) {
    SourceStream stream(container.source);
    container.stream->StopKeeping();
    return VisitArchiveStream(stream, packing, budget, visitor);
  }
  const auto input = std::make_unique<ArchiveInput>(container.source);
  return ArchiveVisit(packing, container.stream == nullptr ? &container.source : nullptr, *input,
                      budget, visitor)
      .Run();
}

Status VisitArchiveStream(Stream& stream, Packing packing, ArchiveBudget& budget,
                          MemberVisitor& visitor) {
  const auto input = std::make_unique<ArchiveInput>(stream);
  return ArchiveVisit(packing, nullptr, *input, budget, visitor).Run();
}

}  // namespace weighbridge
