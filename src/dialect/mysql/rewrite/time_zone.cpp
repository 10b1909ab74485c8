#include "dialect/mysql/rewrite/time_zone.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/generate/table_options.h"
#include "dialect/mysql/generate/time_zone.h"
#include "dialect/mysql/text/program_text.h"
#include "dialect/mysql/text/syntax.h"
#include "operation/describe.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using Schema = model::IndexedSchema;
using model::Table;

/// The server converts timestamps to local time. It does not say which functions do the same with numbers; these are
/// the only ones that it accepts in a computed column.
bool depends(const std::string& expression, const model::Uses& uses, const Table& table) {
  const std::vector<sql::Token> tokens = sql::tokenize(expression, mysql_syntax);
  const bool converts = std::any_of(tokens.begin(), tokens.end(), [](const sql::Token& token) {
    return token.is("from_unixtime") || token.is("unix_timestamp");
  });
  return converts || std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
           if (!is_timestamp(column) || !uses.value) return is_timestamp(column);
           return std::any_of(uses.value->begin(), uses.value->end(), [&](const model::Reference& used) {
             return sql::equal_ignoring_case(used.column, column.name);
           });
         });
}

bool alters_table(const Operation& operation) {
  return std::holds_alternative<AlterTable>(operation) || std::holds_alternative<AddColumn>(operation) ||
         std::holds_alternative<DropColumn>(operation) || std::holds_alternative<RenameColumn>(operation) ||
         std::holds_alternative<AlterColumn>(operation) || std::holds_alternative<AlterPrimaryKey>(operation) ||
         std::holds_alternative<AddUnique>(operation) || std::holds_alternative<DropUnique>(operation) ||
         std::holds_alternative<AddCheck>(operation) || std::holds_alternative<DropCheck>(operation) ||
         std::holds_alternative<CreateIndex>(operation) || std::holds_alternative<DropIndex>(operation) ||
         std::holds_alternative<AddForeignKey>(operation) || std::holds_alternative<DropForeignKey>(operation) ||
         std::holds_alternative<RenameConstraint>(operation);
}

Operation told(const Name& table, const char* option) {
  return AlterTable{table, {{option, {}}}, {{option, {}}}, {}, {}, {}, {}};
}

template <class T>
bool contains(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

/// A table under its earlier and its later name.
class Renames {
 public:
  explicit Renames(const std::vector<Operation>& operations) {
    for (const Operation& operation : operations) {
      const auto* const op = std::get_if<RenameTable>(&operation);
      if (op == nullptr) continue;
      earlier_.emplace(op->to, op->from);
      later_.emplace(op->from, op->to);
    }
  }
  [[nodiscard]] const Table* before(const Name& name, const Schema& from) const {
    return from.find_table(name_in(earlier_, name));
  }
  [[nodiscard]] const Table* after(const Name& name, const Schema& to) const {
    return to.find_table(name_in(later_, name));
  }

 private:
  static const Name& name_in(const std::map<Name, Name>& names, const Name& name) {
    const auto found = names.find(name);
    return found == names.end() ? name : found->second;
  }

  std::map<Name, Name> earlier_;
  std::map<Name, Name> later_;
};

/// Returns the computed columns that depend on the zone, directly or through others, in lower case.
std::set<std::string> local_columns(const Table& table) {
  std::set<std::string> names;
  const auto uses_local = [&](const model::Uses& uses) {
    return uses.value && std::any_of(uses.value->begin(), uses.value->end(), [&](const model::Reference& used) {
             return names.contains(sql::to_lower(used.column));
           });
  };
  for (std::size_t known = table.columns.size() + 1; known != names.size();) {
    known = names.size();
    for (const Column& column : table.columns) {
      // The columns of versioning are not computed by a session.
      if (!column.computed || column.computed->expression.starts_with("ROW ")) continue;
      const model::Uses& uses = column.computed->uses;
      if (is_timestamp(column) || depends(column.computed->expression, uses, table) || uses_local(uses)) {
        names.insert(sql::to_lower(column.name));
      }
    }
  }
  return names;
}

bool has_local_expression(const model::Index& index, const Table& table) {
  return std::any_of(index.columns.begin(), index.columns.end(), [&](const model::KeyPart& part) {
    return part.column.empty() && depends(part.expression, index.uses, table);
  });
}

bool is_part_of_any_column(const model::Check& check, const Table& table, const Server& server) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return is_part_of_column(check, column, server); });
}

/// What depends on the zone in the table before or after the change.
class LocalParts {
 public:
  LocalParts(const Table& before, const Table& after)
      : before_(before), after_(after), columns_(local_columns(before)) {
    columns_.merge(local_columns(after));
  }
  [[nodiscard]] bool has_column(const std::vector<model::KeyPart>& parts) const {
    return std::any_of(parts.begin(), parts.end(),
                       [&](const model::KeyPart& part) { return columns_.contains(sql::to_lower(part.column)); });
  }
  [[nodiscard]] bool contains(const model::Index& index) const {
    return has_column(index.columns) || has_local_expression(index, before_) || has_local_expression(index, after_);
  }
  [[nodiscard]] bool contains(const model::Check& check) const {
    const auto uses_local = [&](const model::Reference& used) { return columns_.contains(sql::to_lower(used.column)); };
    return depends(check.expression, check.uses, before_) || depends(check.expression, check.uses, after_) ||
           (check.uses.value && std::any_of(check.uses.value->begin(), check.uses.value->end(), uses_local));
  }

 private:
  const Table& before_;
  const Table& after_;
  std::set<std::string> columns_;
};

}  // namespace

bool depends_on_time_zone(const Table& table) {
  return !local_columns(table).empty() ||
         std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&](const model::Index& index) { return has_local_expression(index, table); }) ||
         std::any_of(table.checks.begin(), table.checks.end(),
                     [&](const model::Check& check) { return depends(check.expression, check.uses, table); });
}

bool has_update_trigger(const Table& table) {
  return std::any_of(table.triggers.begin(), table.triggers.end(),
                     [](const model::Trigger& trigger) { return is_on_update(trigger.definition); });
}

bool is_recomputed(const TableChange& change) {
  return std::any_of(change.operations.begin(), change.operations.end(),
                     [](const Operation* operation) { return needs_utc(*operation); }) &&
         (depends_on_time_zone(change.before) || depends_on_time_zone(change.after));
}

void remake_local_constraints(std::vector<Operation>& operations, const Schema& from, const Schema& to,
                              const Server& server) {
  const Renames renames(operations);
  std::set<Name> names;
  for (const Operation& operation : operations) {
    if (needs_utc(operation)) names.insert(target_name(operation));
  }
  std::vector<Operation> made;
  const auto remake = [&](Operation drop, Operation make) {
    if (contains(operations, drop) || contains(made, drop)) return;
    made.push_back(std::move(drop));
    made.push_back(std::move(make));
  };
  for (const Name& name : names) {
    const Table* const before = renames.before(name, from);
    const Table* const after = renames.after(name, to);
    if (before == nullptr || after == nullptr) continue;
    const LocalParts local(*before, *after);
    for (const model::Check& check : before->checks) {
      const bool stays = contains(after->checks, check) && !is_part_of_any_column(check, *before, server);
      if (stays && local.contains(check)) remake(DropCheck{name, check}, AddCheck{name, check});
    }
    std::vector<std::string> keys;
    for (const model::Unique& unique : before->uniques) {
      if (!contains(after->uniques, unique) || !local.has_column(unique.columns)) continue;
      remake(DropUnique{name, unique}, AddUnique{name, unique});
      keys.push_back(unique.columns.front().column);
    }
    for (const model::Index& index : before->indexes) {
      if (!index.unique || !contains(after->indexes, index) || !local.contains(index)) continue;
      remake(DropIndex{name, index}, CreateIndex{name, index});
      keys.push_back(index.columns.front().column);
    }
    for (const model::ForeignKey& key : before->foreign_keys) {
      const bool stays =
          contains(after->foreign_keys, key) && !key.columns.empty() && contains(keys, key.columns.front());
      if (stays) remake(DropForeignKey{name, key}, AddForeignKey{name, key});
    }
  }
  std::move(made.begin(), made.end(), std::back_inserter(operations));
}

std::string verified_in_utc(const TableChange& change, const Server& server) {
  if (!is_recomputed(change)) return {};
  const LocalParts local(change.before, change.after);
  std::string names;
  for (const model::Check& check : change.after.checks) {
    if (!local.contains(check) || !is_part_of_any_column(check, change.after, server)) continue;
    names += (names.empty() ? "the check of column " : ", the check of column ") + in_quotes(check.name.text);
  }
  const bool stays = change.before.primary_key && change.before.primary_key == change.after.primary_key;
  if (stays && local.has_column(change.before.primary_key->columns)) {
    names += names.empty() ? "the primary key" : ", the primary key";
  }
  return names;
}

void tell_time_zones(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const Renames renames(operations);
  std::set<Name> known;
  for (const Operation& operation : operations) {
    if (std::holds_alternative<CreateTable>(operation)) known.insert(target_name(operation));
  }
  std::map<Name, const char*> options;
  for (const Operation& operation : operations) {
    const Name& name = target_name(operation);
    if (!alters_table(operation) || !known.insert(name).second) continue;
    const Table* const before = renames.before(name, from);
    const Table* const after = renames.after(name, to);
    const bool is_local =
        (before != nullptr && depends_on_time_zone(*before)) || (after != nullptr && depends_on_time_zone(*after));
    if (is_local) {
      options.emplace(name, server_zone_option);
    } else if (before != nullptr && has_update_trigger(*before)) {
      options.emplace(name, triggers_option);
    }
  }
  for (const auto& [name, option] : options) operations.insert(operations.begin(), told(name, option));
}

}  // namespace whimbrel::dialect::mysql
