#include <feedline/checkpoint/manifest.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <span>
#include <system_error>

namespace feedline {
namespace {

using Json = nlohmann::ordered_json;

std::string hash_of(const std::string& text) {
  return hex(hash64(std::as_bytes(std::span(text))));
}

std::string dump(const Json& json) {
  return json.dump(1) + "\n";
}

Json to_json(const Manifest& manifest) {
  Json parts = Json::object();
  for (const auto& [name, digest] : manifest.parts)
    parts[name] = {{"bytes", digest.bytes}, {"xxh3", hex(digest.hash)}};
  return {{"feedline_checkpoint", Manifest::kVersion}, {"parts", parts}};
}

Manifest from_json(const Json& json) {
  const int version = json.at("feedline_checkpoint").get<int>();
  if (version != Manifest::kVersion) {
    throw UsageError(
        fmt::format("it has version {}, this program reads version {}", version, Manifest::kVersion));
  }
  Manifest manifest;
  for (const auto& [name, part] : json.at("parts").items()) {
    manifest.parts[name] = {part.at("bytes").get<std::uint64_t>(),
                            std::stoull(part.at("xxh3").get<std::string>(), nullptr, 16)};
  }
  return manifest;
}

/// Throws unless the path is a regular file: reading a pipe or a device may never end.
void refuse_irregular(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored) || std::filesystem::is_regular_file(path, ignored)) return;
  throw UsageError(path.string() + " is no regular file, but a folder, a pipe or a device");
}

void verify_part(const std::filesystem::path& path, const FileDigest& expected) {
  refuse_irregular(path);
  FileDigest found;
  try {
    found = digest_of(path);
  } catch (const std::filesystem::filesystem_error& error) {
    throw UsageError(fmt::format("{}: {}", path.string(), error.code().message()));
  }
  if (found.bytes != expected.bytes) {
    throw UsageError(
        fmt::format("{} has {} bytes, {} were written", path.string(), found.bytes, expected.bytes));
  }
  if (found.hash != expected.hash) {
    throw UsageError(
        fmt::format("{} is damaged: its checksum is not the one that was written", path.string()));
  }
}

}  // namespace

std::string to_text(const Manifest& manifest) {
  Json json = to_json(manifest);
  json["xxh3"] = hash_of(dump(json));
  return dump(json);
}

Manifest manifest_from(const std::string& text) {
  try {
    const Manifest manifest = from_json(Json::parse(text));
    if (to_text(manifest) == text) return manifest;
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    // The text is not a manifest any more: reported below.
  }
  throw UsageError("it is damaged: it is not the text that was written");
}

Manifest verify_checkpoint(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / Manifest::kName;
  const std::string text = read_text(path);
  Manifest manifest;
  try {
    manifest = manifest_from(text);
  } catch (const UsageError& error) {
    throw UsageError(path.string() + ": " + error.what());
  }
  for (const auto& [name, digest] : manifest.parts) verify_part(folder / name, digest);
  return manifest;
}

std::string read_text(const std::filesystem::path& path) {
  refuse_irregular(path);
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw UsageError(path.string() + " cannot be read: it is missing, or no file");
  return text;
}

}  // namespace feedline
