#include <feedline/data/class_folder.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

namespace feedline {
namespace {

/// Sets a variable of the environment, or unsets it, and puts it back.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) {
    if (value != nullptr)
      setenv(name_, value, 1);
    else
      unsetenv(name_);
  }

  const char* name_;
  std::optional<std::string> before_;
};

std::string index_folder_with(const char* cache, const char* home) {
  const Variable cache_variable("XDG_CACHE_HOME", cache), home_variable("HOME", home);
  return default_index_folder().string();
}

TEST(DefaultIndexFolder, IsInTheCacheFolder) {
  EXPECT_EQ(index_folder_with("/cache", "/home/me"), "/cache/feedline/index");
}

TEST(DefaultIndexFolder, IsInTheHomeFolder) {
  EXPECT_EQ(index_folder_with(nullptr, "/home/me"), "/home/me/.cache/feedline/index");
  EXPECT_EQ(index_folder_with("", "/home/me"), "/home/me/.cache/feedline/index");
  EXPECT_EQ(index_folder_with("relative", "/home/me"), "/home/me/.cache/feedline/index");
}

TEST(DefaultIndexFolder, IsNotInWhateverFolderARelativeHomeIs) {
  EXPECT_EQ(index_folder_with(nullptr, "home"), "");
  EXPECT_EQ(index_folder_with("relative", "."), "");
}

TEST(DefaultIndexFolder, IsEmptyWithoutAHome) {
  EXPECT_EQ(index_folder_with(nullptr, nullptr), "");
  EXPECT_EQ(index_folder_with(nullptr, ""), "");
}

}  // namespace
}  // namespace feedline
