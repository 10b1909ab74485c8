#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/inspect/reader.h"
#include "dialect/sqlite/inspect/stored_definition.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/keywords.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// A row of sqlite_schema.
struct CatalogEntry {
  std::string_view type, name, table, sql;
};

/// Returns the user's objects: indexes of constraints have no statement, and SQLite's own tables have reserved names.
std::vector<CatalogEntry> read_objects(const Rows::Data& rows) {
  std::vector<CatalogEntry> objects;
  objects.reserve(rows.values.size());
  for (const std::vector<Value>& row : rows.values) {
    const CatalogEntry object{text_of(row[0]), text_of(row[1]), text_of(row[2]), text_of(row[3])};
    const bool is_internal = sql::equal_ignoring_case(object.name.substr(0, 7), "sqlite_");
    if (object.sql.empty() || is_internal) continue;
    require_definition(object.type, object.name, object.sql);
    objects.push_back(object);
  }
  return objects;
}

// Every version knows the old name of sqlite_schema.
Rows::Data read_rows(Connection& connection) {
  return connection.run("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid");
}

class SchemaReader {
 public:
  model::Schema read(const std::vector<CatalogEntry>& objects, const VirtualTables& virtual_tables) {
    schema_.tables.reserve(objects.size());
    for (const CatalogEntry& object : objects) {
      if (object.type == "table") {
        add(object, virtual_tables);
      } else if (object.type == "view") {
        add_view(object);
      }
    }
    for (const CatalogEntry& object : objects) {
      if (object.type == "index") add_index(object);
      if (object.type == "trigger") add_trigger(object);
    }
    for (model::Table& table : schema_.tables) {
      for (model::ForeignKey& key : table.foreign_keys) resolve(key);
    }
    return std::move(schema_);
  }

 private:
  /// The tables of a virtual table's module are not listed as tables.
  void add(const CatalogEntry& object, const VirtualTables& virtual_tables) {
    const std::string name(object.name);
    if (virtual_tables.hide(name)) return;
    const auto found = virtual_tables.objects.find(name);
    if (found == virtual_tables.objects.end()) return add_table(object);
    schema_.objects.push_back(found->second);
  }

  void add_table(const CatalogEntry& object) {
    tables_.emplace(sql::to_lower(object.name), schema_.tables.size());
    model::Table& table = schema_.tables.emplace_back(read_create_table(object.sql));
    table.definition.value = object.sql;
  }

  void add_view(const CatalogEntry& object) {
    views_.emplace(sql::to_lower(object.name), schema_.views.size());
    model::View& view = schema_.views.emplace_back();
    view.name = std::string(object.name);
    view.definition = object.sql;
  }

  void add_index(const CatalogEntry& object) {
    model::Table* table = find_table(object.table);
    if (table == nullptr) return;
    model::Index& index = table->indexes.emplace_back(read_create_index(object.sql));
    index.definition.value = object.sql;
    for (model::KeyPart& part : index.columns) {
      if (part.expression.empty()) resolve(part, *table);
    }
  }

  void add_trigger(const CatalogEntry& object) {
    model::Trigger trigger{std::string(object.name), std::string(object.sql)};
    if (model::Table* table = find_table(object.table)) {
      table->triggers.push_back(std::move(trigger));
    } else if (const auto view = views_.find(sql::to_lower(object.table)); view != views_.end()) {
      schema_.views[view->second].triggers.push_back(std::move(trigger));
    }
  }

  [[nodiscard]] model::Table* find_table(std::string_view name) {
    const auto found = tables_.find(sql::to_lower(name));
    return found == tables_.end() ? nullptr : &schema_.tables[found->second];
  }

  /// Spells the column of an index like the table does. A name that no column has is a constant or a string, because
  /// SQLite then treats double quotes like single ones. https://www.sqlite.org/quirks.html#dblquote
  static void resolve(model::KeyPart& part, const model::Table& table) {
    if (const model::Column* column = find_column(table, part.column)) {
      part.column = column->name;
      return;
    }
    part.expression = sql::is_reserved(part.column) ? part.column : sql::quote_identifier(part.column, sqlite_syntax);
    part.column.clear();
  }

  /// Spells the names in a foreign key like the referenced table does, if it exists.
  void resolve(model::ForeignKey& key) {
    const model::Table* table = find_table(key.referenced_table.name);
    if (table == nullptr) return;
    key.referenced_table = table->name;
    for (std::string& name : key.referenced_columns) {
      if (const model::Column* column = find_column(*table, name)) name = column->name;
    }
  }

  model::Schema schema_;
  std::unordered_map<std::string, std::size_t> tables_;  ///< Positions in the schema by lower-case names.
  std::unordered_map<std::string, std::size_t> views_;
};

// All definitions are checked before any of them is parsed or run.
model::Schema read_schema(Connection& connection, const Rows::Data& rows) {
  const std::vector<CatalogEntry> objects = read_objects(rows);
  return SchemaReader().read(objects, read_virtual_tables(connection, rows));
}

}  // namespace

model::Schema inspect(Connection& connection) { return read_schema(connection, read_rows(connection)); }

model::Schema inspect(Connection& connection, const std::vector<model::Name>& tables) {
  constexpr std::size_t most_parameters = 900;  // https://www.sqlite.org/limits.html
  if (tables.empty()) return {};
  if (tables.size() > most_parameters) return inspect(connection);
  std::vector<Value> names;
  sql::Writer query(sqlite_syntax);
  query.raw("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name COLLATE NOCASE IN (");
  query.list(tables, [&](const model::Name& table) {
    query.raw("?");
    names.emplace_back(table.name);
  });
  return read_schema(connection, connection.run(query.raw(") ORDER BY rowid").take(), names));
}

namespace {

VirtualTables read_only_virtual_tables(Connection& connection) {
  return read_virtual_tables(
      connection,
      connection.run("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE %'"));
}

}  // namespace

void require_free(Connection& connection, const model::Schema& schema) {
  const VirtualTables tables = read_only_virtual_tables(connection);
  const auto require = [&](const auto& item) {
    const auto found = tables.unmanaged.find(item.name.name);
    const bool is_unknown = tables.unknown.contains(item.name.name);
    if (found == tables.unmanaged.end() && !is_unknown) return;
    const std::string owner = is_unknown ? item.name.name : found->second;
    throw Error(ErrorKind::unsafe,
                '"' + item.name.name + "\" already exists in the " + connection.description() +
                    (is_unknown ? " as a virtual table" : " and may belong to virtual table \"" + owner + '"') +
                    ", which cannot be read here.")
        .with_remedy("Remove it, or use an SQLite library with the module of \"" + owner + "\".");
  };
  std::for_each(schema.tables.begin(), schema.tables.end(), require);
  std::for_each(schema.views.begin(), schema.views.end(), require);
  std::for_each(schema.objects.begin(), schema.objects.end(), require);
}

std::vector<std::string> unsupported_objects(Connection& connection) {
  std::vector<std::string> words;
  const VirtualTables tables = read_only_virtual_tables(connection);
  for (const auto& [name, reason] : tables.unknown) {
    words.push_back("virtual table \"" + name + "\" (" + reason + ')');
  }
  for (const auto& [name, owner] : tables.unmanaged) {
    words.push_back("table \"" + name + "\" (it may belong to virtual table \"" + owner + "\")");
  }
  return words;
}

}  // namespace whimbrel::dialect::sqlite
