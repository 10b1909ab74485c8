#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "unit/dialect/sqlite/inspect/random_spelling.h"

namespace whimbrel::test {

/// Random statements in all the spellings that SQLite's grammar has, most of which SQLite accepts. The same seed gives
/// the same statements everywhere.
class RandomStatement : public RandomSpelling {
 public:
  using RandomSpelling::RandomSpelling;

  /// CREATE TABLE "t".
  std::string create_table();
  /// CREATE INDEX on the table that was made last.
  std::string create_index();
  /// The statement with a few of its tokens or bytes changed, moved or left out.
  std::string mutated(std::string_view sql);

 private:
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

  std::string_view any_column() { return columns_[below(columns_.size())]; }

  std::vector<std::string> columns_;
  bool has_key_ = false;
  int index_count_ = 0;
};

}  // namespace whimbrel::test
