#include "dialect/postgres/generate/comment.h"

#include <algorithm>
#include <array>

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

constexpr std::string_view storage_kind = "storage of column";
constexpr std::string_view compression_kind = "compression of column";

/// Those that settings_part() reads.
constexpr std::array setting_kinds = {storage_kind,
                                      compression_kind,
                                      std::string_view("statistics target of column"),
                                      std::string_view("n_distinct of column"),
                                      std::string_view("n_distinct_inherited of column"),
                                      std::string_view("statistics target of index"),
                                      std::string_view("fillfactor of index"),
                                      std::string_view("deduplicate_items of index"),
                                      std::string_view("clustering of table"),
                                      std::string_view(own_default_kind),
                                      std::string_view(own_not_null_kind),
                                      std::string_view("state of trigger"),
                                      std::string_view(persistence_kind)};

}  // namespace

bool is_property(const model::Object& object) { return object.kind == view_default_kind || follows_owner(object.kind); }

bool is_own_part(const model::Object& object) {
  return object.kind == own_default_kind || object.kind == own_not_null_kind;
}

const model::Reference& column_of(const model::Object& own_part) {
  const std::vector<model::Reference>& uses = *own_part.uses.value;
  return *std::find_if(uses.begin(), uses.end(), [](const model::Reference& used) { return !used.column.empty(); });
}

bool follows_owner(std::string_view kind) {
  return kind == comment_kind || std::find(setting_kinds.begin(), setting_kinds.end(), kind) != setting_kinds.end();
}

bool goes_with_type(const model::Object& property) {
  return property.kind == storage_kind || property.kind == compression_kind;
}

model::Object property_object(std::string kind, model::Name name, std::string definition, std::string removal,
                              std::vector<model::Reference> uses) {
  model::Object object;
  object.kind = std::move(kind);
  object.name = std::move(name);
  object.definition = std::move(definition);
  object.removal = std::move(removal);
  object.after_tables = object.after_views = true;
  std::sort(uses.begin(), uses.end());
  object.uses.value = std::move(uses);
  return object;
}

model::Name name_of_comment(const std::string& kind, const model::Name& object) {
  return {object.schema, kind + ' ' + object.name};
}

model::Object comment_object(const model::View& view) {
  const std::string what = (view.materialized ? "MATERIALIZED VIEW " : "VIEW ") + quote(view.name);
  return property_object(comment_kind,
                         {view.name.schema, "view " + sql::quote_identifier(view.name.name, postgres_syntax)},
                         comment_sql(what, view.comment), comment_sql(what, {}), {{view.name, {}, {}}});
}

}  // namespace whimbrel::dialect::postgres
