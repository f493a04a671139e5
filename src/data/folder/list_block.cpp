#include "list_block.hpp"

#include <feedline/common/hash.hpp>

#include <cstring>
#include <type_traits>

namespace feedline {
namespace {

static_assert(std::is_trivially_copyable_v<ListHeader> && sizeof(ListHeader) % alignof(FolderStamp) == 0);
static_assert(std::has_unique_object_representations_v<FolderStamp>, "no padding, whose bytes would vary");

std::uint64_t checksum(std::span<const std::byte> block) noexcept {
  return hash64(block.subspan(offsetof(ListHeader, checksum) + sizeof ListHeader::checksum));
}

/// All names of the list, in order.
std::string names_of(const FolderScan& scan, const std::string& root) {
  std::string names, classes, empty_classes;
  const auto add = [](std::string& to, const std::string& name) { to.append(name).append(1, '\0'); };
  add(names, root);
  add(names, scan.root.path);
  for (const ClassFiles& one : scan.classes) {
    for (const WalkedFolder& folder : one.folders) add(names, folder.path);
    add(one.offsets.empty() ? empty_classes : classes, one.name);
  }
  std::string left_out;
  add(left_out, scan.findings.left_out.kinds);
  return names + classes + empty_classes + left_out;
}

ListHeader header_of(const FolderScan& scan, std::size_t name_bytes) {
  ListHeader header;
  header.folders = 1;
  for (const ClassFiles& one : scan.classes) {
    header.files += one.offsets.size();
    header.folders += one.folders.size();
    ++(one.offsets.empty() ? header.empty_classes : header.classes);
    header.path_bytes += one.paths.size();
  }
  header.name_bytes = name_bytes;
  header.hidden = scan.findings.left_out.hidden;
  header.other_types = scan.findings.left_out.other_types;
  header.unreadable_folders = scan.findings.left_out.unreadable_folders;
  header.bytes = ListLayout(header).end;
  return header;
}

void fill_stamps(const FolderScan& scan, FolderStamp* stamps) {
  *stamps++ = scan.root.stamp;
  for (const ClassFiles& one : scan.classes)
    for (const WalkedFolder& folder : one.folders) *stamps++ = folder.stamp;
}

void fill_files(const FolderScan& scan, std::uint64_t* offsets, std::uint32_t* labels, char* paths) {
  std::uint64_t end = 0;
  std::uint32_t label = 0;
  for (const ClassFiles& one : scan.classes) {
    if (one.offsets.empty()) continue;
    for (const std::uint64_t offset : one.offsets) {
      const std::size_t bytes = std::strlen(one.path(offset)) + 1;
      std::memcpy(paths + end, one.path(offset), bytes);
      *offsets++ = end;
      *labels++ = label;
      end += bytes;
    }
    ++label;
  }
}

}  // namespace

ListBlock pack(const FolderScan& scan, const std::string& root) {
  const std::string names = names_of(scan, root);
  ListHeader header = header_of(scan, names.size());
  const ListLayout layout(header);
  ListBlock block = ListBlock::of_size(layout.end);
  std::byte* data = block.data.get();
  std::memcpy(data, &header, sizeof header);
  fill_stamps(scan, reinterpret_cast<FolderStamp*>(data + layout.stamps));
  fill_files(scan, reinterpret_cast<std::uint64_t*>(data + layout.offsets),
             reinterpret_cast<std::uint32_t*>(data + layout.labels),
             reinterpret_cast<char*>(data + layout.paths));
  std::memcpy(data + layout.names, names.data(), names.size());
  header.checksum = checksum(block.span());
  std::memcpy(data, &header, sizeof header);
  return block;
}

bool is_sound(const ListBlock& block) noexcept {
  if (block.bytes < sizeof(ListHeader)) return false;
  const ListHeader& header = block.header();
  return header.is_ours() && header.bytes == block.bytes && checksum(block.span()) == header.checksum;
}

}  // namespace feedline
