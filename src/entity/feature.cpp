#include "entity/feature.h"

#include "entity/description.h"

namespace whimbrel::entity {

namespace {

/// The name of a feature, as in "SQLite has no ...".
const char* words(model::Feature feature) {
  using model::Feature;
  switch (feature) {
    case Feature::schemas:
      return "schemas inside a database";
    case Feature::charsets:
      return "character sets for columns and tables";
    case Feature::collations_of_tables:
      return "collations for tables";
    case Feature::storage_engines:
      return "storage engines";
    case Feature::storage_parameters:
      return "storage parameters";
    case Feature::values_on_update:
      return "ON UPDATE values for columns";
    case Feature::named_enums:
      return "named enum types";
    case Feature::named_primary_keys:
      return "named primary keys";
    case Feature::identity_columns:
      return "identity columns";
    case Feature::virtual_columns:
      return "virtual generated columns";
    case Feature::stored_columns:
      return "stored generated columns";
    case Feature::computed_keys:
      return "generated columns in a primary key";
    case Feature::generated_columns:
      return "auto-increment columns other than the primary key";
    case Feature::index_methods:
      return "index methods";
    case Feature::index_parsers:
      return "full-text parsers for indexes";
    case Feature::included_columns:
      return "INCLUDE columns in indexes";
    case Feature::operator_classes:
      return "operator classes";
    case Feature::null_order:
      return "NULLS FIRST or NULLS LAST in indexes";
    case Feature::nulls_not_distinct:
      return "NULLS NOT DISTINCT";
    case Feature::exclusions:
      return "exclusion constraints";
    case Feature::deferrable_foreign_keys:
      return "deferrable foreign keys";
    case Feature::deferrable_uniques:
      return "deferrable unique constraints";
    case Feature::materialized_views:
      return "materialized views";
    case Feature::view_columns:
      return "column lists for views";
    case Feature::untyped_columns:
      return "columns without a type";
  }
  return "such feature";
}

}  // namespace

void require(const model::TypeMapping& mapping, model::Feature feature, const std::string& entity,
             const std::string& member) {
  if (mapping.has(feature)) return;
  fail(entity, member, std::string(mapping.title()) + " has no " + words(feature),
       "Remove it, or set it only when the program runs on a database that supports it.");
}

}  // namespace whimbrel::entity
