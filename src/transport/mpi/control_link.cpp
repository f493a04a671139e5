#include "control_link.hpp"

#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace feedline {
namespace {

constexpr auto kSignOfLife = std::chrono::seconds(1);

std::span<std::byte> bytes_of(ControlMessage& message) {
  return std::as_writable_bytes(std::span(&message, 1));
}

}  // namespace

ControlMessage make_failure_message(ExitCode code, const std::string& text) {
  ControlMessage message;
  message.kind = ControlMessage::kFailed;
  message.code = static_cast<std::int32_t>(code);
  std::copy_n(text.begin(), std::min(text.size(), message.text.size() - 1), message.text.begin());
  return message;
}

ControlLink::ControlLink(Messenger& messenger, int peer, double silence_timeout)
    : messenger_(messenger),
      peer_(peer),
      silence_timeout_(silence_timeout),
      incoming_(std::make_unique<ControlMessage>()),
      receiving_(messenger.irecv(bytes_of(*incoming_), peer, kControlTag)),
      time_(kSignOfLife),
      last_sent_(Clock::now()) {}

void ControlLink::send(const ControlMessage& message) {
  auto entry = std::make_unique<Outgoing>(Outgoing{message, {}});
  entry->request = messenger_.isend(bytes_of(entry->message), peer_, kControlTag);
  outgoing_.push_back(std::move(entry));
  last_sent_ = Clock::now();
  said_bye_ = said_bye_ || message.kind == ControlMessage::kBye;
}

std::optional<ControlMessage> ControlLink::poll() {
  const Clock::duration now = time_.look();
  while (!outgoing_.empty() && outgoing_.front()->request.test()) outgoing_.pop_front();
  if (!said_bye_ && Clock::now() - last_sent_ > kSignOfLife) send({});
  if (heard_bye_) return std::nullopt;
  if (!receiving_.test()) {
    if (to_seconds(now - last_heard_) > silence_timeout_) {
      throw PeerError(
          fmt::format("Lost rank {}: no sign of life for {}.", peer_, format_duration(silence_timeout_)));
    }
    return std::nullopt;
  }
  const ControlMessage message = *incoming_;
  last_heard_ = now;
  heard_bye_ = message.kind == ControlMessage::kBye;
  if (!heard_bye_) receiving_ = messenger_.irecv(bytes_of(*incoming_), peer_, kControlTag);
  return message;
}

bool ControlLink::over() {
  return said_bye_ && heard_bye_ && outgoing_.empty();
}

}  // namespace feedline
