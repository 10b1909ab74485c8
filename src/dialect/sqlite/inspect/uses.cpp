#include <algorithm>
#include <optional>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/syntax.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using model::Table;
using Program = std::vector<std::vector<Value>>;

constexpr const char* rowid_names[] = {"rowid", "oid", "_rowid_"};

/// SQLite resolves the names in an expression when it compiles it. An expression uses a column if, without the column,
/// it does not compile or compiles to something else, because a double-quoted name becomes a string.
class Asking {
 public:
  Asking(Connection& connection, const Table& table) : connection_(connection), table_(table) {}

  /// An expression that does not compile here at all, for example because it calls a function of the program, may use
  /// every column whose name it contains.
  void add_uses(const std::string& expression, std::vector<model::Reference>& used) const {
    if (expression.empty()) return;
    const std::optional<Program> whole = program(expression, nullptr);
    for (const model::Column& column : table_.columns) {
      // An expression without the name cannot use the column; most expressions contain few names.
      if (!sql::mentions(expression, column.name, sqlite_syntax)) continue;
      if (!whole || program(expression, &column) != whole) add_column(column.name, used);
    }
  }

  void add_column(const std::string& name, std::vector<model::Reference>& used) const {
    for (const model::Column& column : table_.columns) {
      if (sql::equal_ignoring_case(column.name, name)) used.push_back({table_.name, column.name, {}});
    }
  }

 private:
  [[nodiscard]] std::string name_of_none() const {
    std::string name = "no column";
    while (find_column(table_, name) != nullptr) name += ' ';
    return name;
  }

  /// Compiles the expression over rows with the table's columns. `left_out` is replaced by a column with a different
  /// name.
  [[nodiscard]] std::optional<Program> program(const std::string& expression, const model::Column* left_out) const {
    sql::Writer query(sqlite_syntax);
    query.raw("EXPLAIN SELECT (").raw(expression).raw("\n) FROM (SELECT NULL");
    for (const model::Column& column : table_.columns) {
      query.raw(", NULL AS ").identifier(&column == left_out ? name_of_none() : column.name);
    }
    for (const char* const name : rowid_names) {
      if (find_column(table_, name) == nullptr) query.raw(", NULL AS ").identifier(name);
    }
    query.raw(") AS ").identifier(table_.name.name);
    try {
      Program program = connection_.run(query.text()).values;
      for (std::vector<Value>& instruction : program) instruction.pop_back();  // The comment.
      return program;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      return std::nullopt;
    }
  }

  Connection& connection_;
  const Table& table_;
};

std::vector<model::Reference> used_by(const Asking& asking, const std::string& expression) {
  std::vector<model::Reference> used;
  asking.add_uses(expression, used);
  return operation::sorted_uses(std::move(used));
}

std::vector<model::Reference> used_by(const Asking& asking, const model::Index& index) {
  std::vector<model::Reference> used;
  asking.add_uses(index.where, used);
  for (const std::string& column : index.included) asking.add_column(column, used);
  for (const model::KeyPart& part : index.columns) {
    asking.add_column(part.column, used);
    asking.add_uses(part.expression, used);
  }
  return operation::sorted_uses(std::move(used));
}

}  // namespace

bool may_use(const model::Trigger& trigger, const std::string& column) {
  return sql::mentions(trigger.definition, column, sqlite_syntax);
}

bool may_use(const model::View& view, const std::string& column) {
  return sql::mentions(view.definition, column, sqlite_syntax);
}

void find_uses(Connection& connection, Table& table) {
  Table asked = table;
  const Asking asking(connection, table);
  for (model::Check& check : asked.checks) check.uses.value = used_by(asking, check.expression);
  for (model::Index& index : asked.indexes) index.uses.value = used_by(asking, index);
  for (model::Column& column : asked.columns) {
    if (column.computed) column.computed->uses.value = used_by(asking, column.computed->expression);
  }
  table = std::move(asked);
}

}  // namespace whimbrel::dialect::sqlite
