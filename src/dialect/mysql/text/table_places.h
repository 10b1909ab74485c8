#pragma once

#include <span>
#include <vector>

#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

/// Follows a statement token by token, and knows where `a.b` can only be a column: in the expressions of a query, of an
/// UPDATE and of a DELETE. Everywhere else, it is taken for a table or a routine of a database. Only words that the
/// servers reserve count, since a name can be any other.
class TablePlaces {
 public:
  explicit TablePlaces(std::span<const sql::Token> tokens) : tokens_(tokens) {}

  /// Moves past the next token.
  void pass();
  /// Returns whether the next token can begin the name of a table.
  [[nodiscard]] bool can_be_table() const;

 private:
  enum class Place {
    table,
    joined_table,  ///< After JOIN: ON begins a condition.
    condition,     ///< After ON: a comma ends it.
    expression,
  };
  /// What is in parentheses, or the statement itself.
  struct Level {
    Place place = Place::table;
    bool has_select = false;
    bool is_update = false;
  };

  void open();
  void pass_keyword(const sql::Token& token);
  [[nodiscard]] bool begins_statement() const;
  [[nodiscard]] bool is_name_of_sequence() const;

  std::span<const sql::Token> tokens_;
  std::size_t at_ = 0;
  std::vector<Level> levels_{Level{}};
};

/// Returns whether `a.b`, which begins at the token, names a table, a routine or a sequence of the database `a`, or may
/// do so. `is_place`: whether it can be a table there.
[[nodiscard]] bool is_qualified_by_database(std::span<const sql::Token> tokens, std::size_t at, bool is_place);

}  // namespace whimbrel::dialect::mysql
