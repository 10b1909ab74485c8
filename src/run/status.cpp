#include "run/status.h"

#include <algorithm>
#include <map>

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

void add_known(std::map<std::string, MigrationStatus>& all, const KnownMigration& migration,
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

}  // namespace

std::vector<MigrationStatus> status(Session& session) {
  const Session::Work work(session);
  std::map<std::string, MigrationStatus> all;
  std::map<std::string, std::string> checksums;
  for (const history::Record& record : session.history().read(session.connection()).records) {
    all.insert_or_assign(record.name, from_record(record));
    checksums.insert_or_assign(record.name, record.checksum);
  }
  for (const KnownMigration& migration : session.migrations()) add_known(all, migration, checksums);
  std::vector<MigrationStatus> result;
  result.reserve(all.size());
  for (auto& [name, status] : all) result.push_back(std::move(status));
  std::stable_sort(result.begin(), result.end(),
                   [](const MigrationStatus& a, const MigrationStatus& b) { return a.timestamp < b.timestamp; });
  mark_out_of_order(result);
  return result;
}

}  // namespace whimbrel::run
