#include "dialect/postgres/generate/comment.h"

#include <algorithm>

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

bool is_property(const model::Object& object) {
  return object.kind == comment_kind || object.kind == view_default_kind;
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
