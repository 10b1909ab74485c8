#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/text/names.h"

/// What a module does with tables besides the virtual one. Their names do not tell: `doc_content` beside a virtual
/// table `doc` may be the program's own. So it is tried in a scratch database, which has to be empty before each trial.
namespace whimbrel::dialect::sqlite {

struct VirtualTable;

/// Opens a scratch database, or returns null where there is none.
using OpenScratch = std::function<std::unique_ptr<Connection>()>;

/// Makes the virtual table, and before it a table with these columns in place of the one that it indexes: the names of
/// the tables, indexes and triggers that the module has made for it. Nothing if it cannot be made there: its tokenizer
/// is the program's own, say.
[[nodiscard]] std::optional<Names> make_in_empty(Connection& scratch, const VirtualTable& table,
                                                 const std::vector<std::string>& columns);
/// Then makes the tables that the module makes only when it needs them.
/// https://www.sqlite.org/fts3.html#automerge
void make_later_tables(Connection& scratch, const VirtualTable& table);
[[nodiscard]] Names table_names(Connection& connection);

/// Those of the tables beside it that SQLite drops with the virtual table, though its module has not made them: FTS3
/// drops whatever has the names of all tables that it can have.
[[nodiscard]] Names taken_along(Connection& scratch, const VirtualTable& table, const std::vector<std::string>& columns,
                                const Names& beside);

/// Is it `virtual table_...`, as modules name theirs?
[[nodiscard]] bool is_named_after(const std::string& table, const std::string& virtual_table);

}  // namespace whimbrel::dialect::sqlite
