#include "dialect/sqlite/rewrite/content.h"

#include <algorithm>
#include <vector>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

using model::Object;
using model::Schema;

bool is_built_in_key(const model::Table& table, std::string_view name) {
  return is_row_number_name(name) && !table.options.contains("WITHOUT ROWID");
}

/// Finds what a view or an index reads, through views and indexes.
class Reading {
 public:
  Reading(std::string_view wanted, const Schema& schema) : wanted_(wanted), schema_(schema) {}

  bool reaches(const std::string& name) {
    if (same_name(name, wanted_)) return true;
    if (!seen_.insert(name).second) return false;
    if (const Object* const object = find_named(schema_.objects, name)) {
      const std::string content = content_name(*object);
      return !content.empty() && reaches(content);
    }
    const model::View* const view = find_named(schema_.views, name);
    return view != nullptr && reaches(*view);
  }

 private:
  bool reaches(const model::View& view) {
    if (sql::mentions(view.definition, wanted_, sqlite_syntax)) return true;
    const auto reaches_through = [&](const auto& item) {
      return sql::mentions(view.definition, item.name.name, sqlite_syntax) && reaches(item.name.name);
    };
    return std::any_of(schema_.views.begin(), schema_.views.end(), reaches_through) ||
           std::any_of(schema_.objects.begin(), schema_.objects.end(), reaches_through);
  }

  std::string_view wanted_;
  const Schema& schema_;
  Names seen_;
};

[[noreturn]] void refuse_hidden_key(const std::string& column, const model::Table& table, const Object& index) {
  throw Error(ErrorKind::unsafe, "The new column \"" + column + "\" of table \"" + table.name.name +
                                     "\" would hide the row number of that name, which virtual table \"" +
                                     index.name.name + "\" reads.")
      .with_remedy(
          "Give the column another name, or first recreate the virtual table with another key: an INTEGER "
          "PRIMARY KEY of the table, or content_rowid='_rowid_'.");
}

/// The view may pass on the row number of any table that it reads, under another name.
void require_visible_keys_of_view(const Object& index, const Schema& before, const Schema& after) {
  for (const model::Table& table : after.tables) {
    for (const model::Column& column : table.columns) {
      if (!is_built_in_key(table, column.name) || is_rowid(table, column)) continue;
      const model::Table* const old_table = find_named(before.tables, table.name.name);
      if (old_table == nullptr || find_column(*old_table, column.name) != nullptr) continue;
      const bool is_named = std::any_of(after.views.begin(), after.views.end(), [&](const model::View& view) {
        return sql::mentions(view.definition, column.name, sqlite_syntax);
      });
      if (is_named && may_read(index, table.name.name, after)) refuse_hidden_key(column.name, table, index);
    }
  }
}

}  // namespace

std::string content_name(const Object& object) {
  return object.kind == virtual_table_kind ? content_of(read_virtual_table(object)).value_or("") : std::string();
}

bool reads_view(const Object& index, const Schema& schema) {
  return find_named(schema.views, content_name(index)) != nullptr;
}

std::string missing_content(const Object& index, const Schema& schema) {
  const std::string content = content_name(index);
  if (content.empty() || reads_view(index, schema) || find_named(schema.objects, content) != nullptr) return {};
  const model::Table* table = find_named(schema.tables, content);
  if (table == nullptr) return "table \"" + content + '"';
  for (const std::string& column : index.columns.value) {
    if (find_column(*table, column) == nullptr) return "column \"" + column + "\" of \"" + content + '"';
  }
  const std::string key = content_rowid(read_virtual_table(index));
  if (find_column(*table, key) != nullptr || is_built_in_key(*table, key)) return {};
  return "column \"" + key + "\" of \"" + content + '"';
}

void require_visible_keys(const Schema& before, const Schema& after) {
  for (const Object& index : after.objects) {
    const std::string content = content_name(index);
    const Object* const known = find_named(before.objects, index.name.name);
    if (content.empty() || known == nullptr) continue;
    if (reads_view(index, after)) require_visible_keys_of_view(index, before, after);
    const std::string key = content_rowid(read_virtual_table(index));
    const model::Table* const table = find_named(after.tables, content);
    const model::Table* const old_table = find_named(before.tables, content_name(*known));
    if (table == nullptr || old_table == nullptr || content_rowid(read_virtual_table(*known)) != key) continue;
    const model::Column* const column = find_column(*table, key);
    if (column == nullptr || is_rowid(*table, *column) || find_column(*old_table, key) != nullptr) continue;
    refuse_hidden_key(column->name, *table, index);
  }
}

bool may_read(const Object& index, std::string_view name, const Schema& schema) {
  const std::string content = content_name(index);
  return !content.empty() && Reading(name, schema).reaches(content);
}

}  // namespace whimbrel::dialect::sqlite
