#pragma once

namespace feedline {

/// Tells the processor that the calling thread polls, so that it leaves resources to the other thread of its
/// core. Costs some 10 to 100 ns.
inline void pause_polling() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb" ::: "memory");  // "yield" does nothing on most cores
#endif
}

}  // namespace feedline
