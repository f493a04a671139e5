#include "file_names.hpp"

#include <utility>

namespace feedline {
namespace {

struct Packed {
  std::string block;
  std::vector<std::uint64_t> offsets;
};

std::shared_ptr<const Packed> pack(std::span<const std::string> names) {
  auto packed = std::make_shared<Packed>();
  packed->offsets.reserve(names.size());
  for (const std::string& name : names) {
    packed->offsets.push_back(packed->block.size());
    packed->block.append(name).append(1, '\0');
  }
  return packed;
}

}  // namespace

FileNames::FileNames(std::string root, std::span<const std::string> names) : root_(std::move(root)) {
  const auto packed = pack(names);
  owner_ = packed;
  block_ = packed->block.data();
  offsets_ = packed->offsets;
}

FileNames::FileNames(std::string root, std::shared_ptr<const void> owner, const char* block,
                     std::span<const std::uint64_t> offsets)
    : root_(std::move(root)), owner_(std::move(owner)), block_(block), offsets_(offsets) {}

std::string FileNames::describe(std::uint64_t id) const {
  const bool joined = root_.empty() || root_.ends_with('/');
  return (joined ? root_ : root_ + '/') + name(id);
}

}  // namespace feedline
