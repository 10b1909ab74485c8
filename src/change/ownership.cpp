#include "change/ownership.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "change/table_change.h"
#include "diff/diff.h"
#include "session/backend.h"

namespace whimbrel::change {

namespace {

/// The schemas after each statement of a migration.
struct Steps {
  std::vector<model::Schema> down;
  std::vector<model::Schema> up;  ///< If it runs again after `down`.
};

/// An empty database on which the applied migrations of the program are replayed.
class Replay {
 public:
  explicit Replay(session::Session& session) : session_(session) { open(); }

  [[nodiscard]] bool is_possible() const { return scratch_ != nullptr; }

  /// Returns why the trigger cannot be used in this schema; nullopt if it can, or if its table does not exist.
  [[nodiscard]] std::optional<std::string> trigger_error(const model::Trigger& trigger) {
    const std::unique_ptr<dialect::SafetyGuard> guard = session_.dialect().guard(*scratch_);
    try {
      guard->run(trigger.definition, nullptr);
      guard->before_commit();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::unsafe) return error.what();
      if (error.kind() != ErrorKind::statement) throw;
    }
    return std::nullopt;
  }

  [[nodiscard]] model::Schema schema(const dialect::InspectScope& scope) {
    return without_history(session_, session_.dialect().inspect(*scratch_, scope));
  }

  /// Returns the applied migrations that the program contains, in the order of their application.
  [[nodiscard]] std::vector<const session::KnownMigration*> migrations() {
    std::vector<const session::KnownMigration*> applied;
    for (const history::Record& record : session_.history().read(session_.connection()).records) {
      if (const session::KnownMigration* known = session_.find_migration(record.name)) applied.push_back(known);
    }
    return applied;
  }

  void run_up(const session::KnownMigration& known) {
    run(known, &Migration::up);
    done_.push_back(&known);
  }

  /// Returns the schema after `down` of the last migration. `now`: the schema before and after this call.
  [[nodiscard]] model::Schema schema_after_down(const model::Schema& now, const dialect::InspectScope& scope) {
    run(*done_.back(), &Migration::down);
    model::Schema back = schema(scope);
    run(*done_.back(), &Migration::up);
    restore(now, scope);
    return back;
  }

  /// Returns the steps of the last migration. `now`: the schema before and after this call.
  [[nodiscard]] Steps steps(const model::Schema& now, const dialect::InspectScope& scope) {
    Steps steps;
    run(*done_.back(), &Migration::down, [&] { steps.down.push_back(schema(scope)); });
    run(*done_.back(), &Migration::up, [&] { steps.up.push_back(schema(scope)); });
    restore(now, scope);
    return steps;
  }

  /// Returns the objects that are created between the two schemas.
  [[nodiscard]] std::vector<operation::Operation> made(const model::Schema& from, const model::Schema& to) {
    diff::Ownership everything;
    everything.everything = true;
    return diff::diff(from, to, *session_.dialect().comparison(*scratch_), {}, everything).operations;
  }

 private:
  void open() {
    scratch_ = session_.connection().open_scratch();
    if (!scratch_) return;
    guard_ = session_.dialect().guard(*scratch_);
    scratch_->stand_in_for_unknown(&not_tried_);
  }

  /// Repeats everything if `down` created objects that `up` does not drop.
  void restore(const model::Schema& wanted, const dialect::InspectScope& scope) {
    if (made(wanted, schema(scope)).empty()) return;
    guard_.reset();
    scratch_.reset();
    open();
    for (const session::KnownMigration* known : done_) run(*known, &Migration::up);
  }

  // A migration may throw anything: without rows, this can be correct.
  void run(
      const session::KnownMigration& known, void (Migration::*direction)(QueryRunner&),
      std::function<void()> after_each = [] {}) {
    session_.stop_if_interrupted();
    session::TolerantBackend backend(*guard_, {&session_.dialect(), scratch_.get(), &session_.naming()},
                                     std::move(after_each));
    QueryRunner runner(backend);
    try {
      known.use([&](Migration& migration) { (migration.*direction)(runner); });
    } catch (...) {
    }
  }

  session::Session& session_;
  std::vector<std::string> not_tried_;  ///< Functions and modules that only the program has.
  std::unique_ptr<dialect::Connection> scratch_;
  std::unique_ptr<dialect::SafetyGuard> guard_;
  std::vector<const session::KnownMigration*> done_;
};

/// What one migration does to the schema of the scratch database.
struct Traces {
  model::Schema before;
  model::Schema back;                ///< After `down`.
  std::vector<TableChange> changes;  ///< What a generated migration knows of its tables.
  std::function<const Steps&()> steps;
};

/// Finds objects that a migration only recreated, and removes them from the managed ones: a generated migration knows
/// that they existed before it, although no earlier migration created them. Or they are there after `down`, although
/// they were not before the migration, and one of the two directions drops and creates them.
class Disown {
 public:
  Disown(model::Schema& owned, const Traces& traces) : owned_(owned), traces_(traces) {
    for (const TableChange& change : traces.changes)
      changes_.emplace(std::pair(change.kind, change.name_after), &change);
  }

  void operator()(const operation::CreateTable& op) const {
    // `down` may give it its former name.
    const auto was_there = [&](const model::Table& table) { return traces_.before.find_table(table.name) != nullptr; };
    if (std::all_of(traces_.back.tables.begin(), traces_.back.tables.end(), was_there)) return;
    bool was_gone = false;
    const auto comes_back = [&](const model::Schema& schema) {
      const bool is_there = schema.find_table(op.table.name) != nullptr;
      was_gone = was_gone || !is_there;
      return is_there && was_gone;
    };
    const std::vector<model::Schema>& schemas = traces_.steps().down;
    if (std::none_of(schemas.begin(), schemas.end(), comes_back)) return;
    std::erase_if(owned_.tables, [&](const model::Table& table) { return table.name == op.table.name; });
  }
  void operator()(const operation::CreateView& op) const {
    const auto same_name = [&](const model::View& view) { return view.name == op.view.name; };
    const auto is_same = [&](const model::View& view) {
      return view.name == op.view.name && view.definition == op.view.definition;
    };
    const auto has_it = [&](const model::Schema& schema) {
      return std::any_of(schema.views.begin(), schema.views.end(), same_name);
    };
    const auto has_same = [&](const model::Schema& schema) {
      return std::any_of(schema.views.begin(), schema.views.end(), is_same);
    };
    if (is_recreated(has_it, has_same, existed(view_kind, op.view.name))) std::erase_if(owned_.views, same_name);
  }
  void operator()(const operation::CreateIndex& op) const {
    take_out("index", op.table, &model::Table::indexes, op.index);
  }
  void operator()(const operation::AddUnique& op) const {
    take_out("unique", op.table, &model::Table::uniques, op.unique);
  }
  void operator()(const operation::AddCheck& op) const { take_out("check", op.table, &model::Table::checks, op.check); }
  void operator()(const operation::AddExclusion& op) const {
    take_out("exclusion", op.table, &model::Table::exclusions, op.exclusion);
  }
  void operator()(const operation::AddForeignKey& op) const {
    take_out("foreign key", op.table, &model::Table::foreign_keys, op.foreign_key);
  }
  // A diff asks only for these whether they are managed.
  template <class Other>
  void operator()(const Other&) const {}

 private:
  /// An object that an earlier migration created is managed, however often it is recreated; so is one that `down`
  /// leaves as it is, and that `up` does not drop. CREATE OR REPLACE changes it without a schema that lacks it.
  template <class HasIt, class HasSame>
  [[nodiscard]] bool is_recreated(HasIt has_it, HasSame has_same, bool existed) const {
    if (has_it(traces_.before)) return false;
    if (existed) return true;
    if (!has_it(traces_.back)) return false;
    const Steps& steps = traces_.steps();
    return !std::all_of(steps.down.begin(), steps.down.end(), has_same) ||
           !std::all_of(steps.up.begin(), steps.up.end(), has_same);
  }

  /// Returns whether the migration knows that there was such a view before it. Its statements may fail without rows and
  /// unmanaged objects, but not what it knows.
  [[nodiscard]] bool existed(std::string_view kind, const model::Name& name) const {
    const auto change = changes_.find({std::string(kind), name});
    return change != changes_.end() && !change->second->hash_before.empty() && change->second->name_before == name;
  }
  /// The same for a part of a table.
  [[nodiscard]] bool existed(const char* kind, const model::Name& table, const std::string& name) const {
    const auto change = changes_.find({std::string(table_kind), table});
    if (change == changes_.end()) return false;
    const std::vector<ItemChange>& items = change->second->items;
    return std::any_of(items.begin(), items.end(), [&](const ItemChange& item) {
      return item.kind == kind && item.name_before == name && item.name_after == name && !item.hash_before.empty();
    });
  }

  template <class T>
  void take_out(const char* kind, const model::Name& name, std::vector<T> model::Table::*list, const T& item) const {
    const auto same_name = [&](const T& other) { return other.name.text == item.name.text; };
    const auto is_same = [&](const T& other) { return other == item; };
    const auto has = [&](const model::Schema& schema, const auto& is_it) {
      const model::Table* const table = schema.find_table(name);
      return table != nullptr && std::any_of((table->*list).begin(), (table->*list).end(), is_it);
    };
    const auto has_it = [&](const model::Schema& schema) { return has(schema, same_name); };
    const auto has_same = [&](const model::Schema& schema) { return has(schema, is_same); };
    model::Table* const owner = owned_.find_table(name);
    if (owner != nullptr && is_recreated(has_it, has_same, existed(kind, name, item.name.text))) {
      std::erase_if(owner->*list, same_name);
    }
  }

  model::Schema& owned_;
  const Traces& traces_;
  std::map<std::pair<std::string, model::Name>, const TableChange*> changes_;
};

/// Returns nothing for a hand-written migration.
std::vector<TableChange> changes_known_to(const session::KnownMigration& migration) {
  std::vector<TableChange> changes;
  migration.use([&](Migration& one) {
    if (const char* const text = one.tables()) changes = read_table_changes(text);
  });
  return changes;
}

/// Returns what the function returns, which is called at most once.
template <class Function>
auto once(Function function) {
  using Result = decltype(function());
  const auto result = std::make_shared<std::optional<Result>>();
  return [result, function = std::move(function)]() -> const Result& {
    if (!*result) *result = function();
    return **result;
  };
}

}  // namespace

std::optional<model::Schema> created_by_migrations(session::Session& session, const dialect::InspectScope& scope) {
  Replay replay(session);
  if (!replay.is_possible()) return std::nullopt;
  for (const session::KnownMigration* migration : replay.migrations()) replay.run_up(*migration);
  return replay.schema(scope);
}

std::optional<std::string> error_without_unmanaged(session::Session& session, const model::Trigger& trigger) {
  Replay replay(session);
  if (!replay.is_possible()) return std::nullopt;
  for (const session::KnownMigration* migration : replay.migrations()) replay.run_up(*migration);
  return replay.trigger_error(trigger);
}

std::optional<model::Schema> owned_by_migrations(session::Session& session, model::Schema created) {
  Replay replay(session);
  if (!replay.is_possible()) return std::nullopt;
  const dialect::InspectScope scope = session.scope();
  model::Schema owned = std::move(created);
  model::Schema before = replay.schema(scope);
  for (const session::KnownMigration* migration : replay.migrations()) {
    replay.run_up(*migration);
    const model::Schema after = replay.schema(scope);
    const std::vector<operation::Operation> made = replay.made(before, after);
    if (!made.empty()) {
      const Traces traces{before, replay.schema_after_down(after, scope), changes_known_to(*migration),
                          once([&] { return replay.steps(after, scope); })};
      const Disown disown(owned, traces);
      for (const operation::Operation& operation : made) std::visit(disown, operation);
    }
    before = after;
  }
  return owned;
}

model::Schema without_history(const session::Session& session, model::Schema schema) {
  // They are created in the schema of unqualified names.
  const auto is_history = [&](const model::Table& table) {
    return table.name.schema.empty() && session.is_own_table(table.name.name);
  };
  schema.tables.erase(std::remove_if(schema.tables.begin(), schema.tables.end(), is_history), schema.tables.end());
  return schema;
}

}  // namespace whimbrel::change
