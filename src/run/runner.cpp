#include "run/runner.h"

#include <algorithm>

#include "run/migration_run.h"

namespace whimbrel::run {

namespace {

/// The program's migrations matched with the history.
struct Match {
  std::vector<bool> is_applied;                 ///< For each of the session's migrations.
  std::vector<const history::Record*> missing;  ///< Not in the program.
};

Match match(const session::Session& session, const Records& applied) {
  Match result;
  result.is_applied.resize(session.migrations().size());
  for (const history::Record& record : applied) {
    if (const session::KnownMigration* known = session.find_migration(record.name)) {
      result.is_applied[static_cast<std::size_t>(known - session.migrations().data())] = true;
    } else {
      result.missing.push_back(&record);
    }
  }
  return result;
}

Error unknown_name(const std::string& name, const std::string& problem) {
  return Error(ErrorKind::usage, "The migration \"" + name + "\" " + problem + '.')
      .with_remedy("Name a migration by its class, file or timestamp; `status` lists them.");
}

Error not_in_program(const std::string& name) {
  return Error(ErrorKind::migration,
               "The migration " + name + " was applied, but the program does not contain it, so it cannot be reverted.")
      .with_migration(name)
      .with_remedy(
          "Restore its file and build again; or, if its changes should stay, remove it from the history with "
          "`revertmigration --fake`.");
}

void warn_of_missing(session::Session& session, const Match& match) {
  constexpr std::size_t shown = 3;
  const std::size_t count = match.missing.size();
  if (count == 0) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(count, shown); ++i) names += (i > 0 ? ", " : "") + match.missing[i]->name;
  if (count > shown) names += " and " + std::to_string(count - shown) + " more";
  session.warn("The history has migrations that the program does not contain: " + names + '.');
}

void warn_of_order(session::Session& session, const Match& match, const std::vector<Step>& steps) {
  const auto newest = std::find(match.is_applied.rbegin(), match.is_applied.rend(), true);
  if (newest == match.is_applied.rend()) return;
  const session::KnownMigration& last =
      session.migrations()[static_cast<std::size_t>(match.is_applied.rend() - newest) - 1];
  for (const Step& step : steps) {
    // One that was partially reverted is applied.
    const bool is_applied = match.is_applied[static_cast<std::size_t>(step.migration - session.migrations().data())];
    if (is_applied || step.migration->timestamp > last.timestamp) continue;
    session.warn("The migration " + step.name() + " runs out of order: it is older than " + last.name +
                 ", which is already applied.");
  }
}

std::string where_it_stands(const history::PartialMigration& partial) {
  const std::string direction = partial.reverting ? "down" : "up";
  std::string place = "before the first statement";
  if (!partial.entries.empty()) {
    const history::JournalEntry& last = partial.entries.back();
    place = (last.is_done ? "after" : "in") + (" statement " + std::to_string(last.ordinal));
  }
  std::string left;
  for (const history::JournalEntry& entry : partial.entries) {
    if (entry.is_done || &entry == &partial.entries.back() || entry.is_operation()) continue;
    left += (left.empty() ? ", with these still to run: " : ", ") + std::to_string(entry.ordinal);
  }
  return "The migration " + partial.name + " is partially " + (partial.reverting ? "reverted" : "applied") +
         ": an earlier run ended " + place + " of its `" + direction + '`' + left + '.';
}

/// Makes the migration inside which an earlier run ended the first step.
void put_first(session::Session& session, std::vector<Step>& steps, const Records& applied,
               const history::PartialMigration& partial, bool fake) {
  session.warn(where_it_stands(partial));
  const auto found =
      std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return step.name() == partial.name; });
  if (found != steps.end()) {
    std::rotate(steps.begin(), found, found + 1);
    return;
  }
  Step step;
  step.migration = session.find_migration(partial.name);
  if (step.migration == nullptr && !fake) {
    throw Error(ErrorKind::migration, where_it_stands(partial) + " The program does not contain it.")
        .with_migration(partial.name)
        .with_remedy(
            "Restore its file and build again. If it is lost, complete or undo it by hand, and delete the rows of " +
            session.journal().table_name() + '.');
  }
  step.record.name = partial.name;
  for (const history::Record& record : applied) {
    if (record.name == partial.name) step.record = record;
  }
  steps.insert(steps.begin(), std::move(step));
}

std::vector<Step> find_pending(const session::Session& session, const Match& match, const std::string& to) {
  const session::KnownMigration* last = to.empty() ? nullptr : find(session.migrations(), to);
  if (last == nullptr && !to.empty()) throw unknown_name(to, "is not in the program");
  std::vector<Step> steps;
  for (std::size_t i = 0; i < match.is_applied.size(); ++i) {
    const session::KnownMigration& migration = session.migrations()[i];
    if (!match.is_applied[i]) steps.push_back({&migration, {}});
    if (&migration == last) break;
  }
  return steps;
}

/// Returns how many records, counted from the last, to revert.
std::size_t count_reverts(const session::Session& session, const Records& applied, const RevertOptions& options) {
  const std::size_t size = applied.size();
  if (options.all) return size;
  if (options.to.empty()) return std::min(options.steps, size);
  const session::KnownMigration* known = find(session.migrations(), options.to);
  const std::string& name = known == nullptr ? options.to : known->name;
  const auto found = std::find_if(applied.rbegin(), applied.rend(),
                                  [&](const history::Record& record) { return record.name == name; });
  if (found == applied.rend()) throw unknown_name(options.to, "is not applied, so nothing can be reverted back to it");
  return static_cast<std::size_t>(found - applied.rbegin());
}

std::vector<Step> find_reverts(const session::Session& session, const Records& applied, const RevertOptions& options) {
  std::vector<Step> steps;
  for (std::size_t i = 0, count = count_reverts(session, applied, options); i < count; ++i) {
    const history::Record& record = applied[applied.size() - 1 - i];
    const session::KnownMigration* known = session.find_migration(record.name);
    if (known == nullptr && !options.fake) throw not_in_program(record.name);
    steps.push_back({known, record});
  }
  return steps;
}

/// Refuses a baseline and `migrations --fake`: their `down` would drop objects that existed before.
void refuse_recorded_only(session::Session& session, const std::vector<Step>& steps, const RevertOptions& options) {
  if (steps.empty() || options.fake || options.dry_run || options.allow_data_loss) return;
  const Records records = session.history().read(session.connection()).records;
  for (const Step& step : steps) {
    const bool was_recorded_only = std::any_of(records.begin(), records.end(), [&](const history::Record& record) {
      return record.name == step.name() && !record.applied_at.empty() && !record.duration_ms;
    });
    if (!was_recorded_only) continue;
    throw Error(ErrorKind::unsafe, "The migration " + step.name() +
                                       " was recorded as applied without being run, so its `down` would drop "
                                       "objects that it did not create. Nothing was reverted.")
        .with_remedy(
            "`revertmigration --fake` only removes it from the history; `--allow-data-loss` runs its `down` "
            "nevertheless.");
  }
}

}  // namespace

std::vector<MigrationResult> run_migrations(session::Session& session, const RunOptions& options) {
  const auto select = [&](const Records& applied, const history::PartialMigration* partial) {
    const Match matched = match(session, applied);
    std::vector<Step> steps = find_pending(session, matched, options.to);
    if (partial != nullptr) {
      put_first(session, steps, applied, *partial, false);
      // It was completed by hand, but the others were not run.
      if (options.fake) steps.resize(1);
    }
    warn_of_missing(session, matched);
    if (!steps.empty()) warn_of_order(session, matched, steps);
    return steps;
  };
  return MigrationRun(session, Direction::up, options, select).run();
}

std::vector<MigrationResult> revert_migrations(session::Session& session, const RevertOptions& options) {
  const auto select = [&](const Records& applied, const history::PartialMigration* partial) {
    std::vector<Step> steps = find_reverts(session, applied, options);
    if (partial != nullptr) {
      put_first(session, steps, applied, *partial, options.fake);
      if (!options.all && options.to.empty()) steps.resize(std::min(steps.size(), options.steps));
    }
    refuse_recorded_only(session, steps, options);
    return steps;
  };
  return MigrationRun(session, Direction::down, options, select).run();
}

std::vector<std::string> pending_migrations(session::Session& session) {
  const session::Session::Work work(session);
  const Records applied = session.history().read_names(session.connection());
  std::vector<std::string> names;
  for (const Step& step : find_pending(session, match(session, applied), {})) names.push_back(step.name());
  const std::optional<history::PartialMigration> partial = session.journal().read(session.connection());
  const bool is_listed = partial && std::find(names.begin(), names.end(), partial->name) != names.end();
  if (partial && !is_listed) names.insert(names.begin(), partial->name);
  return names;
}

}  // namespace whimbrel::run
