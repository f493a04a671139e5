#include "speech/metadata.hpp"
#include "speech/recording_id.hpp"
#include "speech/text_cleaner.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/speech/vocabulary.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

constexpr std::array<const char*, 5> kColumns = {"", "", "id,text", "id,text,norm,speaker",
                                                 "speaker,-,id,text"};
/// Bytes of the corpus choose by number: new ones go to the end.
constexpr std::array<TextEncoding, 6> kEncodings = {{TextEncoding::kUtf8,
                                                     TextEncoding::kWindows1252,
                                                     TextEncoding::kLatin1,
                                                     {"windows-1256"},
                                                     {"utf-16"},
                                                     {"gb18030"}}};

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

MetadataOptions options_of(unsigned choice) {
  MetadataOptions options;
  options.columns = kColumns[choice % kColumns.size()];
  options.encoding = kEncodings[choice / 5 % 3 + (choice >= 60 ? 3 : 0)];
  options.language = choice / 15 % 2 == 0 ? "" : "fa";
  return options;
}

std::vector<std::int64_t> tokens_of(const Vocabulary& vocabulary, std::string_view text) {
  std::vector<std::int64_t> tokens(Vocabulary::length(text));
  require(vocabulary.encode(text, tokens).tokens == tokens.size(), "a text has as many tokens as it says");
  return tokens;
}

void check_rows(const Metadata& metadata, const MetadataOptions& options) {
  std::set<std::string> ids;
  std::vector<std::string> texts;
  std::uint32_t line = 0;
  require(!metadata.rows.empty(), "there are rows");
  for (const MetadataRow& row : metadata.rows) {
    require(!row.id.empty() && ids.insert(row.id).second, "ids are paths of their own");
    require(row.id.find("..") == std::string::npos || recording_id(row.id) == row.id,
            "ids do not lead upwards");
    require(row.line > line, "rows are in the file's order");
    require(!row.text.empty() && clean_text(row.text, options.language) == row.text, "texts are clean");
    texts.push_back(row.text);
    line = row.line;
  }
  const Vocabulary vocabulary = Vocabulary::of(texts);
  for (const std::string& text : texts)
    require(vocabulary.decode(tokens_of(vocabulary, text)) == text, "texts come back from their tokens");
  require(Vocabulary::from_text(vocabulary.to_text()) == vocabulary,
          "vocabularies come back from their text");
}

void check_vocabulary(std::string_view text) {
  const Vocabulary vocabulary = Vocabulary::from_text(text);
  require(Vocabulary::from_text(vocabulary.to_text()) == vocabulary,
          "vocabularies come back from their text");
  const std::string known = vocabulary.decode(tokens_of(vocabulary, text));
  require(Vocabulary::length(known) == Vocabulary::length(text), "no character is lost");
}

}  // namespace
}  // namespace feedline

/// The first byte says how to read the rest: any bytes are metadata and a vocabulary, or a DataError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace feedline;
  if (size == 0) return 0;
  const MetadataOptions options = options_of(data[0]);
  const std::span file(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  try {
    check_rows(parse_metadata(file, options, "metadata.csv"), options);
  } catch (const DataError&) {
  }
  try {
    check_vocabulary({reinterpret_cast<const char*>(file.data()), file.size()});
  } catch (const DataError&) {
  }
  return 0;
}
