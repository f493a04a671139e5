#pragma once

#include "folder/folder_index.hpp"
#include "picture_folder.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace feedline::testing {

namespace fs = std::filesystem;

/// A folder with two classes, its dates an hour old, and a folder for its index.
class RememberedFolder : public ::testing::Test {
 protected:
  RememberedFolder() {
    touch(folder_, {"cat/a.jpg", "cat/b.jpg", "cat/more/c.png", "dog/d.jpg", "dog/.x", "dog/x.txt"});
    age_all(folder_.path());
  }

  ClassFolder open() const { return ClassFolder::open(folder_.path(), index_.path(), picture_files()); }

  /// Whether the list was remembered, after making sure that the list is right.
  bool remembered() const {
    const ClassFolder found = open(), truth = testing::scan(folder_.path());
    EXPECT_EQ(paths_of(found), paths_of(truth));
    EXPECT_EQ(labels_of(found), labels_of(truth));
    EXPECT_EQ(found.classes(), truth.classes());
    EXPECT_EQ(found.left_out().hidden, truth.left_out().hidden);
    EXPECT_EQ(found.left_out().other_types, truth.left_out().other_types);
    return found.from_index();
  }

  fs::path file() const {
    return index_file(index_.path(), fs::canonical(folder_.path()).string(), picture_files());
  }

  std::string index_bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::size_t files_in_index_folder() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(index_.path()), {}));
  }

  template <class Change>
  void expect_noticed(Change change) {
    age_all(folder_.path());
    open();
    ASSERT_TRUE(remembered());
    change();
    EXPECT_FALSE(remembered());
  }

  TempFolder folder_;
  TempFolder index_;
};

}  // namespace feedline::testing
