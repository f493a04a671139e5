#include "mel_lanes.hpp"

#include "mel_math.hpp"

#include <algorithm>
#include <cstdint>

// Highway compiles this file once for each instruction set; the best one that the machine has is chosen when
// it is called. The least is that of x86-64-v2 (CMakeLists.txt).
// Vectors of SVE have no size, so they cannot be members or elements of arrays; NEON serves there.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "audio/mel/mel_lanes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// It knows its target from the two above.
// clang-format off
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace feedline::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, kMostLanes>;
using Vector = hn::Vec<Tag>;
constexpr Tag kTag;
constexpr std::size_t kLanes = hn::MaxLanes(kTag);

/// Complex numbers of as many frames as there are lanes.
struct Complex {
  Vector re, im;
};

HWY_INLINE Complex load(const float* from) {
  return {hn::Load(kTag, from), hn::Load(kTag, from + kLanes)};
}

HWY_INLINE void store(const Complex& value, float* to) {
  hn::Store(value.re, kTag, to);
  hn::Store(value.im, kTag, to + kLanes);
}

HWY_INLINE Complex add(const Complex& a, const Complex& b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}

HWY_INLINE Complex sub(const Complex& a, const Complex& b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}

/// Times -i.
HWY_INLINE Complex turn(const Complex& a) {
  return {a.im, hn::Neg(a.re)};
}

HWY_INLINE Complex scale(const Complex& a, float by) {
  const Vector factor = hn::Set(kTag, by);
  return {hn::Mul(a.re, factor), hn::Mul(a.im, factor)};
}

HWY_INLINE Complex rotate(const Complex& a, const float* unit) {
  const Vector c = hn::Set(kTag, unit[0]), s = hn::Set(kTag, unit[1]);
  return {hn::NegMulAdd(a.im, s, hn::Mul(a.re, c)), hn::MulAdd(a.re, s, hn::Mul(a.im, c))};
}

/// The transform of `radix` numbers.
HWY_INLINE void butterfly2(Complex* x) {
  const Complex a = x[0], b = x[1];
  x[0] = add(a, b);
  x[1] = sub(a, b);
}

HWY_INLINE void butterfly3(Complex* x) {
  constexpr float kSine = 0.86602540378443865F;
  const Complex sum = add(x[1], x[2]), difference = scale(turn(sub(x[1], x[2])), kSine);
  const Complex centre = sub(x[0], scale(sum, 0.5F));
  x[0] = add(x[0], sum);
  x[1] = add(centre, difference);
  x[2] = sub(centre, difference);
}

HWY_INLINE void butterfly4(Complex* x) {
  const Complex a = add(x[0], x[2]), b = sub(x[0], x[2]);
  const Complex c = add(x[1], x[3]), d = turn(sub(x[1], x[3]));
  x[0] = add(a, c);
  x[1] = add(b, d);
  x[2] = sub(a, c);
  x[3] = sub(b, d);
}

HWY_INLINE void butterfly5(Complex* x) {
  constexpr float kCos1 = 0.30901699437494742F, kCos2 = -0.80901699437494742F;
  constexpr float kSin1 = 0.95105651629515357F, kSin2 = 0.58778525229247313F;
  const Complex s1 = add(x[1], x[4]), d1 = turn(sub(x[1], x[4]));
  const Complex s2 = add(x[2], x[3]), d2 = turn(sub(x[2], x[3]));
  const Complex a = add(x[0], add(scale(s1, kCos1), scale(s2, kCos2)));
  const Complex b = add(x[0], add(scale(s1, kCos2), scale(s2, kCos1)));
  const Complex e = add(scale(d1, kSin1), scale(d2, kSin2));
  const Complex f = sub(scale(d1, kSin2), scale(d2, kSin1));
  x[0] = add(x[0], add(s1, s2));
  x[1] = add(a, e);
  x[4] = sub(a, e);
  x[2] = add(b, f);
  x[3] = sub(b, f);
}

template <std::uint32_t kRadix>
HWY_INLINE void butterfly(Complex* x) {
  if constexpr (kRadix == 2) butterfly2(x);
  if constexpr (kRadix == 3) butterfly3(x);
  if constexpr (kRadix == 4) butterfly4(x);
  if constexpr (kRadix == 5) butterfly5(x);
}

template <std::uint32_t kRadix>
void run_pass(const FftPass& pass, const float* twiddles, const float* HWY_RESTRICT from,
              float* HWY_RESTRICT to) {
  const std::size_t parts = pass.length / kRadix, stride = pass.stride;
  for (std::size_t j = 0; j < parts; ++j, twiddles += 2 * (kRadix - 1)) {
    for (std::size_t q = 0; q < stride; ++q) {
      Complex x[kRadix];
      for (std::size_t k = 0; k < kRadix; ++k)
        x[k] = load(from + (q + stride * (j + parts * k)) * 2 * kLanes);
      butterfly<kRadix>(x);
      float* out = to + (q + stride * kRadix * j) * 2 * kLanes;
      store(x[0], out);
      for (std::size_t r = 1; r < kRadix; ++r)
        store(rotate(x[r], twiddles + 2 * (r - 1)), out + r * stride * 2 * kLanes);
    }
  }
}

/// Transforms `numbers`, and returns where the result lies: there or in `other`.
float* transform(const FftPlan& plan, float* numbers, float* other) {
  for (const FftPass& pass : plan.passes) {
    const float* twiddles = plan.twiddles.data() + pass.first_twiddle;
    if (pass.radix == 4) run_pass<4>(pass, twiddles, numbers, other);
    if (pass.radix == 2) run_pass<2>(pass, twiddles, numbers, other);
    if (pass.radix == 3) run_pass<3>(pass, twiddles, numbers, other);
    if (pass.radix == 5) run_pass<5>(pass, twiddles, numbers, other);
    std::swap(numbers, other);
  }
  return numbers;
}

/// Brings `kLanes` frames, `hop` apart, into lanes.
class Frames {
 public:
  Frames(const float* first, std::size_t hop) : first_(first) {
    const hn::RebindToSigned<Tag> integers;
    offsets_ = hn::Mul(hn::Iota(integers, 0), hn::Set(integers, static_cast<std::int32_t>(hop)));
  }

  HWY_INLINE Vector at(std::size_t i) const { return hn::GatherIndex(kTag, first_ + i, offsets_); }

 private:
  const float* first_;
  hn::Vec<hn::RebindToSigned<Tag>> offsets_;
};

/// Windowed samples, `numbers[i]` for i = 0 .. n_fft - 1: two samples make a complex number.
void load_plain(const MelProgram& program, const Frames& frames, float* numbers) {
  const Vector zero = hn::Zero(kTag);
  for (std::size_t i = 0; i < program.window_begin; ++i) hn::Store(zero, kTag, numbers + i * kLanes);
  for (std::size_t i = program.window_begin; i < program.window_end; ++i)
    hn::Store(hn::Mul(frames.at(i), hn::Set(kTag, program.window[i])), kTag, numbers + i * kLanes);
  for (std::size_t i = program.window_end; i < program.spec->n_fft; ++i)
    hn::Store(zero, kTag, numbers + i * kLanes);
}

/// The same after Kaldi's steps in each frame: the mean goes, then what the sample before foretells.
void load_emphasised(const MelProgram& program, const Frames& frames, float* numbers) {
  load_plain(program, frames, numbers);
  const Vector emphasis = hn::Set(kTag, kPreEmphasis);
  Vector mean = hn::Zero(kTag);
  if (program.spec->remove_dc) {
    for (std::size_t i = program.window_begin; i < program.window_end; ++i)
      mean = hn::Add(mean, frames.at(i));
    mean = hn::Mul(mean, hn::Set(kTag, 1.0F / static_cast<float>(program.window_end - program.window_begin)));
  }
  const bool emphasise = program.spec->pre_emphasis == MelPreEmphasis::kFrame;
  Vector before = hn::Sub(frames.at(program.window_begin), mean);
  for (std::size_t i = program.window_begin; i < program.window_end; ++i) {
    const Vector now = hn::Sub(frames.at(i), mean);
    const Vector value = emphasise ? hn::NegMulAdd(emphasis, before, now) : now;
    before = now;
    hn::Store(hn::Mul(value, hn::Set(kTag, program.window[i])), kTag, numbers + i * kLanes);
  }
}

/// Magnitude of a bin, or its square.
HWY_INLINE Vector strength(const MelSpec& spec, const Complex& bin) {
  Vector power = hn::MulAdd(bin.re, bin.re, hn::Mul(bin.im, bin.im));
  if (spec.power) return power;
  power = hn::Add(power, hn::Set(kTag, static_cast<float>(spec.power_added)));
  return hn::Sqrt(hn::Max(power, hn::Set(kTag, static_cast<float>(spec.power_floor))));
}

/// From the transform Z of even and odd samples as one complex sequence to the strengths of the bins of the
/// real one: X[k] = (Z[k] + conj Z[m-k]) / 2 - i w^k (Z[k] - conj Z[m-k]) / 2.
void strengths(const MelProgram& program, const float* z, float* out) {
  const MelSpec& spec = *program.spec;
  const std::size_t m = program.plan->size;
  const Complex first = load(z);
  const Vector zero = hn::Zero(kTag);
  hn::Store(strength(spec, {hn::Add(first.re, first.im), zero}), kTag, out);
  hn::Store(strength(spec, {hn::Sub(first.re, first.im), zero}), kTag, out + m * kLanes);
  for (std::size_t k = 1; k <= m / 2; ++k) {
    const Complex a = load(z + k * 2 * kLanes);
    const Complex b = load(z + (m - k) * 2 * kLanes);
    const Complex mirrored{b.re, hn::Neg(b.im)};
    const Complex even = scale(add(a, mirrored), 0.5F);
    const Complex odd =
        rotate(turn(scale(sub(a, mirrored), 0.5F)), program.plan->real_twiddles.data() + 2 * k);
    hn::Store(strength(spec, add(even, odd)), kTag, out + k * kLanes);
    hn::Store(strength(spec, sub(even, odd)), kTag, out + (m - k) * kLanes);
  }
}

HWY_INLINE Vector logarithm(const MelSpec& spec, Vector value) {
  const Vector floor = hn::Set(kTag, static_cast<float>(spec.log_floor));
  value = spec.floor_is_added ? hn::Add(value, floor) : hn::Max(value, floor);
  const Vector ln = hn::Log(kTag, value);
  if (spec.log == MelLog::kLn) return ln;
  constexpr float kLog10OfE = 0.43429448190325182F;
  return hn::Mul(ln, hn::Set(kTag, spec.log == MelLog::kLog10 ? kLog10OfE : 10 * kLog10OfE));
}

HWY_INLINE Vector weigh(const MelBand& band, const float* weights, const float* bins) {
  Vector even = hn::Zero(kTag), odd = hn::Zero(kTag);
  std::size_t i = 0;
  for (; i + 1 < band.bins; i += 2) {
    even = hn::MulAdd(hn::Set(kTag, weights[i]), hn::Load(kTag, bins + i * kLanes), even);
    odd = hn::MulAdd(hn::Set(kTag, weights[i + 1]), hn::Load(kTag, bins + (i + 1) * kLanes), odd);
  }
  if (i < band.bins) even = hn::MulAdd(hn::Set(kTag, weights[i]), hn::Load(kTag, bins + i * kLanes), even);
  return hn::Add(even, odd);
}

void bands(const MelProgram& program, const float* bins, std::size_t count, float* out, std::size_t stride) {
  for (const MelBand& band : program.filters->bands) {
    const Vector sum =
        weigh(band, program.filters->weights.data() + band.first_weight, bins + band.first_bin * kLanes);
    const Vector value = logarithm(*program.spec, sum);
    if (count == kLanes) {
      hn::StoreU(value, kTag, out);
    } else {
      alignas(64) float few[kLanes];
      hn::Store(value, kTag, few);
      std::copy_n(few, count, out);
    }
    out += stride;
  }
}

void MelOfFrames(const MelProgram& program, const float* padded, std::size_t frames, float* lanes, float* out,
                 std::size_t stride) {
  const MelSpec& spec = *program.spec;
  float* const numbers = lanes;
  float* const other = numbers + spec.n_fft * kLanes;
  float* const bins = other + spec.n_fft * kLanes;
  const bool plain = !spec.remove_dc && spec.pre_emphasis != MelPreEmphasis::kFrame;
  for (std::size_t done = 0; done < frames; done += kLanes) {
    const Frames here(padded + done * spec.hop_length, spec.hop_length);
    plain ? load_plain(program, here, numbers) : load_emphasised(program, here, numbers);
    strengths(program, transform(*program.plan, numbers, other), bins);
    bands(program, bins, std::min(kLanes, frames - done), out + done, stride);
  }
}

}  // namespace
}  // namespace feedline::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace feedline {

HWY_EXPORT(MelOfFrames);

std::size_t lane_floats(const MelSpec& spec) noexcept {
  return kMostLanes * (2 * std::size_t{spec.n_fft} + spec.n_fft / 2 + 1);
}

void mel_of_frames(const MelProgram& program, const float* padded, std::size_t frames, float* lanes,
                   float* out, std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(MelOfFrames)(program, padded, frames, lanes, out, stride);
}

}  // namespace feedline
#endif
