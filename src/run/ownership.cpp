#include "run/ownership.h"

#include <algorithm>

#include "diff/diff.h"
#include "run/target.h"

namespace whimbrel::run {

namespace {

/// An empty database on which the applied migrations of the program are tried.
class Replay {
 public:
  explicit Replay(Session& session)
      : session_(session),
        scratch_(session.connection().open_scratch()),
        guard_(scratch_ ? session.dialect().guard(*scratch_) : nullptr) {}

  [[nodiscard]] bool is_possible() const { return scratch_ != nullptr; }

  [[nodiscard]] model::Schema schema() { return without_history(session_, session_.dialect().inspect(*scratch_)); }

  /// The applied migrations that the program has, in the order in which they were applied.
  [[nodiscard]] std::vector<const KnownMigration*> migrations() {
    std::vector<const KnownMigration*> applied;
    for (const history::Record& record : session_.history().read(session_.connection()).records) {
      if (const KnownMigration* known = find(session_.migrations(), record.name)) applied.push_back(known);
    }
    return applied;
  }

  /// Returns whether the migration came to its end. Whatever it throws: without rows it may be right to.
  bool run(const KnownMigration& known, void (Migration::*way)(QueryRunner&)) {
    session_.stop_if_interrupted();
    TolerantTarget target(*guard_);
    QueryRunner runner(target);
    try {
      const std::unique_ptr<Migration> migration(known.create());
      if (migration) ((*migration).*way)(runner);
      return migration != nullptr;
    } catch (...) {
      return false;
    }
  }

  /// What the way from one schema to the other makes.
  [[nodiscard]] std::vector<operation::Operation> made(const model::Schema& from, const model::Schema& to) {
    diff::Ownership everything;
    everything.everything = true;
    return diff::diff(from, to, *session_.dialect().comparison(*scratch_), {}, everything).operations;
  }

 private:
  Session& session_;
  std::unique_ptr<dialect::Connection> scratch_;
  std::unique_ptr<dialect::Guard> guard_;
};

template <class T>
void remove(model::Schema& schema, const model::Name& table, std::vector<T> model::Table::*list, const T& item) {
  if (model::Table* owner = schema.find_table(table)) std::erase(owner->*list, item);
}

/// Takes out what the operation makes.
void disown(model::Schema& schema, const operation::Operation& operation) {
  std::visit(operation::Visitor{
                 [&](const operation::CreateTable& op) {
                   std::erase_if(schema.tables, [&](const model::Table& table) { return table.name == op.table.name; });
                 },
                 [&](const operation::CreateIndex& op) { remove(schema, op.table, &model::Table::indexes, op.index); },
                 [&](const operation::AddUnique& op) { remove(schema, op.table, &model::Table::uniques, op.unique); },
                 [&](const operation::AddCheck& op) { remove(schema, op.table, &model::Table::checks, op.check); },
                 [&](const operation::AddForeignKey& op) {
                   remove(schema, op.table, &model::Table::foreign_keys, op.foreign_key);
                 },
                 // Of nothing else a diff asks whose it is.
                 [](const auto&) {},
             },
             operation);
}

}  // namespace

std::optional<model::Schema> created_by_migrations(Session& session) {
  Replay replay(session);
  if (!replay.is_possible()) return std::nullopt;
  for (const KnownMigration* migration : replay.migrations()) replay.run(*migration, &Migration::up);
  return replay.schema();
}

std::optional<model::Schema> owned_by_migrations(Session& session) {
  Replay replay(session);
  if (!replay.is_possible()) return std::nullopt;
  std::vector<operation::Operation> made_again;
  for (const KnownMigration* migration : replay.migrations()) {
    const model::Schema before = replay.schema();
    replay.run(*migration, &Migration::up);
    // A migration that cannot go back shows nothing.
    if (replay.run(*migration, &Migration::down)) {
      for (operation::Operation& operation : replay.made(before, replay.schema())) {
        made_again.push_back(std::move(operation));
      }
      replay.run(*migration, &Migration::up);
    }
  }
  model::Schema owned = replay.schema();
  for (const operation::Operation& operation : made_again) disown(owned, operation);
  return owned;
}

model::Schema without_history(const Session& session, model::Schema schema) {
  const std::string history = session.dialect().fold(session.history().table_name());
  const auto is_history = [&](const model::Table& table) { return session.dialect().fold(table.name.name) == history; };
  schema.tables.erase(std::remove_if(schema.tables.begin(), schema.tables.end(), is_history), schema.tables.end());
  return schema;
}

}  // namespace whimbrel::run
