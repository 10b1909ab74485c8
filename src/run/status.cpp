#include "run/status.h"

#include <algorithm>
#include <map>
#include <set>

namespace whimbrel::run {

namespace {

MigrationStatus from_record(const history::Record& record) {
  MigrationStatus status{record.name, record.timestamp};
  status.applied = true;
  status.applied_at = record.applied_at;
  status.duration_ms = record.duration_ms;
  status.missing = true;
  return status;
}

void add_known(std::map<std::string, MigrationStatus>& all, const session::KnownMigration& migration,
               const std::map<std::string, std::string>& checksums) {
  const auto [found, is_new] = all.try_emplace(migration.name, MigrationStatus{migration.name, migration.timestamp});
  MigrationStatus& status = found->second;
  status.missing = false;
  if (is_new) return;
  const std::string& applied = checksums.at(migration.name);
  status.changed = !applied.empty() && !migration.checksum.empty() && applied != migration.checksum;
}

void mark_out_of_order(std::vector<MigrationStatus>& sorted) {
  bool is_newer_applied = false;
  for (auto status = sorted.rbegin(); status != sorted.rend(); ++status) {
    status->out_of_order = !status->applied && is_newer_applied;
    is_newer_applied = is_newer_applied || (status->applied && !status->missing);
  }
}

/// Applied migrations in the order of the history, then the others.
std::vector<BranchConflict> conflicts_after(const session::Session& session,
                                            const std::vector<history::Record>& records) {
  std::vector<const session::KnownMigration*> migrations;
  std::set<std::string> applied;
  for (const history::Record& record : records) {
    applied.insert(record.name);
    if (const session::KnownMigration* known = session.find_migration(record.name)) migrations.push_back(known);
  }
  for (const session::KnownMigration& migration : session.migrations()) {
    if (!applied.contains(migration.name)) migrations.push_back(&migration);
  }
  const bool is_pending = !migrations.empty() && !applied.contains(migrations.back()->name);
  if (!is_pending) return {};
  std::vector<BranchConflict> conflicts = find_branch_conflicts(session.dialect(), migrations);
  std::erase_if(conflicts, [&](const BranchConflict& conflict) { return applied.contains(conflict.migration); });
  return conflicts;
}

}  // namespace

std::string to_string(const BranchConflict& conflict) {
  std::string words;
  for (const std::string& one : conflict.differences) words += (words.empty() ? "" : ", ") + one;
  return conflict.kind + " \"" + model::to_string(conflict.table) + "\" as left by " + conflict.earlier + ": " + words;
}

std::vector<BranchConflict> all_conflicts(const session::Session& session) {
  std::vector<const session::KnownMigration*> migrations;
  for (const session::KnownMigration& migration : session.migrations()) migrations.push_back(&migration);
  return find_branch_conflicts(session.dialect(), migrations);
}

std::vector<BranchConflict> pending_conflicts(session::Session& session) {
  const session::Session::Work work(session);
  return conflicts_after(session, session.history().read_names(session.connection()));
}

std::vector<MigrationStatus> status(session::Session& session) {
  const session::Session::Work work(session);
  std::map<std::string, MigrationStatus> all;
  std::map<std::string, std::string> checksums;
  const std::vector<history::Record> records = session.history().read(session.connection()).records;
  for (const history::Record& record : records) {
    all.insert_or_assign(record.name, from_record(record));
    checksums.insert_or_assign(record.name, record.checksum);
  }
  for (const session::KnownMigration& migration : session.migrations()) add_known(all, migration, checksums);
  if (const auto partial = session.journal().read(session.connection())) {
    MigrationStatus& status = all.try_emplace(partial->name, MigrationStatus{partial->name}).first->second;
    status.partial = std::count_if(partial->entries.begin(), partial->entries.end(),
                                   [](const history::JournalEntry& entry) { return entry.is_done; });
  }
  for (const BranchConflict& conflict : conflicts_after(session, records)) {
    all.at(conflict.migration).conflicts.push_back(to_string(conflict));
  }
  std::vector<MigrationStatus> result;
  result.reserve(all.size());
  for (auto& [name, status] : all) result.push_back(std::move(status));
  std::stable_sort(result.begin(), result.end(),
                   [](const MigrationStatus& a, const MigrationStatus& b) { return a.timestamp < b.timestamp; });
  mark_out_of_order(result);
  return result;
}

}  // namespace whimbrel::run
