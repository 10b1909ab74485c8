#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/text/names.h"
#include "whimbrel/error.h"

/// The integrity that a schema change must not violate. Names are as stored, and are equal if only the case of their
/// letters differs.
namespace whimbrel::dialect::sqlite {

/// The foreign keys from one table to another.
struct Reference {
  std::string child;
  std::string parent;
};

struct LessReference {
  bool operator()(const Reference& a, const Reference& b) const;
};

/// Returns every pair of tables with a foreign key between them, with one query.
[[nodiscard]] std::vector<Reference> references(Connection& connection);

/// A view, a trigger or a full-text index that cannot be used.
struct BrokenObject {
  std::string kind;  ///< `view`, `trigger` or `virtual table`.
  std::string name;
  std::string reason;
};

/// A view is broken if it cannot be read, a trigger if a statement that fires it does not compile, a full-text index if
/// it cannot read the table that it indexes. Only its first row is read.
[[nodiscard]] std::vector<BrokenObject> find_broken(Connection& connection);

/// Returns why one view or trigger cannot be used; nullopt if it can.
[[nodiscard]] std::optional<std::string> error_of(Connection& connection, const std::string& kind,
                                                  const std::string& name);

/// Returns the error of a failed statement, with the views and triggers that no ALTER TABLE gets past. SQLite does not
/// name them while legacy_alter_table is on.
[[nodiscard]] Error with_obstacles(Connection& connection, const Error& error);

/// Broken references of a schema. The cost does not depend on the number of rows.
struct BrokenNames {
  /// Foreign keys whose table does not exist, with a reason each.
  std::map<Reference, std::string, LessReference> dangling;
  /// By table, why its foreign keys cannot be checked.
  std::map<std::string, std::string, LessIgnoringCase> unusable_keys;
  /// By kind and name, why views, triggers and full-text indexes cannot be used; an empty reason: they can.
  std::map<std::pair<std::string, std::string>, std::string> objects;
  /// The statements that created these objects.
  std::map<std::pair<std::string, std::string>, std::string> definitions;
  /// Why these objects are usable only because SQLite treats an unknown double-quoted name as a string.
  std::map<std::pair<std::string, std::string>, std::string> strings;
};

[[nodiscard]] BrokenNames find_broken_names(Connection& connection);
/// Returns the broken references after a change; `before`: those before it. A new object that lacks only a function or
/// module of a program's own connection is not broken.
[[nodiscard]] BrokenNames find_broken_names(Connection& connection, const BrokenNames& before);

/// Returns how many rows reference missing rows. Reads every row with a foreign key.
using Violations = std::map<Reference, std::int64_t, LessReference>;

[[nodiscard]] Violations count_violations(Connection& connection);

/// Updates earlier results after a table was renamed.
void rename_table(BrokenNames& names, const std::string& from, const std::string& to, bool also_as_parent);
void rename_table(Violations& violations, const std::string& from, const std::string& to, bool also_as_parent);

/// Throw Error (unsafe) if something is broken now that was not before.
void compare(const BrokenNames& before, const BrokenNames& after);
void compare(const Violations& before, const Violations& after);

}  // namespace whimbrel::dialect::sqlite
