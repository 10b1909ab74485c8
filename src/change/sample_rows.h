#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dialect/dialect.h"

namespace whimbrel::run {

/// Those of the tables that change, those that refer to them, and all that these refer to; each after what it refers
/// to, as far as there is such an order.
[[nodiscard]] std::vector<const model::Table*> tables_to_sample(const model::Schema& schema,
                                                                const std::set<model::Name>& changed);

/// The name in quotes, with its schema.
[[nodiscard]] std::string quoted_name(const dialect::Dialect& dialect, const model::Name& name);

/// Makes rows in the tables of a scratch database: values at the edges of the types, NULLs, equal values. Every row
/// holds all checks and keys, since it is the database that is asked, by trying.
class RowMaker {
 public:
  RowMaker(const dialect::Dialect& dialect, dialect::Connection& scratch) : dialect_(dialect), scratch_(scratch) {}

  /// Which rows are made.
  enum class Kind { all, ordinary };

  /// Returns how many rows the table has got. Tables come after those that they refer to.
  std::size_t make(const model::Table& table, Kind kind = Kind::all);

 private:
  /// What a column can get. The first value is an ordinary one.
  struct Choice {
    const model::Column* column;
    std::vector<std::string> values;
    bool is_distinct;  ///< It gets another value in each row.
  };
  using Picks = std::vector<std::size_t>;  ///< For each choice, which value.

  [[nodiscard]] std::vector<Choice> choices_for(const model::Table& table) const;
  /// The values of one row in parentheses; distinct ones, or those that are picked, for what must differ.
  [[nodiscard]] std::string row(const std::vector<Choice>& choices, const Picks& picks, bool distinct);
  /// Returns how many the database accepted.
  std::size_t insert(const model::Table& table, const std::vector<Choice>& choices, std::span<const std::string> rows);

  const dialect::Dialect& dialect_;
  dialect::Connection& scratch_;
  std::map<model::Name, std::size_t> counts_;
  std::size_t tried_ = 0;
};

}  // namespace whimbrel::run
