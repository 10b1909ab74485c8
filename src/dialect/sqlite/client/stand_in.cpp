#include "dialect/sqlite/client/stand_in.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

namespace whimbrel::dialect::sqlite {

namespace {

void make_collation(void*, sqlite3* database, int encoding, const char* name) {
  const auto compare = [](void*, int size_a, const void* a, int size_b, const void* b) {
    const int order = std::memcmp(a, b, static_cast<std::size_t>(std::min(size_a, size_b)));
    return order != 0 ? order : size_a - size_b;
  };
  sqlite3_create_collation_v2(database, name, encoding, nullptr, compare, nullptr);
}

constexpr int any_number = -1;
// Indexes may call it, and so may views of an untrusted database.
constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

// NULL violates no check constraint and equals no other value.
void give_null(sqlite3_context* context) { sqlite3_result_null(context); }

bool make_function(sqlite3* database, const std::string& name) {
  const auto call = [](sqlite3_context* context, int, sqlite3_value**) { give_null(context); };
  return sqlite3_create_function_v2(database, name.c_str(), any_number, flags, nullptr, call, nullptr, nullptr,
                                    nullptr) == SQLITE_OK;
}

// Virtual tables of a scratch database are not read, but SQLite requires a column.
int connect(sqlite3* database, void*, int, const char* const*, sqlite3_vtab** table, char**) {
  const int code = sqlite3_declare_vtab(database, "CREATE TABLE stand_in(value)");
  if (code == SQLITE_OK) *table = std::make_unique<sqlite3_vtab>().release();
  return code;
}
int disconnect(sqlite3_vtab* table) {
  const std::unique_ptr<sqlite3_vtab> owned(table);
  return SQLITE_OK;
}
int plan(sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; }
int open(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
  *cursor = std::make_unique<sqlite3_vtab_cursor>().release();
  return SQLITE_OK;
}
int close(sqlite3_vtab_cursor* cursor) {
  const std::unique_ptr<sqlite3_vtab_cursor> owned(cursor);
  return SQLITE_OK;
}
int filter(sqlite3_vtab_cursor*, int, const char*, int, sqlite3_value**) { return SQLITE_OK; }
int next(sqlite3_vtab_cursor*) { return SQLITE_OK; }
int is_at_end(sqlite3_vtab_cursor*) { return 1; }
int column(sqlite3_vtab_cursor*, sqlite3_context*, int) { return SQLITE_OK; }
int rowid(sqlite3_vtab_cursor*, sqlite3_int64* id) {
  *id = 0;
  return SQLITE_OK;
}
int rename(sqlite3_vtab*, const char*) { return SQLITE_OK; }

sqlite3_module empty_tables() {
  sqlite3_module module{};
  module.xCreate = connect;
  module.xConnect = connect;
  module.xBestIndex = plan;
  module.xDisconnect = disconnect;
  module.xDestroy = disconnect;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = filter;
  module.xNext = next;
  module.xEof = is_at_end;
  module.xColumn = column;
  module.xRowid = rowid;
  module.xRename = rename;
  return module;
}

bool make_module(sqlite3* database, const std::string& name) {
  static const sqlite3_module module = empty_tables();
  return sqlite3_create_module_v2(database, name.c_str(), &module, nullptr, nullptr) == SQLITE_OK;
}

/// Returns the part of the message between two texts.
std::optional<std::string> between(std::string_view message, std::string_view before, std::string_view after) {
  const std::size_t place = message.find(before);
  if (place == std::string_view::npos) return std::nullopt;
  const std::string_view rest = message.substr(place + before.size());
  const std::size_t end = after.empty() ? rest.size() : rest.rfind(after);
  if (end == 0 || end == std::string_view::npos) return std::nullopt;
  return std::string(rest.substr(0, end));
}

/// An error message of SQLite about a name.
struct Complaint {
  std::string_view before, after;
  const char* kind;
  bool (*make)(sqlite3*, const std::string&);
};

// The messages are the same in every version; an unknown one is an ordinary error.
constexpr auto complaints = std::to_array<Complaint>({
    {"no such function: ", "", "function", make_function},
    {"wrong number of arguments to function ", "()", "function", make_function},
    {"no such module: ", "", "module", make_module},
});

}  // namespace

void stand_in_for_collations(sqlite3* database) { sqlite3_collation_needed(database, nullptr, make_collation); }

bool stand_in_for_missing(sqlite3* database, std::string_view message, std::vector<std::string>& not_tried) {
  for (const Complaint& complaint : complaints) {
    const std::optional<std::string> name = between(message, complaint.before, complaint.after);
    if (!name) continue;
    std::string words = "the effects of " + std::string(complaint.kind) + " \"" + *name +
                        "\" (it is not built into SQLite, and the scratch database has only a stand-in)";
    if (!complaint.make(database, *name)) return false;
    const bool is_known = std::find(not_tried.begin(), not_tried.end(), words) != not_tried.end();
    if (!is_known) not_tried.push_back(std::move(words));
    return true;
  }
  return false;
}

}  // namespace whimbrel::dialect::sqlite
