#include "duration_index.hpp"

#include "audio/codec/sound_decoder.hpp"
#include "audio/codec/sound_header.hpp"
#include "decode_error.hpp"
#include "replace_file.hpp"
#include "storage/read_file.hpp"

#include <feedline/common/hash.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>
#include <span>
#include <system_error>

namespace feedline {
namespace {

namespace fs = std::filesystem;

/// A file as it was when its length was read.
struct Entry {
  std::uint64_t path = 0;  ///< its hash
  FileIdentity file;
  RecordingLength length;
};

/// An index file: this, then the entries by the hash of their paths.
struct Header {
  static constexpr std::uint64_t kMagic = 0x5344'4E55'4F53'4446;  // "FDSOUNDS" where bytes lie low to high
  static constexpr std::uint64_t kVersion = 5;

  std::uint64_t magic = kMagic;
  std::uint64_t version = kVersion;
  std::uint64_t checksum = 0;  ///< XXH3 of the entries
};

fs::path index_file(const fs::path& folder, const Storage& recordings) {
  const std::string key = recordings.key();
  return folder / fmt::format("{}.lengths.index", hex(hash64(std::as_bytes(std::span(key)))));
}

/// Empty when there is none, or it is damaged.
std::vector<Entry> read_index(const fs::path& file) {
  try {
    FileBuffer buffer;
    const auto bytes = read_file(AT_FDCWD, file.c_str(), buffer);
    Header header;
    if (bytes.size() < sizeof header) return {};
    std::memcpy(&header, bytes.data(), sizeof header);
    const auto body = bytes.subspan(sizeof header);
    if (header.magic != Header::kMagic || header.version != Header::kVersion ||
        body.size() % sizeof(Entry) != 0 || hash64(body) != header.checksum)
      return {};
    std::vector<Entry> entries(body.size() / sizeof(Entry));
    if (!entries.empty()) std::memcpy(entries.data(), body.data(), body.size());
    return entries;
  } catch (const std::system_error&) {
    return {};
  } catch (const DecodeError&) {
    return {};
  }
}

void write_index(const fs::path& file, std::vector<Entry> entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
  const auto body = std::as_bytes(std::span(entries));
  Header header;
  header.checksum = hash64(body);
  std::vector<std::byte> bytes(sizeof header + body.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, body.data(), body.size());
  if (replace_file(file, bytes)) return;
  log_info(fmt::format("The lengths of recordings are not remembered: cannot write {} ({}).", file.string(),
                       std::generic_category().message(errno)));
}

std::uint64_t hash_of(const char* path) {
  return hash64(std::as_bytes(std::span(path, std::strlen(path))));
}

/// Reads lengths, one file after the other. One thread at a time.
class LengthReader {
 public:
  RecordingLength read(const Storage& recordings, std::size_t id) {
    try {
      const SoundHeader header = read_sound_header(recordings, id, file_);
      RecordingLength length{header.sample_rate, header.channels, header.frames};
      if (!header.frames_known) length.frames = decoded_frames(recordings, id);
      return length;
    } catch (const DecodeError&) {  // loading the sample tells of it
    } catch (const std::system_error&) {
    }
    return {};
  }

 private:
  std::uint64_t decoded_frames(const Storage& recordings, std::size_t id) {
    decoder_.open(recordings.read(id, file_));
    decoder_.decode(kMeanOfChannels, wave_);
    return wave_.size();
  }

  FileBuffer file_;
  SoundDecoder decoder_;
  std::vector<float> wave_;
};

const Entry* find(const std::vector<Entry>& known, const Entry& wanted) {
  const auto found =
      std::lower_bound(known.begin(), known.end(), wanted,
                       [](const Entry& entry, const Entry& other) { return entry.path < other.path; });
  // What could not be read may be readable now.
  return found != known.end() && found->path == wanted.path && found->file == wanted.file &&
                 found->length.frames > 0
             ? &*found
             : nullptr;
}

}  // namespace

std::vector<RecordingLength> measure_recordings(const Storage& recordings, const fs::path& index_folder) {
  const fs::path file = index_folder.empty() ? fs::path() : index_file(index_folder, recordings);
  const std::vector<Entry> known = file.empty() ? std::vector<Entry>() : read_index(file);
  std::vector<Entry> entries(recordings.size());
  std::atomic<std::size_t> next{0}, read{0};
  const auto work = [&] {
    LengthReader reader;
    for (std::size_t id = next++; id < recordings.size(); id = next++) {
      const auto file_now = recordings.identity(id);
      if (!file_now) continue;
      Entry& entry = entries[id];
      entry = {hash_of(recordings.name(id)), *file_now, {}};
      const Entry* same = find(known, entry);
      entry.length = same != nullptr ? same->length : reader.read(recordings, id);
      if (same == nullptr) ++read;
    }
  };
  std::vector<std::future<void>> workers(
      std::min(recordings.size(), static_cast<std::size_t>(usable_cores())));
  for (auto& worker : workers) worker = std::async(std::launch::async, work);
  for (auto& worker : workers) worker.get();
  std::vector<RecordingLength> lengths;
  for (const Entry& entry : entries) lengths.push_back(entry.length);
  if (!file.empty() && (read > 0 || known.size() != entries.size())) write_index(file, std::move(entries));
  return lengths;
}

}  // namespace feedline
