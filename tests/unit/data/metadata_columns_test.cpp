#include "speech/metadata_columns.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace feedline {
namespace {

constexpr auto kNone = MetadataColumns::kNone;

std::optional<MetadataColumns> header(std::vector<std::string_view> fields) {
  return columns_of_header(fields);
}

TEST(MetadataColumns, SaysWhereEachIs) {
  const MetadataColumns columns = parse_columns("speaker,-,id,text,norm");
  EXPECT_EQ(columns.speaker, 0u);
  EXPECT_EQ(columns.id, 2u);
  EXPECT_EQ(columns.text, 3u);
  EXPECT_EQ(columns.normalised, 4u);
  EXPECT_EQ(columns.expected, 5u);
  EXPECT_FALSE(columns.last_is_normalised);
}

TEST(MetadataColumns, OneTextIsEnough) {
  EXPECT_EQ(parse_columns("id,norm").text, 1u);
  EXPECT_EQ(parse_columns("text,id").normalised, kNone);
}

TEST(MetadataColumns, RefusesWhatCannotServe) {
  for (const char* names :
       {"", "id", "text", "id,speaker", "id,txet", "id,text,text", "id,,text", "id,text,"})
    EXPECT_THROW(parse_columns(names), UsageError) << names;
}

TEST(MetadataColumns, KnowsAHeader) {
  EXPECT_EQ(header({"audio_file", "text", "speaker_name"})->speaker, 2u);
  EXPECT_EQ(header({"ID", "Transcription", "Normalized Transcription"})->normalised, 2u);
  EXPECT_TRUE(header({"id", "nonsense"})->last_is_normalised);
}

TEST(MetadataColumns, ARecordingIsNoHeader) {
  EXPECT_FALSE(header({"LJ001-0001", "text"}));
  EXPECT_FALSE(header({"id"}));
  EXPECT_FALSE(header({"file", "Printing, in the only sense"}));
}

}  // namespace
}  // namespace feedline
