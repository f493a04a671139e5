#pragma once

#include "storage/storage.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace feedline::testing {

/// A kind of storage that is no folder: its files lie in memory. It counts what it is asked for.
class MemoryStorage final : public Storage {
 public:
  struct File {
    std::string name;
    std::vector<std::byte> bytes;
    bool is_there = true;
  };

  explicit MemoryStorage(std::vector<File> files)
      : Storage(FileNames("memory:", names_of(files))), files_(std::move(files)), versions_(files_.size()) {}

  void replace(std::uint64_t id, std::vector<std::byte> bytes) {
    files_[id].bytes = std::move(bytes);
    ++versions_[id];
  }

  std::string key() const override { return "the files of a test"; }

  std::span<const std::byte> read(std::uint64_t id, FileBuffer&) const override {
    ++reads;
    std::this_thread::sleep_for(pause);
    return file(id).bytes;
  }

  FileRange read_range(std::uint64_t id, std::uint64_t offset, std::span<std::byte> into) const override {
    ++ranges;
    const std::span<const std::byte> all = file(id).bytes;
    const auto part = all.subspan(std::min<std::size_t>(offset, all.size()));
    const auto bytes = part.first(std::min(part.size(), into.size()));
    std::copy(bytes.begin(), bytes.end(), into.begin());
    return {into.first(bytes.size()), all.size()};
  }

  std::optional<FileIdentity> identity(std::uint64_t id) const noexcept override {
    if (!files_[id].is_there) return std::nullopt;
    return FileIdentity{id, files_[id].bytes.size(), versions_[id], 0};
  }

  void read_ahead(std::uint64_t) const noexcept override { ++announced; }
  void forget(std::uint64_t) const noexcept override { ++forgotten; }

  mutable std::atomic<int> reads{0}, ranges{0}, announced{0}, forgotten{0};
  std::chrono::milliseconds pause{0};  ///< Time that each read takes

 private:
  static std::vector<std::string> names_of(const std::vector<File>& files) {
    std::vector<std::string> names;
    for (const File& each : files) names.push_back(each.name);
    return names;
  }

  const File& file(std::uint64_t id) const {
    if (!files_[id].is_there) throw std::system_error(ENOENT, std::generic_category());
    return files_[id];
  }

  std::vector<File> files_;
  std::vector<std::int64_t> versions_;
};

}  // namespace feedline::testing
