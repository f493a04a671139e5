#include "parsing.hpp"

#include <set>

namespace feedline {
namespace {

TEST(Canonical, IsTheSameHoweverTheFlagsWereWritten) {
  EXPECT_EQ(canonical(options_of({"--lr", "0.5", "--seed", "3"})),
            canonical(options_of({"--seed=3", "--lr=5e-1"})));
  EXPECT_EQ(canonical(options_of({})), canonical(options_of({"--buffer-size", "50", "--epochs", "10"})));
}

TEST(Canonical, EveryFlagChangesIt) {
  std::set<std::string> texts = {canonical(options_of({}))};
  const std::vector<std::vector<std::string>> changes = {
      {"--data-gpu", "0"},
      {"--model-gpu", "0"},
      {"--device", "cpu"},
      {"--data-ranks", "1"},
      {"--transport", "shm"},
      {"--epochs", "3"},
      {"--model-start-delay", "1"},
      {"--val-data", "v"},
      {"--val-fraction", "0.2"},
      {"--task", "image"},
      {"--augment", "none"},
      {"--seed", "1"},
      {"--batch-size", "8"},
      {"--num-workers", "1"},
      {"--buffer-size", "1"},
      {"--buffer-bytes", "1M"},
      {"--max-steps", "1"},
      {"--lr", "0.3"},
      {"--warmup-steps", "1"},
      {"--optimizer", "sgd"},
      {"--weight-decay", "0.1"},
      {"--grad-accum", "2"},
      {"--drop-last"},
      {"--model-size", "tiny"},
      {"--model", "m"},
      {"--train-threads", "1"},
      {"--summary", "s"},
      {"--history", "h"},
      {"--trace", "t"},
      {"--checkpoint-dir", "c"},
      {"--resume", "c"},
      {"--isolate-decoders"},
      {"--resume-anyway"},
      {"--hang-timeout", "9"},
      {"--on-data-rank-loss", "stop"},
      {"--checkpoint-dir", "c", "--checkpoint-every-steps", "5"},
      {"--checkpoint-dir", "c", "--checkpoint-every-minutes", "5"},
      {"--checkpoint-dir", "c", "--keep-checkpoints", "5"},
      {"--synthetic-step-ms", "1"},
      {"--optimizer", "sgd", "--momentum", "0.1"}};
  for (const auto& change : changes) {
    EXPECT_TRUE(texts.insert(canonical(options_of(change))).second) << change.front();
  }
}

TEST(Canonical, IsOneLineAFlag) {
  const std::string text = canonical(options_of({"--lr", "0.1"}));
  EXPECT_NE(text.find("--lr 0.1\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with('\n'));
}

}  // namespace
}  // namespace feedline
