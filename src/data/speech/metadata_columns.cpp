#include "metadata_columns.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace feedline {
namespace {

enum class Role { kPath, kId, kRaw, kText, kNormalised, kSpeaker, kOther };

struct Name {
  std::string_view name;
  Role role;
};

/// In small letters, without spaces and marks between words. Those of LJSpeech, Common Voice, Coqui,
/// Mozilla's DeepSpeech, NeMo, Hugging Face and F5-TTS.
constexpr auto kNames = std::to_array<Name>({{"file", Role::kPath},
                                             {"filename", Role::kPath},
                                             {"filepath", Role::kPath},
                                             {"path", Role::kPath},
                                             {"audio", Role::kPath},
                                             {"audiofile", Role::kPath},
                                             {"audiofilename", Role::kPath},
                                             {"audiofilepath", Role::kPath},
                                             {"audiopath", Role::kPath},
                                             {"audioname", Role::kPath},
                                             {"wav", Role::kPath},
                                             {"wavfile", Role::kPath},
                                             {"wavfilename", Role::kPath},
                                             {"wavfilepath", Role::kPath},
                                             {"wavpath", Role::kPath},
                                             {"wavname", Role::kPath},
                                             {"clip", Role::kPath},
                                             {"clippath", Role::kPath},
                                             {"clipname", Role::kPath},
                                             {"recording", Role::kPath},
                                             {"soundfile", Role::kPath},
                                             {"id", Role::kId},
                                             {"fileid", Role::kId},
                                             {"audioid", Role::kId},
                                             {"clipid", Role::kId},
                                             {"utt", Role::kId},
                                             {"uttid", Role::kId},
                                             {"utteranceid", Role::kId},
                                             {"basename", Role::kId},
                                             {"rawtext", Role::kRaw},
                                             {"textraw", Role::kRaw},
                                             {"originaltext", Role::kRaw},
                                             {"textoriginal", Role::kRaw},
                                             {"rawtranscript", Role::kRaw},
                                             {"transcriptraw", Role::kRaw},
                                             {"rawtranscription", Role::kRaw},
                                             {"text", Role::kText},
                                             {"txt", Role::kText},
                                             {"transcript", Role::kText},
                                             {"transcripts", Role::kText},
                                             {"transcription", Role::kText},
                                             {"sentence", Role::kText},
                                             {"utterance", Role::kText},
                                             {"norm", Role::kNormalised},
                                             {"normalised", Role::kNormalised},
                                             {"normalized", Role::kNormalised},
                                             {"normtext", Role::kNormalised},
                                             {"textnorm", Role::kNormalised},
                                             {"normalisedtext", Role::kNormalised},
                                             {"normalizedtext", Role::kNormalised},
                                             {"textnormalised", Role::kNormalised},
                                             {"textnormalized", Role::kNormalised},
                                             {"normalisedtranscript", Role::kNormalised},
                                             {"normalizedtranscript", Role::kNormalised},
                                             {"normalisedtranscription", Role::kNormalised},
                                             {"normalizedtranscription", Role::kNormalised},
                                             {"normalisedsentence", Role::kNormalised},
                                             {"normalizedsentence", Role::kNormalised},
                                             {"cleantext", Role::kNormalised},
                                             {"cleanedtext", Role::kNormalised},
                                             {"textcleaned", Role::kNormalised},
                                             {"speaker", Role::kSpeaker},
                                             {"spk", Role::kSpeaker},
                                             {"spkid", Role::kSpeaker},
                                             {"speakerid", Role::kSpeaker},
                                             {"speakername", Role::kSpeaker},
                                             {"clientid", Role::kSpeaker}});

/// Letters and digits in small letters; other bytes than ASCII's stay.
std::string bare(std::string_view field) {
  std::string name;
  for (const char c : field) {
    if (c == ' ' || c == '_' || c == '-' || c == '"' || c == '.') continue;
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

Role role_of(std::string_view field) {
  const std::string name = bare(field);
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.name == name; });
  return found == kNames.end() ? Role::kOther : found->role;
}

/// `--columns` knows an id and a text, whatever they are called.
Role plain(Role role) noexcept {
  if (role == Role::kPath) return Role::kId;
  return role == Role::kRaw ? Role::kText : role;
}

std::size_t first_of(std::span<const Role> roles, Role role) noexcept {
  const auto found = std::find(roles.begin(), roles.end(), role);
  return found == roles.end() ? MetadataColumns::kNone : static_cast<std::size_t>(found - roles.begin());
}

std::size_t either(std::size_t column, std::size_t other) noexcept {
  return column == MetadataColumns::kNone ? other : column;
}

/// A path says more than an id; of raw text and text the latter counts, and the former where it is empty.
MetadataColumns columns_of(std::span<const Role> roles) {
  const auto at = [&](Role role) { return first_of(roles, role); };
  MetadataColumns columns;
  columns.id = either(at(Role::kPath), at(Role::kId));
  columns.speaker = at(Role::kSpeaker);
  columns.expected = roles.size();
  columns.by_content = false;
  const std::size_t raw = at(Role::kRaw), text = at(Role::kText), normalised = at(Role::kNormalised);
  columns.normalised = normalised;
  columns.text = either(either(text, raw), normalised);
  if (normalised == MetadataColumns::kNone && text != MetadataColumns::kNone &&
      raw != MetadataColumns::kNone) {
    columns.normalised = text;
    columns.text = raw;
  }
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

/// Of several columns that are called a text, none is meant more than another.
std::string doubt_of(std::span<const std::string_view> fields, std::span<const Role> roles) {
  for (const Role role : {Role::kText, Role::kNormalised}) {
    if (std::count(roles.begin(), roles.end(), role) < 2) continue;
    std::string names;
    for (std::size_t i = 0; i < roles.size(); ++i)
      if (roles[i] == role) names += fmt::format("{}\"{}\"", names.empty() ? "" : " and ", fields[i]);
    return "its header names more than one text: " + names;
  }
  return {};
}

}  // namespace

MetadataColumns parse_columns(std::string_view names) {
  std::vector<Role> roles;
  for (const std::string_view name : split(names, ',')) {
    roles.push_back(plain(role_of(name)));
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
  if (roles.size() < 2) return {};
  MetadataColumns columns = columns_of(roles);
  if (serves(columns)) {
    columns.doubt = doubt_of(fields, roles);
    return columns;
  }
  const bool plain_id = bare(fields.front()) == "id";
  return plain_id ? std::optional(MetadataColumns{}) : std::nullopt;
}

}  // namespace feedline
