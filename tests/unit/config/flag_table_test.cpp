#include "parsing.hpp"

#include <gmock/gmock.h>

#include <map>
#include <sstream>

namespace feedline {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using Values = std::map<std::string, std::string>;

Values lines_of(const Options& options) {
  Values lines;
  std::istringstream text(canonical(options));
  for (std::string flag, value; text >> flag && std::getline(text >> std::ws, value);) lines[flag] = value;
  return lines;
}

TEST(FlagTable, ReadsWhatItWrites) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {},
           {"--lr", "1e-5", "--seed", "7", "--keep-silent", "--cuda-graphs", "off", "--max-bad", "2.5"},
           {"--model-size", "big", "--optimizer", "sgd", "--momentum", "0.5", "--augment", "strong"},
           {"--bad-samples", "abort", "--cache", "encoded", "--cache-bytes", "3G", "--order", "ready"},
           {"--resume", "folder", "--on-data-rank-loss", "stop", "--hang-timeout", "60"},
           {"--columns", "id,text", "--lang", "fa", "--text-encoding", "cp1256", "--f-max", "8000"}}) {
    const Options options = options_of(arguments);
    EXPECT_EQ(canonical(with_defaults(Options{}, lines_of(options))), canonical(options));
  }
}

TEST(FlagTable, HelpPrintsTheDefaultsOfOptions) {
  const std::string help = std::get<PrintCommand>(parse({"--help"})).text;
  const Options options;
  for (const std::string& value : {std::to_string(options.buffer_size), std::to_string(options.epochs),
                                   std::string("0.001"), std::string("normal"), std::string("auto")})
    EXPECT_THAT(help, HasSubstr("(default " + value + ")"));
  EXPECT_THAT(help, HasSubstr("(default 2.0)"));
  EXPECT_THAT(help, HasSubstr("(default off: shapes that fit the data)"));
}

TEST(OnResume, EveryFlagOfOptionsHasAKind) {
  const Options options = options_of({"--lr", "0.5"});
  Values all;
  for (const OnResume kind :
       {OnResume::kSameBatches, OnResume::kMustMatch, OnResume::kMayChange, OnResume::kNotCompared})
    all.merge(flags_that(kind, options));
  EXPECT_EQ(all, lines_of(options));
}

/// A flag that dropped out of these could change between the parts of a run without a word.
TEST(OnResume, FlagsThatDecideTheResultMustMatch) {
  for (const char* flag : {"--batch-size", "--grad-accum", "--drop-last"})
    EXPECT_THAT(flags_that(OnResume::kSameBatches, {}), Contains(Key(flag)));
  for (const char* flag : {"--seed",           "--optimizer",       "--augment",
                           "--image-size",     "--precision",       "--bad-samples",
                           "--mel-preset",     "--sample-rate",     "--n-fft",
                           "--win-length",     "--hop-length",      "--n-mels",
                           "--f-min",          "--f-max",           "--mel-fields",
                           "--channel",        "--keep-silent",     "--clip-seconds",
                           "--max-shapes",     "--max-text-length", "--enable-static-shapes",
                           "--max-mel-frames", "--columns",         "--lang",
                           "--text-encoding"})
    EXPECT_THAT(flags_that(OnResume::kMustMatch, {}), Contains(Key(flag)));
}

TEST(OnResume, ChangesOfTheseAreReported) {
  for (const char* flag : {"--epochs", "--max-steps", "--lr", "--warmup-steps", "--momentum",
                           "--weight-decay", "--train-threads", "--order", "--mel-device"})
    EXPECT_THAT(flags_that(OnResume::kMayChange, {}), Contains(Key(flag)));
}

TEST(ValueOfFlag, IsAsInCanonical) {
  EXPECT_EQ(value_of_flag("model-size", options_of({"--model-size", "big"})), "big");
  EXPECT_EQ(value_of_flag("image-size", {}), "unset");
  EXPECT_THROW(value_of_flag("no-such-flag", {}), InternalError);
}

}  // namespace
}  // namespace feedline
