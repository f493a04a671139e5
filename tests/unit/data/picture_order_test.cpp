#include "decode_error.hpp"
#include "image/codec/png_damage.hpp"
#include "image/codec/png_decoder.hpp"
#include "image/picture_workspace.hpp"
#include "mixed_pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace feedline {
namespace {

using testing::mixed_pictures;
using testing::NamedFile;

constexpr std::uint32_t kSide = 24;
constexpr int kOrders = 12;

/// What is asked of a picture: a part of it, shrunk; or what is damaged about it.
struct Question {
  std::uint32_t shrink = 1;
  double left = 0, top = 0, width = 1, height = 1;  ///< shares of the shrunk picture
  bool damage = false;
};

const std::vector<Question> kQuestions = {{},
                                          {2},
                                          {4},
                                          {8},
                                          {1, 0.3, 0.4, 0.5, 0.3},
                                          {1, 0.7, 0.8, 0.2, 0.2},
                                          {2, 0.5, 0.1, 0.4, 0.4},
                                          {4, 0.6, 0.6, 0.4, 0.2},
                                          {1, 0, 0, 1, 1, true}};

/// All that a picture gives: a header and pixels, or words.
struct Answer {
  std::string words;
  PictureHeader header;
  std::vector<std::uint8_t> pixels, scaled;

  bool operator==(const Answer&) const = default;
};

PixelBox box_of(const Question& question, std::uint32_t width, std::uint32_t height) {
  const auto place = [](double share, std::uint32_t size) {
    return std::min(static_cast<std::uint32_t>(share * size), size - 1);
  };
  const auto extent = [](double share, std::uint32_t from, std::uint32_t size) {
    return std::clamp(static_cast<std::uint32_t>(share * size), 1U, size - from);
  };
  PixelBox box{place(question.left, width), place(question.top, height), 0, 0};
  box.width = extent(question.width, box.left, width);
  box.height = extent(question.height, box.top, height);
  return box;
}

PixelView pixels_of(PictureWorkspace& workspace, std::span<const std::byte> file, const PictureHeader& header,
                    const Question& question) {
  if (is_png(file)) {
    const PixelBox box = box_of(question, header.width, header.height);
    workspace.pixels.resize(
        std::max(workspace.pixels.size(), std::size_t{box.width} * box.height * kPixelBytes + kPixelPadding));
    decode_png(file, box, workspace.pixels.data(), box.width * kPixelBytes);
    return {workspace.pixels.data(), box.width * kPixelBytes, box.width, box.height};
  }
  const std::uint32_t shrink = question.shrink;
  return workspace.jpeg.decode(
      box_of(question, (header.width + shrink - 1) / shrink, (header.height + shrink - 1) / shrink), shrink);
}

Answer ask(PictureWorkspace& workspace, std::span<const std::byte> file, const Question& question) {
  Answer answer;
  try {
    answer.header = is_png(file) ? read_png_header(file) : workspace.jpeg.open(file);
    if (question.damage) {
      answer.words = is_png(file) ? find_png_damage(file) : workspace.jpeg.find_damage();
      return answer;
    }
    const PixelView view = pixels_of(workspace, file, answer.header, question);
    for (std::uint32_t row = 0; row < view.height; ++row) {
      const std::uint8_t* line = view.data + row * view.stride;
      answer.pixels.insert(answer.pixels.end(), line, line + view.width * kPixelBytes);
    }
    answer.scaled.resize(kPixelBytes * kSide * kSide);
    workspace.resizer.resize(view, {0, 0, static_cast<double>(view.width), static_cast<double>(view.height)},
                             false, false, kSide, kSide, answer.scaled.data());
  } catch (const DecodeError& error) {
    answer.words = error.what();
  }
  return answer;
}

// Tools are used for one file after the other. Whatever came before: a picture is the same picture, and a bad
// one is bad for the same reason.
TEST(PictureOrder, ChangesNoPicture) {
  const std::vector<NamedFile> files = mixed_pictures();
  std::vector<Answer> alone;
  for (const NamedFile& file : files) {
    for (const Question& question : kQuestions) {
      PictureWorkspace fresh;
      alone.push_back(ask(fresh, file.bytes, question));
    }
  }
  PictureWorkspace workspace;
  std::mt19937 random(5);
  std::vector<std::size_t> order(alone.size());
  std::iota(order.begin(), order.end(), 0U);
  for (int round = 0; round < kOrders; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) {
      const NamedFile& file = files[i / kQuestions.size()];
      const Answer answer = ask(workspace, file.bytes, kQuestions[i % kQuestions.size()]);
      ASSERT_EQ(answer.words, alone[i].words) << file.name << ", question " << i % kQuestions.size();
      ASSERT_TRUE(answer == alone[i]) << file.name << ", question " << i % kQuestions.size();
    }
  }
}

// A damaged picture is the same one too, whatever part of it is decoded.
TEST(PictureOrder, APartIsPartOfTheWholeThoughItIsDamaged) {
  PictureWorkspace workspace;
  for (const NamedFile& file : mixed_pictures()) {
    for (const Question& question : kQuestions) {
      if (question.damage) continue;
      const Answer whole = ask(workspace, file.bytes, {question.shrink});
      const Answer part = ask(workspace, file.bytes, question);
      ASSERT_EQ(part.words, whole.words) << file.name;
      if (!part.words.empty()) continue;
      const std::uint32_t shrink = is_png(file.bytes) ? 1 : question.shrink;
      const std::uint32_t width = (whole.header.width + shrink - 1) / shrink;
      const PixelBox box = box_of(question, width, (whole.header.height + shrink - 1) / shrink);
      for (std::uint32_t row = 0; row < box.height; ++row) {
        const auto line = part.pixels.begin() + row * box.width * kPixelBytes;
        ASSERT_TRUE(std::equal(line, line + box.width * kPixelBytes,
                               whole.pixels.begin() + ((box.top + row) * width + box.left) * kPixelBytes))
            << file.name << ", shrink " << shrink << ", row " << box.top + row;
      }
    }
  }
}

}  // namespace
}  // namespace feedline
