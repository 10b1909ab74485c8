#include "dialect/mysql/rewrite/merge_tables.h"

#include <set>
#include <string>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Name;

std::set<std::string> tables_with_changed_columns(const std::vector<Operation>& operations) {
  std::set<std::string> tables;
  for (const Operation& operation : operations) {
    const bool changes_columns = std::holds_alternative<AddColumn>(operation) ||
                                 std::holds_alternative<DropColumn>(operation) ||
                                 std::holds_alternative<AlterColumn>(operation);
    if (changes_columns) tables.insert(target_name(operation).name);
  }
  return tables;
}

bool is_merge_table(const model::Table& table) {
  const auto engine = table.options.find("ENGINE");
  return engine != table.options.end() && sql::equal_ignoring_case(engine->second, "MRG_MyISAM");
}

/// Returns an empty text for a table that cannot be read, because a member of it is gone or differs.
std::string statement_of(const std::string& table, Connection& connection) {
  try {
    return connection.run("SHOW CREATE TABLE " + quote(table)).values.at(0).at(1).text();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    return {};
  }
}

/// UNION=(`a`,`b`), after the columns.
std::vector<std::string> members_of(const std::string& table, Connection& connection) {
  const std::string statement = statement_of(table, connection);
  const std::vector<sql::Token> tokens = sql::tokenize(statement, mysql_syntax);
  std::vector<std::string> members;
  for (std::size_t i = 2; i < tokens.size(); ++i) {
    const bool begins = tokens[i].is("(") && tokens[i - 1].is("=") && tokens[i - 2].is("UNION");
    for (++i; begins && i < tokens.size() && !tokens[i].is(")"); ++i) {
      if (!tokens[i].is(",")) members.push_back(tokens[i].value());
    }
    if (!begins) --i;
  }
  return members;
}

}  // namespace

void require_no_merge_table(const std::vector<Operation>& operations, const model::IndexedSchema& from,
                            const model::IndexedSchema& to, Connection* connection) {
  if (connection == nullptr) return;
  const std::set<std::string> changed = tables_with_changed_columns(operations);
  if (changed.empty()) return;
  for (const model::Table& table : from.tables) {
    if (!is_merge_table(table) || to.find_table(table.name) == nullptr) continue;
    for (const std::string& member : members_of(table.name.name, *connection)) {
      if (!changed.contains(member)) continue;
      throw Error(ErrorKind::unsafe,
                  "Columns of table \"" + member + "\" change, but MERGE table \"" + table.name.name +
                      "\" has its rows and could not be read: whimbrel does not change MERGE tables.")
          .with_remedy("Drop the MERGE table first, and create it again after the change.");
    }
  }
}

}  // namespace whimbrel::dialect::mysql
