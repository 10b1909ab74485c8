#include "dialect/mysql/compare/renames.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "dialect/mysql/compare/left_out.h"
#include "dialect/mysql/compare/renamed_text.h"
#include "dialect/mysql/rewrite/triggers.h"
#include "dialect/mysql/text/names.h"
#include "dialect/mysql/text/syntax.h"
#include "operation/uses.h"
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
    join_left_out(renames_, original_);
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
    if (table == nullptr || server_.is_mariadb) return;
    LeftOut left_out = left_out_of(schema_, *table, op);
    std::move(left_out.drops.begin(), left_out.drops.end(), std::back_inserter(before_));
    std::move(left_out.recreations.begin(), left_out.recreations.end(), std::back_inserter(after_));
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
