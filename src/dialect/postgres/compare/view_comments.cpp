#include "dialect/postgres/compare/view_comments.h"

#include <map>
#include <set>
#include <string>

#include "dialect/postgres/generate/comment.h"

namespace whimbrel::dialect::postgres {

namespace {

void take_apart(model::Schema& schema, const std::set<model::Name>& views) {
  for (model::View& view : schema.views) {
    if (!views.contains(view.name) || view.comment.empty()) continue;
    schema.objects.push_back(comment_object(view));
    view.comment.clear();
  }
}

}  // namespace

std::optional<diff::SchemaPair> with_view_comments_apart(const model::Schema& current, const model::Schema& desired) {
  std::map<model::Name, const model::View*> before;
  for (const model::View& view : current.views) before.emplace(view.name, &view);
  std::set<model::Name> different;
  for (const model::View& view : desired.views) {
    const auto found = before.find(view.name);
    if (found == before.end() || found->second->materialized != view.materialized) continue;
    if (found->second->comment != view.comment) different.insert(view.name);
  }
  if (different.empty()) return std::nullopt;
  diff::SchemaPair schemas{current, desired};
  take_apart(schemas.current, different);
  take_apart(schemas.desired, different);
  return schemas;
}

}  // namespace whimbrel::dialect::postgres
