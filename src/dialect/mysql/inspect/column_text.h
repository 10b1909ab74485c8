#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect/mysql/dialect.h"

namespace whimbrel::dialect::mysql {

/// A column as a row of information_schema.COLUMNS describes it.
struct ColumnRow {
  std::string name;
  std::optional<std::string> default_text;
  bool nullable = false;
  std::string charset;
  std::string collation;
  std::string type;
  std::string extra;
  std::string comment;
  std::string generation;
  std::string srid;
};

/// Returns the type of a column; one that is not known keeps its text.
[[nodiscard]] model::Type read_column_type(const std::string& type);

/// `type`: what read_column_type returns for it. `table_collation`: a column's character set and collation are given
/// only if they differ.
[[nodiscard]] model::Column read_column(const ColumnRow& row, const model::Type& type,
                                        const std::string& table_collation, const Server& server);

/// Returns an expression as the server reports it in information_schema, without outer parentheses and without the name
/// of its own database before other names.
[[nodiscard]] std::string read_expression(std::string_view reported, const std::string& database, const Server& server);

/// Returns the text without `database`. before names.
[[nodiscard]] std::string without_database(std::string_view sql, const std::string& database);

/// Returns which columns of the table a deparsed expression uses: the servers put every name in quotes.
[[nodiscard]] std::vector<model::Reference> used_columns(std::string_view expression, const model::Table& table);

/// Returns the character set of a collation by its name: `utf8mb4`. Empty if the name does not tell.
[[nodiscard]] std::string charset_of(std::string_view collation);

}  // namespace whimbrel::dialect::mysql
