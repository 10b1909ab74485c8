#include "dialect/sqlite/row_copy.h"

#include <algorithm>

#include "dialect/samples.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Drops the triggers, so that rows are copied unchanged; recreates them at the end.
class WithoutTriggers {
 public:
  explicit WithoutTriggers(Connection& scratch) : scratch_(scratch) {
    const Rows::Data triggers =
        scratch.run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid");
    for (const auto& row : triggers.values) {
      definitions_.push_back(row.at(1).text());
      scratch.run("DROP TRIGGER " + sql::quote_identifier(row.at(0).text(), sqlite_syntax));
    }
  }
  void make_again() const {
    for (const std::string& definition : definitions_) scratch_.run(definition);
  }

 private:
  Connection& scratch_;
  std::vector<std::string> definitions_;
};

/// Fills the full-text indexes, which no trigger updated. One that is told to delete an unknown row becomes corrupt.
/// https://www.sqlite.org/fts5.html#the_delete_command
void fill_indexes(Connection& scratch) {
  const Rows::Data rows = scratch.run("SELECT type, name, tbl_name, sql FROM sqlite_master");
  for (const auto& [name, index] : read_virtual_tables(scratch, rows).objects) {
    if (!index.filling.value.empty()) scratch.run(index.filling.value);
  }
}

std::vector<std::string> referenced_columns(const model::ForeignKey& key, const model::Table& parent) {
  if (!key.referenced_columns.empty() || !parent.primary_key) return key.referenced_columns;
  return model::column_names(parent.primary_key->columns);
}

bool same(const model::Name& a, const model::Name& b) { return sql::equal_ignoring_case(a.name, b.name); }

class RowCopy {
 public:
  RowCopy(Connection& connection, Connection& scratch, const std::vector<SampledTable>& tables, std::size_t most)
      : connection_(connection), scratch_(scratch), tables_(tables), most_(most) {}

  std::vector<std::string> run() {
    const std::string keys = scratch_.run("PRAGMA foreign_keys").values.at(0).at(0).text();
    scratch_.run("PRAGMA foreign_keys = OFF; BEGIN");
    for (const SampledTable& sampled : tables_) copy(*sampled.table);
    remove_orphans();
    scratch_.run("COMMIT");
    scratch_.run("PRAGMA foreign_keys = " + keys);
    return std::move(problems_);
  }

 private:
  [[nodiscard]] std::size_t limit_for(const model::Table& table) const {
    sql::Writer writer(sqlite_syntax);
    writer.raw("SELECT sum(0");
    for (const model::Column& column : table.columns) {
      if (column.computed) continue;
      writer.raw(" + coalesce(length(").identifier(column.name).raw("), 0)");
    }
    writer.raw(") / max(count(*), 1) FROM (SELECT * FROM ").identifier(table.name.name);
    const std::string query = writer.raw(" LIMIT " + std::to_string(most_) + ')').take();
    return rows_within_limit(connection_.run(query).values.at(0).at(0), most_);
  }

  void copy(const model::Table& table) {
    try {
      limit_ = " LIMIT " + std::to_string(limit_for(table));
      // Rows that rows of other tables reference come first.
      for (const SampledTable& child : tables_) {
        for (const auto* const keys : {&child.table->foreign_keys, &child.later_keys}) {
          for (const model::ForeignKey& key : *keys) {
            const bool is_wanted = same(key.referenced_table, table.name) && child.table != &table;
            if (is_wanted) copy(table, condition(table, *child.table, key));
          }
        }
      }
      copy(table, "");
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      problems_.push_back("rows of table \"" + to_string(table.name) + "\" (" + reason(error, connection_) + ')');
    }
  }

  [[nodiscard]] std::string condition(const model::Table& table, const model::Table& child,
                                      const model::ForeignKey& key) const {
    sql::Writer writer(sqlite_syntax);
    const auto name = [&](const std::string& column) { writer.identifier(column); };
    writer.raw(" WHERE (").list(referenced_columns(key, table), name).raw(") IN (SELECT ");
    return writer.list(key.columns, name).raw(" FROM ").identifier(child.name.name).raw(limit_).raw(")").take();
  }

  /// Existing rows are kept, and rows that the copy rejects are omitted: a check constraint may be newer than a row.
  void copy(const model::Table& table, const std::string& where) {
    std::vector<std::string> columns;
    for (const model::Column& column : table.columns) {
      if (!column.computed) columns.push_back(sql::quote_identifier(column.name, sqlite_syntax));
    }
    if (const auto id = row_id(table); id && std::find(columns.begin(), columns.end(), *id) == columns.end()) {
      columns.push_back(*id);
    }
    sql::Writer names(sqlite_syntax);
    sql::Writer places(sqlite_syntax);
    names.list(columns, [&](const std::string& column) { names.raw(column); });
    places.list(columns, [&](const std::string&) { places.raw("?"); });
    const std::string name = sql::quote_identifier(table.name.name, sqlite_syntax);
    const std::string insert =
        "INSERT OR IGNORE INTO " + name + '(' + names.text() + ") VALUES (" + places.text() + ')';
    const Rows::Data rows = connection_.run("SELECT " + names.text() + " FROM " + name + where + limit_);
    for (const std::vector<Value>& row : rows.values) scratch_.run(insert, row);
  }

  /// Deletes rows that reference rows which were not copied.
  void remove_orphans() {
    std::int64_t before = -1;
    while (before != changes()) {
      before = changes();
      for (const SampledTable& sampled : tables_) {
        for (const model::ForeignKey& key : sampled.table->foreign_keys) remove_orphans(*sampled.table, key);
        for (const model::ForeignKey& key : sampled.later_keys) remove_later_orphans(*sampled.table, key);
      }
    }
  }
  void remove_orphans(const model::Table& table, const model::ForeignKey& key) {
    const model::Table* const parent = find_parent(key);
    if (parent == nullptr) return;
    const std::string name = sql::quote_identifier(table.name.name, sqlite_syntax);
    scratch_.run("DELETE FROM " + name + " AS child WHERE " + is_orphan(*parent, key));
  }
  /// Deletes rows that will reference rows which were not copied, but not those that will violate the key.
  void remove_later_orphans(const model::Table& table, const model::ForeignKey& key) {
    const model::Table* const parent = find_parent(key);
    if (parent == nullptr) return;
    const std::string name = sql::quote_identifier(table.name.name, sqlite_syntax);
    const std::string columns = sql::Writer(sqlite_syntax).identifiers(key.columns).take();
    const std::string remove = "DELETE FROM " + name + where_equal(key.columns);
    const std::string find = "SELECT 1 FROM " + sql::quote_identifier(parent->name.name, sqlite_syntax) +
                             where_equal(referenced_columns(key, *parent)) + " LIMIT 1";
    const Rows::Data orphans =
        scratch_.run("SELECT DISTINCT " + columns + " FROM " + name + " AS child WHERE " + is_orphan(*parent, key));
    for (const std::vector<Value>& values : orphans.values) {
      if (!connection_.run(find, values).values.empty()) scratch_.run(remove, values);
    }
  }
  static std::string where_equal(const std::vector<std::string>& columns) {
    sql::Writer writer(sqlite_syntax);
    writer.raw(" WHERE 1");
    for (const std::string& column : columns) writer.raw(" AND ").identifier(column).raw(" = ?");
    return writer.take();
  }
  /// Returns the table that the key references, if rows of it are copied.
  [[nodiscard]] const model::Table* find_parent(const model::ForeignKey& key) const {
    const auto parent = std::find_if(tables_.begin(), tables_.end(), [&](const SampledTable& candidate) {
      return same(candidate.table->name, key.referenced_table);
    });
    if (parent == tables_.end()) return nullptr;
    return referenced_columns(key, *parent->table).size() == key.columns.size() ? parent->table : nullptr;
  }
  static std::string is_orphan(const model::Table& parent, const model::ForeignKey& key) {
    const std::vector<std::string> referenced = referenced_columns(key, parent);
    sql::Writer writer(sqlite_syntax);
    for (const std::string& column : key.columns) writer.raw("child.").identifier(column).raw(" IS NOT NULL AND ");
    writer.raw("NOT EXISTS (SELECT 1 FROM ").identifier(parent.name.name).raw(" AS parent WHERE 1");
    for (std::size_t i = 0; i < referenced.size(); ++i) {
      writer.raw(" AND parent.").identifier(referenced[i]).raw(" = child.").identifier(key.columns[i]);
    }
    return writer.raw(")").take();
  }
  [[nodiscard]] std::int64_t changes() const {
    return scratch_.run("SELECT total_changes()").values.at(0).at(0).integer();
  }

  Connection& connection_;
  Connection& scratch_;
  const std::vector<SampledTable>& tables_;
  std::size_t most_;
  std::string limit_;  ///< For the current table.
  std::vector<std::string> problems_;
};

}  // namespace

void without_triggers(Connection& scratch, const std::function<void()>& function) {
  const WithoutTriggers triggers(scratch);
  function();
  triggers.make_again();
  fill_indexes(scratch);
}

std::vector<std::string> copy_rows(Connection& connection, Connection& scratch, const std::vector<SampledTable>& tables,
                                   std::size_t most) {
  std::vector<std::string> problems;
  without_triggers(scratch, [&] { problems = RowCopy(connection, scratch, tables, most).run(); });
  return problems;
}

std::optional<std::string> row_id(const model::Table& table) {
  if (table.options.contains("WITHOUT ROWID")) return std::nullopt;
  for (const model::Column& column : table.columns) {
    if (is_rowid(table, column)) return sql::quote_identifier(column.name, sqlite_syntax);
  }
  for (const char* const name : {"rowid", "_rowid_", "oid"}) {
    const auto is_it = [&](const model::Column& column) { return sql::equal_ignoring_case(column.name, name); };
    if (std::none_of(table.columns.begin(), table.columns.end(), is_it)) return name;
  }
  return std::nullopt;
}

}  // namespace whimbrel::dialect::sqlite
