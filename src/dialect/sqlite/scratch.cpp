#include <set>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/integrity.h"
#include "dialect/sqlite/statement_text.h"
#include "dialect/sqlite/stored_definition.h"

namespace whimbrel::dialect::sqlite {

namespace {

// A virtual table comes before the ordinary ones, since it makes some of them itself.
constexpr std::string_view all_objects =
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE "
    "'\\' ORDER BY CASE type WHEN 'table' THEN rootpage > 0 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid";

std::set<std::string, LessIgnoringCase> table_names(Connection& connection) {
  std::set<std::string, LessIgnoringCase> names;
  for (const auto& row : connection.run("SELECT name FROM sqlite_schema WHERE type = 'table'").values) {
    names.insert(row.at(0).text());
  }
  return names;
}

bool is_virtual_table(const std::string& definition) {
  constexpr std::string_view beginning = "CREATE VIRTUAL";
  return definition.compare(0, beginning.size(), beginning) == 0;
}

}  // namespace

std::unique_ptr<Connection> copy_schema(Connection& connection, std::vector<std::string>& left_out) {
  std::unique_ptr<Connection> scratch = connection.open_scratch();
  std::set<std::string, LessIgnoringCase> made;
  std::set<std::string, LessIgnoringCase> missing;
  for (const auto& row : connection.run(all_objects).values) {
    const auto& type = std::get<std::string>(row.at(0).variant());
    const auto& name = std::get<std::string>(row.at(1).variant());
    const auto& definition = std::get<std::string>(row.at(3).variant());
    require_definition(type, name, definition);
    // What belongs to a table that is left out needs no mention.
    if (missing.contains(row.at(2).text()) || (type == "table" && made.contains(name))) continue;
    try {
      scratch->run(definition);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      missing.insert(name);
      left_out.push_back(type + " \"" + name + "\" (" + reason(error, *scratch) + ')');
      continue;
    }
    if (is_virtual_table(definition)) made = table_names(*scratch);
  }
  return scratch;
}

std::vector<std::string> broken_objects(Connection& connection) {
  std::vector<std::string> names;
  for (const BrokenObject& object : find_broken(connection)) names.push_back(object.name);
  return names;
}

}  // namespace whimbrel::dialect::sqlite
