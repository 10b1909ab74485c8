#include "dialect/sqlite/guard/settings.h"

#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

const std::string foreign_keys = "foreign_keys";
const std::string legacy_alter_table = "legacy_alter_table";

}  // namespace

Settings::Settings(Connection& connection) : connection_(connection) {
  if (connection.is_transaction_active()) {
    throw Error(ErrorKind::unsafe, "Cannot run migrations: the connection to the " + connection.description() +
                                       " is inside a transaction.")
        .with_remedy("Commit or roll back before you run migrations.");
  }
  for (const auto& [pragma, value] : {std::pair(foreign_keys, 0), std::pair(legacy_alter_table, 1)}) {
    changed_.push_back({pragma, read(pragma)});
    if (take(pragma, value)) continue;
    const Error error(ErrorKind::unsafe, "Cannot rebuild tables: PRAGMA " + pragma + " could not be changed on the " +
                                             connection.description() + '.');
    for (const Changed& changed : changed_) set(changed.pragma, changed.before);
    throw Error(error).with_remedy(
        "Use an SQLite library that has this pragma: 3.31 or later, built without SQLITE_OMIT_FOREIGN_KEY and "
        "SQLITE_OMIT_FLAG_PRAGMAS.");
  }
}

Settings::~Settings() {
  try {
    restore();
  } catch (const std::exception&) {  // finish() reports failures.
  }
}

void Settings::restore() {
  std::string failed;
  for (const Changed& changed : changed_) {
    if (read(changed.pragma) == changed.before || take(changed.pragma, changed.before)) continue;
    failed += (failed.empty() ? "" : ", ") + changed.pragma;
  }
  if (!failed.empty()) {
    throw Error(ErrorKind::connection, "Could not restore settings of the connection to the " +
                                           connection_.description() + ": " + failed + '.')
        .with_remedy("Close the connection and open it again.");
  }
  changed_.clear();
}

void Settings::renew_foreign_keys() { set(foreign_keys, 0); }

void Settings::renew_legacy_alter_table() { set(legacy_alter_table, 1); }

bool Settings::is_legacy_alter_table() const { return read(legacy_alter_table) != 0; }

std::int64_t Settings::read(const std::string& pragma) const {
  const Rows::Data rows = connection_.run("PRAGMA " + pragma);
  return rows.values.empty() ? -1 : rows.values[0].at(0).integer();
}

void Settings::set(const std::string& pragma, std::int64_t value) const {
  connection_.run("PRAGMA " + pragma + " = " + std::to_string(value));
}

bool Settings::take(const std::string& pragma, std::int64_t value) const {
  set(pragma, value);
  return read(pragma) == value;
}

}  // namespace whimbrel::dialect::sqlite
