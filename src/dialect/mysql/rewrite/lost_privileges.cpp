#include "dialect/mysql/rewrite/lost_privileges.h"

#include <algorithm>

#include "dialect/mysql/generate/replacement.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/syntax.h"
#include "operation/describe.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;

std::string text_in_sql(const std::string& text) { return sql::quote_string(text, mysql_syntax); }

/// Returns the accounts, separated by commas: the rows of the query.
std::string accounts(Connection& connection, const std::string& query) {
  std::string names;
  for (const std::vector<Value>& row : connection.run(query).values) {
    names += (names.empty() ? "" : ", ") + row.at(0).text();
  }
  return names;
}

// The creator of a routine gets privileges on it again, unless the server is set not to give them.
std::string note_on_routine(const model::Object& routine, Connection& connection) {
  const std::string note =
      "recreates " + routine.kind + ' ' + in_quotes(routine.name) + ", which loses the privileges ";
  try {
    const std::string names = accounts(
        connection,
        "SELECT DISTINCT CONCAT(User, '@', Host) FROM mysql.procs_priv WHERE Db = DATABASE() AND "
        "CONCAT(User, '@', Host) <> CURRENT_USER() AND LOWER(Routine_type) = " +
            text_in_sql(routine.kind) + " AND Routine_name = " + text_in_sql(routine.name.name) + " ORDER BY 1");
    return names.empty() ? std::string() : note + "on it of " + names;
  } catch (const Error& error) {
    if (!error_code::is_denied(error)) throw;
    return note + "that users have been granted on it";
  }
}

/// A privilege is on a name, whatever has it.
std::string note_on_name(const std::string& renamed, const std::string& accounts_with, bool is_taken) {
  return "privileges on " + renamed + " are not renamed with it: those of " + accounts_with +
         (is_taken ? ", who can then use what gets this name" : "");
}

std::string note_on_table(const RenameTable& op, const std::vector<Operation>& all, Connection& connection) {
  const std::string of_table = " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " + text_in_sql(op.from.name);
  const std::string names = accounts(connection, "SELECT GRANTEE FROM information_schema.TABLE_PRIVILEGES" + of_table +
                                                     " UNION SELECT GRANTEE FROM information_schema.COLUMN_PRIVILEGES" +
                                                     of_table + " ORDER BY 1");
  if (names.empty()) return {};
  const bool is_taken = std::any_of(all.begin(), all.end(), [&](const Operation& other) {
    const auto* const rename = std::get_if<RenameTable>(&other);
    return rename != nullptr && rename->to == op.from;
  });
  return note_on_name("table " + in_quotes(op.from), names, is_taken);
}

std::string note_on_column(const RenameColumn& op, const std::vector<Operation>& all, Connection& connection) {
  const std::string names =
      accounts(connection,
               "SELECT DISTINCT GRANTEE FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE() "
               "AND TABLE_NAME = " +
                   text_in_sql(op.table.name) + " AND COLUMN_NAME = " + text_in_sql(op.from) + " ORDER BY 1");
  if (names.empty()) return {};
  const bool is_taken = std::any_of(all.begin(), all.end(), [&](const Operation& other) {
    const auto* const rename = std::get_if<RenameColumn>(&other);
    return rename != nullptr && rename->table == op.table && rename->to == op.from;
  });
  return note_on_name("column " + in_quotes(op.from) + " of " + in_quotes(op.table), names, is_taken);
}

/// Returns the routine that the operation drops to create it again; null: there is none.
const model::Object* find_recreated(const Operation& operation, const std::vector<Operation>& all,
                                    const Server& server) {
  if (const auto* const op = std::get_if<AlterObject>(&operation)) {
    return op->after.kind == "event" || can_replace(*op, server) ? nullptr : &op->before;
  }
  const auto* const drop = std::get_if<DropObject>(&operation);
  if (drop == nullptr || drop->object.kind == "event") return nullptr;
  const bool is_created = std::any_of(all.begin(), all.end(), [&](const Operation& other) {
    const auto* const create = std::get_if<CreateObject>(&other);
    return create != nullptr && create->object.kind == drop->object.kind && create->object.name == drop->object.name;
  });
  return is_created ? &drop->object : nullptr;
}

}  // namespace

std::vector<std::string> notes_on_privileges(const std::vector<Operation>& operations, Connection* connection,
                                             const Server& server) {
  std::vector<std::string> notes;
  if (connection == nullptr) return notes;
  for (const Operation& operation : operations) {
    std::string note;
    if (const model::Object* const routine = find_recreated(operation, operations, server)) {
      note = note_on_routine(*routine, *connection);
    } else if (const auto* const table = std::get_if<RenameTable>(&operation)) {
      note = note_on_table(*table, operations, *connection);
    } else if (const auto* const column = std::get_if<RenameColumn>(&operation)) {
      note = note_on_column(*column, operations, *connection);
    }
    if (!note.empty()) notes.push_back(std::move(note));
  }
  return notes;
}

}  // namespace whimbrel::dialect::mysql
