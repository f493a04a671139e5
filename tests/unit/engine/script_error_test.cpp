#include "script_error.hpp"

#include <gtest/gtest.h>

namespace feedline {
namespace {

TEST(ScriptError, GivesTheReasonAndTheUsersLine) {
  const std::string text =
      "The following operation failed in the TorchScript interpreter.\n"
      "Traceback of TorchScript, serialized code (most recent call last):\n"
      "  File \"code/__torch__.py\", line 14, in forward\n"
      "    _0 = (conv).forward(x, )\n"
      "          ~~~~~~~~~~~~~ <--- HERE\n"
      "\n"
      "Traceback of TorchScript, original code (most recent call last):\n"
      "  File \"/home/me/net.py\", line 8, in forward\n"
      "    def forward(self, x):\n"
      "        return self.head(self.conv(x))\n"
      "                         ~~~~~~~~~ <--- HERE\n"
      "  File \"/usr/lib/site-packages/torch/nn/modules/conv.py\", line 548, in _conv_forward\n"
      "        return F.conv2d(\n"
      "               ~~~~~~~~ <--- HERE\n"
      "            input, weight\n"
      "        )\n"
      "RuntimeError: expected 3 channels, but got 1\n";
  EXPECT_TRUE(is_script_error(text));
  EXPECT_EQ(explain_torch_error(text),
            "expected 3 channels, but got 1 (/home/me/net.py, line 8, in forward: `return "
            "self.head(self.conv(x))`)");
}

TEST(ScriptError, OfOtherErrorsTheFirstLine) {
  EXPECT_EQ(explain_torch_error("no such file\nmore"), "no such file");
  EXPECT_FALSE(is_script_error("no such file"));
}

TEST(ScriptError, WithoutAReasonThereIsStillASentence) {
  EXPECT_EQ(explain_torch_error("The following operation failed in the TorchScript interpreter."),
            "it failed, and torch gives no reason");
}

}  // namespace
}  // namespace feedline
