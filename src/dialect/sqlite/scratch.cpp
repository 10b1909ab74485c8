#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/inspect/stored_definition.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/statement_error.h"

namespace whimbrel::dialect::sqlite {

namespace {

// Virtual tables come after ordinary ones, which they may read.
constexpr std::string_view all_objects =
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE "
    "'\\' ORDER BY CASE type WHEN 'table' THEN rootpage = 0 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid";

/// Creates the objects of another database in a scratch database.
class Copier {
 public:
  Copier(Connection& scratch, std::vector<std::string>& left_out) : scratch_(scratch), left_out_(left_out) {}

  void copy(const Rows::Data& objects, const VirtualTables& virtual_tables) {
    for (const auto& row : objects.values) {
      const std::string name = row.at(1).text();
      require_definition(row.at(0).text(), name, row.at(3).text());
      // Dependents of an omitted table need no mention.
      const std::string table = row.at(2).text();
      if (missing_.contains(table) || virtual_tables.shadows.contains(table)) continue;
      const auto found = virtual_tables.objects.find(name);
      if (found != virtual_tables.objects.end()) {
        make("virtual table", name, found->second.definition);
      } else if (virtual_tables.unknown.contains(name)) {
        missing_.insert(name);
      } else {
        make(row.at(0).text(), name, row.at(3).text());
      }
    }
  }

 private:
  void make(const std::string& type, const std::string& name, const std::string& definition) {
    try {
      scratch_.run(definition);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      missing_.insert(name);
      left_out_.push_back(type + " \"" + name + "\" (" + reason(error, scratch_) + ')');
    }
  }

  Connection& scratch_;
  std::vector<std::string>& left_out_;
  Names missing_;
};

}  // namespace

// The functions of a view are resolved only when it is used.
std::unique_ptr<Connection> copy_schema(Connection& connection, std::vector<std::string>& left_out) {
  const Rows::Data objects = connection.run(all_objects);
  const VirtualTables virtual_tables = read_virtual_tables(connection, objects);
  std::unique_ptr<Connection> scratch = connection.open_scratch();
  scratch->stand_in_for_unknown(&left_out);
  Copier(*scratch, left_out).copy(objects, virtual_tables);
  static_cast<void>(find_broken(*scratch));
  scratch->stand_in_for_unknown(nullptr);
  return scratch;
}

std::vector<std::string> broken_objects(Connection& connection) {
  std::vector<std::string> names;
  for (const BrokenObject& object : find_broken(connection)) names.push_back(object.name);
  return names;
}

}  // namespace whimbrel::dialect::sqlite
