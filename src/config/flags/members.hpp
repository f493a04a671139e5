#pragma once

#include <feedline/config/options.hpp>

namespace feedline::config {

/// Returns a function from Options to a member of one of its members: path(&Options::train,
/// &TrainOptions::lr).
template <class... Members>
auto path(Members... members) {
  return [=](auto& options) -> auto& {
    return (options.*....*members);
  };
}

template <class Value>
auto in_data(Value DataOptions::*member) {
  return path(&Options::data, member);
}

template <class Value>
auto in_sound(Value SoundOptions::*member) {
  return path(&Options::data, &DataOptions::sound, member);
}

template <class Value>
auto in_speech(Value SpeechOptions::*member) {
  return path(&Options::data, &DataOptions::speech, member);
}

template <class Value>
auto in_train(Value TrainOptions::*member) {
  return path(&Options::train, member);
}

template <class Value>
auto in_checkpoints(Value CheckpointOptions::*member) {
  return path(&Options::checkpoints, member);
}

}  // namespace feedline::config
