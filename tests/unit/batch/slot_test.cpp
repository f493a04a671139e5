#include <feedline/batch/slot.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::uint64_t kSequence = 12;

class SlotTest : public ::testing::Test {
 protected:
  /// A sealed slot of 3 samples of 4.
  SlotTest() {
    slot_.begin({Split::kVal, true, kSequence, 2, 5, 3});
    std::iota(slot_.sample_ids().begin(), slot_.sample_ids().end(), 100);
    slot_.seal();
  }

  void expect_refused(const std::string& text) {
    EXPECT_THAT([&] { slot_.verify(kSequence); },
                ThrowsMessage<PeerError>(AllOf(HasSubstr("atch 12"), HasSubstr(text))));
  }

  BatchSpec spec_{4, {{"image", DType::kUInt8, {3, 7, 5}}, {"label", DType::kInt64, {}}}};
  Mapping memory_ = Mapping::anonymous(spec_.slot_bytes());
  Slot slot_{memory_.bytes().data(), spec_};
};

TEST_F(SlotTest, BeginWritesTheHeader) {
  const SlotHeader& header = slot_.header();
  EXPECT_EQ(std::memcmp(memory_.bytes().data(), "SDFL", 4), 0);
  EXPECT_EQ(header.version, kSlotVersion);
  EXPECT_EQ(header.split, Split::kVal);
  EXPECT_EQ(header.last_of_split, 1);
  EXPECT_EQ(header.sequence, kSequence);
  EXPECT_EQ(header.epoch, 2u);
  EXPECT_EQ(header.batch, 5u);
  EXPECT_EQ(header.count, 3u);
  EXPECT_EQ(header.capacity, 4u);
  EXPECT_EQ(header.tensor_count, 2u);
  EXPECT_EQ(header.payload_bytes, spec_.layout().payload_bytes());
}

TEST_F(SlotTest, BeginDescribesTheTensors) {
  const TensorEntry& image = slot_.header().tensors[0];
  EXPECT_STREQ(image.name.data(), "image");
  EXPECT_EQ(image.dtype, static_cast<std::uint8_t>(DType::kUInt8));
  EXPECT_EQ(image.dims, 4);
  EXPECT_THAT(image.shape, ::testing::ElementsAre(3, 3, 7, 5, 0, 0, 0));
  EXPECT_EQ(image.offset, spec_.layout().offset(0));
  EXPECT_EQ(image.bytes, 3u * 105);
  const TensorEntry& label = slot_.header().tensors[1];
  EXPECT_STREQ(label.name.data(), "label");
  EXPECT_EQ(label.dims, 1);
  EXPECT_EQ(label.shape[0], 3);
  EXPECT_EQ(label.bytes, 3u * 8);
}

TEST_F(SlotTest, BeginForgetsTheBatchBefore) {
  slot_.begin({Split::kTrain, false, kSequence + 4, 3, 0, 4});
  EXPECT_EQ(slot_.header().split, Split::kTrain);
  EXPECT_EQ(slot_.header().last_of_split, 0);
  EXPECT_EQ(slot_.header().checksum, 0u);
  EXPECT_EQ(slot_.sample_ids().size(), 4u);
}

TEST_F(SlotTest, RowsLieBehindEachOtherWithinTheirTensor) {
  for (std::size_t tensor = 0; tensor < 2; ++tensor) {
    const std::size_t bytes = spec_.layout().tensors()[tensor].sample_bytes();
    for (std::uint32_t row = 0; row < 4; ++row) {
      EXPECT_EQ(slot_.row(tensor, row).data(), slot_.tensor(tensor) + row * bytes);
      EXPECT_EQ(slot_.row(tensor, row).size(), bytes);
    }
    EXPECT_EQ(slot_.tensor(tensor), memory_.bytes().data() + spec_.layout().offset(tensor));
  }
  EXPECT_LE(slot_.row(1, 3).data() + 8, memory_.bytes().data() + spec_.slot_bytes());
}

TEST_F(SlotTest, NotesAndSampleIdsLieBetweenHeaderAndPayload) {
  const std::byte* first = reinterpret_cast<const std::byte*>(slot_.sample_ids().data());
  EXPECT_EQ(first, memory_.bytes().data() + sizeof(SlotHeader) + 4 * sizeof(RowNote));
  EXPECT_EQ(slot_.notes().size(), 3u);
  EXPECT_EQ(slot_.sample_ids().size(), 3u);
}

TEST_F(SlotTest, VerifyAcceptsWhatWasSealed) {
  EXPECT_NO_THROW(slot_.verify(kSequence));
  slot_.row(0, 0)[0] = std::byte{9};
  EXPECT_NO_THROW(slot_.verify(kSequence)) << "the payload is not part of the checksum";
}

TEST_F(SlotTest, VerifyRefusesAnotherProgram) {
  slot_.header().magic ^= 1;
  slot_.seal();
  expect_refused("do not run the same program");
}

TEST_F(SlotTest, VerifyRefusesAnotherVersion) {
  slot_.header().version += 1;
  slot_.seal();
  expect_refused("do not run the same program");
}

TEST_F(SlotTest, VerifyRefusesMemoryThatWasNeverWritten) {
  std::ranges::fill(memory_.bytes(), std::byte{0});
  expect_refused("do not run the same program");
}

TEST_F(SlotTest, VerifyRefusesAnotherLayout) {
  const SlotHeader good = slot_.header();
  const auto refused = [&](auto change) {
    slot_.header() = good;
    change(slot_.header());
    slot_.header().checksum = 0;
    expect_refused("another layout");
  };
  refused([](SlotHeader& h) { h.capacity = 5; });
  refused([](SlotHeader& h) { h.count = 5; });
  refused([](SlotHeader& h) { h.payload_bytes += 256; });
  refused([](SlotHeader& h) { h.tensor_count = 1; });
}

TEST_F(SlotTest, VerifyRefusesOtherTensorsEvenWhenSealed) {
  const SlotHeader good = slot_.header();
  const auto refused = [&](auto change) {
    slot_.header() = good;
    change(slot_.header().tensors[0]);
    slot_.seal();
    expect_refused("another tensor");
  };
  refused([](TensorEntry& tensor) { tensor.name[0] = 'x'; });
  refused([](TensorEntry& tensor) { tensor.dtype = static_cast<std::uint8_t>(DType::kFloat32); });
  refused([](TensorEntry& tensor) { tensor.shape[1] += 1; });
  refused([](TensorEntry& tensor) { tensor.offset += kSlotAlignment; });
}

TEST_F(SlotTest, VerifyRefusesAnotherBatch) {
  EXPECT_THAT([&] { slot_.verify(13); },
              ThrowsMessage<PeerError>(AllOf(HasSubstr("Expected batch 13"), HasSubstr("batch 12 arrived"))));
}

TEST_F(SlotTest, VerifyRefusesAChangedSampleId) {
  for (std::uint64_t& id : slot_.sample_ids()) {
    id ^= 1;
    expect_refused("damaged");
    id ^= 1;
  }
}

TEST_F(SlotTest, DroppedRowsMoveUpAndTheirNotesToTheEnd) {
  slot_.begin({Split::kTrain, false, kSequence, 0, 0, 4});
  for (std::uint32_t row = 0; row < 4; ++row) {
    slot_.sample_ids()[row] = 10 + row;
    slot_.row(0, row)[0] = std::byte(row);
  }
  slot_.notes()[1].bad_id = 11;
  slot_.notes()[3].bad_id = 99;
  const std::array<std::uint8_t, 4> dropped = {0, 1, 0, 0};
  slot_.drop_rows(dropped);
  slot_.seal();
  EXPECT_NO_THROW(slot_.verify(kSequence));
  EXPECT_EQ(slot_.header().count, 3u);
  EXPECT_EQ(slot_.header().planned, 4u);
  EXPECT_THAT(slot_.sample_ids(), ::testing::ElementsAre(10, 12, 13));
  EXPECT_EQ(slot_.row(0, 2)[0], std::byte(3));
  std::vector<std::uint64_t> bad;
  for (const RowNote& note : slot_.notes()) bad.push_back(note.bad_id);
  EXPECT_THAT(bad, ::testing::ElementsAre(RowNote::kNone, RowNote::kNone, 99, 11));
}

class CheckedSlot : public SlotTest, public ::testing::WithParamInterface<ChecksumKind> {};
INSTANTIATE_TEST_SUITE_P(ChecksumKind, CheckedSlot,
                         ::testing::Values(ChecksumKind::kHash, ChecksumKind::kSum));

TEST_P(CheckedSlot, EveryDamagedBitOfThePayloadIsFound) {
  for (std::uint32_t row = 0; row < 3; ++row) slot_.check_row(row, GetParam());
  slot_.seal(GetParam());
  slot_.verify(kSequence);
  EXPECT_EQ(slot_.damaged_row(), std::nullopt);
  for (std::size_t tensor = 0; tensor < 2; ++tensor) {
    for (std::uint32_t row = 0; row < 3; ++row) {
      const auto bytes = slot_.row(tensor, row);
      for (std::size_t at = 0; at < bytes.size() * 8; ++at) {
        const std::byte bit = std::byte{1} << (at % 8);
        bytes[at / 8] ^= bit;
        EXPECT_EQ(slot_.damaged_row(), row) << "bit " << at << " of tensor " << tensor;
        bytes[at / 8] ^= bit;
      }
    }
  }
  slot_.row(0, 3)[0] ^= std::byte{1};
  EXPECT_EQ(slot_.damaged_row(), std::nullopt) << "rows behind the last real one hold nothing";
}

TEST_F(SlotTest, APayloadWithoutChecksumsIsNotChecked) {
  slot_.row(0, 0)[0] ^= std::byte{1};
  EXPECT_EQ(slot_.damaged_row(), std::nullopt);
}

TEST_F(SlotTest, VerifyRefusesAnyDamagedBitOfHeaderNotesAndIds) {
  std::vector<std::span<std::byte>> parts = {std::as_writable_bytes(std::span(&slot_.header(), 1)),
                                             std::as_writable_bytes(slot_.notes()),
                                             std::as_writable_bytes(slot_.sample_ids())};
  std::vector<std::byte*> bytes;
  for (const auto part : parts) {
    for (std::byte& byte : part) bytes.push_back(&byte);
  }
  for (std::size_t at = 0; at < bytes.size() * 8; ++at) {
    std::byte& byte = *bytes[at / 8];
    const std::byte bit = std::byte{1} << (at % 8);
    byte ^= bit;
    EXPECT_THROW(slot_.verify(kSequence), PeerError) << "bit " << at % 8 << " of byte " << at / 8;
    byte ^= bit;
  }
  EXPECT_NO_THROW(slot_.verify(kSequence));
}

}  // namespace
}  // namespace feedline
