#include <feedline/common/unique_handle.hpp>

#include <gtest/gtest.h>

#include <type_traits>
#include <utility>
#include <vector>

namespace feedline {
namespace {

std::vector<int> closed;

struct NumberTraits {
  using Type = int;
  static Type null() noexcept { return -1; }
  static void close(Type value) noexcept { closed.push_back(value); }
};
using Number = UniqueHandle<NumberTraits>;

static_assert(!std::is_copy_constructible_v<Number> && !std::is_copy_assignable_v<Number>);
static_assert(std::is_nothrow_move_constructible_v<Number> && std::is_nothrow_move_assignable_v<Number>);

class UniqueHandleTest : public ::testing::Test {
 protected:
  void SetUp() override { closed.clear(); }
};

TEST_F(UniqueHandleTest, ClosesOnceAtTheEnd) {
  {
    const Number number(0);
    EXPECT_TRUE(number);
    EXPECT_EQ(number.get(), 0);
  }
  EXPECT_EQ(closed, std::vector<int>{0});
}

TEST_F(UniqueHandleTest, EmptyClosesNothing) {
  {
    const Number number;
    EXPECT_FALSE(number);
  }
  EXPECT_TRUE(closed.empty());
}

TEST_F(UniqueHandleTest, MovingHandsTheDutyOver) {
  {
    Number first(1);
    const Number second(std::move(first));
    EXPECT_FALSE(first);
    EXPECT_EQ(second.get(), 1);
    EXPECT_TRUE(closed.empty());
  }
  EXPECT_EQ(closed, std::vector<int>{1});
}

TEST_F(UniqueHandleTest, AssignmentClosesWhatWasThere) {
  Number first(1);
  first = Number(2);
  EXPECT_EQ(closed, std::vector<int>{1});
  EXPECT_EQ(first.get(), 2);
}

TEST_F(UniqueHandleTest, SelfAssignmentKeepsIt) {
  Number number(1);
  Number& same = number;
  number = std::move(same);
  EXPECT_EQ(number.get(), 1);
  EXPECT_TRUE(closed.empty());
}

TEST_F(UniqueHandleTest, ReleaseClosesNothingAndResetClosesOnce) {
  Number number(1);
  EXPECT_EQ(number.release(), 1);
  EXPECT_FALSE(number);
  EXPECT_TRUE(closed.empty());
  number.reset(2);
  number.reset();
  number.reset();
  EXPECT_EQ(closed, std::vector<int>{2});
}

}  // namespace
}  // namespace feedline
