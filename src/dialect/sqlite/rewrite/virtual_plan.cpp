#include "dialect/sqlite/rewrite/virtual_plan.h"

#include <algorithm>
#include <optional>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using namespace operation;
using model::Column;
using model::Object;
using model::Table;
using Operations = std::vector<Operation>;

bool same(std::string_view a, std::string_view b) { return sql::equal_ignoring_case(a, b); }

/// The table whose texts the object indexes; empty if there is none.
std::string content_name(const Object& object) {
  return object.kind == virtual_table_kind ? content_of(read_virtual_table(object)).value_or("") : std::string();
}

template <class Named>
const Named* find(const std::vector<Named>& list, std::string_view name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Named& one) { return same(one.name.name, name); });
  return found == list.end() ? nullptr : &*found;
}

const Column* find_column(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& column) { return same(column.name, name); });
  return found == table.columns.end() ? nullptr : &*found;
}

std::string after_renames(std::string table, const Operations& renames) {
  for (const Operation& operation : renames) {
    const auto* rename = std::get_if<RenameTable>(&operation);
    if (rename != nullptr && same(rename->from.name, table)) table = rename->to.name;
  }
  return table;
}

/// Does a rebuild keep the values that an index has read?
class Rebuild {
 public:
  explicit Rebuild(const RebuildTable& operation) : operation_(operation) {}

  [[nodiscard]] bool keeps(const std::string& name) const {
    const Column* before = find_column(operation_.before, name);
    const Column* after = find_column(operation_.after, name);
    const CopiedColumn* copied = find_copied(name);
    if (before == nullptr || after == nullptr || copied == nullptr) return false;
    return !copied->source && value_kind(before->type) == value_kind(after->type);
  }

  /// By whatever name the rowid goes.
  [[nodiscard]] bool keeps_rowid() const {
    return std::any_of(operation_.copy.begin(), operation_.copy.end(), [&](const CopiedColumn& copied) {
      const std::string& source = copied.source ? *copied.source : copied.column;
      return is_rowid_of(operation_.after, copied.column) && is_rowid_of(operation_.before, unquoted(source));
    });
  }

  [[nodiscard]] bool keeps_all() const {
    const std::vector<Column>& columns = operation_.before.columns;
    return keeps_rowid() &&
           std::all_of(columns.begin(), columns.end(), [&](const Column& column) { return keeps(column.name); });
  }

 private:
  [[nodiscard]] const CopiedColumn* find_copied(std::string_view column) const {
    const auto found = std::find_if(operation_.copy.begin(), operation_.copy.end(),
                                    [&](const CopiedColumn& copied) { return same(copied.column, column); });
    return found == operation_.copy.end() ? nullptr : &*found;
  }

  /// The name, if the text is nothing else.
  static std::string unquoted(const std::string& text) {
    const std::vector<sql::Token> tokens = sql::tokenize(text);
    return tokens.size() == 1 ? tokens.front().value() : std::string();
  }

  // https://www.sqlite.org/lang_createtable.html#rowid
  static bool is_rowid_of(const Table& table, std::string_view name) {
    if (const Column* column = find_column(table, name)) return is_rowid(table, *column);
    return same(name, "rowid") || same(name, "_rowid_") || same(name, "oid");
  }

  const RebuildTable& operation_;
};

/// Must the index be made anew after the rebuild? Of a view nobody knows what it shows.
bool is_outdated(const Object& index, const RebuildTable& operation, const model::Schema& after) {
  const Rebuild rebuild(operation);
  const std::string content = content_name(index);
  if (find(after.views, content) != nullptr) return !rebuild.keeps_all();
  if (!same(content, operation.after.name.name)) return false;
  const std::vector<std::string>& columns = index.columns.value;
  // An index that cannot be filled is found broken.
  const auto is_there = [&](const std::string& column) { return find_column(operation.after, column) != nullptr; };
  if (!std::all_of(columns.begin(), columns.end(), is_there)) return false;
  const std::string key = content_rowid(read_virtual_table(index));
  const bool keeps_key = find_column(operation.after, key) != nullptr ? rebuild.keeps(key) : rebuild.keeps_rowid();
  return !keeps_key ||
         !std::all_of(columns.begin(), columns.end(), [&](const std::string& column) { return rebuild.keeps(column); });
}

bool is_about(const Operation& operation, const Object& object) {
  const bool is_object =
      std::holds_alternative<CreateObject>(operation) || std::holds_alternative<AlterObject>(operation);
  return is_object && same(subject(operation).name, object.name.name);
}

/// FTS4 can take the columns from the table, which has to be there then.
bool names_columns(const Object& index) {
  const std::vector<std::string> arguments = read_virtual_table(index).arguments;
  return std::any_of(arguments.begin(), arguments.end(), [](const std::string& argument) {
    const std::vector<sql::Token> tokens = sql::tokenize(argument);
    return tokens.size() < 2 || !tokens[1].is("=");
  });
}

/// What the index reads and does not find, in words; empty if it finds all.
std::string missing_content(const Object& index, const model::Schema& schema) {
  const std::string content = content_name(index);
  if (content.empty() || find(schema.views, content) != nullptr || find(schema.objects, content) != nullptr) return {};
  const Table* table = find(schema.tables, content);
  if (table == nullptr) return "table \"" + content + '"';
  for (const std::string& column : index.columns.value) {
    if (find_column(*table, column) == nullptr) return "column \"" + column + "\" of \"" + content + '"';
  }
  return {};
}

}  // namespace

Operations with_indexes_of_content(const model::Schema& current, Operations renames) {
  Operations result;
  Operations made;
  for (const Object& object : current.objects) {
    const std::string content = content_name(object);
    const std::string renamed = after_renames(content, renames);
    if (renamed == content || !names_columns(object)) continue;
    // It is there all the time, since ALTER TABLE looks at the triggers and views that use it. Nothing reads the table
    // before the index is filled.
    const Object moved = with_content(object, renamed);
    Object unfilled = moved;
    unfilled.filling.value.clear();
    result.emplace_back(AlterObject{object, unfilled});
    made.emplace_back(AlterObject{unfilled, moved});
  }
  std::move(renames.begin(), renames.end(), std::back_inserter(result));
  std::move(made.begin(), made.end(), std::back_inserter(result));
  return result;
}

Operations with_virtual_tables(Operations operations, const model::Schema& after) {
  Operations refills;
  for (const Object& object : after.objects) {
    if (std::any_of(operations.begin(), operations.end(), [&](const Operation& op) { return is_about(op, object); })) {
      continue;
    }
    if (std::any_of(operations.begin(), operations.end(), [&](const Operation& operation) {
          const auto* rebuild = std::get_if<RebuildTable>(&operation);
          return rebuild != nullptr && is_outdated(object, *rebuild, after);
        })) {
      refills.emplace_back(AlterObject{object, object});
    }
  }
  Operations triggers;
  for (Operation& operation : operations) {
    auto* create = std::get_if<CreateTable>(&operation);
    if (create == nullptr || after.objects.empty()) continue;
    for (model::Trigger& trigger : create->table.triggers) {
      triggers.emplace_back(CreateTrigger{create->table.name, std::move(trigger)});
    }
    create->table.triggers.clear();
  }
  std::move(refills.begin(), refills.end(), std::back_inserter(operations));
  std::move(triggers.begin(), triggers.end(), std::back_inserter(operations));
  return operations;
}

std::vector<std::string> lost_contents(const model::Schema& before, const model::Schema& after) {
  std::vector<std::string> words;
  for (const Object& object : after.objects) {
    const std::string missing = missing_content(object, after);
    const Object* known = find(before.objects, object.name.name);
    const bool is_news = known == nullptr || missing_content(*known, before).empty();
    if (missing.empty() || !is_news) continue;
    words.push_back("virtual table \"" + object.name.name + "\" reads " + missing +
                    ", which will not be there: it cannot be searched until it is made anew");
  }
  return words;
}

}  // namespace whimbrel::dialect::sqlite
