#include "dialect/mysql/rewrite/time_zone.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "dialect/mysql/generate/table_options.h"
#include "dialect/mysql/text/literal.h"
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

bool is_timestamp(const Column& column) { return column.type.name == "timestamp"; }

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

bool has_given_time(const Column& column) {
  return is_timestamp(column) && column.default_expression && !is_current_timestamp(*column.default_expression);
}

/// Returns whether the operation reads or writes times: conversions, literals, and values that the user gives.
bool is_about_times(const Operation& operation) {
  if (const auto* const op = std::get_if<AddColumn>(&operation)) {
    return has_given_time(op->column) || (is_timestamp(op->column) && op->backfill);
  }
  const auto* const op = std::get_if<AlterColumn>(&operation);
  if (op == nullptr || (!is_timestamp(op->before) && !is_timestamp(op->after))) return false;
  return op->before.type != op->after.type || op->backfill || has_given_time(op->after);
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

const Name& name_in(const std::map<Name, Name>& names, const Name& name) {
  const auto found = names.find(name);
  return found == names.end() ? name : found->second;
}

}  // namespace

bool depends_on_time_zone(const Table& table) {
  const bool computes = std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
    // The columns of versioning are not computed by a session.
    if (!column.computed || column.computed->expression.starts_with("ROW ")) return false;
    return is_timestamp(column) || depends(column.computed->expression, column.computed->uses, table);
  });
  return computes ||
         std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&](const model::Index& index) {
                       return std::any_of(index.columns.begin(), index.columns.end(), [&](const model::KeyPart& part) {
                         return part.column.empty() && depends(part.expression, index.uses, table);
                       });
                     }) ||
         std::any_of(table.checks.begin(), table.checks.end(),
                     [&](const model::Check& check) { return depends(check.expression, check.uses, table); });
}

void tell_time_zones(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::map<Name, Name> earlier;
  std::map<Name, Name> later;
  std::set<Name> created;
  for (const Operation& operation : operations) {
    if (std::holds_alternative<CreateTable>(operation)) created.insert(target_name(operation));
    if (const auto* const op = std::get_if<RenameTable>(&operation)) {
      earlier.emplace(op->to, op->from);
      later.emplace(op->from, op->to);
    }
  }
  const auto is_local = [&](const Name& name) {
    const Table* const before = from.find_table(name_in(earlier, name));
    const Table* const after = to.find_table(name_in(later, name));
    return !created.contains(name) &&
           ((before != nullptr && depends_on_time_zone(*before)) || (after != nullptr && depends_on_time_zone(*after)));
  };
  std::set<Name> names;
  std::set<Name> in_utc;
  for (const Operation& operation : operations) {
    const Name& name = target_name(operation);
    if (!alters_table(operation) || !is_local(name)) continue;
    names.insert(name);
    if (is_about_times(operation)) in_utc.insert(name_in(later, name));
  }
  for (const Name& name : names) {
    if (!in_utc.contains(name_in(later, name))) operations.insert(operations.begin(), told(name, server_zone_option));
  }
  for (const Name& name : in_utc) operations.push_back(told(name, recomputed_option));
}

}  // namespace whimbrel::dialect::mysql
