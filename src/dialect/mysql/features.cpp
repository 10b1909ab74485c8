#include "dialect/mysql/dialect.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Returns the version of MySQL if the feature is MySQL's only. Until a server is known, it may have it.
std::optional<int> of_mysql(const Server& server, int version) {
  return server.is_mariadb && !server.is_assumed ? std::nullopt : std::optional(version);
}

}  // namespace

// MariaDB 10.6 and MySQL 8.0 are the oldest ones.
std::optional<int> since(model::Feature feature, const Server& server) {
  using model::Feature;
  switch (feature) {
    case Feature::charsets:
    case Feature::collations_of_tables:
    case Feature::storage_engines:
    case Feature::comments:
    case Feature::values_on_update:
    case Feature::virtual_columns:
    case Feature::stored_columns:
    case Feature::generated_columns:
    case Feature::dropped_columns:
    case Feature::dropped_expressions:
    case Feature::index_methods:
    case Feature::index_parsers:
    case Feature::prefix_lengths:
    case Feature::view_columns:
      return 0;
    case Feature::computed_keys:  // MariaDB's error 1903.
      return of_mysql(server, 0);
    case Feature::schemas:
    case Feature::storage_parameters:
    case Feature::strict_tables:
    case Feature::tables_without_rowid:
    case Feature::named_enums:
    case Feature::named_primary_keys:
    case Feature::identity_columns:
    case Feature::partial_indexes:
    case Feature::included_columns:
    case Feature::operator_classes:
    case Feature::null_order:
    case Feature::nulls_not_distinct:
    case Feature::exclusions:
    case Feature::deferrable_foreign_keys:
    case Feature::deferrable_uniques:
    case Feature::materialized_views:
    case Feature::random_uuids:
    case Feature::untyped_columns:
    case Feature::privileges:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace whimbrel::dialect::mysql
