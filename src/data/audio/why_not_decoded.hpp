#pragma once

#include "storage/storage.hpp"

#include <feedline/data/refusals.hpp>

#include <cstdint>
#include <span>

namespace feedline {

/// Returns the reasons why these recordings cannot be decoded. Of many recordings, only the first few hundred
/// are tried.
Refusals why_not_decoded(const Storage& recordings, std::span<const std::uint64_t> ids);

}  // namespace feedline
