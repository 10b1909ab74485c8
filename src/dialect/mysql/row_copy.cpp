#include "dialect/mysql/row_copy.h"

#include <algorithm>

#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/samples.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

std::string database_of(Connection& connection) {
  return connection.run("SELECT DATABASE()").values.at(0).at(0).text();
}

/// Copies with a connection of its own, which reads one database and writes the other.
class RowCopy {
 public:
  RowCopy(Connection& connection, Connection& scratch, const std::vector<const model::Table*>& tables, std::size_t most)
      : connection_(connection),
        tables_(tables),
        most_(most),
        original_(database_of(connection)),
        copy_(database_of(scratch)) {}

  std::vector<std::string> run() {
    for (const model::Table* const table : tables_) {
      try {
        copy(*table);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::statement) throw;
        problems_.push_back("rows of table \"" + to_string(table->name) + "\" (" + error.what() + ')');
      }
    }
    return std::move(problems_);
  }

 private:
  /// The size is what the server estimates, because to measure all values would read them.
  [[nodiscard]] std::size_t limit_for(const model::Table& table) const {
    const Rows::Data rows = connection_.run(
        "SELECT AVG_ROW_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " +
        sql::quote_string(table.name.name, mysql_syntax));
    return rows.values.empty() ? most_ : rows_within_limit(rows.values.front().front(), most_);
  }

  void copy(const model::Table& table) {
    limit_ = limit_for(table);
    const bool has_key = table.primary_key.has_value();
    std::size_t count = 0;
    // Rows that rows of other tables reference come first.
    for (const model::Table* const child : has_key ? tables_ : std::vector<const model::Table*>()) {
      for (const model::ForeignKey& key : child->foreign_keys) {
        if (key.referenced_table == table.name && child != &table) count += insert(table, among(*child, key), count);
      }
    }
    // A row comes after the row of the same table that it references.
    const bool refers_to_itself = std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                                              [&](const auto& key) { return key.referenced_table == table.name; });
    constexpr int rounds = 3;
    for (int i = 0; i < (has_key && refers_to_itself ? rounds : 1); ++i) count += insert(table, "", count);
  }

  /// Returns the number of copied rows.
  std::size_t insert(const model::Table& table, const std::string& where, std::size_t count) {
    if (count >= limit_) return 0;
    sql::Writer names(mysql_syntax);
    sql::Writer values(mysql_syntax);
    std::vector<const model::Column*> columns;
    for (const model::Column& column : table.columns) {
      if (!column.computed) columns.push_back(&column);
    }
    names.list(columns, [&](const model::Column* column) { names.identifier(column->name); });
    values.list(columns, [&](const model::Column* column) { values.raw("o.").identifier(column->name); });
    // A search without results must not read a whole large table.
    constexpr std::size_t looked_at = 10;
    std::string sql = "INSERT INTO " + name_in_copy(table.name) + " (" + names.text() + ") SELECT " + values.text() +
                      " FROM (SELECT * FROM " + name_of_original(table.name) + " AS o" + where + order(table) +
                      " LIMIT " + std::to_string(looked_at * most_) + ") AS o WHERE true";
    for (const model::ForeignKey& key : table.foreign_keys) {
      if (key.referenced_table.schema.empty()) sql += holds(key);
    }
    if (table.primary_key) sql += is_new(table);
    connection_.run(sql + " LIMIT " + std::to_string(limit_ - count));
    return static_cast<std::size_t>(connection_.run("SELECT ROW_COUNT()").values.at(0).at(0).integer());
  }

  [[nodiscard]] static std::string order(const model::Table& table) {
    if (!table.primary_key) return {};
    sql::Writer writer(mysql_syntax);
    writer.raw(" ORDER BY ");
    return writer.list(table.primary_key->columns, [&](const model::KeyPart& part) { writer.identifier(part.column); })
        .take();
  }

  [[nodiscard]] std::string among(const model::Table& child, const model::ForeignKey& key) const {
    sql::Writer writer(mysql_syntax);
    const auto name = [&](const std::string& column) { writer.identifier(column); };
    writer.raw(" WHERE (").list(key.referenced_columns, name).raw(") IN (SELECT ").list(key.columns, name);
    writer.raw(" FROM (SELECT * FROM ").raw(name_of_original(child.name)).raw(order(child));
    return writer.raw(" LIMIT ").raw(std::to_string(most_)).raw(") AS child)").take();
  }

  [[nodiscard]] std::string holds(const model::ForeignKey& key) const {
    sql::Writer writer(mysql_syntax);
    writer.raw(" AND (");
    for (const std::string& column : key.columns) writer.raw("o.").identifier(column).raw(" IS NULL OR ");
    writer.raw("EXISTS (SELECT 1 FROM ").raw(name_in_copy(key.referenced_table)).raw(" AS p WHERE true");
    for (std::size_t i = 0; i < std::min(key.columns.size(), key.referenced_columns.size()); ++i) {
      writer.raw(" AND p.").identifier(key.referenced_columns[i]).raw(" = o.").identifier(key.columns[i]);
    }
    return writer.raw("))").take();
  }

  [[nodiscard]] std::string is_new(const model::Table& table) const {
    sql::Writer writer(mysql_syntax);
    writer.raw(" AND NOT EXISTS (SELECT 1 FROM ").raw(name_in_copy(table.name)).raw(" AS c WHERE true");
    for (const model::KeyPart& part : table.primary_key->columns) {
      writer.raw(" AND c.").identifier(part.column).raw(" = o.").identifier(part.column);
    }
    return writer.raw(")").take();
  }

  [[nodiscard]] std::string name_in_copy(const model::Name& name) const {
    return quote_name(copy_) + '.' + quote_name(name.name);
  }
  [[nodiscard]] std::string name_of_original(const model::Name& name) const {
    return quote_name(name.schema.empty() ? original_ : name.schema) + '.' + quote_name(name.name);
  }

  Connection& connection_;
  const std::vector<const model::Table*>& tables_;
  std::size_t most_;
  std::size_t limit_ = 0;  ///< For the current table.
  std::string original_;
  std::string copy_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                   const std::vector<const model::Table*>& tables, std::size_t most) {
  const std::unique_ptr<Connection> writer = connection.open_again();
  // The rows were valid when they were written, perhaps under other modes.
  writer->run("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
  std::vector<std::string> problems;
  without_triggers(scratch, [&] { problems = RowCopy(*writer, scratch, tables, most).run(); });
  return problems;
}

void without_triggers(Connection& scratch, const std::function<void()>& function) {
  const Rows::Data triggers = scratch.run(
      "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY "
      "EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER");
  struct Renew {
    Connection& scratch;
    std::vector<std::string> statements{};
    void run() {
      for (const std::string& statement : statements) scratch.run(statement);
      statements.clear();
    }
  } renew{scratch};
  for (const std::vector<Value>& row : triggers.values) {
    const std::string name = quote_name(row.at(0).text());
    renew.statements.push_back(without_definer(scratch.run("SHOW CREATE TRIGGER " + name).values.at(0).at(2).text()));
    scratch.run("DROP TRIGGER " + name);
  }
  try {
    function();
  } catch (...) {
    try {
      renew.run();
    } catch (const Error&) {  // The earlier error ends the use of the scratch database.
    }
    throw;
  }
  renew.run();
}

}  // namespace whimbrel::dialect::mysql
