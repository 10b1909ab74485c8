#pragma once

#include <functional>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>

namespace whimbrel::test {

/// Text in any spelling that SQLite reads as the same tokens: quotes, case, white space and comments are random.
class RandomSpelling {
 public:
  explicit RandomSpelling(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool chance(unsigned percent) { return engine_() % 100 < percent; }

 protected:
  /// Appends words with white space or comments between them; those in capitals in any case.
  void write(std::initializer_list<std::string_view> words);
  void word(std::string_view text);
  void space();
  void identifier(std::string_view name);
  void string(std::string_view text);
  void list(std::size_t count, const std::function<void()>& item);
  void parenthesised(const std::function<void()>& inner);

  std::string_view pick(std::initializer_list<std::string_view> items) { return items.begin()[below(items.size())]; }

  std::mt19937_64 engine_;
  std::string text_;
};

}  // namespace whimbrel::test
