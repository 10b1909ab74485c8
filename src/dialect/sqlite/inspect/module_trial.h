#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/text/names.h"

/// The effects of a module on tables besides the virtual one. Names do not show them: `doc_content` beside a virtual
/// table `doc` may be the program's own. So it is tested in a scratch database, which must be empty before each test.
namespace whimbrel::dialect::sqlite {

struct VirtualTable;

/// Opens a scratch database; returns null if that is impossible.
using OpenScratch = std::function<std::unique_ptr<Connection>()>;

/// Creates the virtual table, after a table with these columns for the one that it indexes. Returns the names of the
/// tables, indexes and triggers that the module creates for it; nullopt if it cannot be created there, for example
/// because its tokenizer is the program's own.
[[nodiscard]] std::optional<Names> make_in_empty(Connection& scratch, const VirtualTable& table,
                                                 const std::vector<std::string>& columns);
/// Creates the tables that the module creates only on demand.
/// https://www.sqlite.org/fts3.html#automerge
void make_later_tables(Connection& scratch, const VirtualTable& table);
[[nodiscard]] Names table_names(Connection& connection);

/// Returns the tables beside it that SQLite drops with the virtual table, although its module did not create them: FTS3
/// drops everything that has the name of one of its possible tables.
[[nodiscard]] Names taken_along(Connection& scratch, const VirtualTable& table, const std::vector<std::string>& columns,
                                const Names& beside);

/// Returns whether the name is `virtual table_...`, as modules name their tables.
[[nodiscard]] bool is_named_after(const std::string& table, const std::string& virtual_table);

}  // namespace whimbrel::dialect::sqlite
