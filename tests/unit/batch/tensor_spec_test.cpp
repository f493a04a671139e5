#include <feedline/batch/tensor_spec.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

TEST(DType, BytesAndNames) {
  EXPECT_EQ(element_bytes(DType::kUInt8), 1u);
  EXPECT_EQ(element_bytes(DType::kInt32), 4u);
  EXPECT_EQ(element_bytes(DType::kInt64), 8u);
  EXPECT_EQ(element_bytes(DType::kFloat32), 4u);
  EXPECT_STREQ(dtype_name(DType::kUInt8), "uint8");
  EXPECT_STREQ(dtype_name(DType::kInt32), "int32");
  EXPECT_STREQ(dtype_name(DType::kInt64), "int64");
  EXPECT_STREQ(dtype_name(DType::kFloat32), "float32");
}

TEST(TensorSpec, SampleBytes) {
  EXPECT_EQ((TensorSpec{"image", DType::kUInt8, {3, 4, 5}}.sample_bytes()), 60u);
  EXPECT_EQ((TensorSpec{"mel", DType::kFloat32, {80, 10}}.sample_bytes()), 3200u);
  EXPECT_EQ((TensorSpec{"label", DType::kInt64, {}}.sample_bytes()), 8u) << "a scalar";
  EXPECT_EQ((TensorSpec{"none", DType::kInt32, {0, 7}}.sample_bytes()), 0u);
}

}  // namespace
}  // namespace feedline
