#pragma once

#include <string>
#include <vector>

#include "change/generate.h"
#include "dialect/dialect.h"

namespace whimbrel::change {

/// A copy of the rows of a table in a scratch database, for comparison with the rows after a script. Rows are
/// identified by their key, if they have one, and columns are followed through renames.
class KeptRows {
 public:
  /// The operations lead to `target`. The number distinguishes this object from others of the same database.
  KeptRows(const dialect::Dialect& dialect, dialect::Connection& scratch, const model::Table& table,
           const std::vector<operation::Operation>& operations, const model::Schema& target, std::size_t number);

  /// Finds missing or changed rows and values that no operation should change.
  void compare_after_up(std::vector<Finding>& damaged);
  /// Also finds values that a conversion and its reverse do not restore.
  void compare_after_down(std::vector<Finding>& damaged, std::vector<Finding>& converted);

 private:
  struct Column {
    std::string before;
    std::string after;
    model::Type type_before;
    model::Type type_after;
    bool is_retyped = false;
    bool is_filled = false;  ///< If true, NULLs were replaced.
  };
  struct Key {
    std::string before;  ///< An SQL expression.
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
  std::string converted_;  ///< The name of the table with the rows after `up`.
  std::int64_t count_ = 0;
};

}  // namespace whimbrel::change
