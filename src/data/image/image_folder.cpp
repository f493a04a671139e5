#include "folder_index.hpp"
#include "folder_listing.hpp"
#include "idx_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/data/image/image_folder.hpp>

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// Names that say that a folder is a part of the data and no class.
constexpr std::array<std::string_view, 2> kTrainNames = {"train", "training"};
constexpr std::array<std::string_view, 5> kValNames = {"val", "valid", "validation", "test", "testing"};

template <std::size_t Size>
const std::string* find_any(const std::vector<std::string>& names,
                            const std::array<std::string_view, Size>& any) {
  const auto at = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return std::find(any.begin(), any.end(), name) != any.end();
  });
  return at == names.end() ? nullptr : &*at;
}

void refuse_parts(const fs::path& root, const std::vector<std::string>& names) {
  const std::string* train = find_any(names, kTrainNames);
  const std::string* val = find_any(names, kValNames);
  if (train == nullptr || val == nullptr) return;
  throw DataError(
      fmt::format("{0} holds no classes but parts of the data: use --train-data {1} --val-data {2}.",
                  root.string(), (root / *train).string(), (root / *val).string()));
}

/// Takes the classes out that have no pictures, and says so.
void drop_empty_classes(const fs::path& root, FolderListing& listing) {
  std::vector<std::string> kept, empty;
  std::vector<std::uint64_t> ends;
  for (std::size_t i = 0; i < listing.classes.size(); ++i) {
    const bool has_pictures = listing.ends[i] > (i == 0 ? 0 : listing.ends[i - 1]);
    (has_pictures ? kept : empty).push_back(listing.classes[i]);
    if (has_pictures) ends.push_back(listing.ends[i]);
  }
  if (kept.empty()) {
    throw DataError(
        fmt::format("{} has no pictures in its folders: looked for .jpg, .jpeg and .png files in a folder a "
                    "class, found {}. "
                    "Give the folder that holds the classes.",
                    root.string(), list_folder(root)));
  }
  if (!empty.empty()) {
    log_warning(fmt::format("{}: these folders hold no pictures and are no classes: {}.", root.string(),
                            fmt::join(empty, ", ")));
  }
  listing.classes = std::move(kept);
  listing.ends = std::move(ends);
}

UniqueFd open_root(const fs::path& root) {
  check_folder(root, "Folder");
  UniqueFd fd(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) throw DataError(fmt::format("{} cannot be opened. Check its permissions.", root.string()));
  return fd;
}

}  // namespace

ImageFolder ImageFolder::open(const fs::path& root, const fs::path& index_folder) {
  UniqueFd fd = open_root(root);
  const fs::path index = index_folder.empty() ? fs::path() : index_file(root, index_folder);
  if (!index.empty()) {
    if (auto remembered = read_index(index, root, fd.get()))
      return ImageFolder(root, std::move(fd), std::move(*remembered), true);
  }
  FolderListing listing = scan_folder(fd.get(), usable_cores());
  refuse_parts(root, listing.classes);
  drop_empty_classes(root, listing);
  // A folder that cannot be read now may be next time, and nothing in its stamp would show it.
  if (!index.empty() && listing.left_out.unreadable_folders == 0) write_index(index, root, listing);
  return ImageFolder(root, std::move(fd), std::move(listing), false);
}

ImageFolder::ImageFolder(fs::path root, UniqueFd root_fd, FolderListing listing, bool from_index)
    : root_(std::move(root)),
      root_fd_(std::move(root_fd)),
      listing_(std::make_unique<const FolderListing>(std::move(listing))),
      from_index_(from_index) {}

ImageFolder::ImageFolder(ImageFolder&&) noexcept = default;
ImageFolder& ImageFolder::operator=(ImageFolder&&) noexcept = default;
ImageFolder::~ImageFolder() = default;

std::uint64_t ImageFolder::size() const noexcept {
  return listing_->offsets.size();
}

const std::vector<std::string>& ImageFolder::classes() const noexcept {
  return listing_->classes;
}

std::uint32_t ImageFolder::label(std::uint64_t id) const noexcept {
  const auto& ends = listing_->ends;
  return static_cast<std::uint32_t>(std::upper_bound(ends.begin(), ends.end(), id) - ends.begin());
}

const char* ImageFolder::relative_path(std::uint64_t id) const noexcept {
  return listing_->names.data() + listing_->offsets[id];
}

const ImageFolder::LeftOut& ImageFolder::left_out() const noexcept {
  return listing_->left_out;
}

std::string ImageFolder::describe(std::uint64_t id) const {
  return (root_ / relative_path(id)).native();
}

fs::path default_index_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
    return fs::path(cache) / "feedline" / "index";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return fs::path(home) / ".cache" / "feedline" / "index";
  return {};
}

}  // namespace feedline
