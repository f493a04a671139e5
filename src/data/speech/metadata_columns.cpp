#include "metadata_columns.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace feedline {
namespace {

enum class Role { kId, kText, kNormalised, kSpeaker, kOther };

struct Name {
  std::string_view name;
  Role role;
};

/// In small letters, with "_" for a space.
constexpr auto kNames = std::to_array<Name>({{"id", Role::kId},
                                             {"file_id", Role::kId},
                                             {"file", Role::kId},
                                             {"filename", Role::kId},
                                             {"file_name", Role::kId},
                                             {"audio_file", Role::kId},
                                             {"wav", Role::kId},
                                             {"path", Role::kId},
                                             {"text", Role::kText},
                                             {"raw_text", Role::kText},
                                             {"transcript", Role::kText},
                                             {"transcription", Role::kText},
                                             {"sentence", Role::kText},
                                             {"norm", Role::kNormalised},
                                             {"normalised", Role::kNormalised},
                                             {"normalized", Role::kNormalised},
                                             {"normalised_text", Role::kNormalised},
                                             {"normalized_text", Role::kNormalised},
                                             {"normalized_transcription", Role::kNormalised},
                                             {"speaker", Role::kSpeaker},
                                             {"speaker_id", Role::kSpeaker},
                                             {"speaker_name", Role::kSpeaker}});

Role role_of(std::string_view field) {
  std::string name(field);
  for (char& c : name) {
    if (c == ' ') c = '_';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.name == name; });
  return found == kNames.end() ? Role::kOther : found->role;
}

/// The first of several columns with a role counts.
MetadataColumns columns_of(std::span<const Role> roles) {
  const auto at = [&](Role role) {
    const auto found = std::find(roles.begin(), roles.end(), role);
    return found == roles.end() ? MetadataColumns::kNone : static_cast<std::size_t>(found - roles.begin());
  };
  MetadataColumns columns{at(Role::kId),      at(Role::kText), at(Role::kNormalised),
                          at(Role::kSpeaker), roles.size(),    false};
  if (columns.text == MetadataColumns::kNone) columns.text = columns.normalised;
  return columns;
}

bool serves(const MetadataColumns& columns) noexcept {
  return columns.id != MetadataColumns::kNone && columns.text != MetadataColumns::kNone;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

}  // namespace

MetadataColumns parse_columns(std::string_view names) {
  std::vector<Role> roles;
  for (const std::string_view name : split(names, ',')) {
    roles.push_back(role_of(name));
    const bool unknown = roles.back() == Role::kOther && name != "-";
    const bool twice =
        roles.back() != Role::kOther && std::count(roles.begin(), roles.end(), roles.back()) > 1;
    if (unknown || twice)
      throw UsageError(
          fmt::format("--columns {}: \"{}\" {}. The columns are id, text, norm and speaker, in the file's "
                      "order, and - for one that is not read.",
                      names, name, unknown ? "is no column" : "is there twice"));
  }
  const MetadataColumns columns = columns_of(roles);
  if (!serves(columns))
    throw UsageError(fmt::format("--columns {}: an id, and text or norm, must be among them.", names));
  return columns;
}

std::optional<MetadataColumns> columns_of_header(std::span<const std::string_view> fields) {
  std::vector<Role> roles;
  for (const std::string_view field : fields) roles.push_back(role_of(field));
  if (roles.size() < 2 || roles.front() == Role::kOther) return {};
  const MetadataColumns columns = columns_of(roles);
  if (serves(columns)) return columns;
  const bool plain_id = fields.front() == "id" || fields.front() == "ID";
  return plain_id ? std::optional(MetadataColumns{}) : std::nullopt;
}

}  // namespace feedline
