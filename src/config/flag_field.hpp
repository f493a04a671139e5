#pragma once

#include "flag_values.hpp"
#include "parse_value.hpp"
#include "range.hpp"

#include <feedline/config/options.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace feedline::config {

/// How the text of a flag becomes a field of Options, and the field becomes text again. Fields are named by
/// pointers to members of Options, or by anything else that can be called with it, see flags/members.hpp.
struct Field {
  std::function<void(const GivenFlag&, Options&)> read;  ///< null: the field is not one of Options
  std::function<std::string(const Options&)> write;      ///< as `read` takes it, or kUnset
  std::function<std::string(const Options&)> show{};     ///< as the help writes it; null: as `write` does
  std::vector<std::string> choices{};                    ///< the words that the flag takes; empty: anything
  std::function<bool&(Options&)> given{};                ///< the field that says whether the flag was given
};

/// The text of a field that has no value.
inline constexpr const char* kUnset = "unset";

template <class Value>
std::string text_of(const Value& value) {
  return fmt::format("{}", value);
}

inline std::string text_of(const std::string& value) {
  return value.empty() ? kUnset : value;
}

inline std::string text_of(const std::filesystem::path& value) {
  return value.string();
}

template <class Value>
std::string text_of(const std::optional<Value>& value) {
  return value ? text_of(*value) : kUnset;
}

template <class Type>
struct Required {
  using Value = Type;
};

template <class Type>
struct Required<std::optional<Type>> {
  using Value = Type;
};

/// The type of the values that a field takes.
template <class Member>
using ValueOf = typename Required<std::remove_cvref_t<std::invoke_result_t<Member, Options&>>>::Value;

/// A field whose value `parse` makes of a GivenFlag.
template <class Member, class Parse>
Field parsed(Member member, Parse parse) {
  return {[=](const GivenFlag& given, Options& options) { std::invoke(member, options) = parse(given); },
          [=](const Options& options) { return text_of(std::invoke(member, options)); }};
}

/// A text, or a path.
template <class Member>
Field text(Member member) {
  return parsed(member, [](const GivenFlag& given) { return given.text; });
}

/// A whole number.
template <class Member, class Value = ValueOf<Member>>
Field whole(Member member, std::type_identity_t<Value> lowest,
            std::type_identity_t<Value> highest = std::numeric_limits<Value>::max()) {
  return parsed(member, [=](const GivenFlag& given) { return parse_whole<Value>(given, lowest, highest); });
}

/// A number within `range`; `unit` says of what, for the message that refuses others.
template <class Member>
Field real(Member member, Range range, const char* unit) {
  return parsed(member, [=](const GivenFlag& given) { return parse_real(given, range, unit); });
}

/// Bytes, such as 3G.
template <class Member>
Field bytes(Member member) {
  return parsed(member, parse_size);
}

/// A switch.
template <class Member>
Field toggle(Member member) {
  Field field = parsed(member, [](const GivenFlag& given) { return given.text == "true"; });
  field.show = [=](const Options& options) { return std::invoke(member, options) ? "on" : "off"; };
  return field;
}

/// One of some words, kept as text.
template <class Member>
Field word(Member member, std::vector<std::string> choices) {
  Field field = text(member);
  field.choices = std::move(choices);
  return field;
}

/// One of some words, each of which stands for a value.
template <class Member, class Value = ValueOf<Member>>
Field choice(Member member, std::vector<std::pair<std::string, std::type_identity_t<Value>>> choices) {
  Field field;
  for (const auto& [name, value] : choices) field.choices.push_back(name);
  field.read = [=](const GivenFlag& given, Options& options) {
    for (const auto& [name, value] : choices)
      if (name == given.text) std::invoke(member, options) = value;
  };
  field.write = [=](const Options& options) -> std::string {
    for (const auto& [name, value] : choices)
      if (value == std::invoke(member, options)) return name;
    return kUnset;
  };
  return field;
}

/// The same field; the flag `given` says whether the user gave it.
template <class Member>
Field noted(Field field, Member given) {
  field.given = given;
  return field;
}

/// A flag of a command, whose value is no field of Options.
inline Field of_the_command(std::vector<std::string> choices = {}) {
  return {.read = {}, .write = {}, .choices = std::move(choices)};
}

}  // namespace feedline::config
