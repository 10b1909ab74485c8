#include "support/random_schema.h"

#include <algorithm>

#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::test {

namespace {

// Names that must be quoted are as likely as others.
const std::vector<std::string> table_names = {"user", "post", "order",      "t 1", "Tag",
                                              "été",  "it's", "say \"hi\"", "x_y"};
const std::vector<std::string> column_names = {"name", "title", "group",     "e mail", "ünï",   "a\"b",
                                               "c'd",  "count", "CamelCase", "select", "views", "b2"};
const std::vector<std::string> types = {"integer", "bigint", "varchar", "text",
                                        "boolean", "double", "blob",    "datetime"};

template <class T>
std::vector<std::string> names(const std::vector<T>& items) {
  std::vector<std::string> result;
  for (const T& item : items) result.push_back(item.name);
  return result;
}

std::vector<std::string> names(const std::vector<model::Table>& tables) {
  std::vector<std::string> result;
  for (const model::Table& table : tables) result.push_back(table.name.name);
  return result;
}

bool has_column(const model::Table& table, const std::vector<model::KeyPart>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [&](const model::KeyPart& part) { return table.find_column(part.column) != nullptr; });
}

bool is_number(const model::Column& column) {
  return column.type.name == "integer" || column.type.name == "bigint" || column.type.name == "double";
}

}  // namespace

std::string RandomSchema::free_name(const std::vector<std::string>& pool, const std::vector<std::string>& taken) {
  for (;;) {
    std::string name = pick(pool);
    if (chance(20)) name += std::to_string(below(4));
    if (std::find(taken.begin(), taken.end(), name) == taken.end()) return name;
  }
}

model::Column RandomSchema::column(const std::string& name) {
  model::Column column;
  column.name = name;
  column.type.name = pick(types);
  if (column.type.name == "varchar" && chance(40)) column.type.arguments = {static_cast<std::uint32_t>(below(300) + 1)};
  column.nullable = chance(50);
  if (chance(40)) {
    static const std::vector<std::string> numbers = {"0", "-1", "42", "1.5"};
    static const std::vector<std::string> strings = {"''", "'it''s'", "'x'", "'a, b'", "datetime('now')"};
    column.default_expression = is_number(column) ? pick(numbers) : pick(strings);
  }
  if (!is_number(column) && chance(15)) column.collation = "NOCASE";
  if (column.type.name == "varchar" && column.type.arguments.empty() && chance(20)) {
    column.enum_values = {"one", "two's", "three"};
    column.enum_values.resize(1 + below(3));
    column.default_expression.reset();
    if (chance(50))
      column.default_expression = sql::quote_string(column.enum_values.front(), dialect::sqlite::sqlite_syntax);
  }
  if (!column.nullable && chance(10)) column.not_null_on_conflict = "IGNORE";
  return column;
}

void RandomSchema::constraints(model::Table& table, const model::Schema& others) {
  const auto any_column = [&] { return pick(table.columns).name; };
  if (chance(30)) {
    model::Unique unique{"UQ_" + std::to_string(below(1000)), {any_column()}, chance(20) ? "IGNORE" : ""};
    table.uniques.push_back(unique);
  }
  if (chance(30)) {
    const std::string column = sql::quote_identifier(any_column(), dialect::sqlite::sqlite_syntax);
    table.checks.push_back({"CHK_" + std::to_string(below(1000)), column + " IS NOT 'no'"});
  }
  if (chance(40)) {
    model::Index index;
    index.name = "IDX_" + table.name.name + std::to_string(below(1000));
    index.columns = {any_column()};
    if (chance(30)) index.columns.front().descending = true;
    if (chance(20)) index.where = sql::quote_identifier(any_column(), dialect::sqlite::sqlite_syntax) + " IS NOT NULL";
    table.indexes.push_back(index);
  }
  if (chance(40) && !others.tables.empty()) {
    const model::Table& parent = pick(others.tables);
    if (parent.primary_key && parent.primary_key->columns.size() == 1) {
      model::Column column;
      column.name = free_name({"parent", "owner id", "ref"}, names(table.columns));
      column.type.name = "integer";
      column.nullable = true;
      table.columns.push_back(column);
      model::ForeignKey key;
      key.name = "FK_" + std::to_string(below(1000));
      key.columns = {column.name};
      key.referenced_table = parent.name;
      key.referenced_columns = {parent.primary_key->columns.front().column};
      key.on_delete = static_cast<model::ReferentialAction>(below(5));
      if (chance(20)) key.deferral = model::Deferral::initially_deferred;
      table.foreign_keys.push_back(key);
    }
  }
  if (chance(15)) {
    const std::string name = "TR_" + table.name.name;
    const std::string trigger =
        "CREATE TRIGGER " + sql::quote_identifier(name, dialect::sqlite::sqlite_syntax) + " AFTER INSERT ON " +
        sql::quote_identifier(table.name.name, dialect::sqlite::sqlite_syntax) + " BEGIN SELECT 1; END";
    table.triggers.push_back({name, trigger});
  }
}

model::Table RandomSchema::table(const std::string& name, const model::Schema& others) {
  model::Table table;
  table.name = name;
  const std::size_t kind = below(4);
  if (kind < 3) {
    model::Column id;
    id.name = "id";
    id.type.name = "integer";
    id.auto_increment = kind < 2;
    table.columns.push_back(id);
    table.primary_key = model::PrimaryKey{{}, {"id"}, ""};
  }
  const std::size_t count = 1 + below(5);
  for (std::size_t i = 0; i < count; ++i)
    table.columns.push_back(column(free_name(column_names, names(table.columns))));
  if (kind == 3) {
    table.columns.front().nullable = false;
    table.columns.front().not_null_on_conflict.clear();
    table.primary_key = model::PrimaryKey{{}, {table.columns.front().name}, ""};
    if (table.columns.size() > 1 && chance(50)) {
      table.columns[1].nullable = false;
      table.primary_key->columns.emplace_back(table.columns[1].name);
    }
    if (chance(50)) table.options["WITHOUT ROWID"] = "";
  }
  constraints(table, others);
  return table;
}

model::Schema RandomSchema::schema() {
  model::Schema schema;
  const std::size_t count = 1 + below(4);
  for (std::size_t i = 0; i < count; ++i) {
    schema.tables.push_back(table(free_name(table_names, names(schema.tables)), schema));
  }
  repair(schema);
  return schema;
}

void RandomSchema::change(model::Table& table, const model::Schema& schema) {
  const auto is_key = [&](const model::Column& column) {
    return table.primary_key && std::any_of(table.primary_key->columns.begin(), table.primary_key->columns.end(),
                                            [&](const model::KeyPart& part) { return part.column == column.name; });
  };
  const std::size_t changes = 1 + below(3);
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t at = below(table.columns.size());
    switch (below(6)) {
      case 0:
        table.columns.push_back(column(free_name(column_names, names(table.columns))));
        break;
      case 1:
        if (!is_key(table.columns[at]) && table.columns.size() > 2) {
          table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(at));
        }
        break;
      case 2:
        if (!is_key(table.columns[at])) table.columns[at] = column(table.columns[at].name);
        break;
      case 3:
        constraints(table, schema);
        break;
      case 4:
        if (!table.indexes.empty()) table.indexes.pop_back();
        if (!table.uniques.empty() && chance(50)) table.uniques.pop_back();
        break;
      default:
        if (!table.checks.empty()) table.checks.pop_back();
        if (!table.foreign_keys.empty() && chance(50)) table.foreign_keys.pop_back();
    }
  }
}

model::Schema RandomSchema::changed(model::Schema schema) {
  for (model::Table& table : schema.tables) {
    if (chance(70)) change(table, schema);
  }
  if (schema.tables.size() > 1 && chance(25)) {
    schema.tables.erase(schema.tables.begin() + static_cast<std::ptrdiff_t>(below(schema.tables.size())));
  }
  if (chance(35)) schema.tables.push_back(table(free_name(table_names, names(schema.tables)), schema));
  repair(schema);
  return schema;
}

/// Takes out what refers to nothing, and what has a name twice.
void RandomSchema::repair(model::Schema& schema) {
  std::vector<std::string> index_names;
  for (model::Table& table : schema.tables) {
    const auto lacks_columns = [&](const auto& item) { return !has_column(table, item.columns); };
    std::erase_if(table.uniques, lacks_columns);
    std::erase_if(table.indexes, [&](const model::Index& index) {
      const auto mentioned = [&](const model::Column& column) {
        return index.where.rfind(sql::quote_identifier(column.name, dialect::sqlite::sqlite_syntax) + " IS", 0) == 0;
      };
      const bool dangling = !index.where.empty() && std::none_of(table.columns.begin(), table.columns.end(), mentioned);
      const bool twice = std::find(index_names.begin(), index_names.end(), index.name.text) != index_names.end();
      if (!twice) index_names.push_back(index.name.text);
      return dangling || twice || lacks_columns(index);
    });
    std::erase_if(table.checks, [&](const model::Check& check) {
      return std::none_of(table.columns.begin(), table.columns.end(), [&](const model::Column& column) {
        return check.expression.rfind(sql::quote_identifier(column.name, dialect::sqlite::sqlite_syntax) + " IS", 0) ==
               0;
      });
    });
    std::erase_if(table.foreign_keys, [&](const model::ForeignKey& key) {
      const model::Table* parent = schema.find_table(key.referenced_table);
      return !table.find_column(key.columns.front()) || !parent || !parent->find_column(key.referenced_columns.front());
    });
    const auto drop_equal = [](auto& items, auto same) {
      for (std::size_t i = 0; i < items.size(); ++i) {
        items.erase(std::remove_if(items.begin() + static_cast<std::ptrdiff_t>(i) + 1, items.end(),
                                   [&](const auto& other) { return same(items[i], other); }),
                    items.end());
      }
    };
    const auto same_name = [](const auto& a, const auto& b) { return a.name == b.name; };
    drop_equal(table.triggers, same_name);
    drop_equal(table.checks, same_name);
    drop_equal(table.foreign_keys, same_name);
    // SQLite keeps one index for two equal uniques.
    drop_equal(table.uniques, [](const model::Unique& a, const model::Unique& b) {
      return a.name == b.name || a.columns == b.columns;
    });
    std::erase_if(table.uniques, [&](const model::Unique& unique) {
      return table.primary_key && unique.columns == table.primary_key->columns;
    });
  }
}

}  // namespace whimbrel::test
