#include "change/synchronize.h"

#include <algorithm>

#include "change/compare.h"
#include "change/run_statements.h"
#include "session/run_lock.h"
#include "session/transaction.h"

namespace whimbrel::change {

namespace {

std::string in_lines(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += "\n  " + item;
  return text;
}

void refuse_loss(const SchemaChange& generated) {
  if (generated.losses.empty()) return;
  std::string remedy =
      "Write a migration that keeps the data, or accept the loss with --allow-data-loss (in a program: "
      "SynchronizeMode::allow_data_loss).";
  for (const diff::RenameCandidate& candidate : generated.rename_candidates) {
    if (candidate.is_value) continue;  // Rows with the old value make the change fail, so nothing would be lost.
    remedy += " If column \"" + candidate.to.name + "\" of \"" + to_string(candidate.table) + "\" is column \"" +
              candidate.from.name + "\" under a new name, set .renamed_from = \"" + candidate.from.name +
              "\" in the entity.";
  }
  for (const diff::TableRenameCandidate& candidate : generated.table_candidates) {
    remedy += " If table \"" + to_string(candidate.to) + "\" is table \"" + to_string(candidate.from) +
              "\" under a new name, set .renamed_from = \"" + candidate.from.name + "\" in the entity.";
  }
  throw Error(ErrorKind::unsafe,
              "Nothing was changed, because synchronizing would lose data:" + in_lines(generated.losses))
      .with_remedy(remedy);
}

void refuse_missing_fills(const SchemaChange& generated) {
  if (generated.missing_backfills.empty()) return;
  std::vector<std::string> columns;
  for (const diff::MissingBackfill& missing : generated.missing_backfills) {
    columns.push_back("column \"" + missing.column + "\" of \"" + to_string(missing.table) + '"');
  }
  throw Error(
      ErrorKind::undecided,
      "Nothing was changed, because existing rows have no value for these NOT NULL columns:" + in_lines(columns))
      .with_remedy("Give the columns a default, make them nullable, or write a migration that backfills them.");
}

void require_allowed(const SchemaChange& generated, SynchronizeMode mode) {
  if (mode == SynchronizeMode::safe) refuse_loss(generated);
  refuse_missing_fills(generated);
}

/// A database with a table of an entity belongs to this program, whatever else it contains.
void require_own(session::Session& session, const SchemaChange& generated) {
  const std::vector<model::Table>& tables = session.desired().tables;
  const auto is_there = [&](const model::Table& table) {
    return std::any_of(generated.current.tables.begin(), generated.current.tables.end(),
                       [&](const model::Table& current) { return current.name == table.name; });
  };
  if (std::any_of(tables.begin(), tables.end(), is_there)) return;
  session.require_own();
}

Synchronized result_of(SchemaChange generated) {
  return {std::move(generated.script.up), std::move(generated.losses), std::move(generated.unmanaged)};
}

}  // namespace

// Compares before it locks: a program that synchronizes at each start rarely has anything to change.
Synchronized synchronize(session::Session& session, const SynchronizeOptions& options) {
  const session::Session::Work work(session);
  SchemaChange generated = compare(session, options.answers, LossCheck::by_rows);
  require_allowed(generated, options.mode);
  if (generated.empty()) return result_of(std::move(generated));
  require_own(session, generated);
  if (options.dry_run) return result_of(std::move(generated));

  const std::unique_ptr<dialect::SafetyGuard> guard = session.dialect().guard(session.connection());
  {
    const session::RunLock lock(session, session::RunLock::Around::transaction);
    session::Transaction transaction(session);
    generated = compare(session, options.answers, LossCheck::by_rows);
    require_allowed(generated, options.mode);
    for (const std::string& loss : generated.losses)
      session.log(LogLevel::warning, "Synchronizing loses data: " + loss + '.');
    for (const std::string& thing : generated.taken_along) {
      session.log(LogLevel::warning, "Synchronizing: " + thing + '.');
    }
    session.dialect().mark_own(session.connection(), session.options().application_id);
    run_statements(session, *guard, generated.script.up);
    guard->before_commit();
    transaction.commit();
  }
  guard->finish();
  return result_of(std::move(generated));
}

}  // namespace whimbrel::change
