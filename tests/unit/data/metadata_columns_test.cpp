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
  EXPECT_FALSE(columns.by_content);
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
  EXPECT_TRUE(header({"id", "nonsense"})->by_content);
}

TEST(MetadataColumns, KnowsTheNamesInUse) {
  const auto places = [](std::vector<std::string_view> fields) {
    const auto columns = header(std::move(fields));
    return columns ? std::vector<std::size_t>{columns->id, columns->text} : std::vector<std::size_t>{};
  };
  using Places = std::vector<std::size_t>;
  // Common Voice
  EXPECT_EQ(places({"client_id", "path", "sentence_id", "sentence", "sentence_domain", "up_votes",
                    "down_votes", "age", "gender", "accents", "variant", "locale", "segment"}),
            (Places{1, 3}));
  EXPECT_EQ(places({"file_name", "transcription"}), (Places{0, 1}));                  // Hugging Face
  EXPECT_EQ(places({"audio_path", "transcript", "speaker"}), (Places{0, 1}));         // Coqui
  EXPECT_EQ(places({"wav_filename", "wav_filesize", "transcript"}), (Places{0, 2}));  // DeepSpeech
  EXPECT_EQ(places({"audio_file", "text"}), (Places{0, 1}));                          // F5-TTS, XTTS
  EXPECT_EQ(places({"duration", "lang", "text", "audio_filepath"}), (Places{3, 2}));  // NeMo
  EXPECT_EQ(places({"speaker_id", "Sentence", "fileName"}), (Places{2, 1}));          // the text first
  EXPECT_EQ(places({"id", "file", "text"}), (Places{1, 2})) << "a path says more than an id";
  EXPECT_EQ(places({"\"path\"", "\"text\""}), (Places{0, 1}));
  EXPECT_EQ(places({"file", "duration"}), Places{});
}

TEST(MetadataColumns, RawTextStandsBehindTheOther) {
  const auto raw_first = header({"file", "raw_text", "text"});
  EXPECT_EQ(raw_first->text, 1u);
  EXPECT_EQ(raw_first->normalised, 2u);
  const auto all = header({"id", "text", "normalized_text", "raw_text"});
  EXPECT_EQ(all->text, 1u);
  EXPECT_EQ(all->normalised, 2u);
}

TEST(MetadataColumns, TwoTextsAreInDoubt) {
  EXPECT_EQ(header({"file", "text", "sentence"})->doubt,
            "its header names more than one text: \"text\" and \"sentence\"");
  EXPECT_EQ(header({"file", "text", "speaker"})->doubt, "");
}

TEST(MetadataColumns, ARecordingIsNoHeader) {
  EXPECT_FALSE(header({"LJ001-0001", "text"}));
  EXPECT_FALSE(header({"id"}));
  EXPECT_FALSE(header({"file", "Printing, in the only sense"}));
}

}  // namespace
}  // namespace feedline
