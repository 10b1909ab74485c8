#pragma once

#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

/// Stand-ins in a scratch database for the functions, modules and collations of a program's own connection, so that
/// definitions that need them can be created there. None of them does what the real one does.
namespace whimbrel::dialect::sqlite {

/// Makes unknown collations sort by bytes; a scratch database need not sort any text correctly.
void stand_in_for_collations(sqlite3* database);

/// Creates a stand-in for the function or module that SQLite's message reports as missing, and adds the unverified
/// effects to the list, as display text. Returns false for any other message.
[[nodiscard]] bool stand_in_for_missing(sqlite3* database, std::string_view message,
                                        std::vector<std::string>& not_tried);

}  // namespace whimbrel::dialect::sqlite
