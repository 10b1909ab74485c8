#pragma once

namespace whimbrel::model {

/// The features that not every database, or not every version of one, has.
enum class Feature {
  schemas,
  charsets,
  collations_of_tables,
  storage_engines,
  storage_parameters,
  strict_tables,  ///< Tables whose columns accept only values of their types.
  tables_without_rowid,
  comments,            ///< On columns and tables. Without it, they are omitted from the model.
  values_on_update,    ///< An ON UPDATE value of a column.
  named_enums,         ///< Named enum types.
  named_primary_keys,  ///< An unnamed primary key gets a derived name, as other constraints do.
  identity_columns,
  virtual_columns,      ///< Virtual generated columns.
  stored_columns,       ///< Stored generated columns.
  computed_keys,        ///< Generated columns in a primary key.
  generated_columns,    ///< Auto-increment columns that are not the primary key.
  dropped_columns,      ///< A column can be dropped in place.
  dropped_expressions,  ///< A generated column can become an ordinary one that keeps its values.
  random_uuids,         ///< The function behind TypeMapping::random_uuid() needs no extension.
  index_methods,
  index_parsers,
  partial_indexes,  ///< Indexes with a condition.
  included_columns,
  operator_classes,
  prefix_lengths,  ///< Indexes on prefixes of values.
  null_order,      ///< NULLS FIRST and NULLS LAST in an index.
  nulls_not_distinct,
  exclusions,
  deferrable_foreign_keys,
  deferrable_uniques,
  materialized_views,
  view_columns,     ///< Column names of a view before its query, which the database stores.
  untyped_columns,  ///< Columns that are declared without a type.
  privileges,       ///< Objects have owners, who grant privileges to roles.
};

}  // namespace whimbrel::model
