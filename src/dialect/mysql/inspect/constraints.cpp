#include <algorithm>

#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/column_text.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

using model::ReferentialAction;

/// RESTRICT and NO ACTION are the same, and MariaDB reports the former if none was given.
/// https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html#foreign-key-referential-actions
ReferentialAction read_action(const std::string& words) {
  if (words == "CASCADE") return ReferentialAction::cascade;
  if (words == "SET NULL") return ReferentialAction::set_null;
  if (words == "SET DEFAULT") return ReferentialAction::set_default;
  return ReferentialAction::no_action;
}

using KeyNames = std::pair<std::string, std::string>;  ///< The table and the constraint.

/// Makes a JSON column of what MariaDB makes of one: a longtext with a check. Returns whether it is one.
/// https://mariadb.com/kb/en/json-data-type/
bool becomes_json(const std::string& clause, const model::Table& table, model::Column& column) {
  const auto collation = table.options.find("COLLATE");
  const bool has_own = !column.collation.empty() || collation == table.options.end();
  if (column.type.name != "longtext" || (has_own ? column.collation : collation->second) != "utf8mb4_bin") return false;
  if (clause != "json_valid(" + quote_name(column.name) + ")") return false;
  column.type.name = "json";
  column.charset.clear();
  column.collation.clear();
  return true;
}

/// Returns the column that has the check in its definition. The check is named as the column was when it was created.
model::Column* find_owner(const std::string& check, const std::vector<model::Reference>& used, model::Table& table) {
  const auto is_used = [&](const std::string& column) {
    return used.empty() || std::any_of(used.begin(), used.end(),
                                       [&](const model::Reference& reference) { return reference.column == column; });
  };
  model::Column* const named = table.find_column(check);
  if (named != nullptr && is_used(check)) return named;
  return used.empty() ? named : table.find_column(used.front().column);
}

}  // namespace

void read_foreign_keys(const Catalog& catalog, CatalogState& state) {
  std::map<KeyNames, const std::vector<Value>*> actions;
  for (const std::vector<Value>& values : catalog.foreign_keys.values) {
    Fields row(values);
    KeyNames names;
    names.first = row.text();
    names.second = row.text();
    actions.emplace(std::move(names), &values);
  }
  for (const std::vector<Value>& values : catalog.key_columns.values) {
    Fields row(values);
    KeyNames names;
    names.first = row.text();
    names.second = row.text();
    model::Table* const table = state.find_table(names.first);
    if (table == nullptr) continue;
    std::vector<model::ForeignKey>& keys = table->foreign_keys;
    if (keys.empty() || keys.back().name.text != names.second) {
      model::ForeignKey& key = keys.emplace_back();
      key.name = names.second;
      if (const auto found = actions.find(names); found != actions.end()) {
        Fields action(*found->second);
        static_cast<void>(action.text()), static_cast<void>(action.text());
        if (const std::string match = action.text(); match != "NONE") key.match = match;
        const std::string on_update = action.text();
        const std::string on_delete = action.text();
        key.on_update = read_action(on_update);
        key.on_delete = read_action(on_delete);
        key.restricted.value = {.on_delete = on_delete == "RESTRICT", .on_update = on_update == "RESTRICT"};
      }
    }
    model::ForeignKey& key = keys.back();
    key.columns.push_back(row.text());
    key.referenced_table.schema = row.text();
    key.referenced_table.name = row.text();
    key.referenced_columns.push_back(row.text());
  }
}

void read_checks(const Catalog& catalog, CatalogState& state) {
  for (const std::vector<Value>& values : catalog.checks.values) {
    Fields row(values);
    model::Table* const table = state.find_table(row.text());
    if (table == nullptr) continue;
    model::Check check;
    check.name = row.text();
    check.expression = read_expression(row.text(), state.database, state.server);
    const bool is_of_column = row.is("Column");
    check.not_valid = row.is("NO");
    check.uses.value = used_columns(check.expression, *table);
    if (is_of_column) {
      model::Column* const owner = find_owner(check.name.text, *check.uses.value, *table);
      if (owner != nullptr && becomes_json(check.expression, *table, *owner)) continue;
      // It has no name of its own, and only a new definition of the column drops it.
      if (owner != nullptr) check.name = model::ConstraintName::make_derived(owner->name);
    }
    table->checks.push_back(std::move(check));
  }
}

}  // namespace whimbrel::dialect::mysql
