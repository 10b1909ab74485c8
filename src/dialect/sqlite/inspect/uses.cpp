#include <optional>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using model::Table;
using Program = std::vector<std::vector<Value>>;

constexpr const char* rowid_names[] = {"rowid", "oid", "_rowid_"};

bool has_column(const Table& table, std::string_view name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const model::Column& column) { return sql::equal_ignoring_case(column.name, name); });
}

/// SQLite resolves the names in an expression when it compiles it. An expression uses a column if it does not compile
/// when the table has none of the name, or becomes something else: a name in double quotes is a string then.
class Asking {
 public:
  Asking(Connection& connection, const Table& table) : connection_(connection), table_(table) {}

  /// Nothing if it does not compile at all here: it may call a function of a program's.
  [[nodiscard]] std::optional<std::vector<std::string>> used_by(const std::string& expression) const {
    const std::optional<Program> whole = program(expression, nullptr);
    if (!whole) return std::nullopt;
    std::vector<std::string> used;
    for (const model::Column& column : table_.columns) {
      // What does not say the name cannot use the column; most expressions say few.
      if (sql::mentions(expression, column.name, sqlite_syntax) && program(expression, &column) != whole)
        used.push_back(column.name);
    }
    return used;
  }

 private:
  [[nodiscard]] std::string name_of_none() const {
    std::string name = "no column";
    while (has_column(table_, name)) name += ' ';
    return name;
  }

  /// The rows that stand for the table's have its columns, but for the one that is left out: in its place is another,
  /// so that nothing but its name is different.
  [[nodiscard]] std::optional<Program> program(const std::string& expression, const model::Column* left_out) const {
    sql::Writer query(sqlite_syntax);
    query.raw("EXPLAIN SELECT (").raw(expression).raw("\n) FROM (SELECT NULL");
    for (const model::Column& column : table_.columns) {
      query.raw(", NULL AS ").identifier(&column == left_out ? name_of_none() : column.name);
    }
    for (const char* const name : rowid_names) {
      if (!has_column(table_, name)) query.raw(", NULL AS ").identifier(name);
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

std::optional<std::vector<std::string>> used_by(const Asking& asking, const model::Index& index) {
  std::vector<std::string> used = index.included;
  const auto add = [&](const std::string& expression) {
    if (expression.empty()) return true;
    const std::optional<std::vector<std::string>> more = asking.used_by(expression);
    if (more) used.insert(used.end(), more->begin(), more->end());
    return more.has_value();
  };
  bool is_known = add(index.where);
  for (const model::KeyPart& part : index.columns) {
    if (!part.column.empty()) used.push_back(part.column);
    is_known = add(part.expression) && is_known;
  }
  if (!is_known) return std::nullopt;
  return used;
}

}  // namespace

void find_uses(Connection& connection, Table& table) {
  Table asked = table;
  const Asking asking(connection, table);
  for (model::Check& check : asked.checks) check.uses.value = asking.used_by(check.expression);
  for (model::Index& index : asked.indexes) index.uses.value = used_by(asking, index);
  for (model::Column& column : asked.columns) {
    if (column.computed) column.computed->uses.value = asking.used_by(column.computed->expression);
  }
  table = std::move(asked);
}

}  // namespace whimbrel::dialect::sqlite
