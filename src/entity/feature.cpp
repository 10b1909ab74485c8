#include "entity/feature.h"

#include "entity/description.h"
#include "model/version.h"

namespace whimbrel::entity {

namespace {

/// The name of a feature, as in "SQLite has no ...", or an ability, as in "SQLite cannot ...".
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
    case Feature::strict_tables:
      return "option `strict` of a table";
    case Feature::tables_without_rowid:
      return "option `without_rowid` of a table";
    case Feature::comments:
      return "comments on columns and tables";
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
    case Feature::dropped_columns:
      return "drop a column";
    case Feature::dropped_expressions:
      return "turn a generated column into an ordinary one";
    case Feature::random_uuids:
      return "function for random UUIDs";
    case Feature::index_methods:
      return "index methods";
    case Feature::index_parsers:
      return "full-text parsers for indexes";
    case Feature::partial_indexes:
      return "partial indexes";
    case Feature::included_columns:
      return "INCLUDE columns in indexes";
    case Feature::operator_classes:
      return "operator classes";
    case Feature::prefix_lengths:
      return "prefix lengths in indexes";
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
    case Feature::privileges:
      return "owners and privileges";
  }
  return "such feature";
}

/// Returns the sentence without its subject.
std::string predicate(model::Feature feature) {
  const bool is_ability = feature == model::Feature::dropped_columns || feature == model::Feature::dropped_expressions;
  return std::string(is_ability ? " cannot " : " has no ") + words(feature);
}

}  // namespace

std::optional<Lack> lack(const model::TypeMapping& mapping, model::Feature feature) {
  if (mapping.has(feature)) return std::nullopt;
  const std::string title(mapping.title());
  const std::optional<int> first = mapping.since(feature);
  if (!first) {
    return Lack{title + predicate(feature),
                "Remove it, or set it only if the program runs on a database that supports it."};
  }
  const std::string newer = title + ' ' + model::version_text(*first);
  return Lack{
      title + ' ' + model::version_text(mapping.version()) + predicate(feature) + ", which " + newer + " introduced",
      "Remove it, or use " + newer + " or later."};
}

void require(const model::TypeMapping& mapping, model::Feature feature, const std::string& entity,
             const std::string& member) {
  if (const auto lacking = lack(mapping, feature)) fail(entity, member, lacking->reason, lacking->remedy);
}

}  // namespace whimbrel::entity
