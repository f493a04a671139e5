#include "folder_index.hpp"

#include <feedline/common/hash.hpp>
#include <feedline/common/text.hpp>

#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <span>
#include <string>
#include <system_error>
#include <type_traits>

namespace feedline {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMagic = 0x3130'5844'4944'4546;  // "FEDIDX01" in memory

/// A folder that changed so shortly before it was listed may change again without its time showing it.
constexpr std::int64_t kTooFreshNs = 2'000'000'000;

/// Values one after the other; a list is its length and its elements.
class Writer {
 public:
  template <class Value>
  void put(const Value& value) {
    static_assert(std::is_arithmetic_v<Value>);
    bytes(&value, sizeof value);
  }
  template <class Element>
  void put_all(const std::vector<Element>& list) {
    put<std::uint64_t>(list.size());
    bytes(list.data(), list.size() * sizeof(Element));
  }
  void put_text(const std::string& text) {
    put<std::uint64_t>(text.size());
    bytes(text.data(), text.size());
  }
  const std::string& text() const noexcept { return text_; }

 private:
  void bytes(const void* from, std::size_t count) { text_.append(static_cast<const char*>(from), count); }

  std::string text_;
};

/// Reads them back; `good` turns false when they do not fit.
class Reader {
 public:
  explicit Reader(std::span<const char> bytes) : bytes_(bytes) {}

  template <class Value>
  Value get() {
    Value value{};
    copy(&value, sizeof value);
    return value;
  }
  template <class Element>
  std::vector<Element> get_all() {
    std::vector<Element> list(length(sizeof(Element)));
    copy(list.data(), list.size() * sizeof(Element));
    return list;
  }
  std::string get_text() {
    std::string text(length(1), '\0');
    copy(text.data(), text.size());
    return text;
  }
  bool good() const noexcept { return good_; }

 private:
  std::size_t length(std::size_t each) {
    const auto count = get<std::uint64_t>();
    if (count > bytes_.size() / each) good_ = false;
    return good_ ? static_cast<std::size_t>(count) : 0;
  }
  void copy(void* to, std::size_t count) {
    if (count > bytes_.size()) good_ = false;
    if (!good_ || count == 0) return;
    std::memcpy(to, bytes_.data(), count);
    bytes_ = bytes_.subspan(count);
  }

  std::span<const char> bytes_;
  bool good_ = true;
};

std::uint64_t checksum(std::span<const char> bytes) {
  return hash64(std::as_bytes(bytes));
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string to_bytes(const std::string& root, const FolderListing& listing) {
  Writer out;
  out.put(kMagic);
  out.put_text(root);
  out.put(now_ns());
  out.put<std::uint64_t>(listing.classes.size());
  for (const std::string& name : listing.classes) out.put_text(name);
  out.put_all(listing.names);
  out.put_all(listing.offsets);
  out.put_all(listing.ends);
  out.put<std::uint64_t>(listing.folders.size());
  for (const FolderStamp& folder : listing.folders) {
    out.put_text(folder.path);
    out.put(folder.modified_ns);
    out.put(folder.device);
    out.put(folder.inode);
  }
  out.put(listing.left_out.hidden);
  out.put(listing.left_out.other_types);
  out.put(listing.left_out.unreadable_folders);
  out.put(checksum(out.text()));
  return out.text();
}

/// Everything but the stamps of the folders is proven by the checksum.
std::optional<FolderListing> from_bytes(std::span<const char> bytes, const std::string& root,
                                        std::int64_t& made_ns) {
  constexpr std::size_t kTail = sizeof(std::uint64_t);
  if (bytes.size() < kTail) return std::nullopt;
  const auto content = bytes.first(bytes.size() - kTail);
  if (Reader(bytes.last(kTail)).get<std::uint64_t>() != checksum(content)) return std::nullopt;
  Reader in(content);
  if (in.get<std::uint64_t>() != kMagic || in.get_text() != root) return std::nullopt;
  made_ns = in.get<std::int64_t>();
  FolderListing listing;
  for (auto left = in.get<std::uint64_t>(); left > 0 && in.good(); --left)
    listing.classes.push_back(in.get_text());
  listing.names = in.get_all<char>();
  listing.offsets = in.get_all<std::uint64_t>();
  listing.ends = in.get_all<std::uint64_t>();
  for (auto left = in.get<std::uint64_t>(); left > 0 && in.good(); --left) {
    FolderStamp& folder = listing.folders.emplace_back();
    folder.path = in.get_text();
    folder.modified_ns = in.get<std::int64_t>();
    folder.device = in.get<std::uint64_t>();
    folder.inode = in.get<std::uint64_t>();
  }
  listing.left_out.hidden = in.get<std::uint64_t>();
  listing.left_out.other_types = in.get<std::uint64_t>();
  listing.left_out.unreadable_folders = in.get<std::uint64_t>();
  return in.good() ? std::optional(std::move(listing)) : std::nullopt;
}

bool unchanged(const FolderListing& listing, int root_fd, std::int64_t made_ns) {
  for (const FolderStamp& folder : listing.folders) {
    if (folder.modified_ns > made_ns - kTooFreshNs) return false;
    try {
      if (stamp_folder(root_fd, folder.path) != folder) return false;
    } catch (const std::system_error&) {
      return false;
    }
  }
  return true;
}

std::optional<std::vector<char>> read_file(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::vector<char> bytes(size);
  if (!in.read(bytes.data(), static_cast<std::streamsize>(size))) return std::nullopt;
  return bytes;
}

}  // namespace

fs::path index_file(const fs::path& root, const fs::path& index_folder) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(root, error);
  return index_folder / (hex(checksum(canonical.native())) + ".index");
}

std::optional<FolderListing> read_index(const fs::path& file, const fs::path& root, int root_fd) {
  const auto bytes = read_file(file);
  if (!bytes) return std::nullopt;
  std::error_code error;
  std::int64_t made_ns = 0;
  auto listing = from_bytes(*bytes, fs::weakly_canonical(root, error).native(), made_ns);
  if (!listing || !unchanged(*listing, root_fd, made_ns)) return std::nullopt;
  return listing;
}

void write_index(const fs::path& file, const fs::path& root, const FolderListing& listing) noexcept {
  try {
    fs::create_directories(file.parent_path());
    const fs::path temporary = file.native() + "." + std::to_string(getpid());
    const std::string bytes = to_bytes(fs::weakly_canonical(root).native(), listing);
    std::ofstream out(temporary, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    std::error_code ignored;
    if (out) fs::rename(temporary, file);
    fs::remove(temporary, ignored);
  } catch (const std::exception&) {  // an index is a convenience
  }
}

}  // namespace feedline
