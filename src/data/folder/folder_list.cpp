#include "folder_list.hpp"

#include <cstring>
#include <utility>

namespace feedline {
namespace {

template <class T>
const T* part(const ListBlock& block, std::size_t ListLayout::*where) {
  return reinterpret_cast<const T*>(block.data.get() + ListLayout(block.header()).*where);
}

std::vector<const char*> names_in(const ListBlock& block) {
  const ListHeader& header = block.header();
  std::vector<const char*> names(1 + header.folders + header.classes + header.empty_classes + 1);
  const char* at = part<char>(block, &ListLayout::names);
  for (const char*& name : names) {
    name = at;
    at += std::strlen(at) + 1;
  }
  return names;
}

}  // namespace

FolderList::FolderList(ListBlock block)
    : block_(std::move(block)),
      stamps_(part<FolderStamp>(block_, &ListLayout::stamps)),
      offsets_(part<std::uint64_t>(block_, &ListLayout::offsets)),
      labels_(part<std::uint32_t>(block_, &ListLayout::labels)),
      paths_(part<char>(block_, &ListLayout::paths)),
      names_(names_in(block_)) {}

FolderList::Names FolderList::classes() const noexcept {
  const ListHeader& header = block_.header();
  return Names(names_).subspan(1 + header.folders, header.classes);
}

ClassFolder::LeftOut FolderList::left_out() const noexcept {
  const ListHeader& header = block_.header();
  return {header.hidden, header.other_types, header.unreadable_folders, names_.back()};
}

}  // namespace feedline
