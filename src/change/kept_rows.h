#pragma once

#include <string>
#include <vector>

#include "change/generate.h"
#include "dialect/dialect.h"

namespace whimbrel::run {

/// The rows of one table of a scratch database as they were, kept beside it to be compared with what a script makes of
/// them. Rows are told apart by their key, if they have one, and columns are followed through renames.
class KeptRows {
 public:
  /// The operations lead to `target`. The number tells the object from others of the same database.
  KeptRows(const dialect::Dialect& dialect, dialect::Connection& scratch, const model::Table& table,
           const std::vector<operation::Operation>& operations, const model::Schema& target, std::size_t number);

  /// Finds rows and values that no operation is about, and that are gone or others.
  void compare_after_up(std::vector<Finding>& damaged);
  /// As well; and values that do not come back from the type that their column had.
  void compare_after_down(std::vector<Finding>& damaged, std::vector<Finding>& converted);

 private:
  struct Column {
    std::string before;
    std::string after;
    model::Type type_before;
    model::Type type_after;
    bool is_retyped = false;
    bool is_filled = false;  ///< NULL has become something else.
  };
  struct Key {
    std::string before;  ///< SQL.
    std::string after;
  };

  void follow_table(const std::vector<operation::Operation>& operations);
  void follow_column(const model::Column& column, const std::vector<operation::Operation>& operations);
  [[nodiscard]] bool is_it(const model::Name& name) const { return name == table_.name || name == after_; }
  void find_key(const model::Schema& target);
  void keep();
  void keep_converted();

  [[nodiscard]] std::string matches(bool after) const;
  [[nodiscard]] std::string count_words(std::int64_t count, const std::string& what) const;
  void compare(bool after, const std::string& which, std::vector<Finding>& damaged) const;
  void compare_whole(bool after, const std::string& which, std::vector<Finding>& damaged) const;
  [[nodiscard]] std::vector<Value> first_row(const std::string& sql) const;

  const dialect::Dialect& dialect_;
  dialect::Connection& scratch_;
  const model::Table& table_;
  model::Name after_;
  bool is_dropped_ = false;
  std::vector<Column> columns_;
  std::vector<Key> key_;
  std::string kept_;       ///< The name of the table with the rows.
  std::string converted_;  ///< And of the one with those after `up`.
  std::int64_t count_ = 0;
};

}  // namespace whimbrel::run
