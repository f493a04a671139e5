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

/// A field: its values, or none where it is a number, and how one of them (its place, or the number) is set
/// and read.
struct Field {
  std::string_view name;
  std::span<const std::string_view> values;
  void (*set)(MelSpec&, double);
  double (*get)(const MelSpec&);
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

template <auto Member>
double get(const MelSpec& spec) {
  return static_cast<double>(spec.*Member);
}

template <auto Member>
constexpr Field field(std::string_view name, std::span<const std::string_view> values) {
  return {name, values, set<Member>, get<Member>};
}

constexpr std::span<const std::string_view> kNumber;

/// Those with a flag of their own.
const std::array kFlags = std::to_array<Field>({
    field<&MelSpec::sample_rate>("sample-rate", kNumber),
    field<&MelSpec::n_fft>("n-fft", kNumber),
    field<&MelSpec::win_length>("win-length", kNumber),
    field<&MelSpec::hop_length>("hop-length", kNumber),
    field<&MelSpec::n_mels>("n-mels", kNumber),
    field<&MelSpec::f_min>("f-min", kNumber),
    field<&MelSpec::f_max>("f-max", kNumber),
});

const std::array kFields = std::to_array<Field>({
    field<&MelSpec::window>("window", kWindows),
    field<&MelSpec::window_first>("window-first", kSwitch),
    field<&MelSpec::padding>("padding", kPaddings),
    field<&MelSpec::pad_amount>("pad-amount", kPadAmounts),
    field<&MelSpec::frames>("frames", kFrames),
    field<&MelSpec::remove_dc>("remove-dc", kSwitch),
    field<&MelSpec::pre_emphasis>("pre-emphasis", kEmphases),
    field<&MelSpec::power>("power", kSwitch),
    field<&MelSpec::power_added>("power-added", kNumber),
    field<&MelSpec::power_floor>("power-floor", kNumber),
    field<&MelSpec::scale>("scale", kScales),
    field<&MelSpec::area_norm>("area-norm", kSwitch),
    field<&MelSpec::log>("log", kLogs),
    field<&MelSpec::log_floor>("log-floor", kNumber),
    field<&MelSpec::floor_is_added>("floor-is-added", kSwitch),
    field<&MelSpec::normalisation>("normalisation", kNormalisations),
    field<&MelSpec::pad_value>("pad-value", kNumber),
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

std::string value_text(const Field& field, const MelSpec& spec) {
  const double value = field.get(spec);
  if (field.values.empty()) return fmt::format("{}", value);
  return std::string(field.values[static_cast<std::size_t>(value)]);
}

/// Calls `use(item)` for each part of a list with commas.
template <class Use>
void for_each_item(std::string_view list, Use use) {
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    use(list.substr(start, end - start));
    start = end + 1;
  }
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
  for_each_item(list, [&](std::string_view item) { set_field(spec, item); });
}

std::string to_text(const MelSpec& spec) {
  std::string text;
  for (const std::span<const Field> fields :
       {std::span<const Field>(kFlags), std::span<const Field>(kFields)})
    for (const Field& each : fields)
      text += fmt::format("{}{}={}", text.empty() ? "" : ",", each.name, value_text(each, spec));
  return text;
}

MelSpec mel_spec_from(std::string_view text) {
  MelSpec spec;
  for_each_item(text, [&](std::string_view item) {
    const std::size_t sign = item.find('=');
    const auto* flag = std::find_if(kFlags.begin(), kFlags.end(),
                                    [&](const Field& each) { return each.name == item.substr(0, sign); });
    if (sign == std::string_view::npos || flag == kFlags.end()) return set_field(spec, item);
    flag->set(spec, number_of(item.substr(sign + 1), *flag));
  });
  check(spec);
  return spec;
}

std::string mel_fields_text() {
  std::string text;
  for (const Field& field : kFields) text += fmt::format("  {}={}\n", field.name, values_text(field));
  return text;
}

}  // namespace feedline
