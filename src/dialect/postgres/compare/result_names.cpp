#include "dialect/postgres/compare/result_names.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dialect/postgres/generate/row_values.h"

namespace whimbrel::dialect::postgres {

std::optional<diff::SchemaPair> with_current_result_names(const model::Schema& current, const model::Schema& desired) {
  std::map<std::pair<std::string, model::Name>, const model::Object*> before;
  for (const model::Object& object : current.objects) {
    if (object.kind == "function" || object.kind == "procedure")
      before.emplace(std::pair(object.kind, object.name), &object);
  }
  std::vector<std::pair<std::size_t, const std::string*>> same;
  for (std::size_t i = 0; i < desired.objects.size(); ++i) {
    const model::Object& object = desired.objects[i];
    const auto found = before.find({object.kind, object.name});
    if (found == before.end() || found->second->definition == object.definition) continue;
    const std::string& definition = found->second->definition;
    if (without_result_names(definition) == without_result_names(object.definition)) same.emplace_back(i, &definition);
  }
  if (same.empty()) return std::nullopt;
  diff::SchemaPair schemas{current, desired};
  for (const auto& [place, definition] : same) schemas.desired.objects[place].definition = *definition;
  return schemas;
}

}  // namespace whimbrel::dialect::postgres
