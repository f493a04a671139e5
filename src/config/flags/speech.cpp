#include "flag_field.hpp"
#include "flags/groups.hpp"
#include "flags/limits.hpp"
#include "flags/members.hpp"

#include <feedline/data/speech/text_encoding.hpp>

namespace feedline::config {
namespace {

constexpr std::uint32_t kMostShapes = 64;

std::string parse_language(const GivenFlag& given) {
  if (given.text != "fa") throw_bad_value(given, "fa; texts of other languages need no flag");
  return given.text;
}

std::string parse_encoding(const GivenFlag& given) {
  return std::string(parse_text_encoding(given.text).name);
}

}  // namespace

FlagGroup speech_flags() {
  using enum OnResume;
  return {
      "Text to speech",
      {Flag{"enable-static-shapes", "", kMustMatch, "one shape for all batches",
            toggle(in_speech(&SpeechOptions::static_shapes)), "shapes that fit the data"},
       Flag{"max-shapes", "N", kMustMatch, "most shapes of batches; more of them pad less",
            whole(in_speech(&SpeechOptions::max_shapes), 1, kMostShapes)},
       Flag{"max-text-length", "N", kMustMatch, "longer texts are left out, never cut",
            whole(in_speech(&SpeechOptions::max_text_length), 1, kLargestCount), "the longest"},
       Flag{"max-mel-frames", "N", kMustMatch, "longer spectrograms are left out, never cut",
            whole(in_speech(&SpeechOptions::max_mel_frames), 1, kLargestCount), "30 s, or the longest"},
       Flag{"columns", "LIST", kMustMatch, "columns of metadata.csv: id, text, norm, speaker; - is not read",
            text(in_speech(&SpeechOptions::columns)), "id,text,norm"},
       Flag{"lang", "L", kMustMatch, "language of the texts; fa: Arabic yeh and kaf become Persian",
            parsed(in_speech(&SpeechOptions::language), parse_language)},
       Flag{"text-encoding", "E", kMustMatch,
            "encoding of metadata.csv: utf-8, windows-1250 to 1258, latin1, iso-8859-2, ...",
            parsed(in_speech(&SpeechOptions::text_encoding), parse_encoding)}}};
}

}  // namespace feedline::config
