#include "mp3_streams.hpp"

#include "mp3_tags.hpp"

#include <algorithm>
#include <cstring>

namespace feedline {
namespace {

/// So many frames behind each other are no chance.
constexpr int kSureFrames = 3;

/// Behind an ID3 tag whose size is wrong, the first frame is looked for in so many bytes.
constexpr std::size_t kLooked = std::size_t{1} << 20U;

class Mp3Walk {
 public:
  explicit Mp3Walk(std::span<const std::byte> file) : file_(without_last_tags(file)) {}

  Mp3Streams run() {
    if (!find_start()) return {};
    while (at_ < file_.size()) {
      const auto frame = parse_mp3_frame(file_.subspan(at_));
      if (frame && frame->same_format(format_)) {
        if (frame->bytes <= file_.size() - at_)
          take(*frame);
        else
          pass_cut_frame();
      } else if (const std::size_t tag = mp3_tag_bytes(file_.subspan(at_)); tag > 0) {
        last_ = at_;
        at_ += tag;
      } else if (!find_next()) {
        break;
      }
    }
    std::erase_if(found_.streams, [&](const Mp3Stream& stream) {
      found_.cut = found_.cut || (stream.frames == 0 && stream.info && stream.info->frames > 0);
      return stream.frames == 0;
    });
    return std::move(found_);
  }

 private:
  /// Behind tags. Where no frames follow them, their size is wrong.
  bool find_start() {
    while (const std::size_t tag = mp3_tag_bytes(file_.subspan(at_))) at_ += tag;
    if (at_ > 0) at_ = past_zeros(at_);
    const auto first = parse_mp3_frame(file_.subspan(at_));
    if (first && is_sure(at_, &*first)) return set_format();
    if (at_ == 0 && !first) return false;
    found_.gaps = at_ == 0;
    at_ = find_sure(1, std::min(file_.size(), at_ + kLooked), nullptr);
    return at_ < file_.size() && is_sure(at_, nullptr) && set_format();
  }

  bool set_format() {
    format_ = parse_mp3_frame(file_.subspan(at_)).value();
    starts_stream_ = true;
    return true;
  }

  std::size_t past_zeros(std::size_t at) const noexcept {
    while (at < file_.size() && file_[at] == std::byte{0}) ++at;
    return at;
  }

  void take(const Mp3Frame& frame) {
    const auto info = parse_mp3_info(file_.subspan(at_, frame.bytes), frame);
    if (info || starts_stream_) {
      found_.streams.push_back({.format = frame, .info = info, .begin = at_, .runs = {}});
      starts_stream_ = false;
    }
    Mp3Stream& stream = found_.streams.back();
    last_ = at_;
    at_ += frame.bytes;
    if (info) return;
    if (stream.runs.empty() || stream.runs.back().end != last_)
      stream.runs.push_back({last_, last_, after_gap_});
    after_gap_ = false;
    stream.runs.back().end = at_;
    ++stream.frames;
    stream.least_bytes = std::min(stream.least_bytes, frame.bytes);
    stream.most_bytes = std::max(stream.most_bytes, frame.bytes);
  }

  /// The next frame after bytes that are none: within the last one (or the last tag), if that was cut short
  /// and another file was put behind it, or behind it. Of another format it begins another stream.
  bool find_next() {
    const std::size_t found = find_sure(last_ + kMp3Header, file_.size(), &format_);
    if (found == file_.size()) return false;
    if (found < at_) drop_last();
    found_.gaps = true;
    go_to(found);
    return true;
  }

  /// A frame for which the file is too short: its end, or another file was put behind it.
  void pass_cut_frame() {
    const std::size_t found = find_sure(at_ + kMp3Header, file_.size(), &format_);
    if (found == file_.size()) {
      found_.cut = true;
      at_ = found;
      return;
    }
    found_.gaps = true;
    go_to(found);
  }

  void go_to(std::size_t found) {
    after_gap_ = true;
    at_ = found;
    if (!parse_mp3_frame(file_.subspan(at_))->same_format(format_)) set_format();
  }

  /// Frames of which other ones begin within are not whole.
  void drop_last() {
    if (found_.streams.empty()) return;
    Mp3Stream& stream = found_.streams.back();
    if (stream.runs.empty() || stream.runs.back().end <= last_) return;
    stream.runs.back().end = last_;
    --stream.frames;
    if (stream.runs.back().begin == last_) stream.runs.pop_back();
  }

  std::size_t find_sure(std::size_t from, std::size_t end, const Mp3Frame* known) const noexcept {
    while (from < end) {
      const void* sync = std::memchr(file_.data() + from, 0xFF, end - from);
      if (sync == nullptr) return end;
      from = static_cast<std::size_t>(static_cast<const std::byte*>(sync) - file_.data());
      if (is_sure(from, known)) return from;
      ++from;
    }
    return end;
  }

  /// Whether frames of one format follow each other from here; at the end of the file and before a tag, fewer
  /// of the format that is known.
  bool is_sure(std::size_t at, const Mp3Frame* known) const noexcept {
    const auto first = parse_mp3_frame(file_.subspan(at));
    if (!first) return false;
    const bool is_known = known != nullptr && first->same_format(*known);
    std::size_t next = at + first->bytes;
    for (int frames = 1; frames < kSureFrames; ++frames) {
      if (next >= file_.size()) return is_known && (next == file_.size() || frames > 1);
      const auto rest = file_.subspan(next);
      if (mp3_tag_bytes(rest) > 0) return is_known;
      const auto frame = parse_mp3_frame(rest);
      if (!frame || !frame->same_format(*first)) return false;
      next += frame->bytes;
    }
    return true;
  }

  std::span<const std::byte> file_;
  std::size_t at_ = 0, last_ = 0;  ///< where the next one begins, and where the one before began
  bool starts_stream_ = true, after_gap_ = false;
  Mp3Frame format_;
  Mp3Streams found_;
};

}  // namespace

Mp3Streams find_mp3_streams(std::span<const std::byte> file) {
  return Mp3Walk(file).run();
}

}  // namespace feedline
