#pragma once

#include <functional>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace whimbrel::test {

/// Random statements in all the spellings that SQLite's grammar has, most of which SQLite accepts. The same seed gives
/// the same statements everywhere.
class RandomStatement {
 public:
  explicit RandomStatement(std::uint64_t seed) : engine_(seed) {}

  /// CREATE TABLE "t".
  std::string create_table();
  /// CREATE INDEX on the table that was made last.
  std::string create_index();
  /// The statement with a few of its tokens or bytes changed, moved or left out.
  std::string mutated(std::string_view sql);

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool chance(unsigned percent) { return engine_() % 100 < percent; }

 private:
  /// Appends words with white space or comments between them; those in capitals in any case.
  void write(std::initializer_list<std::string_view> words);
  void word(std::string_view text);
  void space();
  void identifier(std::string_view name);
  void string(std::string_view text);
  void list(std::size_t count, const std::function<void()>& item);
  void parenthesised(const std::function<void()>& inner);

  void column(const std::string& name);
  void type();
  void column_constraint(const std::string& name);
  void default_value();
  void references();
  void deferral();
  void on_conflict();
  void constraint_name();
  void table_constraint();
  void key_columns();
  void key_part(const std::string& name);
  void expression(int depth);
  void options();

  std::string_view pick(std::initializer_list<std::string_view> items) { return items.begin()[below(items.size())]; }
  std::string_view any_column() { return columns_[below(columns_.size())]; }

  std::mt19937_64 engine_;
  std::string text_;
  std::vector<std::string> columns_;
  bool has_key_ = false;
  int index_count_ = 0;
};

}  // namespace whimbrel::test
