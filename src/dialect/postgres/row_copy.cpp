#include "dialect/postgres/row_copy.h"

#include <algorithm>

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "dialect/postgres/without_triggers.h"
#include "dialect/samples.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

std::string text_of(Connection& connection, const char* query) {
  const Value value = connection.run(query).values.at(0).at(0);
  return value.is_null() ? std::string() : value.text();
}

class RowCopy {
 public:
  RowCopy(Connection& connection, Connection& scratch, const std::vector<const model::Table*>& tables, std::size_t most)
      : scratch_(scratch), tables_(tables), most_(most), schema_(text_of(connection, "SELECT current_schema()")) {}

  std::vector<std::string> run() {
    // Reading rows that a policy hides from the role is then an error, instead of omitting them.
    const std::string security = text_of(scratch_, "SELECT current_setting('row_security')");
    scratch_.run("SET LOCAL row_security = off");
    without_triggers(scratch_, [&] { copy_tables(); });
    scratch_.run("SET LOCAL row_security = " + security);
    return std::move(problems_);
  }

 private:
  void copy_tables() {
    for (const model::Table* const table : tables_) {
      // Rows of child tables and partitions are copied with the parent.
      if (!table->inherits.empty()) continue;
      try {
        copy(*table);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::statement) throw;
        problems_.push_back("rows of table \"" + to_string(table->name) + "\" (" + error.what() + ')');
      }
    }
  }

  [[nodiscard]] std::size_t limit_for(const model::Table& table) const {
    sql::Writer writer(postgres_syntax);
    writer.raw("SELECT sum(0");
    for (const model::Column& column : table.columns) {
      writer.raw(" + coalesce(pg_column_size(").identifier(column.name).raw("), 0)");
    }
    writer.raw(")::bigint / greatest(count(*), 1) FROM (SELECT * FROM ").raw(name_of_original(table.name));
    const std::string query = writer.raw(" LIMIT " + std::to_string(most_) + ") AS o").take();
    return rows_within_limit(scratch_.run(query).values.at(0).at(0), most_);
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
    sql::Writer names(postgres_syntax);
    sql::Writer values(postgres_syntax);
    std::vector<const model::Column*> columns;
    for (const model::Column& column : table.columns) {
      if (!column.computed) columns.push_back(&column);
    }
    names.list(columns, [&](const model::Column* column) { names.identifier(column->name); });
    // An enum of the copy is a different type from the original.
    values.list(columns, [&](const model::Column* column) {
      values.raw("o.").identifier(column->name).raw("::text::").raw(to_string(column->type));
    });
    // A search without results must not read a whole large table.
    constexpr std::size_t looked_at = 10;
    std::string sql = "WITH made AS (INSERT INTO " + name_in_copy(table.name) + '(' + names.text() +
                      ") OVERRIDING SYSTEM VALUE SELECT " + values.text() + " FROM (SELECT * FROM " +
                      name_of_original(table.name) + " AS o" + where + order(table) + " LIMIT " +
                      std::to_string(looked_at * most_) + ") AS o WHERE true";
    for (const model::ForeignKey& key : table.foreign_keys) sql += holds(key);
    if (table.primary_key) sql += is_new(table);
    sql += " LIMIT " + std::to_string(limit_ - count) + " RETURNING 1) SELECT count(*) FROM made";
    return static_cast<std::size_t>(scratch_.run(sql).values.at(0).at(0).integer());
  }

  [[nodiscard]] static std::string order(const model::Table& table) {
    if (!table.primary_key) return {};
    sql::Writer writer(postgres_syntax);
    writer.raw(" ORDER BY ");
    return writer.list(table.primary_key->columns, [&](const model::KeyPart& part) { writer.identifier(part.column); })
        .take();
  }

  [[nodiscard]] std::string among(const model::Table& child, const model::ForeignKey& key) const {
    sql::Writer writer(postgres_syntax);
    const auto name = [&](const std::string& column) { writer.identifier(column); };
    writer.raw(" WHERE (").list(key.referenced_columns, name).raw(") IN (SELECT ").list(key.columns, name);
    writer.raw(" FROM (SELECT * FROM ").raw(name_of_original(child.name)).raw(order(child));
    return writer.raw(" LIMIT ").raw(std::to_string(most_)).raw(") AS child)").take();
  }

  [[nodiscard]] std::string holds(const model::ForeignKey& key) const {
    sql::Writer writer(postgres_syntax);
    writer.raw(" AND (");
    for (const std::string& column : key.columns) writer.raw("o.").identifier(column).raw(" IS NULL OR ");
    writer.raw("EXISTS (SELECT FROM ").raw(name_in_copy(key.referenced_table)).raw(" AS p WHERE true");
    for (std::size_t i = 0; i < std::min(key.columns.size(), key.referenced_columns.size()); ++i) {
      writer.raw(" AND p.").identifier(key.referenced_columns[i]).raw("::text = o.");
      writer.identifier(key.columns[i]).raw("::text");
    }
    return writer.raw("))").take();
  }

  [[nodiscard]] std::string is_new(const model::Table& table) const {
    sql::Writer writer(postgres_syntax);
    writer.raw(" AND NOT EXISTS (SELECT FROM ").raw(name_in_copy(table.name)).raw(" AS c WHERE true");
    for (const model::KeyPart& part : table.primary_key->columns) {
      writer.raw(" AND c.").identifier(part.column).raw("::text = o.").identifier(part.column).raw("::text");
    }
    return writer.raw(")").take();
  }

  [[nodiscard]] static std::string name_in_copy(const model::Name& name) { return quote(name); }
  [[nodiscard]] std::string name_of_original(const model::Name& name) const {
    return quote({name.schema.empty() ? schema_ : name.schema, name.name});
  }

  Connection& scratch_;
  const std::vector<const model::Table*>& tables_;
  std::size_t most_;
  std::size_t limit_ = 0;  ///< For the current table.
  std::string schema_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                   const std::vector<const model::Table*>& tables, std::size_t most) {
  constexpr const char* database = "SELECT current_database()";
  if (text_of(connection, database) != text_of(scratch, database)) {
    return {"rows of the database (the scratch copy is a database of its own)"};
  }
  return RowCopy(connection, scratch, tables, most).run();
}

}  // namespace whimbrel::dialect::postgres
