#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sql/lexer.h"
#include "whimbrel/model.h"

/// Expressions that are the values of a table's row in the order of its columns: `ROW(1, 2)::t`, and the list that a
/// function with the result type `t` and a body of statements selects or returns last: several after UNION and VALUES.
namespace whimbrel::dialect::postgres {

/// The beginning and the end of each.
using ValuePlaces = std::vector<std::pair<std::size_t, std::size_t>>;

struct RowValues {
  model::Name table;       ///< Or another type.
  ValuePlaces values;      ///< None: the result of a function whose values are unknown.
  bool is_result = false;  ///< If true, it is the result of a function, of which one value can be the whole row.
};

/// Returns the results of a function first, then the other rows in the order of their beginnings. A row can be a part
/// of one before it.
[[nodiscard]] std::vector<RowValues> find_rows(const std::string& definition);

/// Returns the definition without the names of the columns that the last statement of a function or procedure selects
/// or returns; unchanged if its result is of type `record`, so that these names can be seen.
[[nodiscard]] std::string without_result_names(const std::string& definition);

/// Returns the place of the other parenthesis, to the left or right of this one.
[[nodiscard]] std::optional<std::size_t> find_other(const std::vector<sql::Token>& tokens, std::size_t place);

/// Returns the type of what a function returns, or returns sets of; nullopt if it is no function, or returns an array.
/// `end`: the place after it.
[[nodiscard]] std::optional<model::Name> result_type(const std::vector<sql::Token>& tokens, std::size_t& end);

}  // namespace whimbrel::dialect::postgres
