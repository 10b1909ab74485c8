#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/generate/generator.h"
#include "dialect/sqlite/inspect/reader.h"
#include "dialect/sqlite/rewrite/added_default.h"
#include "dialect/sqlite/rewrite/content.h"
#include "dialect/sqlite/rewrite/drop_column.h"
#include "dialect/sqlite/rewrite/indexed_names.h"
#include "dialect/sqlite/rewrite/name_moves.h"
#include "dialect/sqlite/rewrite/possible_failures.h"
#include "dialect/sqlite/rewrite/refusals.h"
#include "dialect/sqlite/rewrite/temporary_name.h"
#include "dialect/sqlite/rewrite/virtual_plan.h"
#include "dialect/sqlite/text/syntax.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using namespace operation;
using model::Column;
using model::Schema;
using model::Table;
using Operations = std::vector<Operation>;

bool is_null(const std::optional<std::string>& expression) {
  return !expression || sql::equal_ignoring_case(*expression, "NULL");
}

bool can_add_in_place(const AddColumn& op) {
  const Column& column = op.column;
  if (op.backfill || column.auto_increment || (column.computed && column.computed->stored)) return false;
  if (!column.nullable && is_null(column.default_expression)) return false;
  if (column.default_expression && !is_same_for_all_rows(*column.default_expression, column.type)) return false;
  // A foreign key with a value would have to hold for every row at once.
  return !op.foreign_key || is_null(column.default_expression);
}

/// Returns whether ADD COLUMN, which appends to the columns, produces the statement that is to be restored.
bool restores_statement(const AddColumn& op, const Table& after) {
  const std::string& statement = after.definition.value;
  if (statement.empty()) return true;
  const std::string_view written = column_definition(statement, op.column.name);
  if (written.empty()) return false;
  const auto offset = static_cast<std::size_t>(written.data() - statement.data());
  const model::ForeignKey* foreign_key = op.foreign_key ? &*op.foreign_key : nullptr;
  return offset >= 2 && statement.compare(offset - 2, 2, ", ") == 0 &&
         written == column_sql(op.column, nullptr, foreign_key);
}

/// A key over only the added column can be written with it: ADD COLUMN ... REFERENCES.
Operations merge_foreign_keys(const Operations& operations) {
  Operations merged;
  for (const Operation& operation : operations) {
    if (const auto* key = std::get_if<AddForeignKey>(&operation); key && key->foreign_key.columns.size() == 1) {
      const auto column = std::find_if(merged.begin(), merged.end(), [&](const Operation& candidate) {
        const auto* added = std::get_if<AddColumn>(&candidate);
        return added && !added->foreign_key && added->column.name == key->foreign_key.columns.front();
      });
      if (column != merged.end()) {
        std::get<AddColumn>(*column).foreign_key = key->foreign_key;
        continue;
      }
    }
    merged.push_back(operation);
  }
  return merged;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Questions that only the database can answer.
struct ColumnQuestions {
  std::function<bool()> can_drop;
  std::function<bool(const Column&)> takes_default;
  std::function<void(Table&)> find_uses;
};

/// The operations on one table in one direction.
class TablePlan {
 public:
  TablePlan(const model::Name& name, const Operations& operations, const IndexedNames& before,
            const IndexedNames& after, ColumnQuestions questions)
      : operations_(merge_foreign_keys(operations)),
        before_(*before.find_table(name)),
        after_(*after.find_table(name)),
        names_before_(before),
        names_after_(after),
        questions_(std::move(questions)) {}

  [[nodiscard]] const Operations& operations() const { return operations_; }
  [[nodiscard]] const Table& before() const { return before_; }
  [[nodiscard]] const Table& after() const { return after_; }

  /// Throws Error (unsafe) for a new column with a default that a STRICT table does not store.
  void require_defaults() const {
    for (const Operation& operation : operations_) {
      const auto* op = std::get_if<AddColumn>(&operation);
      if (op == nullptr || takes_default(*op)) continue;
      throw refused_default(*op);
    }
  }

  [[nodiscard]] bool is_in_place() const {
    Table state = before_;
    for (const Operation& operation : operations_) {
      if (!is_in_place(operation, state)) return false;
    }
    // ADD COLUMN appends, whatever position the column should have.
    return std::equal(state.columns.begin(), state.columns.end(), after_.columns.begin(), after_.columns.end(),
                      [](const Column& a, const Column& b) { return a.name == b.name; });
  }

  /// Backwards, the old table has another name while rows are copied, which custom SQL does not use.
  [[nodiscard]] RebuildTable rebuild(std::string temporary_name, bool backwards) const {
    RebuildTable rebuild{before_, after_, copied_columns(), std::move(temporary_name), backwards && !has_backfill()};
    for (const Operation& operation : operations_) {
      if (!is_apart(operation)) continue;
      if (const auto* op = std::get_if<DropIndex>(&operation)) std::erase(rebuild.before.indexes, op->index);
      if (const auto* op = std::get_if<CreateIndex>(&operation)) std::erase(rebuild.after.indexes, op->index);
      if (const auto* op = std::get_if<DropTrigger>(&operation)) std::erase(rebuild.before.triggers, op->trigger);
      if (const auto* op = std::get_if<CreateTrigger>(&operation)) std::erase(rebuild.after.triggers, op->trigger);
    }
    return rebuild;
  }

  /// Returns whether the operation runs separately, although the table is rebuilt.
  [[nodiscard]] bool is_apart(const Operation& operation) const {
    return moves_name(operation, before_, names_before_, names_after_);
  }

 private:
  bool is_in_place(const Operation& operation, Table& state) const {
    if (const auto* op = std::get_if<AddColumn>(&operation)) {
      // ADD COLUMN would store any default, also in a STRICT table. https://www.sqlite.org/stricttables.html
      if (!can_add_in_place(*op) || !restores_statement(*op, after_) || !takes_default(*op)) return false;
      state.columns.push_back(op->column);
      return true;
    }
    if (const auto* op = std::get_if<DropColumn>(&operation)) {
      if (op->foreign_key || is_used_now(op->column.name, state) || !questions_.can_drop()) return false;
      std::erase_if(state.columns, [&](const Column& column) { return column.name == op->column.name; });
      return !state.columns.empty();
    }
    if (const auto* op = std::get_if<DropIndex>(&operation)) {
      std::erase(state.indexes, op->index);
      return true;
    }
    return std::holds_alternative<CreateIndex>(operation) || std::holds_alternative<CreateTrigger>(operation) ||
           std::holds_alternative<DropTrigger>(operation);
  }

  [[nodiscard]] bool takes_default(const AddColumn& op) const {
    const bool is_checked = after_.options.contains("STRICT") && !is_null(op.column.default_expression);
    return !is_checked || !questions_.takes_default || questions_.takes_default(op.column);
  }

  bool is_used_now(const std::string& column, Table state) const {
    if (questions_.find_uses) questions_.find_uses(state);
    const auto uses_column = [&](const model::Index& index) {
      return uses(uses_of(index, state.name), state.name, column);
    };
    return std::any_of(state.indexes.begin(), state.indexes.end(), uses_column) ||
           is_used(column, state, names_before_.schema());
  }

  [[nodiscard]] std::vector<CopiedColumn> copied_columns() const {
    std::vector<CopiedColumn> copied;
    if (std::optional<CopiedColumn> rowid = kept_rowid()) copied.push_back(std::move(*rowid));
    for (const Column& column : after_.columns) {
      if (column.computed) continue;
      const std::optional<std::string> fill = backfill_of(column.name);
      const Column* old = before_.find_column(column.name);
      const std::optional<std::string> renamed = old ? renamed_values(column.name) : std::nullopt;
      if (renamed || (fill && old)) {
        const std::string value = renamed.value_or(sql::quote_identifier(column.name, sqlite_syntax));
        copied.push_back({column.name, fill ? "coalesce(" + value + ", " + *fill + ")" : value});
      } else if (old || fill) {
        copied.push_back({column.name, fill});
      }
    }
    // Rows must be copied even if no column is common to both tables.
    if (copied.empty()) copied.push_back(first_default());
    return copied;
  }

  [[nodiscard]] CopiedColumn first_default() const {
    const auto column = std::find_if(after_.columns.begin(), after_.columns.end(),
                                     [](const Column& candidate) { return !candidate.computed; });
    return {column->name, column->default_expression.value_or("NULL")};
  }

  [[nodiscard]] bool has_backfill() const {
    return std::any_of(after_.columns.begin(), after_.columns.end(),
                       [&](const Column& column) { return backfill_of(column.name).has_value(); });
  }

  [[nodiscard]] std::optional<std::string> backfill_of(const std::string& column) const {
    for (const Operation& operation : operations_) {
      if (const auto* op = std::get_if<AddColumn>(&operation); op && op->column.name == column) return op->backfill;
      if (const auto* op = std::get_if<AlterColumn>(&operation); op && op->after.name == column) return op->backfill;
    }
    return std::nullopt;
  }

  /// Returns the expression that replaces renamed enum values in rows. A column without a type does not convert a text
  /// to a number; it has a list of values if they are texts.
  [[nodiscard]] std::optional<std::string> renamed_values(const std::string& column) const {
    for (const Operation& operation : operations_) {
      const auto* op = std::get_if<AlterColumn>(&operation);
      if (op == nullptr || op->after.name != column || op->renamed_values.empty()) continue;
      const auto value = [](const std::string& text, const Column& stored) {
        const bool is_number = stored.type.name.empty() && stored.enum_values.empty();
        return is_number ? text : sql::quote_string(text, sqlite_syntax);
      };
      sql::Writer writer(sqlite_syntax);
      writer.raw("CASE ").identifier(column);
      for (const auto& [from, to] : op->renamed_values) {
        writer.raw(" WHEN ").raw(value(from, op->before)).raw(" THEN ").raw(value(to, op->after));
      }
      return writer.raw(" ELSE ").identifier(column).raw(" END").take();
    }
    return std::nullopt;
  }

  /// Rows keep their rowids, which others may store: a full-text index, or rows that were written when the table had no
  /// key. An existing key is copied with its values.
  [[nodiscard]] std::optional<CopiedColumn> kept_rowid() const {
    const Column* const key = rowid_column(after_);
    if (key != nullptr && (before_.find_column(key->name) != nullptr || backfill_of(key->name))) return std::nullopt;
    const std::optional<std::string> from = rowid_name(before_);
    const std::optional<std::string> to = rowid_name(after_);
    if (!from || !to) return std::nullopt;
    if (*from == *to) return CopiedColumn{*to, {}};
    return CopiedColumn{*to, sql::quote_identifier(*from, sqlite_syntax)};
  }

  static const Column* rowid_column(const Table& table) {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const Column& column) { return is_rowid(table, column); });
    return found == table.columns.end() ? nullptr : &*found;
  }

  /// Returns the name of the rowid: that of its column, or a built-in one that no column has.
  static std::optional<std::string> rowid_name(const Table& table) {
    if (table.options.contains("WITHOUT ROWID")) return std::nullopt;
    if (const Column* const column = rowid_column(table)) return column->name;
    for (const char* name : {"rowid", "_rowid_", "oid"}) {
      const auto is_taken = [&](const Column& column) { return sql::equal_ignoring_case(column.name, name); };
      if (std::none_of(table.columns.begin(), table.columns.end(), is_taken)) return name;
    }
    return std::nullopt;
  }

  const Operations operations_;
  const Table& before_;
  const Table& after_;
  const IndexedNames& names_before_;
  const IndexedNames& names_after_;
  ColumnQuestions questions_;
};

class SqliteRewriter final : public plan::Rewriter {
 public:
  SqliteRewriter(bool has_drop_column, RewriterQuestions questions)
      : has_drop_column_(has_drop_column), questions_(std::move(questions)) {}

  plan::Plan rewrite(plan::Plan plan, const Schema& before, const Schema& after) const override {
    if (questions_.require_free) questions_.require_free(after);
    require_visible_keys(before, after);
    require_referenced_tables(before, after);
    require_referenced_keys(plan.up, before, after);
    const IndexedNames names_before(before);
    const IndexedNames names_after(after);
    require_same_readings(names_before.tables(), after, questions_.open_scratch);
    require_columns_of_backfills(plan.up, before, questions_.open_scratch);
    const auto up_plans = plans(plan.up, names_before, names_after);
    const auto down_plans = plans(plan.down, names_after, names_before);
    for (const auto& [name, up] : up_plans) up.require_defaults();
    std::map<model::Name, RebuildTable> up_rebuilds, down_rebuilds;
    for (const auto& [name, up] : up_plans) {
      const TablePlan& down = down_plans.at(name);
      // A table that was rebuilt by `up` has a generated statement; `down` restores the original one.
      const bool rebuilt = !up.is_in_place();
      const std::string temporary = temporary_name(name.name, names_before, names_after);
      if (rebuilt) up_rebuilds.emplace(name, up.rebuild(temporary, false));
      if (rebuilt || !down.is_in_place()) down_rebuilds.emplace(name, down.rebuild(temporary, true));
    }
    const auto finished = [&](const Operations& operations, const Schema& from, const Schema& to) {
      return with_virtual_tables(operations, from, to, questions_.open_scratch);
    };
    plan.up = finished(replaced(plan.up, up_plans, up_rebuilds), before, after);
    plan.down = finished(replaced(plan.down, down_plans, down_rebuilds), after, before);
    plan.notes = changed_contents(before, after);
    plan.down_notes = changed_contents(after, before);
    append(plan.notes, lost_contents(before, after));
    for (const auto& [name, up] : up_plans) {
      append(plan.notes, possible_failures(up.before(), up.after(), after));
      append(plan.down_notes, possible_failures(up.after(), up.before(), before));
    }
    return plan;
  }

 private:
  /// Returns the tables that are changed, not created, dropped or renamed, with their operations.
  std::map<model::Name, TablePlan> plans(const Operations& operations, const IndexedNames& before,
                                         const IndexedNames& after) const {
    std::map<model::Name, Operations> by_table;
    for (const Operation& operation : operations) {
      const model::Name& name = target_name(operation);
      if (before.find_table(name) && after.find_table(name)) by_table[name].push_back(operation);
    }
    std::map<model::Name, TablePlan> result;
    const ColumnQuestions questions{
        [this, &operations, &before, &after, known = std::make_shared<std::optional<bool>>()] {
          if (!*known) *known = !leaves_unreadable(operations, before.tables(), after.tables());
          return **known && can_drop_column();
        },
        [this](const Column& column) { return stores_default(questions_.open_scratch, column); }, questions_.find_uses};
    for (const auto& [name, own] : by_table) result.emplace(name, TablePlan(name, own, before, after, questions));
    return result;
  }

  /// A single rebuild replaces all operations on its table, at the position of the first one.
  static Operations replaced(const Operations& operations, const std::map<model::Name, TablePlan>& plans,
                             const std::map<model::Name, RebuildTable>& rebuilds) {
    Operations result;
    std::map<model::Name, std::size_t> done;
    for (const Operation& operation : operations) {
      const model::Name& name = target_name(operation);
      const auto table_plan = plans.find(name);
      if (table_plan == plans.end()) {
        result.push_back(operation);
        continue;
      }
      const auto rebuild = rebuilds.find(name);
      if (rebuild != rebuilds.end()) {
        add_rebuilt(result, operation, table_plan->second, rebuild->second, done[name]);
      } else if (!std::holds_alternative<AddForeignKey>(operation)) {
        // In place, a foreign key is created with its column.
        result.push_back(table_plan->second.operations()[done[name]++]);
      }
    }
    return result;
  }

  static bool is_drop(const Operation& operation) {
    return std::holds_alternative<DropIndex>(operation) || std::holds_alternative<DropTrigger>(operation);
  }

  /// Separate drops come before the rebuild, which would otherwise drop the items, too.
  static void add_rebuilt(Operations& result, const Operation& operation, const TablePlan& table_plan,
                          const RebuildTable& rebuild, std::size_t& done) {
    const bool is_apart = table_plan.is_apart(operation);
    const bool is_rebuilt = done > 0;
    if (is_apart && is_drop(operation)) {
      if (!is_rebuilt) result.push_back(operation);
      return;
    }
    if (!is_rebuilt) {
      for (const Operation& other : table_plan.operations()) {
        const bool is_there = std::find(result.begin(), result.end(), other) != result.end();
        if (table_plan.is_apart(other) && is_drop(other) && !is_there) result.push_back(other);
      }
      result.emplace_back(rebuild);
      ++done;
    }
    if (is_apart) result.push_back(operation);
  }

  /// DROP COLUMN works only if every view and trigger can be read.
  [[nodiscard]] bool can_drop_column() const {
    if (!has_drop_column_) return false;
    if (!known_) known_ = !questions_.can_alter || questions_.can_alter();
    return *known_;
  }

  bool has_drop_column_;
  RewriterQuestions questions_;
  mutable std::optional<bool> known_;  ///< The answer of can_alter.
};

}  // namespace

std::unique_ptr<plan::Rewriter> make_rewriter(bool has_drop_column, RewriterQuestions questions) {
  return std::make_unique<SqliteRewriter>(has_drop_column, std::move(questions));
}

}  // namespace whimbrel::dialect::sqlite
