#include "dialect/sqlite/guard/string_readings.h"

#include <memory>
#include <optional>
#include <vector>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/rebuild_checker.h"
#include "dialect/sqlite/inspect/hidden_row_number.h"
#include "dialect/sqlite/inspect/quoted_strings.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

[[noreturn]] void refuse(const std::string& reader, const std::string& text) {
  throw Error(ErrorKind::unsafe, "This would leave a " + reader + " that reads a string as a name: \"" + text +
                                     "\" in double quotes would be the new column.")
      .with_remedy("Recreate it with '" + text + "' in single quotes, in an earlier migration or by hand.");
}

[[noreturn]] void refuse_row_number(const ChangedReading& changed, const std::string& table) {
  throw Error(ErrorKind::unsafe, "This would change the meaning of " + changed.reader + " of \"" + table + "\": \"" +
                                     changed.text +
                                     "\" in it is the row number without the column of that name, and the column with "
                                     "it.")
      .with_remedy(
          "Choose another name for the column. Or first recreate what reads the row number, by hand or in an earlier "
          "migration, with another name of it: rowid, oid or _rowid_.");
}

/// Returns the table; nullopt if it cannot be read, or is not an ordinary one.
std::optional<model::Table> read_table(Connection& connection, const std::string& name) {
  try {
    model::Schema found = inspect(connection, std::vector<model::Name>{{"", name}});
    if (found.tables.size() == 1) return std::move(found.tables.front());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::busy || error.kind() == ErrorKind::interrupted) throw;
  }
  return std::nullopt;
}

}  // namespace

void StringReadings::before(const Command& command) {
  const std::string table = changed_table(command);
  if (table.empty() || command.kind == Command::Kind::drop_table || tables_.contains(table)) return;
  if (std::optional<model::Table> found = read_table(connection_, table)) tables_.emplace(table, std::move(*found));
}

void StringReadings::table_renamed(const std::string& from, const std::string& to) {
  auto node = tables_.extract(from);
  if (node.empty()) return;
  tables_.erase(to);
  node.key() = to;
  tables_.insert(std::move(node));
}

void StringReadings::require_same() const {
  std::vector<std::string> stand_ins;
  std::unique_ptr<Connection> scratch;
  for (const auto& [name, before] : tables_) {
    const std::optional<model::Table> now = read_table(connection_, name);
    if (!now) continue;
    if (scratch == nullptr) {
      scratch = connection_.open_scratch();
      scratch->stand_in_for_unknown(&stand_ins);
    }
    if (const auto hidden = find_hidden_row_number(*scratch, before, *now)) refuse_row_number(*hidden, name);
    const auto changed = find_changed_reading(*scratch, before, *now);
    if (changed) refuse(changed->reader + " of \"" + name + '"', changed->text);
  }
}

}  // namespace whimbrel::dialect::sqlite
