#include "temp_folder.hpp"

#include <feedline/metrics/history.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace feedline {
namespace {

using testing::TempFolder;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

EpochFigures epoch(std::uint32_t number) {
  return {number, 2, 16, 0.5, 0.25, 1.5, {{"accuracy", 0.75}}, 4, 1};
}

constexpr const char* kNames =
    "epoch,steps,samples,train_loss,learning_rate,val_loss,val_accuracy,seconds,samples_per_s,data_wait_s\n";
constexpr const char* kRest = ",2,16,0.5,0.25,1.5,0.75,4.000000,4.000,1.000000\n";

TEST(History, AddsRowsBelowTheNamesOfItsColumns) {
  const TempFolder folder;
  History history(folder / "h.csv", 0);
  EXPECT_EQ(text_of(folder / "h.csv"), "");
  history.add(epoch(1));
  history.add(epoch(2));
  EXPECT_EQ(text_of(folder / "h.csv"), std::string(kNames) + "1" + kRest + "2" + kRest);
}

TEST(History, CutsOffRowsOfEpochsThatAreTrainedAgainAndTornOnes) {
  const TempFolder folder;
  const std::string all = std::string(kNames) + "1" + kRest + "2" + kRest + "3" + kRest;
  folder.write("h.csv", all + "4,2,1");
  History history(folder / "h.csv", 2);
  EXPECT_EQ(text_of(folder / "h.csv"), std::string(kNames) + "1" + kRest + "2" + kRest);
  history.add(epoch(3));
  EXPECT_EQ(text_of(folder / "h.csv"), all);
}

TEST(History, BeginsAnewWithoutEpochsDone) {
  const TempFolder folder;
  folder.write("h.csv", std::string(kNames) + "1" + kRest);
  History history(folder / "h.csv", 0);
  history.add(epoch(1));
  EXPECT_EQ(text_of(folder / "h.csv"), std::string(kNames) + "1" + kRest);
}

TEST(History, NamesItsColumnsAgainWhenTheFileIsGoneOrEmptied) {
  const TempFolder folder;
  History history(folder / "h.csv", 0);
  history.add(epoch(1));
  std::filesystem::remove(folder / "h.csv");
  history.add(epoch(2));
  EXPECT_EQ(text_of(folder / "h.csv"), std::string(kNames) + "2" + kRest);
  folder.write("h.csv", "");
  history.add(epoch(3));
  EXPECT_EQ(text_of(folder / "h.csv"), std::string(kNames) + "3" + kRest);
}

TEST(History, LeavesOutWhatThereIsNot) {
  const TempFolder folder;
  History history(folder / "h.csv", 3);
  EpochFigures bare = epoch(4);
  bare.train_loss = bare.val_loss = std::nullopt;
  bare.val.clear();
  history.add(bare);
  EXPECT_EQ(text_of(folder / "h.csv"),
            "epoch,steps,samples,train_loss,learning_rate,val_loss,seconds,samples_per_s,data_wait_s\n"
            "4,2,16,,0.25,,4.000000,4.000,1.000000\n");
}

TEST(History, SaysWhereItCannotWrite) {
  const TempFolder folder;
  EXPECT_THROW(History(folder / "none/h.csv", 0), std::filesystem::filesystem_error);
}

}  // namespace
}  // namespace feedline
