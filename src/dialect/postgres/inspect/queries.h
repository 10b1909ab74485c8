#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dialect/dialect.h"

/// The SQL of the inspector. What differs between versions of the server is in queries.cpp and nowhere else.
namespace whimbrel::dialect::postgres {

/// The parts of SQL that not every version has.
struct VersionText {
  explicit VersionText(int version);

  std::string nulls_not_distinct;  ///< Of pg_index i.
  std::string set_columns;         ///< Of pg_constraint k: which columns ON DELETE SET NULL sets.
  std::string parent_trigger;      ///< Of pg_trigger t: is it the copy of a partitioned table's trigger?
  std::string collation_locale;    ///< Of pg_collation k: ICU's locale.
  std::string collation_rules;     ///< Of pg_collation k: ICU's rules.
  std::string multirange;          ///< Of pg_range r: what CREATE TYPE says of the type of many ranges.
  std::string compression;         ///< Of pg_attribute x.
  std::string not_enforced;        ///< Of pg_constraint k.
  std::string is_temporal;         ///< Of pg_constraint k: WITHOUT OVERLAPS or PERIOD.
};

/// What the queries look at. Numbers are pg_class.oid and the like.
struct OidFilter {
  OidFilter() = default;
  OidFilter(InspectScope looked_at) : scope(std::move(looked_at)) {}

  InspectScope scope;
  /// Where a part is looked at: the numbers that are in it, by catalogue, as `{1,2}`.
  std::optional<std::map<std::string, std::string>> part;

  /// ` AND ...`: the number is in the part, and no extension's.
  [[nodiscard]] std::string has(const std::string& catalogue, const std::string& number) const;
  /// ` AND ...`: the number is in the part.
  [[nodiscard]] std::string part_has(const std::string& catalogue, const std::string& number) const;
};

/// oid_filter.cpp: asks which numbers are in the part, if the scope has one.
[[nodiscard]] OidFilter find_oid_filter(Connection& connection, const InspectScope& scope);

/// ` AND ...`: the number is no extension's.
[[nodiscard]] std::string not_member(const std::string& catalogue, const std::string& number);

/// `WITH scope AS (...), member AS (...) `: the schemas that are looked at, with the words in which names of theirs are
/// written, and what belongs to extensions.
[[nodiscard]] std::string scope_text(const InspectScope& scope);

/// What inspect() asks, in the order of Catalog.
[[nodiscard]] std::vector<std::string> catalog_queries(const OidFilter& filter, int version);
/// Names of schemas and, if everything is looked at, all objects: class, number, kind, schema, name, definition,
/// removal.
[[nodiscard]] std::string objects_query(const OidFilter& filter, int version);
/// What uses what: of both the catalogue, the number, and the column's number or 0.
[[nodiscard]] std::string uses_query(const OidFilter& filter);
/// One text column.
[[nodiscard]] std::string not_modelled_query(const InspectScope& scope, int version);

}  // namespace whimbrel::dialect::postgres
