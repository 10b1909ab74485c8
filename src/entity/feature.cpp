#include "entity/feature.h"

#include "entity/description.h"
#include "model/version.h"

namespace whimbrel::entity {

namespace {

/// What a database lacks, after "SQLite has no ...".
const char* words(model::Feature feature) {
  using model::Feature;
  switch (feature) {
    case Feature::schemas:
      return "schemas inside a database";
    case Feature::charsets:
      return "character sets of columns and tables";
    case Feature::collations_of_tables:
      return "collations of whole tables";
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
      return "values that a column gets with each change of its row";
    case Feature::named_enums:
      return "enum types with names";
    case Feature::named_primary_keys:
      return "names of primary keys";
    case Feature::identity_columns:
      return "identity columns";
    case Feature::virtual_columns:
      return "computed columns that are not stored";
    case Feature::stored_columns:
      return "computed columns that are stored";
    case Feature::computed_keys:
      return "computed columns in a primary key";
    case Feature::generated_columns:
      return "columns that count up but for the primary key";
    case Feature::dropped_columns:
      return "way to drop a column";
    case Feature::index_methods:
      return "methods of indexes";
    case Feature::index_parsers:
      return "parsers of indexes";
    case Feature::included_columns:
      return "columns that an index only includes";
    case Feature::operator_classes:
      return "operator classes";
    case Feature::prefix_lengths:
      return "indexes of the beginnings of values";
    case Feature::null_order:
      return "place for NULLs to choose in an index";
    case Feature::nulls_not_distinct:
      return "uniques in which two NULLs are equal";
    case Feature::exclusions:
      return "exclusion constraints";
    case Feature::deferrable_foreign_keys:
      return "foreign keys that wait for the commit";
    case Feature::deferrable_uniques:
      return "uniques that wait for the commit";
    case Feature::materialized_views:
      return "materialized views";
    case Feature::view_columns:
      return "names for the columns of a view but those of its query";
    case Feature::untyped_columns:
      return "columns without a type";
  }
  return "such a thing";
}

}  // namespace

std::optional<Lack> lack(const model::TypeMapping& mapping, model::Feature feature) {
  if (mapping.has(feature)) return std::nullopt;
  const std::string title(mapping.title());
  const std::optional<int> first = mapping.since(feature);
  if (!first) {
    return Lack{title + " has no " + words(feature),
                "Leave it out, or say it only where the program uses a database that has it."};
  }
  const std::string newer = title + ' ' + model::version_text(*first);
  return Lack{title + ' ' + model::version_text(mapping.version()) + " has no " + words(feature) + ", which " + newer +
                  " brought",
              "Leave it out, or use " + newer + " or a later one."};
}

void require(const model::TypeMapping& mapping, model::Feature feature, const std::string& entity,
             const std::string& member) {
  if (const auto lacking = lack(mapping, feature)) fail(entity, member, lacking->reason, lacking->remedy);
}

}  // namespace whimbrel::entity
