#pragma once

#include <memory>
#include <string>
#include <vector>

#include "change/generate.h"
#include "dialect/dialect.h"
#include "model/privileges.h"

/// Complete schemas from a database or an SQL file.
namespace whimbrel::change {

/// A schema, and the connection that it was read from.
struct SchemaSource {
  const Driver* driver = nullptr;
  std::string scratch_url;  ///< Where a scratch database of its kind can be created.
  std::unique_ptr<dialect::Connection> connection;
  std::unique_ptr<const dialect::Dialect> dialect;  ///< For the connection's server.
  model::Schema schema;
  std::optional<model::Privileges> privileges;   ///< None: they were not read, or there are none.
  std::vector<std::string> unsupported_objects;  ///< Unsupported objects, as display text.
  bool has_owners = true;                        ///< If false, it was loaded from a file, by a user that owns it all.
};

/// Reads a database. `with_privileges`: if true, owners and privileges are read in the same round trip. Throws Error
/// (connection) if it does not exist.
[[nodiscard]] SchemaSource read_database(const Drivers& drivers, const std::string& url, bool with_privileges = false);

/// Runs an SQL file in an empty scratch database, created next to `scratch_url`, and reads the result. Throws Error
/// (file, statement). With `content`, the privileges that it grants on its objects are read, too. The owners remain
/// unknown: a role that can reach nothing else loads the file, and cannot give its objects to other roles.
[[nodiscard]] SchemaSource read_script(const Driver& driver, const std::string& scratch_url, const std::string& path,
                                       dialect::ScriptContent content = dialect::ScriptContent::schema);

/// Removes everything that is in none of these schemas. Throws Error (usage) for an empty schema.
void keep_schemas(const std::vector<SchemaSource*>& sources, const std::vector<std::string>& names);

/// Generates the script from one complete schema to the other: objects that exist only in `from` are dropped. Throws
/// Error (usage) if they belong to different database systems.
[[nodiscard]] SchemaChange compare_whole(const SchemaSource& from, const SchemaSource& to,
                                         const diff::Answers& answers);

/// Returns the statements for owners and privileges that must run after the script of `change`, which leads from one
/// schema to the other; none if those of one side were not read.
[[nodiscard]] dialect::PrivilegeChange compare_privileges(const SchemaSource& from, const SchemaSource& to,
                                                          const SchemaChange& change);

/// Runs statements that turn the schema `from` into `to` on a scratch copy of `from` without rows. Throws Error
/// (unsafe), which shows the statement, if one fails. Returns a note, as display text, if they could not be run or the
/// result is not equal to `to`; otherwise an empty string.
[[nodiscard]] std::string verify_whole(const SchemaSource& from, const SchemaSource& to,
                                       const std::vector<sql::Statement>& statements);

/// Runs the statements of `up` and then those of `down` on a scratch copy of the schema without rows. The way back
/// starts from there: what `up` does not change, such as the order of columns and publications, can be otherwise in the
/// schema that it leads to. Throws Error (unsafe), which shows the statement, if one of `down` fails. Returns a note as
/// verify_whole() does.
[[nodiscard]] std::string verify_way_back(const SchemaSource& from, const std::vector<sql::Statement>& up,
                                          const std::vector<sql::Statement>& down);

/// Generates the script that creates the schema in a database that is empty, but for these schemas, and the one that
/// drops it.
[[nodiscard]] SchemaChange create_whole(const SchemaSource& source, const std::vector<std::string>& existing = {});

}  // namespace whimbrel::change
