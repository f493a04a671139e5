#include "temp_folder.hpp"

#include <feedline/checkpoint/checkpoint_writer.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace feedline {
namespace {

namespace fs = std::filesystem;

SaveJob job(std::uint64_t steps, bool best = false) {
  const std::string text = std::to_string(steps);
  return {CheckpointName{steps, 0}.text(),
          {{"one", [text](const ByteSink& sink) { sink(std::as_bytes(std::span(text))); }}},
          best};
}

class CheckpointWriterTest : public ::testing::Test {
 protected:
  testing::TempFolder temp_;
  CheckpointFolder folder_{temp_ / "checkpoints"};
};

TEST_F(CheckpointWriterTest, WritesInTheBackgroundAndKeepsTheNewest) {
  CheckpointWriter writer(folder_, {.keep = 2, .best = {}, .before_save = {}});
  for (const std::uint64_t steps : {1, 2, 3, 4}) writer.submit(job(steps, steps == 1));
  writer.wait();
  EXPECT_EQ(writer.stats().written, 4u);
  EXPECT_EQ(writer.stats().failed, 0u);
  EXPECT_EQ(folder_.list().size(), 3u) << "the best stays";
  EXPECT_EQ(read_text(folder_.path() / "best/one"), "1");
}

TEST_F(CheckpointWriterTest, AFailedSaveIsCountedAndTheNextOneIsTried) {
  CheckpointWriter writer(folder_, {.keep = 3, .best = {}, .before_save = [](std::uint64_t number) {
                                      if (number == 1)
                                        throw fs::filesystem_error(
                                            "cannot write", "/the/disk",
                                            std::make_error_code(std::errc::no_space_on_device));
                                    }});
  writer.submit(job(1));
  writer.wait();
  EXPECT_TRUE(writer.stats().last_failed);
  EXPECT_NE(writer.stats().trouble.find("/the/disk: No space left"), std::string::npos)
      << writer.stats().trouble;
  writer.submit(job(2));
  writer.wait();
  EXPECT_FALSE(writer.stats().last_failed);
  EXPECT_EQ(writer.stats().failed, 1u);
  EXPECT_EQ(folder_.list().size(), 1u);
}

TEST_F(CheckpointWriterTest, AFolderThatWasRemovedIsMadeAnewAndStaysLocked) {
  CheckpointWriter writer(folder_, {.keep = 3, .best = {}, .before_save = {}});
  writer.submit(job(1, true));
  writer.wait();
  fs::remove_all(folder_.path());
  writer.submit(job(2, true));
  writer.wait();
  EXPECT_EQ(writer.stats().failed, 0u) << writer.stats().trouble;
  EXPECT_EQ(folder_.list().size(), 1u);
  EXPECT_NO_THROW(verify_checkpoint(folder_.path() / "best"));
  const UniqueFd other(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EXPECT_NE(::flock(other.get(), LOCK_EX | LOCK_NB), 0) << "another run could use it";
}

TEST_F(CheckpointWriterTest, AFolderInPlaceOfTheLinkIsKeptAndCostsNoCheckpoint) {
  temp_.write("checkpoints/best/one", "mine");
  CheckpointWriter writer(folder_, {.keep = 1, .best = {}, .before_save = {}});
  for (const std::uint64_t steps : {1, 2, 3}) writer.submit(job(steps, steps == 2));
  writer.wait();
  EXPECT_EQ(writer.stats().failed, 0u);
  EXPECT_EQ(folder_.list().size(), 2u) << "old ones are removed";
  EXPECT_EQ(read_text(folder_.path() / "best/one"), "2");
  EXPECT_EQ(read_text(folder_.path() / "best-old-1/one"), "mine");
}

TEST_F(CheckpointWriterTest, AFileOrADanglingLinkInPlaceOfTheLinkIsReplaced) {
  temp_.write("checkpoints/best", "step-000000009");
  {
    CheckpointWriter writer(folder_, {.keep = 3, .best = {}, .before_save = {}});
    writer.submit(job(1, true));
  }
  EXPECT_EQ(read_text(folder_.path() / "best/one"), "1");
  fs::remove(folder_.path() / "best");
  fs::create_symlink("nowhere", folder_.path() / "best");
  {
    CheckpointWriter writer(folder_, {.keep = 3, .best = {}, .before_save = {}});
    writer.submit(job(2, true));
  }
  EXPECT_EQ(read_text(folder_.path() / "best/one"), "2");
}

TEST_F(CheckpointWriterTest, SubmitDoesNotWaitForTheDisk) {
  std::atomic<bool> go{false};
  SaveJob slow = job(1);
  slow.parts[0].write = [&](const ByteSink&) { go.wait(false); };
  CheckpointWriter writer(folder_, {});
  writer.submit(std::move(slow));
  EXPECT_TRUE(writer.busy());
  go = true;
  go.notify_all();
  writer.wait();
  EXPECT_FALSE(writer.busy());
}

TEST_F(CheckpointWriterTest, ItsEndWaitsForWhatWasSubmitted) {
  { CheckpointWriter(folder_, {}).submit(job(5)); }
  EXPECT_EQ(folder_.list().size(), 1u);
}

}  // namespace
}  // namespace feedline
