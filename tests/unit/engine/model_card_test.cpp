#include <feedline/common/errors.hpp>
#include <feedline/engine/model_card.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

ModelCard pictures() {
  ModelCard card{"tiny", true, {}};
  card.data.task = Task::kImage;
  card.data.train_size = 7;
  card.data.val_size = 3;
  card.data.classes = 2;
  card.data.class_names = "cat\nsea \\\\ dog\n";
  card.data.tensors = {{"image", DType::kUInt8, {3, 32, 32}}, {"label", DType::kInt64, {}}};
  card.data.normalization = {{0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}};
  return card;
}

ModelCard speech() {
  ModelCard card{"voice.pt", false, {}};
  card.data.task = Task::kSpeech;
  card.data.vocabulary = "<pad>\n<unk>\n \nس\n";
  card.data.symbols = 4;
  card.data.tensors = {{"mel", DType::kFloat32, {80, 96}}, {"tokens", DType::kInt64, {12}}};
  card.data.normalization = {{-5.1F}, {2.3F}};
  card.data.mel = mel_preset("whisper-16k-80");
  return card;
}

TEST(ModelCard, ReadsBackWhatItWrote) {
  for (const ModelCard& was : {pictures(), speech()}) {
    const ModelCard is = model_card_from(to_text(was));
    EXPECT_EQ(is.model, was.model);
    EXPECT_EQ(is.built_in, was.built_in);
    EXPECT_EQ(is.data.task, was.data.task);
    EXPECT_EQ(is.data.classes, was.data.classes);
    EXPECT_EQ(is.data.class_names, was.data.class_names);
    EXPECT_EQ(is.data.vocabulary, was.data.vocabulary);
    EXPECT_EQ(is.data.symbols, was.data.symbols);
    EXPECT_EQ(is.data.tensors, was.data.tensors);
    EXPECT_EQ(is.data.normalization.mean, was.data.normalization.mean) << "to the bit";
    EXPECT_EQ(is.data.normalization.std, was.data.normalization.std);
    EXPECT_EQ(is.data.mel, was.data.mel);
    EXPECT_EQ(is.data.train_size, was.data.train_size);
  }
}

TEST(ModelCard, PeopleCanReadIt) {
  const std::string text = to_text(speech());
  EXPECT_THAT(text, HasSubstr("\"sample-rate\": 16000"));
  EXPECT_THAT(text, HasSubstr("\"window\": \"hann\""));
  EXPECT_THAT(text, HasSubstr("\"power\": true"));
}

TEST(ModelCard, RefusesWhatIsNone) {
  EXPECT_THROW(model_card_from(""), UsageError);
  EXPECT_THROW(model_card_from("[]"), UsageError);
  EXPECT_THROW(model_card_from("{\"format\": 1}"), UsageError);
  EXPECT_THAT([] { model_card_from("{\"format\": 9}"); }, ThrowsMessage<UsageError>(HasSubstr("format 9")));
}

TEST(ModelCard, RefusesATaskThatItDoesNotKnow) {
  std::string text = to_text(speech());
  text.replace(text.find("\"speech\""), 8, "\"chess\"");
  EXPECT_THAT([&] { model_card_from(text); }, ThrowsMessage<UsageError>(HasSubstr("task \"chess\"")));
}

}  // namespace
}  // namespace feedline
