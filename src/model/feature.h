#pragma once

namespace whimbrel::model {

/// What not every database has, or not every version of one.
enum class Feature {
  schemas,
  charsets,
  collations_of_tables,
  storage_engines,
  storage_parameters,
  strict_tables,  ///< Tables whose columns take values of their types alone.
  tables_without_rowid,
  comments,            ///< On columns and tables. Where there are none, they are left out of the model.
  values_on_update,    ///< A value that a column gets with each change of its row.
  named_enums,         ///< Enum types with names of their own.
  named_primary_keys,  ///< A primary key that nobody named has a derived name, as other constraints have.
  identity_columns,
  virtual_columns,      ///< Computed when they are read.
  stored_columns,       ///< Computed when they are written.
  computed_keys,        ///< Computed columns in a primary key.
  generated_columns,    ///< Counted up though they are no primary key.
  dropped_columns,      ///< A column can be dropped in place.
  dropped_expressions,  ///< A generated column can become an ordinary one that keeps its values.
  random_uuids,         ///< The function behind TypeMapping::random_uuid() needs no extension.
  index_methods,
  index_parsers,
  included_columns,
  operator_classes,
  prefix_lengths,  ///< Indexes of the beginnings of values.
  null_order,      ///< Where NULLs stand in an index.
  nulls_not_distinct,
  exclusions,
  deferrable_foreign_keys,
  deferrable_uniques,
  materialized_views,
  view_columns,     ///< Names for the columns of a view before its query, which are kept there.
  untyped_columns,  ///< Columns that are declared without a type.
};

}  // namespace whimbrel::model
