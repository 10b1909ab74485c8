#include "support/random_mysql_schema.h"

#include <algorithm>
#include <set>

#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::test {

namespace {

using Strings = std::vector<std::string>;

const Strings table_names = {"user", "post", "order", "t 1", "Tag", "été", "it's", "say `hi`", "x_y"};
const Strings column_names = {"name", "title", "group",     "e mail", "ünï",   "a`b",
                              "c'd",  "count", "CamelCase", "select", "views", "b2"};

struct TypeChoice {
  model::Type type;
  Strings defaults;
  Strings values;
};

const std::vector<TypeChoice>& types() {
  static const std::vector<TypeChoice> list = {
      {{"tinyint", {1}}, {"0", "1"}, {"0", "1"}},
      {{"smallint", {}}, {"0", "-1"}, {"7", "-7"}},
      {{"int", {}}, {"0", "-1", "42"}, {"7", "123456"}},
      {{"int", {}, "unsigned"}, {"0", "42"}, {"7", "4000000000"}},
      {{"bigint", {}}, {"0", "99999999999"}, {"7", "12345678901"}},
      {{"decimal", {10, 2}}, {"1.50", "0.00"}, {"2.25", "-3"}},
      {{"double", {}}, {"1.5", "0"}, {"2.5", "1e100"}},
      {{"varchar", {40}}, {"''", "'it''s'", "'a, b'"}, {"'x'", "'é;'"}},
      {{"varchar", {200}}, {"'x'"}, {"'y'", "'y z'"}},
      {{"char", {4}}, {"'x'"}, {"'ab'"}},
      {{"text", {}}, {}, {"'long'"}},
      {{"varbinary", {16}}, {}, {"x'00ff'"}},
      {{"longblob", {}}, {}, {"x'00ff'"}},
      {{"json", {}}, {}, {"'{\"a\": 1}'"}},
      {{"date", {}}, {"'2020-01-31'"}, {"'2024-02-29'"}},
      {{"datetime", {}}, {"'2020-01-31 10:20:30'"}, {"'2024-02-29 12:34:56'"}},
      {{"datetime", {6}}, {}, {"'2024-02-29 12:34:56.123456'"}},
      {{"time", {}}, {}, {"'12:34:56'"}},
  };
  return list;
}

template <class T>
Strings names(const std::vector<T>& items) {
  Strings result;
  for (const T& item : items) result.push_back(item.name);
  return result;
}
Strings names(const std::vector<model::Table>& tables) {
  Strings result;
  for (const model::Table& table : tables) result.push_back(table.name.name);
  return result;
}

std::string quoted(const std::string& name) { return sql::quote_identifier(name, dialect::mysql::mysql_syntax); }

bool is_long(const model::Column& column) {
  return column.type.name.ends_with("text") || column.type.name.ends_with("blob") || column.type.name == "json";
}
bool is_number(const model::Column& column) { return column.type.name.ends_with("int"); }

bool has(const Strings& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Returns whether a key, a generated column or a foreign key uses the column.
bool is_used(const model::Schema& schema, const model::Table& table, const std::string& column) {
  const bool is_key = table.primary_key && has(model::column_names(table.primary_key->columns), column);
  const bool is_computed = std::any_of(table.columns.begin(), table.columns.end(), [&](const model::Column& other) {
    return other.computed && sql::mentions(other.computed->expression, column, dialect::mysql::mysql_syntax);
  });
  if (is_key || is_computed) return true;
  for (const model::Table& other : schema.tables) {
    for (const model::ForeignKey& key : other.foreign_keys) {
      if (other.name == table.name && has(key.columns, column)) return true;
      if (key.referenced_table == table.name && has(key.referenced_columns, column)) return true;
    }
  }
  return false;
}

/// The servers refuse checks and stored columns over columns that ON DELETE SET NULL changes.
bool refers(const model::Table& table, const model::Column& column) {
  return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                     [&](const model::ForeignKey& key) { return has(key.columns, column.name); });
}

void remove_uses(model::Table& table, const std::string& column) {
  const auto uses = [&](const auto& item) { return has(model::column_names(item.columns), column); };
  std::erase_if(table.uniques, uses);
  std::erase_if(table.indexes, uses);
  std::erase_if(table.checks, [&](const model::Check& check) {
    return sql::mentions(check.expression, column, dialect::mysql::mysql_syntax);
  });
}

}  // namespace

std::string RandomMysqlSchema::free_name(const Strings& pool, const Strings& taken) {
  for (;;) {
    std::string name = pick(pool);
    if (chance(20)) name += std::to_string(below(4));
    if (!has(taken, name)) return name;
  }
}

model::Column RandomMysqlSchema::column(const std::string& name) {
  model::Column column;
  column.name = name;
  column.nullable = chance(50);
  if (chance(15)) column.comment = "It's " + name;
  if (chance(15)) {
    column.type.name = "enum";
    column.enum_values = {"glad", "so so", "it's"};
    if (chance(50)) column.default_expression = "'glad'";
    return column;
  }
  const TypeChoice& choice = pick(types());
  column.type = choice.type;
  if (!choice.defaults.empty() && chance(50)) column.default_expression = pick(choice.defaults);
  if (column.type.name == "varchar" && chance(20)) {
    column.charset = "latin1";
    column.collation = "latin1_bin";
  }
  return column;
}

std::string RandomMysqlSchema::value(const model::Column& column) {
  if (column.nullable && chance(30)) return "NULL";
  if (!column.enum_values.empty()) return "'so so'";
  for (const TypeChoice& choice : types()) {
    if (choice.type == column.type) return pick(choice.values);
  }
  return "1";
}

void RandomMysqlSchema::constraints(model::Table& table, const model::Schema& others) {
  const model::Column any = pick(table.columns);
  const auto part = [&] {
    model::KeyPart result(any.name);
    if (is_long(any)) result.length = 10;
    if (any.type.name == "varchar" && chance(20)) result.length = 5;
    return result;
  };
  const bool is_indexable = any.type.name != "json" && !any.computed;
  if (chance(25) && is_indexable) table.uniques.push_back({number("UQ_"), {part()}, {}, {}, false, {}});
  if (chance(25) && !any.auto_increment && !refers(table, any)) {
    table.checks.push_back({number("CHK_"), quoted(any.name) + " is not null or 1 = 1", false, false, {}});
  }
  if (chance(40) && is_indexable) {
    model::Index index;
    index.name = number("IDX_");
    index.columns = {part()};
    table.indexes.push_back(index);
  }
  if (chance(30)) {
    const auto base = std::find_if(table.columns.begin(), table.columns.end(), [&](const model::Column& column) {
      return is_number(column) && !column.auto_increment && !column.computed && !refers(table, column);
    });
    if (base != table.columns.end()) {
      model::Column column;
      column.name = free_name({"twice", "sum of"}, names(table.columns));
      column.type.name = "decimal";
      column.type.arguments = {30, 0};
      column.nullable = true;
      column.computed = model::Computed{quoted(base->name) + " + " + std::to_string(below(3)), chance(50), {}};
      table.columns.push_back(column);
    }
  }
  if (chance(40) && !others.tables.empty()) reference(table, pick(others.tables));
}

void RandomMysqlSchema::reference(model::Table& table, const model::Table& parent) {
  if (!parent.primary_key || parent.primary_key->columns.size() != 1) return;
  const model::Name parent_name = parent.name;
  const model::Column target = *parent.find_column(parent.primary_key->columns.front().column);
  model::Column column;
  column.name = free_name({"parent", "owner id", "ref"}, names(table.columns));
  column.type = target.type;
  column.charset = target.charset;
  column.collation = target.collation;
  column.enum_values = target.enum_values;
  column.nullable = true;
  table.columns.push_back(column);
  model::ForeignKey key;
  key.name = number("FK_");
  key.columns = {column.name};
  key.referenced_table = parent_name;
  key.referenced_columns = {target.name};
  static const std::vector<model::ReferentialAction> actions = {
      model::ReferentialAction::no_action, model::ReferentialAction::cascade, model::ReferentialAction::set_null};
  key.on_delete = pick(actions);
  table.foreign_keys.push_back(key);
}

model::Table RandomMysqlSchema::table(const std::string& name, const model::Schema& others) {
  model::Table table;
  table.name = name;
  table.options = {{"ENGINE", "InnoDB"}, {"DEFAULT CHARSET", "utf8mb4"}, {"COLLATE", "utf8mb4_bin"}};
  if (chance(20)) table.comment = "Table " + name;
  const std::size_t kind = below(4);
  if (kind < 3) {
    model::Column id;
    id.name = "id";
    id.type.name = chance(50) ? "int" : "bigint";
    id.auto_increment = kind < 2;
    table.columns.push_back(id);
    table.primary_key = model::PrimaryKey{{}, {"id"}, {}, {}, {}};
  }
  const std::size_t count = 1 + below(5);
  for (std::size_t i = 0; i < count; ++i) {
    table.columns.push_back(column(free_name(column_names, names(table.columns))));
  }
  if (kind == 3 && !is_long(table.columns.front())) {
    table.columns.front().nullable = false;
    table.primary_key = model::PrimaryKey{{}, {table.columns.front().name}, {}, {}, {}};
  }
  constraints(table, others);
  return table;
}

model::Schema RandomMysqlSchema::schema() {
  model::Schema schema;
  const std::size_t count = 1 + below(4);
  for (std::size_t i = 0; i < count; ++i) {
    schema.tables.push_back(table(free_name(table_names, names(schema.tables)), schema));
  }
  add_cycle(schema);
  return schema;
}

void RandomMysqlSchema::add_cycle(model::Schema& schema) {
  if (schema.tables.size() < 2 || chance(60)) return;
  reference(schema.tables.front(), schema.tables.back());
  if (chance(70)) reference(schema.tables.back(), schema.tables.front());
}

void RandomMysqlSchema::change_columns(model::Table& table) {
  const std::size_t place = below(table.columns.size() + 1);
  table.columns.insert(table.columns.begin() + static_cast<std::ptrdiff_t>(place),
                       column(free_name(column_names, names(table.columns))));
}

void RandomMysqlSchema::change(model::Table& table, const model::Schema& schema) {
  const std::size_t changes = 1 + below(3);
  for (std::size_t i = 0; i < changes; ++i) {
    model::Column& any = table.columns[below(table.columns.size())];
    const std::string name = any.name;
    switch (below(7)) {
      case 0:
        change_columns(table);
        break;
      case 1:
        if (is_used(schema, table, name) || table.columns.size() < 3) break;
        remove_uses(table, name);
        std::erase_if(table.columns, [&](const model::Column& column) { return column.name == name; });
        break;
      case 2:
        if (is_used(schema, table, name) || any.computed || any.auto_increment) break;
        remove_uses(table, name);
        any = column(name);
        break;
      case 3:
        constraints(table, schema);
        break;
      case 4:
        if (!table.indexes.empty()) table.indexes.pop_back();
        if (!table.checks.empty() && chance(50)) table.checks.pop_back();
        break;
      case 5:
        if (!table.foreign_keys.empty() && chance(50)) table.foreign_keys.pop_back();
        if (any.computed) any.computed->stored = !any.computed->stored;
        break;
      default:
        if (!any.computed && !any.auto_increment && !is_used(schema, table, name)) any.nullable = !any.nullable;
        if (!any.enum_values.empty() && !is_used(schema, table, name) && !has(any.enum_values, "new")) {
          any.enum_values.emplace_back("new");
        }
    }
  }
}

model::Schema RandomMysqlSchema::changed(model::Schema schema) {
  next_ += 100;
  for (model::Table& table : schema.tables) {
    if (chance(70)) change(table, schema);
  }
  if (schema.tables.size() > 1 && chance(25)) {
    const model::Name gone = schema.tables[below(schema.tables.size())].name;
    std::erase_if(schema.tables, [&](const model::Table& table) { return table.name == gone; });
    for (model::Table& table : schema.tables) {
      std::erase_if(table.foreign_keys, [&](const model::ForeignKey& key) { return key.referenced_table == gone; });
    }
  }
  if (chance(35)) schema.tables.push_back(table(free_name(table_names, names(schema.tables)), schema));
  if (chance(30)) add_cycle(schema);
  return schema;
}

}  // namespace whimbrel::test
