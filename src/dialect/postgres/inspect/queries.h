#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dialect/dialect.h"

/// The SQL of the inspector. Only queries.cpp contains differences between versions of the server.
namespace whimbrel::dialect::postgres {

/// The parts of SQL that not every version has.
struct VersionText {
  explicit VersionText(int version);

  std::string nulls_not_distinct;      ///< For pg_index i.
  std::string set_columns;             ///< For pg_constraint k: the columns that ON DELETE SET NULL sets.
  std::string parent_trigger;          ///< For pg_trigger t: whether it is the copy of a partitioned table's trigger.
  std::string collation_locale;        ///< For pg_collation k: ICU's locale.
  std::string collation_rules;         ///< For pg_collation k: ICU's rules.
  std::string multirange;              ///< For pg_range r: the clause of CREATE TYPE for the multirange type.
  std::string is_multirange;           ///< For pg_type t and pg_range r: whether that is the range type of t.
  std::string compression;             ///< For pg_attribute a.
  std::string not_enforced;            ///< For pg_constraint k.
  std::string is_temporal;             ///< For pg_constraint k: WITHOUT OVERLAPS or PERIOD.
  std::string has_unlogged_sequences;  ///< A condition.
  std::string statistics_target;       ///< For pg_statistic_ext x.
  std::string published_columns;       ///< For pg_publication_rel e.
  std::string published_rows;          ///< For pg_publication_rel e.
  std::string published_schemas;       ///< For pg_publication b: the names of all; NULL: none.
  std::string via_root;                ///< For pg_publication b.
  std::string published_generated;     ///< For pg_publication b.
};

/// The scope of the queries. OIDs are those of pg_class and other catalog tables.
struct OidFilter {
  OidFilter() = default;
  OidFilter(InspectScope looked_at) : scope(std::move(looked_at)) {}

  InspectScope scope;
  /// For a part of the schema: the OIDs in it, by catalog table, as `{1,2}`.
  std::optional<std::map<std::string, std::string>> part;

  /// Returns whether the part may contain rows of the catalog table. Queries without any are not sent: planning them
  /// would take longer than all the others.
  [[nodiscard]] bool may_have(const std::string& catalogue) const { return !part || part->contains(catalogue); }
  /// ` AND ...`: the OID is in the part, and does not belong to an extension.
  [[nodiscard]] std::string has(const std::string& catalogue, const std::string& number) const;
  /// ` AND ...`: the OID is in the part.
  [[nodiscard]] std::string part_has(const std::string& catalogue, const std::string& number) const;
};

/// Instead of a query that would find nothing.
inline constexpr const char* no_rows = "SELECT WHERE false";

/// oid_filter.cpp: finds the OIDs in the part, if the scope has one.
[[nodiscard]] OidFilter find_oid_filter(Connection& connection, const InspectScope& scope);

/// ` AND ...`: the OID does not belong to an extension.
[[nodiscard]] std::string not_member(const std::string& catalogue, const std::string& number);

/// ` AND ...`: of the default schema s, it is not hidden by an object of pg_catalog with the same name, which a
/// statement would change instead. The kind is that of pg_KIND_is_visible().
[[nodiscard]] std::string not_hidden(const std::string& kind, const std::string& number);

/// Returns the expression of a number that identifies a comment: OIDs have 32 bits, those of the catalog's own tables
/// 14, and columns 11.
[[nodiscard]] std::string comment_number(const std::string& catalogue, const std::string& number,
                                         const std::string& column);

/// `WITH scope AS (...), member AS (...) `: the inspected schemas, with the prefixes of their names, and the members of
/// extensions.
[[nodiscard]] std::string scope_text(const InspectScope& scope);

/// The queries of inspect(), in the order of Catalog.
[[nodiscard]] std::vector<std::string> catalog_queries(const OidFilter& filter, int version);
/// Names of schemas and, if everything is inspected, all objects: class, OID, kind, schema, name, definition, drop
/// statement, the comment as a literal, a number that identifies the comment, the statement that moves it to its schema
/// if it is an extension that can be moved, the schema of an extension that is not the default one.
[[nodiscard]] std::string objects_query(const OidFilter& filter, int version);
/// operator_queries.cpp: further parts of it, in the form of its other ones.
[[nodiscard]] std::string casts(const OidFilter& filter);
[[nodiscard]] std::string operators(const OidFilter& filter);
[[nodiscard]] std::string operator_classes(const OidFilter& filter);
/// publication_queries.cpp: the same.
[[nodiscard]] std::string publications(const OidFilter& filter, const VersionText& version);
[[nodiscard]] std::string publication_entries(const OidFilter& filter, const VersionText& version);
/// What domains and composite types consist of, if everything is inspected: OID, letter, name, type, collation,
/// default, NOT NULL. The letters: `t` for the type itself, with what a domain has of these, `a` for an
/// attribute, `c` for a check constraint, whose type is its definition, and whose NOT NULL that it is NOT VALID.
[[nodiscard]] std::string type_contents_query(const OidFilter& filter);
/// Comments for which neither tables nor columns, views or sequences have a place in the model, except objects' own;
/// the defaults of columns of views; and settings. With `InspectScope::objects`, only those on parts of objects. Kind,
/// what has it (catalog table, OID, column, kind and name of the part), a number that identifies it, schema, name, the
/// statements that set and remove it.
[[nodiscard]] std::string comments_query(const OidFilter& filter, const VersionText& version);
/// setting_query.cpp: the part of the query above for what definitions say neither of columns nor of indexes: how they
/// are stored, what is collected about their values, which index a table is clustered by, and what a child table or a
/// column's sequence has that its parent or its table has not.
[[nodiscard]] std::string settings_part(const OidFilter& filter, const VersionText& version);
/// The uses: for both objects the catalog table, the OID, and the column's number or 0.
[[nodiscard]] std::string uses_query(const OidFilter& filter, const VersionText& version);
/// Owners and privileges, with a row for each privilege, and one for an object without any: kind, OID, column number,
/// schema, name, target, owner, whether the owner follows another object's, whether the privileges are those that the
/// server gives by itself; grantor, grantee or NULL, privilege, whether it is grantable.
[[nodiscard]] std::string privileges_query(const InspectScope& scope);
/// A single text column.
[[nodiscard]] std::string unsupported_objects_query(const InspectScope& scope, int version);

}  // namespace whimbrel::dialect::postgres
