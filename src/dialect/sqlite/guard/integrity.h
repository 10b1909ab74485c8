#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/text/names.h"

/// What must not get worse when a schema is changed. Names are as they are stored; they are the same when only the case
/// of their letters differs.
namespace whimbrel::dialect::sqlite {

/// The foreign keys from one table to another.
struct Reference {
  std::string child;
  std::string parent;
};

struct LessReference {
  bool operator()(const Reference& a, const Reference& b) const;
};

/// Every pair of tables with a foreign key between them. One query.
[[nodiscard]] std::vector<Reference> references(Connection& connection);

/// A view, a trigger or a full-text index that cannot be used.
struct BrokenObject {
  std::string kind;  ///< `view`, `trigger` or `virtual table`.
  std::string name;
  std::string reason;
};

/// A view is broken when it cannot be read, a trigger when a statement that fires it does not compile, a full-text
/// index when it cannot read the table that it indexes. Nothing is run but a look at its first row.
[[nodiscard]] std::vector<BrokenObject> find_broken(Connection& connection);

/// References of a schema that lead nowhere. Costs nothing per row.
struct BrokenNames {
  /// Foreign keys without their table: a reason each.
  std::map<Reference, std::string, LessReference> dangling;
  /// By table, why its foreign keys cannot be checked.
  std::map<std::string, std::string, LessIgnoringCase> unusable_keys;
  /// By kind and name, why views, triggers and full-text indexes cannot be used; an empty reason: they can.
  std::map<std::pair<std::string, std::string>, std::string> objects;
};

[[nodiscard]] BrokenNames find_broken_names(Connection& connection);
/// The same after what was `before`. A new object that only misses what a program's own connection has, a function or a
/// module, can be used.
[[nodiscard]] BrokenNames find_broken_names(Connection& connection, const BrokenNames& before);

/// How many rows refer to rows that are not there. Reads every row with a foreign key.
using Violations = std::map<Reference, std::int64_t, LessReference>;

[[nodiscard]] Violations count_violations(Connection& connection);

/// What was found before a table got another name, as it is after it.
void rename_table(BrokenNames& names, const std::string& from, const std::string& to, bool also_as_parent);
void rename_table(Violations& violations, const std::string& from, const std::string& to, bool also_as_parent);

/// Throw Error (unsafe) when something is broken now that was not before.
void compare(const BrokenNames& before, const BrokenNames& after);
void compare(const Violations& before, const Violations& after);

}  // namespace whimbrel::dialect::sqlite
