#include "support/random_postgres_schema.h"

#include <algorithm>

#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "support/postgres_server.h"

namespace whimbrel::test {

namespace {

using Strings = std::vector<std::string>;

// Names that must be quoted are as likely as others.
const Strings table_names = {"user", "post", "order", "t 1", "Tag", "été", "it's", "say \"hi\"", "x_y"};
const Strings column_names = {"name", "title", "group",     "e mail", "ünï",   "a\"b",
                              "c'd",  "count", "CamelCase", "select", "views", "b2"};

struct TypeChoice {
  model::Type type;
  Strings defaults;
};

const std::vector<TypeChoice>& types() {
  static const std::vector<TypeChoice> list = {
      {{"smallint", {}}, {"0", "-1"}},
      {{"integer", {}}, {"0", "-1", "42", "length('abc'::text)"}},
      {{"bigint", {}}, {"0", "99999999999"}},
      {{"numeric", {}}, {"1.5", "-2.25"}},
      {{"numeric", {10, 2}}, {"1.5", "0"}},
      {{"real", {}}, {"1.5", "0"}},
      {{"double precision", {}}, {"1.5", "random()"}},
      {{"boolean", {}}, {"true", "false"}},
      {{"character varying", {}}, {"''", "'it''s'", "'a, b'", "'é \\ %'"}},
      {{"character varying", {40}}, {"'x'"}},
      {{"character", {4}}, {"'x'"}},
      {{"text", {}}, {"'x'", "CURRENT_USER", "lower('ABC'::text)"}},
      {{"bytea", {}}, {}},
      {{"uuid", {}}, {for_server("gen_random_uuid()")}},
      {{"jsonb", {}}, {"'{}'", "'[1]'"}},
      {{"json", {}}, {"'{}'"}},
      {{"date", {}}, {"CURRENT_DATE", "'2020-01-31'"}},
      {{"timestamp", {}, "without time zone"}, {"now()", "CURRENT_TIMESTAMP"}},
      {{"timestamp", {3}, "without time zone"}, {}},
      {{"timestamp", {}, "with time zone"}, {"now()"}},
      {{"time", {}, "without time zone"}, {}},
      {{"interval", {}}, {"'1 day'"}},
      {{"integer[]", {}}, {"'{}'"}},
      {{"text[]", {}}, {"'{}'", "ARRAY['a'::text, 'b'::text]"}},
      {{"inet", {}}, {}},
      {{"bit varying", {8}}, {}},
  };
  return list;
}

Strings names(const std::vector<model::Column>& columns) {
  Strings result;
  for (const model::Column& column : columns) result.push_back(column.name);
  return result;
}

Strings names(const std::vector<model::Table>& tables) {
  Strings result;
  for (const model::Table& table : tables) result.push_back(table.name.name);
  return result;
}

bool is_indexable(const model::Column& column) { return column.type.name != "json"; }
bool is_text(const model::Column& column) {
  return column.type.name == "text" || column.type.name == "character varying";
}

bool is_key(const model::Table& table, const std::string& column) {
  const auto names_it = [&](const model::KeyPart& part) { return part.column == column; };
  return table.primary_key &&
         std::any_of(table.primary_key->columns.begin(), table.primary_key->columns.end(), names_it);
}

/// Does something of the table or the schema but its keys use the column?
bool is_used(const model::Schema& schema, const model::Table& table, const std::string& column) {
  if (is_key(table, column)) return true;
  for (const model::Column& other : table.columns) {
    if (other.computed && sql::mentions(other.computed->expression, column, dialect::postgres::postgres_syntax))
      return true;
  }
  for (const model::Table& other : schema.tables) {
    for (const model::ForeignKey& key : other.foreign_keys) {
      const auto has = [&](const Strings& columns) {
        return std::find(columns.begin(), columns.end(), column) != columns.end();
      };
      if (other.name == table.name && has(key.columns)) return true;
      if (key.referenced_table == table.name && has(key.referenced_columns)) return true;
    }
  }
  return false;
}

void remove_uses(model::Table& table, const std::string& column) {
  const auto in_parts = [&](const std::vector<model::KeyPart>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](const model::KeyPart& part) {
      return part.column == column || sql::mentions(part.expression, column, dialect::postgres::postgres_syntax);
    });
  };
  const auto in_names = [&](const Strings& columns) {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  };
  std::erase_if(table.uniques,
                [&](const model::Unique& unique) { return in_parts(unique.columns) || in_names(unique.included); });
  std::erase_if(table.checks, [&](const model::Check& check) {
    return sql::mentions(check.expression, column, dialect::postgres::postgres_syntax);
  });
  std::erase_if(table.indexes, [&](const model::Index& index) {
    return in_parts(index.columns) || in_names(index.included) ||
           sql::mentions(index.where, column, dialect::postgres::postgres_syntax);
  });
}

}  // namespace

std::string RandomPostgresSchema::free_name(const Strings& pool, const Strings& taken) {
  for (;;) {
    std::string name = pick(pool);
    if (chance(20)) name += std::to_string(below(4));
    if (std::find(taken.begin(), taken.end(), name) == taken.end()) return name;
  }
}

model::Column RandomPostgresSchema::column(const std::string& name, const model::Schema& schema) {
  model::Column column;
  column.name = name;
  column.nullable = chance(50);
  if (chance(15)) column.comment = "It's " + name;
  if (!schema.enums.empty() && chance(20)) {
    const model::Enum& type = pick(schema.enums);
    const bool is_array = chance(20);
    column.type.name = type.name.name + (is_array ? "[]" : "");
    column.enum_name = type.name.name;
    if (!is_array && chance(50))
      column.default_expression = sql::quote_string(type.values.front(), dialect::postgres::postgres_syntax);
    return column;
  }
  const TypeChoice& choice = pick(types());
  column.type = choice.type;
  if (!choice.defaults.empty() && chance(50)) column.default_expression = pick(choice.defaults);
  if (is_text(column) && chance(20)) column.collation = "C";
  return column;
}

void RandomPostgresSchema::key(model::Table& table) {
  model::Column id;
  id.name = "id";
  id.type.name = pick(Strings{"integer", "bigint", "smallint"});
  switch (below(4)) {
    case 0:
    case 1:
      id.auto_increment = true;
      break;
    case 2:
      id.auto_increment = id.identity = true;
      id.identity_always = chance(50);
      if (chance(30)) id.sequence_options = "START WITH 10 INCREMENT BY 5";
      break;
    default:
      break;
  }
  table.columns.push_back(id);
  table.primary_key.emplace();
  table.primary_key->name = constraint_name("PK_");
  table.primary_key->columns = {"id"};
}

void RandomPostgresSchema::foreign_key(model::Table& table, const model::Schema& schema) {
  const model::Table& parent = pick(schema.tables);
  // A lasting table cannot refer to one that does not outlive a crash.
  if (!parent.primary_key || parent.options.contains("UNLOGGED")) return;
  model::Column column;
  column.name = free_name({"parent", "owner id", "ref"}, names(table.columns));
  column.type = parent.find_column(parent.primary_key->columns.front().column)->type;
  column.nullable = true;
  table.columns.push_back(column);
  model::ForeignKey key;
  key.name = constraint_name("FK_");
  key.columns = {column.name};
  key.referenced_table = parent.name;
  key.referenced_columns = {parent.primary_key->columns.front().column};
  key.on_delete = static_cast<model::ReferentialAction>(below(5));
  key.on_update = static_cast<model::ReferentialAction>(below(5));
  if (chance(20)) key.deferral = model::Deferral::initially_deferred;
  if (chance(10)) key.not_valid = true;
  table.foreign_keys.push_back(key);
}

void RandomPostgresSchema::index(model::Table& table) {
  const model::Column& column = pick(table.columns);
  if (!is_indexable(column)) return;
  model::Index index;
  index.name = constraint_name("IDX_");
  index.columns = {column.name};
  if (is_text(column) && chance(40)) {
    index.columns.front().column.clear();
    index.columns.front().expression =
        "lower(" + sql::quote_identifier(column.name, dialect::postgres::postgres_syntax) + ')';
  }
  const bool is_plain = index.columns.front().expression.empty();
  if (chance(30)) index.columns.front().descending = true;
  if (chance(20)) index.columns.front().nulls = model::NullOrder::last;
  if (!index.columns.front().descending) index.columns.front().nulls = model::NullOrder::by_default;
  if (is_plain && column.type.name == "text" && chance(30)) index.columns.front().operator_class = "text_pattern_ops";
  if (is_plain && column.type.name == "jsonb" && chance(50)) {
    index.columns = {column.name};
    index.method = "gin";
  } else if (chance(20)) {
    index.included = {pick(table.columns).name};
  }
  if (chance(20))
    index.where = sql::quote_identifier(pick(table.columns).name, dialect::postgres::postgres_syntax) + " IS NOT NULL";
  if (chance(10)) index.storage_parameters = index.method.empty() ? "fillfactor=70" : "fastupdate=off";
  table.indexes.push_back(index);
}

void RandomPostgresSchema::computed(model::Table& table) {
  for (const model::Column& base : table.columns) {
    if (!is_text(base)) continue;
    model::Column column;
    column.name = free_name({"total", "upper name"}, names(table.columns));
    column.type.name = "text";
    column.nullable = true;
    column.computed = {"upper(" + sql::quote_identifier(base.name, dialect::postgres::postgres_syntax) + ')', true};
    table.columns.push_back(column);
    return;
  }
}

void RandomPostgresSchema::constraints(model::Table& table, const model::Schema& schema) {
  if (chance(30)) {
    const model::Column& column = pick(table.columns);
    if (is_indexable(column)) {
      model::Unique unique;
      unique.name = constraint_name("UQ_");
      unique.columns = {column.name};
      if (chance(20)) unique.nulls_not_distinct = has_postgres(15);
      if (chance(20)) unique.deferral = model::Deferral::initially_deferred;
      if (chance(20)) unique.included = {pick(table.columns).name};
      table.uniques.push_back(unique);
    }
  }
  if (chance(30)) {
    const std::string column = sql::quote_identifier(pick(table.columns).name, dialect::postgres::postgres_syntax);
    model::Check check{constraint_name("CHK_"), '(' + column + " IS NOT NULL) OR (1 < 2)"};
    if (chance(10)) check.not_valid = true;
    table.checks.push_back(check);
  }
  if (chance(40)) index(table);
  if (chance(40) && !schema.tables.empty()) foreign_key(table, schema);
  if (chance(15)) computed(table);
}

model::Table RandomPostgresSchema::table(const std::string& name, const model::Schema& schema) {
  model::Table table;
  table.name = name;
  if (chance(20)) table.comment = "The table's " + name;
  if (chance(10)) table.options["UNLOGGED"] = "";
  if (chance(10)) table.options["WITH"] = "fillfactor=70";
  if (chance(80)) key(table);
  const std::size_t count = 1 + below(5);
  for (std::size_t i = 0; i < count; ++i) {
    table.columns.push_back(column(free_name(column_names, names(table.columns)), schema));
  }
  constraints(table, schema);
  return table;
}

model::Schema RandomPostgresSchema::schema() {
  model::Schema schema;
  for (std::size_t i = 0, count = below(3); i < count; ++i) {
    schema.enums.push_back({"mood" + std::to_string(i), {"glad", "so so", "it's bad"}, {}});
  }
  const std::size_t count = 1 + below(4);
  for (std::size_t i = 0; i < count; ++i) {
    schema.tables.push_back(table(free_name(table_names, names(schema.tables)), schema));
  }
  return schema;
}

void RandomPostgresSchema::change(model::Table& table, const model::Schema& schema) {
  const std::size_t changes = 1 + below(3);
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t at = below(table.columns.size());
    const std::string name = table.columns[at].name;
    switch (below(6)) {
      case 0:
        table.columns.push_back(column(free_name(column_names, names(table.columns)), schema));
        break;
      case 1:
        if (is_used(schema, table, name) || table.columns.size() < 3) break;
        remove_uses(table, name);
        table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 2:
        if (is_used(schema, table, name) || table.columns[at].computed) break;
        remove_uses(table, name);
        table.columns[at] = column(name, schema);
        break;
      case 3:
        constraints(table, schema);
        break;
      case 4:
        if (!table.indexes.empty()) table.indexes.pop_back();
        if (!table.uniques.empty() && chance(50)) table.uniques.pop_back();
        if (!table.checks.empty()) table.checks.pop_back();
        break;
      default:
        if (!table.foreign_keys.empty()) table.foreign_keys.pop_back();
        if (chance(30)) table.comment = chance(50) ? "" : "Another";
        if (chance(20) && !table.options.erase("WITH")) table.options["WITH"] = "fillfactor=50";
        if (!table.uniques.empty() && chance(50)) table.uniques.back().name = constraint_name("UQ_");
    }
  }
}

void RandomPostgresSchema::change_enums(model::Schema& schema) {
  for (model::Enum& type : schema.enums) {
    if (chance(20)) type.values.insert(type.values.begin() + static_cast<std::ptrdiff_t>(below(3)), "new");
    if (chance(20) && type.values.back() == "it's bad") type.values.pop_back();
    if (chance(10)) std::swap(type.values[0], type.values[1]);
    for (model::Table& table : schema.tables) {
      for (model::Column& column : table.columns) {
        if (column.enum_name != type.name.name || !column.default_expression) continue;
        if (chance(30))
          column.default_expression = sql::quote_string(type.values.front(), dialect::postgres::postgres_syntax);
      }
    }
  }
}

model::Schema RandomPostgresSchema::changed(model::Schema schema) {
  if (chance(30)) change_enums(schema);
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
  return schema;
}

}  // namespace whimbrel::test
