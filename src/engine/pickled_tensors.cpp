#include "pickled_tensors.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace feedline {
namespace {

/// A value on the stack of a pickle's machine, as far as it matters here.
struct Value {
  enum class Kind { kOther, kMark, kNumber, kText, kGlobal, kTuple, kStorage };
  Kind kind = Kind::kOther;
  std::int64_t number = 0;                          ///< Number, or a storage's number of values
  std::string text;                                 ///< Text, or the name of a storage's record
  std::shared_ptr<const std::vector<Value>> items;  ///< Items of a tuple
  std::uint64_t value_bytes = 0;                    ///< Bytes of one value of a storage
};
using Kind = Value::Kind;

constexpr std::uint64_t kTooMany = std::numeric_limits<std::uint64_t>::max();

/// Ends the reading at the first part that cannot be read.
struct NotKnown : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::uint64_t bytes_of(std::string_view storage_type) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 12> kTypes = {
      {{"FloatStorage", 4},
       {"DoubleStorage", 8},
       {"LongStorage", 8},
       {"IntStorage", 4},
       {"QInt32Storage", 4},
       {"HalfStorage", 2},
       {"BFloat16Storage", 2},
       {"ShortStorage", 2},
       {"ComplexFloatStorage", 8},
       {"ComplexDoubleStorage", 16},
       {"ComplexHalfStorage", 4},
       {"ByteStorage", 1}}};
  for (const auto& [name, bytes] : kTypes) {
    if (storage_type == name) return bytes;
  }
  return 1;  // one byte per value, or counted in bytes
}

std::uint64_t times(std::int64_t count, std::uint64_t bytes) {
  std::uint64_t product = 0;
  if (count < 0 || __builtin_mul_overflow(static_cast<std::uint64_t>(count), bytes, &product))
    return kTooMany;
  return product;
}

/// Returns the number of values from a storage's begin to the last value of a tensor; std::nullopt when these
/// are not a tensor's sizes and strides.
std::optional<std::int64_t> reach(std::int64_t offset, const std::vector<Value>& sizes,
                                  const std::vector<Value>& strides) {
  if (offset < 0 || sizes.size() != strides.size()) return std::nullopt;
  std::int64_t last = offset;
  bool empty = false;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::int64_t size = sizes[i].number, stride = strides[i].number;
    if (sizes[i].kind != Kind::kNumber || strides[i].kind != Kind::kNumber || size < 0 || stride < 0)
      return std::nullopt;
    empty |= size == 0;
    std::int64_t step = 0;
    if (size > 0 &&
        (__builtin_mul_overflow(size - 1, stride, &step) || __builtin_add_overflow(last, step, &last)))
      return std::nullopt;
  }
  if (empty) return 0;
  return last < std::numeric_limits<std::int64_t>::max() ? std::optional(last + 1) : std::nullopt;
}

/// The machine whose program is a pickle.
class Machine {
 public:
  explicit Machine(std::span<const std::byte> code) : code_(code) {}

  std::vector<PickledTensor> run() {
    try {
      while (step()) {
      }
    } catch (const NotKnown&) {  // torch will report the reason
    }
    return std::move(found_);
  }

 private:
  std::span<const std::byte> take(std::uint64_t count) {
    if (count > code_.size()) throw NotKnown("cut short");
    const auto taken = code_.first(count);
    code_ = code_.subspan(count);
    return taken;
  }

  std::uint64_t little(std::uint64_t count) {
    std::uint64_t value = 0, shift = 0;
    for (const std::byte byte : take(count)) {
      if (shift < 64) value |= std::to_integer<std::uint64_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }

  std::string text(std::uint64_t count) {
    const auto bytes = take(count);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::string line() {
    const auto end = std::find(code_.begin(), code_.end(), std::byte{'\n'});
    const std::string found = text(static_cast<std::uint64_t>(end - code_.begin()));
    take(1);
    return found;
  }

  void push(Kind kind, std::int64_t number = 0, std::string words = {}) {
    stack_.push_back({kind, number, std::move(words), nullptr, 0});
  }

  Value pop() {
    if (stack_.empty()) throw NotKnown("nothing is left");
    Value value = std::move(stack_.back());
    stack_.pop_back();
    return value;
  }

  /// Removes and returns all values after the last mark, and removes the mark.
  std::vector<Value> pop_to_mark() {
    std::size_t begin = stack_.size();
    while (begin > 0 && stack_[begin - 1].kind != Kind::kMark) --begin;
    if (begin == 0) throw NotKnown("no mark");
    std::vector<Value> items(std::make_move_iterator(stack_.begin() + static_cast<std::ptrdiff_t>(begin)),
                             std::make_move_iterator(stack_.end()));
    stack_.resize(begin - 1);
    return items;
  }

  void push_tuple(std::vector<Value> items) {
    push(Kind::kTuple);
    stack_.back().items = std::make_shared<const std::vector<Value>>(std::move(items));
  }

  void push_tuple_of(std::size_t count) {
    std::vector<Value> items(count);
    for (std::size_t i = count; i > 0; --i) items[i - 1] = pop();
    push_tuple(std::move(items));
  }

  void drop(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) pop();
  }

  void keep(std::uint64_t place) {
    if (stack_.empty()) throw NotKnown("nothing to keep");
    memo_[place] = stack_.back();
  }

  void push_kept(std::uint64_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) throw NotKnown("nothing was kept there");
    stack_.push_back(found->second);
  }

  /// Pushes the storage with the id ("storage", its type, record, device, number of values).
  void push_storage(const Value& id) {
    constexpr std::size_t kType = 1, kRecord = 2, kCount = 4;
    push(Kind::kOther);
    if (id.kind != Kind::kTuple || id.items->size() <= kCount) return;
    const std::vector<Value>& parts = *id.items;
    if (parts[kRecord].kind != Kind::kText || parts[kCount].kind != Kind::kNumber) return;
    Value& storage = stack_.back();
    storage.kind = Kind::kStorage;
    storage.text = parts[kRecord].text;
    storage.number = parts[kCount].number;
    storage.value_bytes = bytes_of(parts[kType].text);
  }

  /// Makes a call. For a call that makes a tensor, (storage, offset, sizes, strides, ...) is noted.
  void call() {
    const Value arguments = pop();
    pop();  // the function
    if (arguments.kind == Kind::kTuple) note(*arguments.items);
    push(Kind::kOther);
  }

  void note(const std::vector<Value>& arguments) {
    constexpr std::size_t kLeast = 4;
    if (arguments.size() < kLeast || arguments[0].kind != Kind::kStorage ||
        arguments[1].kind != Kind::kNumber || arguments[2].kind != Kind::kTuple ||
        arguments[3].kind != Kind::kTuple)
      return;
    const Value& storage = arguments[0];
    const auto values = reach(arguments[1].number, *arguments[2].items, *arguments[3].items);
    found_.push_back({name(), storage.text, times(storage.number, storage.value_bytes),
                      values ? times(*values, storage.value_bytes) : kTooMany});
  }

  /// Returns a path of the last key of each dict that is being filled.
  std::string name() const {
    std::string path, key;
    const auto add = [&] {
      if (!key.empty()) path += (path.empty() ? "" : ".") + key;
      key.clear();
    };
    for (const Value& value : stack_) {
      if (value.kind == Kind::kMark) add();
      if (value.kind == Kind::kText) key = value.text;
    }
    add();
    return path;
  }

  bool step();

  std::span<const std::byte> code_;
  std::vector<Value> stack_;
  std::map<std::uint64_t, Value> memo_;
  std::vector<PickledTensor> found_;
};

bool Machine::step() {
  switch (static_cast<char>(little(1))) {
    case '.':  // the end
      return false;
    case '\x80':  // the protocol
      take(1);
      break;
    case '}':  // empty dict, list; none, true, false
    case ']':
    case 'N':
    case '\x88':
    case '\x89':
      push(Kind::kOther);
      break;
    case ')':
      push_tuple({});
      break;
    case '(':
      push(Kind::kMark);
      break;
    case 'X':
      push(Kind::kText, 0, text(little(4)));
      break;
    case '\x8c':
      push(Kind::kText, 0, text(little(1)));
      break;
    case 'c': {  // a class or function by module and name
      line();
      push(Kind::kGlobal, 0, line());
      break;
    }
    case 'K':
      push(Kind::kNumber, static_cast<std::int64_t>(little(1)));
      break;
    case 'M':
      push(Kind::kNumber, static_cast<std::int64_t>(little(2)));
      break;
    case 'J':
      push(Kind::kNumber, static_cast<std::int32_t>(little(4)));
      break;
    case '\x8a': {  // a number, after its length in bytes
      const std::uint64_t count = little(1);
      const auto value = static_cast<std::int64_t>(little(count));
      push(Kind::kNumber, count > 8 ? -1 : value);
      break;
    }
    case 'G':
      take(8);
      push(Kind::kOther);
      break;
    case 'q':
      keep(little(1));
      break;
    case 'r':
      keep(little(4));
      break;
    case 'h':
      push_kept(little(1));
      break;
    case 'j':
      push_kept(little(4));
      break;
    case 't':
      push_tuple(pop_to_mark());
      break;
    case '\x85':
      push_tuple_of(1);
      break;
    case '\x86':
      push_tuple_of(2);
      break;
    case '\x87':
      push_tuple_of(3);
      break;
    case 'l':  // a list or dict of all values since the mark
    case 'd':
      pop_to_mark();
      push(Kind::kOther);
      break;
    case 'e':  // items of a list or a dict
    case 'u':
      pop_to_mark();
      break;
    case 'a':
    case '0':
    case 'b':  // state of an object
      drop(1);
      break;
    case 's':
      drop(2);
      break;
    case '\x81':  // a new object of a class
      drop(2);
      push(Kind::kOther);
      break;
    case 'R':
      call();
      break;
    case 'Q':
      push_storage(pop());
      break;
    default:
      throw NotKnown("an instruction that torch does not write");
  }
  return true;
}

}  // namespace

std::vector<PickledTensor> tensors_in(std::span<const std::byte> pickle) {
  return Machine(pickle).run();
}

}  // namespace feedline
