#pragma once

#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

/// What a scratch database has in the place of what only a program's own connection knows, so that the definitions
/// that need it can be made there. None of it does what the real one does.
namespace whimbrel::dialect::sqlite {

/// Collations that are not known sort by bytes: no text of a scratch database has to be sorted otherwise.
void stand_in_for_collations(sqlite3* database);

/// Makes a stand-in for the function or the module that SQLite misses, by its message. Returns false if that is not
/// what it says; else adds what cannot be tried with it to the list, in words.
[[nodiscard]] bool stand_in_for_missing(sqlite3* database, std::string_view message,
                                        std::vector<std::string>& not_tried);

}  // namespace whimbrel::dialect::sqlite
