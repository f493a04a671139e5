#pragma once

#include <feedline/batch/slot.hpp>

#include <filesystem>
#include <span>
#include <string>

namespace feedline {

/// Writes the pictures of a batch (tensor `image`, uint8 [C,H,W], C 1 or 3) side by side into a PNG file,
/// each with its caption below (ASCII; other characters are left out). Small pictures are enlarged by a whole
/// factor. Throws UsageError naming the file when it cannot be written.
void write_contact_sheet(const std::filesystem::path& path, const Slot& batch,
                         std::span<const std::string> captions);

}  // namespace feedline
