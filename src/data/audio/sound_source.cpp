#include "sound_source.hpp"

#include "decode_error.hpp"

#include <feedline/common/log.hpp>
#include <feedline/data/sample_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

/// So large a part of the samples at full scale is heard.
constexpr double kClippedShare = 0.001;

}  // namespace

SoundSource::SoundSource(std::shared_ptr<const Storage> recordings, const MelSpec& spec,
                         const SoundOptions& options, CacheKind cache, std::uint64_t cache_bytes)
    : recordings_(std::move(recordings)),
      spec_(spec),
      log_mel_(spec),
      channel_(options.channel),
      keep_silent_(options.keep_silent),
      cache_(cache, cache_bytes, recordings_->size()),
      oddities_(recordings_->size()) {}

std::optional<FileIdentity> SoundSource::identity(std::uint64_t id) const noexcept {
  if (cache_.kind() == CacheKind::kNone) return std::nullopt;
  return recordings_->identity(id);
}

std::span<const float> SoundSource::wave(std::uint64_t id, SoundWorkspace& workspace) const {
  if (cache_.kind() != CacheKind::kEncoded) return decode(id, workspace);
  const auto now = identity(id);
  if (now) {
    const auto kept = cache_.find(id, *now);
    if (!kept.empty()) return kept;
  }
  const auto made = decode(id, workspace);
  if (now) cache_.keep(id, *now, made);
  return made;
}

std::span<const float> SoundSource::decode(std::uint64_t id, SoundWorkspace& workspace) const {
  try {
    const auto begin = Clock::now();
    StageRange range(workspace.lane, stage::kRead);
    const auto file = recordings_->read(id, workspace.file);
    const auto read = Clock::now();
    range.next(stage::kDecode);
    const SoundHeader header = workspace.decoder.open(file);
    judge(id, workspace.decoder.decode(channel_ ? static_cast<int>(*channel_) : kMeanOfChannels,
                                       workspace.decoded));
    const auto decoded = Clock::now();
    range.next(stage::kTransform);
    std::span<const float> wave = workspace.decoded;
    if (header.sample_rate != spec_.sample_rate) {
      workspace.resamplers.get(header.sample_rate, spec_.sample_rate)(workspace.decoded, workspace.resampled);
      wave = workspace.resampled;
    }
    if (wave.size() < samples_needed(spec_))
      throw DecodeError(
          fmt::format("it has {} samples, a spectrogram needs {}", wave.size(), samples_needed(spec_)));
    sums_.add_part(read - begin, decoded - read, Clock::now() - decoded);
    return wave;
  } catch (const DecodeError& error) {
    refuse(id, error.what());
  } catch (const std::system_error& error) {
    refuse(id, "cannot be read: " + error.code().message());
  }
}

void SoundSource::judge(std::uint64_t id, const SoundFacts& facts) const {
  if (facts.cancelled && !keep_silent_)
    throw DecodeError(
        "its channels cancel each other: next to nothing is left of their mean (--channel 0 takes the "
        "first)");
  if (facts.silent && !keep_silent_)
    throw DecodeError("it is silent from start to end (--keep-silent takes it as it is)");
  const std::string name = recordings_->describe(id);
  if (facts.truncated) remark(id, kTruncated, name + " ends before its header says; what is there is used.");
  if (facts.damaged)
    remark(id, kDamaged, name + " holds bytes that are none of its sound; they are passed over.");
  if (facts.peak > 1.0F)
    remark(id, kTooLoud, fmt::format("{} has samples up to {:.3g}, beyond full scale.", name, facts.peak));
  if (static_cast<double>(facts.full_scale) > kClippedShare * static_cast<double>(facts.samples))
    remark(id, kClipped,
           fmt::format("{} is clipped: {:.2f} % of its samples are at full scale.", name,
                       100.0 * static_cast<double>(facts.full_scale) / static_cast<double>(facts.samples)));
}

/// Tells of the first recording with this oddity, and notes the others.
void SoundSource::remark(std::uint64_t id, Oddity oddity, const std::string& message) const {
  oddities_[id].fetch_or(oddity, std::memory_order_relaxed);
  if ((told_.fetch_or(oddity, std::memory_order_relaxed) & oddity) == 0)
    log_warning(message + " Others like it are not named.");
}

std::string SoundSource::check(std::uint64_t id, SoundWorkspace& workspace) const {
  wave(id, workspace);
  const std::uint8_t oddities = oddities_[id].load(std::memory_order_relaxed);
  if ((oddities & kTruncated) != 0) return "it ends before its header says; what is there is used";
  return (oddities & kDamaged) != 0 ? "it holds bytes that are none of its sound; they are passed over" : "";
}

std::string SoundSource::remarks() const {
  std::string text;
  const auto add = [&](Oddity oddity, std::string_view what) {
    const auto count = std::count_if(oddities_.begin(), oddities_.end(), [&](const auto& each) {
      return (each.load(std::memory_order_relaxed) & oddity) != 0;
    });
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  };
  add(kClipped, "clipped");
  add(kTooLoud, "beyond full scale");
  add(kTruncated, "shorter than their header says");
  add(kDamaged, "with bytes that are no sound");
  return text.empty() ? text : fmt::format("Recordings that are used as they are: {}.", text);
}

void SoundSource::refuse(std::uint64_t id, std::string reason) const {
  throw SampleError(recordings_->describe(id), std::move(reason));
}

}  // namespace feedline
