#include <feedline/batch/batch_spec.hpp>
#include <feedline/batch/slot_header.hpp>
#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const TensorSpec kImage{"image", DType::kUInt8, {3, 7, 5}};
const TensorSpec kLabel{"label", DType::kInt64, {}};

TEST(BatchSpec, EverythingIsAlignedAndNothingOverlaps) {
  for (const std::uint32_t capacity : {1u, 2u, 31u, 64u, 1000u}) {
    const BatchSpec spec(capacity, {kImage, kLabel, {"mel", DType::kFloat32, {80, 3}}});
    EXPECT_GE(spec.layout().header_bytes(), sizeof(SlotHeader) + capacity * sizeof(std::uint64_t));
    EXPECT_EQ(spec.layout().header_bytes() % kSlotAlignment, 0u);
    EXPECT_EQ(spec.slot_bytes() % kSlotAlignment, 0u);
    std::size_t end = spec.layout().header_bytes();
    for (std::size_t i = 0; i < spec.layout().tensors().size(); ++i) {
      EXPECT_EQ(spec.layout().offset(i) % kSlotAlignment, 0u);
      EXPECT_GE(spec.layout().offset(i), end);
      EXPECT_LT(spec.layout().offset(i), end + kSlotAlignment)
          << "no more padding than the alignment asks for";
      end = spec.layout().offset(i) + capacity * spec.layout().tensors()[i].sample_bytes();
    }
    EXPECT_GE(spec.slot_bytes(), end);
    EXPECT_LT(spec.slot_bytes(), end + kSlotAlignment);
    EXPECT_EQ(spec.layout().header_bytes() + spec.layout().payload_bytes(), spec.slot_bytes());
  }
}

TEST(BatchSpec, AnExample) {
  const BatchSpec spec(4, {kImage, kLabel});
  EXPECT_EQ(spec.layout().header_bytes(), 1024u);  // 824 + 4 * 8
  EXPECT_EQ(spec.layout().offset(0), 1024u);
  EXPECT_EQ(spec.layout().offset(1), 1536u);  // 4 * 105 bytes of pictures
  EXPECT_EQ(spec.slot_bytes(), 1792u);
  EXPECT_EQ(spec.layout().payload_bytes(), 768u);
}

TEST(BatchSpec, FindsTensorsByName) {
  const BatchSpec spec(4, {kImage, kLabel});
  EXPECT_EQ(spec.layout().index("image"), 0u);
  EXPECT_EQ(spec.layout().index("label"), 1u);
  EXPECT_THAT([&] { spec.layout().index("mel"); }, ThrowsMessage<InternalError>(HasSubstr("mel")));
}

TEST(BatchSpec, ComparesAllOfItsParts) {
  const BatchSpec spec(4, {kImage, kLabel});
  EXPECT_EQ(spec, BatchSpec(4, {kImage, kLabel}));
  EXPECT_NE(spec, BatchSpec(5, {kImage, kLabel}));
  EXPECT_NE(spec, BatchSpec(4, {kLabel, kImage}));
  EXPECT_NE(spec, BatchSpec(4, {kImage, {"label", DType::kInt32, {}}}));
}

TEST(BatchSpec, HoldsTheLimitsOfTheHeader) {
  const std::vector<TensorSpec> most(kMaxTensors, kLabel);
  EXPECT_NO_THROW(BatchSpec(1, most));
  std::vector<TensorSpec> too_many = most;
  too_many.push_back(kLabel);
  EXPECT_THROW(BatchSpec(1, too_many), InternalError);
  EXPECT_THROW(BatchSpec(1, {}), InternalError);
  EXPECT_THROW(BatchSpec(0, {kLabel}), InternalError);
  EXPECT_NO_THROW(BatchSpec(1, {{std::string(15, 'x'), DType::kUInt8, {}}}));
  EXPECT_THROW(BatchSpec(1, {{std::string(16, 'x'), DType::kUInt8, {}}}), InternalError);
  const std::vector<std::int64_t> most_dims(kMaxDims, 1), too_many_dims(kMaxDims + 1, 1);
  EXPECT_NO_THROW(BatchSpec(1, {{"x", DType::kUInt8, most_dims}}));
  EXPECT_THROW(BatchSpec(1, {{"x", DType::kUInt8, too_many_dims}}), InternalError);
}

}  // namespace
}  // namespace feedline
