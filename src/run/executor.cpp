#include "run/executor.h"

#include <algorithm>
#include <unordered_set>

#include "run/execution.h"

namespace whimbrel::run {

namespace {

using Names = std::unordered_set<std::string_view>;

Names applied_names(const history::State& state) {
  Names names;
  names.reserve(state.records.size());
  for (const history::Record& record : state.records) names.insert(record.name);
  return names;
}

Error unknown_name(const std::string& name, const std::string& problem) {
  return Error(ErrorKind::usage, "The migration \"" + name + "\" " + problem + '.')
      .with_remedy("`status` lists the migrations; one is named by its class, its file or its timestamp.");
}

void warn_of_missing(Session& session, const history::State& state) {
  Names known;
  for (const KnownMigration& migration : session.migrations()) known.insert(migration.name);
  std::string names;
  std::size_t count = 0;
  for (const history::Record& record : state.records) {
    if (known.count(record.name) > 0) continue;
    if (++count <= 3) names += (count > 1 ? ", " : "") + record.name;
  }
  if (count == 0) return;
  if (count > 3) names += " and " + std::to_string(count - 3) + " more";
  session.warn("The history has migrations that the program does not contain: " + names + '.');
}

void warn_of_order(Session& session, const history::State& state, const std::vector<Step>& steps) {
  const Names applied = applied_names(state);
  const KnownMigration* newest = nullptr;
  for (const KnownMigration& migration : session.migrations()) {
    if (applied.count(migration.name) > 0) newest = &migration;
  }
  if (newest == nullptr) return;
  for (const Step& step : steps) {
    if (step.migration->timestamp > newest->timestamp) continue;
    session.warn("The migration " + step.name() + " is older than " + newest->name +
                 ", which was applied already, and runs after it.");
  }
}

std::vector<Step> find_pending(const Session& session, const history::State& state, const std::string& to) {
  const KnownMigration* last = to.empty() ? nullptr : find(session.migrations(), to);
  if (last == nullptr && !to.empty()) throw unknown_name(to, "is not in the program");
  const Names applied = applied_names(state);
  std::vector<Step> steps;
  for (const KnownMigration& migration : session.migrations()) {
    if (applied.count(migration.name) == 0) steps.push_back({&migration, {}});
    if (&migration == last) break;
  }
  return steps;
}

/// How many of the records, from the last, are to be reverted.
std::size_t count_reverts(const Session& session, const history::State& state, const RevertOptions& options) {
  const std::size_t size = state.records.size();
  if (options.all) return size;
  if (options.to.empty()) return std::min(options.steps, size);
  const KnownMigration* known = find(session.migrations(), options.to);
  const std::string& name = known == nullptr ? options.to : known->name;
  const auto found = std::find_if(state.records.rbegin(), state.records.rend(),
                                  [&](const history::Record& record) { return record.name == name; });
  if (found == state.records.rend())
    throw unknown_name(options.to, "is not applied, so nothing can be reverted back to it");
  return static_cast<std::size_t>(found - state.records.rbegin());
}

std::vector<Step> find_reverts(const Session& session, const history::State& state, const RevertOptions& options) {
  std::vector<Step> steps;
  for (std::size_t i = 0, count = count_reverts(session, state, options); i < count; ++i) {
    const history::Record& record = state.records[state.records.size() - 1 - i];
    const auto& known = session.migrations();
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const KnownMigration& migration) { return migration.name == record.name; });
    if (found == known.end() && !options.fake) {
      throw Error(ErrorKind::migration,
                  "The migration " + record.name +
                      " was applied, but the program does not contain it, so it cannot be reverted.")
          .with_migration(record.name)
          .with_remedy(
              "Put its file back into the migrations' directory and build again; or, if what it did shall stay, take "
              "it "
              "out of the history with `revertmigration --fake`.");
    }
    steps.push_back({found == known.end() ? nullptr : &*found, record});
  }
  return steps;
}

}  // namespace

std::vector<AppliedMigration> run_migrations(Session& session, const RunOptions& options) {
  const auto select = [&](const history::State& state) {
    std::vector<Step> steps = find_pending(session, state, options.to);
    warn_of_missing(session, state);
    if (!steps.empty()) warn_of_order(session, state, steps);
    return steps;
  };
  return Execution(session, Direction::up, options, select).run();
}

std::vector<AppliedMigration> revert_migrations(Session& session, const RevertOptions& options) {
  const auto select = [&](const history::State& state) { return find_reverts(session, state, options); };
  return Execution(session, Direction::down, options, select).run();
}

std::vector<std::string> pending_migrations(Session& session) {
  const Session::Work work(session);
  const history::State state = session.history().read(session.connection());
  std::vector<std::string> names;
  for (const Step& step : find_pending(session, state, {})) names.push_back(step.name());
  return names;
}

}  // namespace whimbrel::run
