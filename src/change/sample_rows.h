#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "change/needed_rows.h"
#include "dialect/dialect.h"
#include "dialect/samples.h"

namespace whimbrel::change {

/// Returns the changed tables, the tables that reference them, those that are needed, and everything these reference;
/// each after the tables that it references, if there is such an order.
[[nodiscard]] std::vector<dialect::SampledTable> tables_to_sample(const model::Schema& schema,
                                                                  const std::set<model::Name>& changed,
                                                                  const NeededRows& needed = {});

/// Returns the quoted name, with its schema.
[[nodiscard]] std::string quoted_name(const dialect::Dialect& dialect, const model::Name& name);

/// Generates rows in the tables of a scratch database: values at the limits of the types, NULLs, duplicates. Every row
/// satisfies all constraints, because the database itself accepted it.
class RowMaker {
 public:
  RowMaker(const dialect::Dialect& dialect, dialect::Connection& scratch) : dialect_(dialect), scratch_(scratch) {}

  /// The kind of rows to generate.
  enum class Kind { all, ordinary };

  /// Returns the number of inserted rows. Call it for referenced tables first.
  std::size_t make(const model::Table& table, Kind kind = Kind::all);

 private:
  /// The possible values of a column. The first one is an ordinary value.
  struct ColumnChoice {
    const model::Column* column;
    std::vector<std::string> values;
    bool is_distinct;  ///< If true, each row gets a different value.
  };
  using Picks = std::vector<std::size_t>;  ///< The index of the value, for each choice.

  [[nodiscard]] std::vector<ColumnChoice> choices_for(const model::Table& table) const;
  /// Returns the values of one row in parentheses; for distinct columns, new values or the picked ones.
  [[nodiscard]] std::string row(const std::vector<ColumnChoice>& choices, const Picks& picks, bool distinct);
  /// Returns the number of rows that the database accepted.
  std::size_t insert(const model::Table& table, const std::vector<ColumnChoice>& choices,
                     std::span<const std::string> rows);

  const dialect::Dialect& dialect_;
  dialect::Connection& scratch_;
  std::map<model::Name, std::size_t> counts_;
  std::size_t tried_ = 0;
};

}  // namespace whimbrel::change
