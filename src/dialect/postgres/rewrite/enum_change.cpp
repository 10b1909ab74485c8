#include "dialect/postgres/rewrite/enum_change.h"

#include <algorithm>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/rewrite/free_name.h"
#include "dialect/postgres/text/syntax.h"
#include "plan/kept_parents.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Schema;

bool says(const std::optional<std::string>& expression, const model::Enum& before, const model::Enum& after) {
  if (!expression) return false;
  return std::any_of(after.values.begin(), after.values.end(), [&](const std::string& value) {
    const bool is_new = std::find(before.values.begin(), before.values.end(), value) == before.values.end();
    return is_new && expression->find(sql::quote_string(value, postgres_syntax)) != std::string::npos;
  });
}

/// Returns whether an operation mentions a new value of the enum. Existing objects cannot mean it.
struct NewValueUse {
  const AlterEnum& op;

  bool operator()(const AddColumn& made) const { return in(made.column) || fills(made.column, made.backfill); }
  bool operator()(const AlterColumn& made) const {
    const bool joins = has_type(made.after) && !has_type(made.before);  // Its rows may hold the value as another type.
    return joins || in(made.after) || fills(made.after, made.backfill);
  }
  bool operator()(const AddCheck& made) const { return in(made.check.expression); }
  bool operator()(const AddExclusion& made) const { return in(made.exclusion.definition); }
  bool operator()(const CreateIndex& made) const { return in(made.index); }
  bool operator()(const CreateTrigger& made) const { return in(made.trigger.definition); }
  bool operator()(const CreateView& made) const { return in(made.view.definition); }
  bool operator()(const AlterView& made) const { return in(made.after.definition); }
  bool operator()(const CreateObject& made) const { return in(made.object.definition); }
  bool operator()(const AlterObject& made) const { return in(made.after.definition); }
  bool operator()(const AlterTable& made) const { return in(made.options_after); }
  bool operator()(const CreateTable& made) const {
    const model::Table& table = made.table;
    const auto any = [](const auto& items, const auto& says) { return std::any_of(items.begin(), items.end(), says); };
    return in(table.options) || any(table.columns, [&](const model::Column& column) { return in(column); }) ||
           any(table.checks, [&](const model::Check& check) { return in(check.expression); }) ||
           any(table.exclusions, [&](const model::Exclusion& exclusion) { return in(exclusion.definition); }) ||
           any(table.indexes, [&](const model::Index& index) { return in(index); }) ||
           any(table.triggers, [&](const model::Trigger& trigger) { return in(trigger.definition); });
  }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }

 private:
  [[nodiscard]] bool in(const std::optional<std::string>& text) const { return says(text, op.before, op.after); }
  [[nodiscard]] bool has_type(const model::Column& column) const {
    return column.enum_name == to_string(op.before.name);
  }
  /// A literal says its value, another expression can have any.
  [[nodiscard]] bool fills(const model::Column& column, const std::optional<std::string>& backfill) const {
    if (!backfill) return false;
    const std::vector<sql::Token> tokens = sql::tokenize(*backfill, postgres_syntax);
    const bool is_literal = tokens.size() == 1 && tokens.front().kind == sql::TokenKind::string;
    return in(backfill) || (has_type(column) && !is_literal);
  }
  /// The bounds of a partition are one of the options.
  [[nodiscard]] bool in(const std::map<std::string, std::string>& options) const {
    return std::any_of(options.begin(), options.end(), [&](const auto& option) { return in(option.second); });
  }
  [[nodiscard]] bool in(const model::Column& column) const {
    return in(column.default_expression) || (column.computed && in(column.computed->expression));
  }
  [[nodiscard]] bool in(const model::Index& index) const {
    return in(index.where) || std::any_of(index.columns.begin(), index.columns.end(),
                                          [&](const model::KeyPart& part) { return in(part.expression); });
  }
};

}  // namespace

void fill_enum(AlterEnum& op, const std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const std::string name = to_string(op.before.name);
  plan::TablesByName before, after;
  for (const model::Table& table : from.tables) before.emplace(table.name, &table);
  for (const model::Table& table : to.tables) after.emplace(table.name, &table);
  for (const model::Table& table : from.tables) {
    const auto later_table = after.find(table.name);
    if (later_table == after.end()) continue;  // It is dropped before.
    for (const model::Column& column : table.columns) {
      // A generated column is recreated.
      if (column.enum_name != name || column.computed) continue;
      const model::Column* const later = later_table->second->find_column(column.name);
      // It is dropped before, or gets its other type before.
      if (later == nullptr || later->enum_name != name) continue;
      EnumColumn user{table.name, column, column.default_expression.has_value()};
      user.inherited = !plan::kept_parents_with(before, after, table, column.name).empty();
      user.column.default_expression.reset();
      // That of another type, such as an array's, is set with the type.
      if (later->type == column.type) user.column.default_expression = later->default_expression;
      op.columns.push_back(std::move(user));
    }
  }
  const bool is_used = std::any_of(operations.begin(), operations.end(),
                                   [&](const Operation& operation) { return std::visit(NewValueUse{op}, operation); });
  if (only_adds_values(op.before, op.after) && !is_used) op.columns.clear();
  op.recreated = is_used;
  op.free_name = find_free_name(op.before.name, from, to);
}

}  // namespace whimbrel::dialect::postgres
