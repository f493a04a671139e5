#include "mel_fields.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace feedline {
namespace {

constexpr std::array<std::string_view, 2> kSwitch = {"false", "true"};
constexpr std::array<std::string_view, 4> kWindows = {"hann", "hann-symmetric", "hamming", "povey"};
constexpr std::array<std::string_view, 3> kPaddings = {"reflect", "zero", "mirror"};
constexpr std::array<std::string_view, 3> kPadAmounts = {"half-overlap", "half-transform",
                                                         "half-window-overlap"};
constexpr std::array<std::string_view, 3> kFrames = {"floor", "centred", "rounded"};
constexpr std::array<std::string_view, 3> kEmphases = {"none", "wave", "frame"};
constexpr std::array<std::string_view, 4> kScales = {"slaney", "htk", "htk-symmetric", "kaldi"};
constexpr std::array<std::string_view, 3> kLogs = {"ln", "log10", "decibel"};
constexpr std::array<std::string_view, 4> kNormalisations = {"none", "whisper", "per-band", "top-db"};

/// A field: its values, or none where it is a number, and how one of them (its place, or the number) is set.
struct Field {
  std::string_view name;
  std::span<const std::string_view> values;
  void (*set)(MelSpec&, double);
};

template <auto Member>
void set(MelSpec& spec, double value) {
  using Type = std::remove_reference_t<decltype(spec.*Member)>;
  if constexpr (std::is_enum_v<Type>) {
    spec.*Member = static_cast<Type>(static_cast<int>(value));
  } else {
    spec.*Member = static_cast<Type>(value);
  }
}

constexpr std::span<const std::string_view> kNumber;

const std::array kFields = std::to_array<Field>({
    {"window", kWindows, set<&MelSpec::window>},
    {"window-first", kSwitch, set<&MelSpec::window_first>},
    {"padding", kPaddings, set<&MelSpec::padding>},
    {"pad-amount", kPadAmounts, set<&MelSpec::pad_amount>},
    {"frames", kFrames, set<&MelSpec::frames>},
    {"remove-dc", kSwitch, set<&MelSpec::remove_dc>},
    {"pre-emphasis", kEmphases, set<&MelSpec::pre_emphasis>},
    {"power", kSwitch, set<&MelSpec::power>},
    {"power-added", kNumber, set<&MelSpec::power_added>},
    {"power-floor", kNumber, set<&MelSpec::power_floor>},
    {"scale", kScales, set<&MelSpec::scale>},
    {"area-norm", kSwitch, set<&MelSpec::area_norm>},
    {"log", kLogs, set<&MelSpec::log>},
    {"log-floor", kNumber, set<&MelSpec::log_floor>},
    {"floor-is-added", kSwitch, set<&MelSpec::floor_is_added>},
    {"normalisation", kNormalisations, set<&MelSpec::normalisation>},
    {"pad-value", kNumber, set<&MelSpec::pad_value>},
});

std::string values_text(const Field& field) {
  return field.values.empty() ? "a number" : fmt::format("{}", fmt::join(field.values, ", "));
}

double number_of(std::string_view text, const Field& field) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(number)) return number;
  throw UsageError(fmt::format("--mel-fields {}={}: give a number.", field.name, text));
}

double value_of(std::string_view text, const Field& field) {
  if (field.values.empty()) return number_of(text, field);
  const auto found = std::find(field.values.begin(), field.values.end(), text);
  if (found != field.values.end()) return static_cast<double>(found - field.values.begin());
  throw UsageError(fmt::format("--mel-fields {}={}: there are {}.", field.name, text, values_text(field)));
}

void set_field(MelSpec& spec, std::string_view item) {
  const std::size_t sign = item.find('=');
  const std::string_view name = item.substr(0, sign);
  const auto* field =
      std::find_if(kFields.begin(), kFields.end(), [&](const Field& each) { return each.name == name; });
  if (sign == std::string_view::npos || field == kFields.end())
    throw UsageError(fmt::format("--mel-fields: \"{}\" is no field with a value. There are:\n{}", item,
                                 mel_fields_text()));
  field->set(spec, value_of(item.substr(sign + 1), *field));
}

}  // namespace

void set_mel_fields(MelSpec& spec, std::string_view list) {
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    set_field(spec, list.substr(start, end - start));
    start = end + 1;
  }
}

std::string mel_fields_text() {
  std::string text;
  for (const Field& field : kFields) text += fmt::format("  {}={}\n", field.name, values_text(field));
  return text;
}

}  // namespace feedline
