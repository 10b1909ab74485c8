#pragma once

#include <string>
#include <string_view>

#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/create_table.h"

/// The servers describe tables in utf8mb3, which has no characters of four bytes, such as emoji: they show a question
/// mark for each, or one for each of its bytes. https://mariadb.com/kb/en/unicode/
namespace whimbrel::dialect::mysql {

/// Returns whether an expression of the table may lack characters, which SHOW CREATE TABLE has.
[[nodiscard]] bool may_lack_characters(const model::Table& table);
/// Replaces such expressions by those of SHOW CREATE TABLE.
void restore_expressions(const TableDetails& details, model::Table& table);
/// Does the same for literal defaults and for the values of enums and sets, which every statement shows in this way: a
/// temporary table with a row for each says what they are. Throws Error (statement) if the user may not create one.
void restore_literals(Connection& connection, const Server& server, model::Schema& schema);

/// Returns the statement of SHOW CREATE TABLE with the literals of the table, which was read.
[[nodiscard]] std::string with_literals(std::string statement, const model::Table& table);

/// Returns a comment as the servers store it.
[[nodiscard]] std::string stored_comment(std::string_view comment);

}  // namespace whimbrel::dialect::mysql
