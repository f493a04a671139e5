#include "sound_files.hpp"
#include "temp_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/data/sample_error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::make_wav;
using ::testing::ThrowsMessage;
using testing::tone;
using testing::WavKind;

/// Recordings as two classes, and with texts.
class SoundCheck : public ::testing::Test {
 protected:
  void SetUp() override { setenv("XDG_CACHE_HOME", cache_.path().c_str(), 1); }
  void TearDown() override { unsetenv("XDG_CACHE_HOME"); }

  void write(const std::string& name, const testing::Bytes& file) {
    testing::write_file(folder_ / "classes" / "a" / name, file);
    testing::write_file(folder_ / "classes" / "b" / name, file);
    testing::write_file(folder_ / "speech" / "wavs" / name, file);
    const char first = static_cast<char>('a' + named_++);
    std::ofstream(folder_ / "speech" / "metadata.csv", std::ios::app) << name << "|text " << first << "\n";
  }

  DataSplits open(const char* part) const {
    DataOptions options;
    options.train_data = folder_ / part;
    options.batch_size = 2;
    options.val_fraction = 0;
    return open_data(options);
  }

  /// What is said of each recording, by its name.
  static std::map<std::string, std::string> check_all(const Dataset& data) {
    std::map<std::string, std::string> found;
    for (std::uint64_t id = 0; id < data.size(); ++id) {
      const std::string path = data.describe(id);
      std::string& text = found[path.substr(path.rfind('/') + 1)];
      try {
        text = data.parts().audit->check(id);
      } catch (const SampleError& error) {
        text = "bad: " + error.reason();
      }
    }
    return found;
  }

  static testing::Bytes opposite_channels() {
    std::vector<double> both;
    for (const double value : tone(8000)) both.insert(both.end(), {value, -value});
    return make_wav(both, {16, false, false, 2});
  }

  testing::TempFolder folder_, cache_;
  int named_ = 0;
};

TEST_F(SoundCheck, TellsWhatIsDamagedButUsedAndWhyOthersAreNot) {
  write("good.wav", make_wav(tone(8000)));
  WavKind longer;
  longer.data_size = 100'000;
  write("cut.wav", make_wav(tone(8000), longer));
  write("opposite.wav", opposite_channels());
  testing::Bytes more = make_wav(tone(8000));
  more[4] = std::byte{36};  // of a file that ends with its samples
  more[5] = more[6] = more[7] = std::byte{0};
  more.resize(more.size() + 100, std::byte{0xC1});
  write("more.wav", more);
  for (const char* part : {"classes", "speech"}) {
    const DataSplits data = open(part);
    auto found = check_all(*data.train);
    EXPECT_EQ(found["good.wav"], "") << part;
    EXPECT_EQ(found["cut.wav"], "it ends before its header says; what is there is used") << part;
    EXPECT_EQ(found["more.wav"], "it holds bytes that are none of its sound; they are passed over") << part;
    EXPECT_THAT(found["opposite.wav"], AllOf(HasSubstr("bad: its channels cancel"), HasSubstr("--channel")));
  }
}

TEST_F(SoundCheck, ListsTheReasonsWhenNothingCanBeUsed) {
  testing::Bytes m4a(4);
  testing::put(m4a, "ftypM4A ");
  m4a.resize(900);
  write("x.wav", m4a);
  write("y.wav", opposite_channels());
  for (const char* part : {"classes", "speech"}) {
    EXPECT_THAT([&] { open(part); },
                ThrowsMessage<DataError>(AllOf(HasSubstr("MP4 file (m4a, mp4 or mov)"), HasSubstr("x.wav"),
                                               HasSubstr("channels cancel"), HasSubstr("y.wav"))))
        << part;
  }
}

}  // namespace
}  // namespace feedline
