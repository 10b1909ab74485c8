#include "dialect/mysql/compare/renames.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "dialect/mysql/compare/renamed_text.h"
#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/rewrite/triggers.h"
#include "dialect/mysql/text/names.h"
#include "dialect/mysql/text/syntax.h"
#include "operation/describe.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Name;
using model::Table;

[[noreturn]] void refuse(const std::string& what, const std::string& name, const std::string& from) {
  throw Error(ErrorKind::unsafe, what + " \"" + name + "\" uses \"" + from +
                                     "\", which is renamed. whimbrel cannot determine from its text how to adapt it.")
      .with_remedy("First write a migration that drops or replaces it (`newmigration`), then generate again.");
}

/// Drops what renames would break before them, and recreates it after, each once.
class Followers {
 public:
  Followers(const model::Schema& current, const Server& server, bool is_whole)
      : original_(current), schema_(current), server_(server), is_whole_(is_whole) {}

  void add(Operation rename) {
    before_.clear();
    after_.clear();
    if (auto* const column = std::get_if<RenameColumn>(&rename)) {
      column->in_expressions = server_.is_mariadb && is_in_expressions(*column);
      follow(*column);
    } else if (const auto* const table = std::get_if<RenameTable>(&rename)) {
      follow(*table);
    }
    for (const std::vector<Operation>& operations : {before_, std::vector<Operation>{rename}, after_}) {
      for (const Operation& operation : operations) {
        apply(schema_, operation, mysql_syntax);
        renames_.push_back(operation);
      }
    }
  }

  /// The drops are the creations in reverse, so that this is also true of the way back.
  [[nodiscard]] std::vector<Operation> take() {
    for (const Table& table : original_.tables) {
      add_following(dropped_, table.triggers);
      add_following(triggers_, table.triggers);
    }
    triggers_.insert(dropped_.begin(), dropped_.end());
    add_selecting_views();
    std::vector<Operation> result;
    for (const model::View& view : original_.views) {
      if (views_.contains(view.name)) result.emplace_back(DropView{view});
    }
    for (const Table& table : original_.tables) {
      for (const model::Trigger& trigger : table.triggers) {
        if (triggers_.contains(trigger.name)) result.emplace_back(DropTrigger{table.name, trigger});
      }
    }
    std::reverse(result.begin(), result.end());
    leave_out_passing_parts();
    std::move(renames_.begin(), renames_.end(), std::back_inserter(result));
    for (const model::View& view : schema_.views) {
      if (views_.contains(view.name)) result.emplace_back(CreateView{view});
    }
    for (const Table& table : original_.tables) recreate_triggers(table, result);
    return result;
  }

 private:
  /// A view can only be created after those that it selects from, also on the way back.
  void add_selecting_views() {
    for (const model::View& view : original_.views) {
      const auto& used = view.uses.value;
      const bool is_it = used && std::any_of(used->begin(), used->end(), [&](const model::Reference& reference) {
                           return views_.contains(reference.name);
                         });
      if (is_it) views_.insert(view.name);
    }
  }

  /// A part of a table that one rename recreates only for the next to drop it would have a passing name in it, with
  /// which the server may refuse it.
  void leave_out_passing_parts() {
    const auto is_part = [](const Operation& operation) {
      return std::holds_alternative<DropCheck>(operation) || std::holds_alternative<DropColumn>(operation) ||
             std::holds_alternative<DropUnique>(operation) || std::holds_alternative<DropIndex>(operation);
    };
    const auto key = [](const Operation& drop) { return std::pair(drop.index(), describe(drop)); };
    std::map<std::pair<std::size_t, std::string>, std::size_t> recreated;
    std::set<std::size_t> left_out;
    for (std::size_t i = 0; i < renames_.size(); ++i) {
      if (is_part(renames_[i])) {
        const auto found = recreated.find(key(renames_[i]));
        if (found == recreated.end()) continue;
        left_out.insert({found->second, i});
        recreated.erase(found);
      } else if (const Operation drop = reverse(renames_[i]); is_part(drop)) {
        recreated[key(drop)] = i;
      }
    }
    std::vector<Operation> rest;
    for (std::size_t i = 0; i < renames_.size(); ++i) {
      if (!left_out.contains(i)) rest.push_back(std::move(renames_[i]));
    }
    renames_ = std::move(rest);
  }

  void recreate_triggers(const Table& before, std::vector<Operation>& result) const {
    for (const model::Trigger& former : before.triggers) {
      if (!triggers_.contains(former.name) || dropped_.contains(former.name)) continue;
      for (const Table& table : schema_.tables) {
        for (const model::Trigger& trigger : table.triggers) {
          if (trigger.name == former.name) result.emplace_back(CreateTrigger{table.name, trigger});
        }
      }
    }
  }

  void follow(const RenameColumn& op) {
    for (model::View& view : schema_.views) {
      if (!may_use(view.definition, op.table.name)) continue;
      remake(view, renamed_in_view(view.definition, op));
    }
    for (Table& table : schema_.tables) {
      for (model::Trigger& trigger : table.triggers) follow(table, trigger, op);
    }
    const Table* const table = schema_.find_table(op.table);
    if (table != nullptr && !server_.is_mariadb) follow_in_table(*table, op);
  }

  void follow(const Table& table, model::Trigger& trigger, const RenameColumn& op) {
    const bool is_own = table.name == op.table;
    const bool may_use_it =
        may_use(trigger.definition, op.from) && (is_own || may_use(trigger.definition, op.table.name));
    if (!may_use_it && !has_name_in_double_quotes(trigger, op.from)) return;
    remake(trigger, renamed_in_trigger(trigger, op, is_own), op.from);
  }

  /// The expressions of checks, defaults and generated columns, and the check of a JSON column.
  [[nodiscard]] bool is_in_expressions(const RenameColumn& op) const {
    const Table* const table = schema_.find_table(op.table);
    if (table == nullptr) return false;
    const auto is_used = [&](const model::Uses& used) { return uses(used, table->name, op.from); };
    return std::any_of(table->checks.begin(), table->checks.end(),
                       [&](const model::Check& check) { return is_used(check.uses); }) ||
           std::any_of(table->columns.begin(), table->columns.end(), [&](const model::Column& column) {
             return (column.name == op.from && column.type.name == "json") ||
                    (column.computed && is_used(column.computed->uses)) ||
                    (column.default_expression && is_used(column.default_uses));
           });
  }

  void follow(const RenameTable& op) {
    for (model::View& view : schema_.views) {
      if (!may_use(view.definition, op.from.name)) continue;
      remake(view, renamed_in_view(view.definition, op));
    }
    for (Table& table : schema_.tables) {
      for (model::Trigger& trigger : table.triggers) follow(table, trigger, op);
    }
  }

  /// The server keeps the triggers of the table, but not what their bodies say.
  void follow(const Table& table, model::Trigger& trigger, const RenameTable& op) {
    if (!may_use(trigger.definition, op.from.name) && !has_name_in_double_quotes(trigger, op.from.name)) return;
    remake(trigger, renamed_in_trigger(trigger, op, table.name == op.from), op.from.name);
  }

  /// MySQL refuses to rename a column that a check, a default or a generated column uses.
  void follow_in_table(const Table& table, const RenameColumn& op) {
    std::vector<Operation> after_keys;
    for (const model::Check& check : table.checks) {
      if (!uses(check.uses, table.name, op.from)) continue;
      model::Check renamed = check;
      renamed.expression = with_renamed_column(check.expression, op.from, op.to);
      rename_used(renamed.uses, op.table, op.from, op.to);
      before_.emplace_back(DropCheck{table.name, check});
      after_.emplace_back(AddCheck{table.name, std::move(renamed)});
    }
    for (const model::Unique& unique : table.uniques) {
      if (!has_recreated(table, unique.columns, op.from)) continue;
      before_.emplace_back(DropUnique{table.name, unique});
      after_keys.emplace_back(AddUnique{table.name, unique});
    }
    for (const model::Index& index : table.indexes) {
      if (has_expression(index) || !has_recreated(table, index.columns, op.from)) continue;
      before_.emplace_back(DropIndex{table.name, index});
      after_keys.emplace_back(CreateIndex{table.name, index});
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const model::Column& column = table.columns[i];
      if (column.name != op.from && column.default_expression && uses(column.default_uses, table.name, op.from)) {
        follow_in_default(table, column, op);
      }
      if (!is_recreated(column, table, op.from)) continue;
      require_free(table, column.name, op.from);
      model::Column renamed = column;
      renamed.computed->expression = with_renamed_column(column.computed->expression, op.from, op.to);
      rename_used(renamed.computed->uses, op.table, op.from, op.to);
      std::string behind = i == 0 ? std::string() : table.columns[i - 1].name;
      if (sql::equal_ignoring_case(behind, op.from)) behind = op.to;
      DropColumn drop{table.name, column, i, {}, {}};
      drop.behind = staying_before(table, i, op.from);
      before_.emplace_back(std::move(drop));
      AddColumn add{table.name, std::move(renamed), i, {}, {}};
      add.behind = std::move(behind);
      after_.emplace_back(std::move(add));
    }
    for (const model::Index& index : table.indexes) {
      if (!has_expression(index) || !uses(index.uses, table.name, op.from)) continue;
      model::Index renamed = index;
      for (model::KeyPart& part : renamed.columns) {
        part.expression = with_renamed_column(part.expression, op.from, op.to);
      }
      if (renamed.columns == index.columns) continue;  // Another part uses it by its name, which the server follows.
      renamed.definition.value.clear();
      rename_used(renamed.uses, op.table, op.from, op.to);
      before_.emplace_back(DropIndex{table.name, index});
      after_.emplace_back(CreateIndex{table.name, std::move(renamed)});
    }
    std::move(after_keys.begin(), after_keys.end(), std::back_inserter(after_));
  }

  void follow_in_default(const Table& table, const model::Column& column, const RenameColumn& op) {
    model::Column bare = column;
    bare.default_expression.reset();
    bare.default_uses = {};
    model::Column renamed = bare;
    renamed.default_expression = with_renamed_column(*column.default_expression, op.from, op.to);
    renamed.default_uses = column.default_uses;
    rename_used(renamed.default_uses, table.name, op.from, op.to);
    before_.emplace_back(AlterColumn{table.name, column, bare, {}, {}});
    after_.emplace_back(AlterColumn{table.name, std::move(bare), std::move(renamed), {}, {}});
  }

  static bool is_recreated(const model::Column& column, const Table& table, const std::string& renamed) {
    return column.computed && uses(column.computed->uses, table.name, renamed);
  }

  static bool has_recreated(const Table& table, const std::vector<model::KeyPart>& parts, const std::string& renamed) {
    return std::any_of(parts.begin(), parts.end(), [&](const model::KeyPart& part) {
      const model::Column* const column = table.find_column(part.column);
      return column != nullptr && is_recreated(*column, table, renamed);
    });
  }

  /// Returns the last column before this one that is not recreated; empty: none.
  static std::string staying_before(const Table& table, std::size_t place, const std::string& renamed) {
    while (place > 0) {
      const model::Column& column = table.columns[--place];
      if (!is_recreated(column, table, renamed)) return column.name;
    }
    return {};
  }

  /// A generated column that is recreated must not be used elsewhere.
  void require_free(const Table& table, const std::string& column, const std::string& renamed) const {
    const auto is_used_by = [&](const model::Uses& used) { return uses(used, table.name, column); };
    const auto is_it = [&](const model::KeyPart& part) { return part.column == column; };
    const auto has = [&](const std::vector<std::string>& columns) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    const bool is_in_foreign_key = std::any_of(schema_.tables.begin(), schema_.tables.end(), [&](const Table& other) {
      return std::any_of(other.foreign_keys.begin(), other.foreign_keys.end(), [&](const model::ForeignKey& key) {
        return (other.name == table.name && has(key.columns)) ||
               (key.referenced_table == table.name && has(key.referenced_columns));
      });
    });
    const bool is_used =
        is_in_foreign_key ||
        (table.primary_key &&
         std::any_of(table.primary_key->columns.begin(), table.primary_key->columns.end(), is_it)) ||
        std::any_of(table.indexes.begin(), table.indexes.end(),
                    [&](const model::Index& index) { return has_expression(index) && is_used_by(index.uses); }) ||
        std::any_of(table.checks.begin(), table.checks.end(),
                    [&](const model::Check& check) { return is_used_by(check.uses); }) ||
        std::any_of(table.columns.begin(), table.columns.end(),
                    [&](const model::Column& other) { return other.computed && is_used_by(other.computed->uses); });
    if (is_used) refuse("Generated column", column, renamed);
  }

  void remake(model::View& view, std::string definition) {
    if (definition == view.definition) return;
    view.definition = std::move(definition);
    view.uses.value.reset();
    views_.insert(view.name);
  }

  /// Without a definition, it is unknown how to adapt the trigger. If the desired schema has all triggers, it is
  /// created as it is there.
  void remake(model::Trigger& trigger, std::optional<std::string> definition, const std::string& renamed) {
    if (dropped_.contains(trigger.name)) return;
    if (!definition) {
      if (!is_whole_) refuse("Trigger", trigger.name, renamed);
      dropped_.insert(trigger.name);
      return;
    }
    if (*definition == trigger.definition) return;
    trigger.definition = std::move(*definition);
    triggers_.insert(trigger.name);
  }

  const model::Schema& original_;
  model::Schema schema_;
  Server server_;
  bool is_whole_;
  std::vector<Operation> before_;
  std::vector<Operation> after_;
  std::vector<Operation> renames_;
  std::set<Name> views_;            ///< Those that are recreated.
  std::set<std::string> triggers_;  ///< Those that are recreated.
  std::set<std::string> dropped_;   ///< Those that are only dropped.
};

}  // namespace

std::vector<Operation> with_followers(const model::Schema& current, const std::vector<Operation>& renames,
                                      const Server& server, bool is_whole) {
  Followers followers(current, server, is_whole);
  for (const Operation& rename : renames) followers.add(rename);
  return followers.take();
}

}  // namespace whimbrel::dialect::mysql
