#include "run/rebase.h"

#include <algorithm>
#include <set>

#include "run/status.h"
#include "session/session.h"

namespace whimbrel::run {

namespace {

std::set<std::string> named(const session::Session& session, const std::string& name) {
  const session::KnownMigration* const known = find(session.migrations(), name);
  if (known != nullptr) return {known->name};
  throw Error(ErrorKind::usage, "The migration \"" + name + "\" is not in the program.")
      .with_remedy(
          "Name a migration by its class, file or timestamp, or by its name without the timestamp if that is unique; "
          "`status` lists them.");
}

/// Returns the conflicting migrations of this database, as `status` shows them; if there are none, of an empty one.
std::set<std::string> conflicting(session::Session& session) {
  std::vector<BranchConflict> conflicts = pending_conflicts(session);
  if (conflicts.empty()) conflicts = all_conflicts(session);
  std::set<std::string> names;
  for (const BranchConflict& conflict : conflicts) names.insert(conflict.migration);
  return names;
}

bool continues(const TableStates& states, const std::vector<change::TableChange>& changes) {
  return std::any_of(changes.begin(), changes.end(), [&](const change::TableChange& change) {
    const TableStates::State* const state = states.find(change, Direction::up);
    return state != nullptr && !change.hash_before.empty() && change.hash_before == state->hash;
  });
}

void require_replaceable(const session::KnownMigration& migration, bool is_generated,
                         const std::set<std::string>& applied) {
  if (!is_generated) {
    throw Error(ErrorKind::usage,
                "The migration " + migration.name +
                    " is hand-written (it does not declare the tables for which it was generated), so "
                    "it cannot be replaced by a generated one.")
        .with_migration(migration.name)
        .with_remedy("Change it by hand, so that it matches the migrations before it.");
  }
  if (!applied.contains(migration.name)) return;
  throw Error(ErrorKind::usage,
              "The migration " + migration.name + " is applied to this database, so it is not replaced.")
      .with_migration(migration.name)
      .with_remedy(
          "If no other database has it, revert it first (`revertmigration`). Otherwise regenerate the migration of the "
          "other branch: `makemigrations --rebase NAME`.");
}

}  // namespace

std::vector<const session::KnownMigration*> migrations_to_rebase(session::Session& session, const std::string& name) {
  const std::set<std::string> wanted = name.empty() ? conflicting(session) : named(session, name);
  const session::Session::Work work(session);
  std::vector<const session::KnownMigration*> result;
  if (wanted.empty()) return result;
  std::set<std::string> applied;
  for (const history::Record& record : session.history().read_names(session.connection())) applied.insert(record.name);
  TableStates states(session.dialect());
  for (const session::KnownMigration& migration : session.migrations()) {
    const std::optional<std::vector<change::TableChange>> changes = tables_of(migration);
    const bool is_wanted = wanted.contains(migration.name);
    if (!is_wanted && (!changes || !continues(states, *changes))) continue;
    require_replaceable(migration, changes.has_value(), applied);
    states.apply(migration.name, *changes, Direction::up);
    result.push_back(&migration);
  }
  return result;
}

}  // namespace whimbrel::run
