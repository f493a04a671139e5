#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

/// The characters that a model knows, and their numbers: 0 pads, 1 is any other character, then the
/// characters (Unicode code points) of the training text follow by code point. Texts are UTF-8; an invalid
/// byte counts as U+FFFD.
///
/// Thread rule: const after construction, for any number of threads.
class Vocabulary {
 public:
  static constexpr std::int64_t kPadding = 0;
  static constexpr std::int64_t kUnknown = 1;

  struct Encoded {
    std::size_t tokens = 0;
    std::size_t unknown = 0;  ///< Tokens of unknown characters
  };

  /// Makes a vocabulary of all characters of `texts`.
  static Vocabulary of(std::span<const std::string> texts);

  /// Reads the output of `to_text`; throws DataError, with the line, for any other text.
  static Vocabulary from_text(std::string_view text);

  /// One symbol per line, "<pad>" and "<unk>" first; a backslash is doubled, and an invisible character is
  /// \u{code point}.
  std::string to_text() const;

  /// The number of tokens of `text`: its code points.
  static std::size_t length(std::string_view text) noexcept;

  /// Writes the tokens of `text` to the start of `out`, which must have room for `length(text)`; never cuts a
  /// text.
  Encoded encode(std::string_view text, std::span<std::int64_t> out) const;

  /// The text of tokens: empty for padding, U+FFFD for the unknown one and for numbers beyond the vocabulary.
  std::string decode(std::span<const std::int64_t> tokens) const;

  /// The number of symbols, with padding and unknown.
  std::size_t size() const noexcept { return kFirst + characters_.size(); }

  /// The symbols by number: "<pad>", "<unk>", then the characters.
  std::vector<std::string> symbols() const;

  /// Fingerprint of the symbols: the same for equal vocabularies.
  std::uint64_t fingerprint() const;

  bool operator==(const Vocabulary&) const = default;

 private:
  static constexpr std::size_t kFirst = 2;  ///< Number of the first character

  explicit Vocabulary(std::vector<char32_t> characters) noexcept : characters_(std::move(characters)) {}

  std::int64_t token(char32_t character) const noexcept;

  std::vector<char32_t> characters_;  ///< Characters, sorted
};

}  // namespace feedline
