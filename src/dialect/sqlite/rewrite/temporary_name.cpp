#include "dialect/sqlite/rewrite/temporary_name.h"

#include <algorithm>

#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// A virtual table stores its rows in tables whose names are its own, an underscore and a word of the module's without
/// an underscore. https://www.sqlite.org/vtab.html#the_xshadowname_method
bool may_be_of(const std::string& virtual_table, const std::string& name) {
  if (sql::equal_ignoring_case(virtual_table, name)) return true;
  return sql::equal_ignoring_case(name.substr(0, name.rfind('_')), virtual_table);
}

// Tables, views and indexes share one namespace.
bool is_taken(const model::Schema& schema, const std::string& name) {
  const auto is_it = [&](const std::string& other) { return sql::equal_ignoring_case(other, name); };
  const auto has_it = [&](const model::Table& table) {
    return is_it(table.name.name) || std::any_of(table.indexes.begin(), table.indexes.end(),
                                                 [&](const model::Index& index) { return is_it(index.name.text); });
  };
  return std::any_of(schema.tables.begin(), schema.tables.end(), has_it) ||
         std::any_of(schema.views.begin(), schema.views.end(),
                     [&](const model::View& view) { return is_it(view.name.name); }) ||
         std::any_of(schema.objects.begin(), schema.objects.end(),
                     [&](const model::Object& object) { return may_be_of(object.name.name, name); });
}

}  // namespace

std::string temporary_name(const std::string& table, const model::Schema& before, const model::Schema& after) {
  std::string name = "temporary_" + table;
  while (is_taken(before, name) || is_taken(after, name)) name = "temporary_" + name;
  return name;
}

}  // namespace whimbrel::dialect::sqlite
