#include "dialect/sqlite/client/confine.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using Names = std::initializer_list<std::string_view>;

bool is_one_of(const char* name, Names names) {
  return name != nullptr && std::any_of(names.begin(), names.end(),
                                        [&](std::string_view one) { return sql::equal_ignoring_case(name, one); });
}

/// VACUUM attaches an unnamed database, which is as private as one in memory. A computed name is unknown.
bool is_private(const char* file) { return file != nullptr && (*file == '\0' || std::string_view(file) == ":memory:"); }

// https://www.sqlite.org/c3ref/c_alter_table.html
bool reaches_beyond(int action, const char* first, const char* second) {
  switch (action) {
    case SQLITE_ATTACH:
      return !is_private(first);
    case SQLITE_PRAGMA:  // All other pragmas affect only the connection and its database.
      return is_one_of(first, {"temp_store_directory", "data_store_directory", "hard_heap_limit", "soft_heap_limit",
                               "lock_proxy_file"});
    case SQLITE_FUNCTION:
      return is_one_of(second, {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"});
    case SQLITE_CREATE_VTABLE:
      return is_one_of(second, {"csv", "vsv", "fsdir", "zipfile"});
    default:
      return false;
  }
}

int authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
  return reaches_beyond(action, first, second) ? SQLITE_DENY : SQLITE_OK;
}

}  // namespace

void confine(sqlite3* database) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_set_authorizer(database, authorize, nullptr);
}

}  // namespace whimbrel::dialect::sqlite
