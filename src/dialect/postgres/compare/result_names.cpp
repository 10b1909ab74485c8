#include "dialect/postgres/compare/result_names.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dialect/postgres/generate/row_values.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// The server begins a new line before a CASE, unless it was written in the place of something else.
bool differ_only_by_white_space(const std::string& a, const std::string& b) {
  const std::vector<sql::Token> one = sql::tokenize(a, postgres_syntax);
  const std::vector<sql::Token> other = sql::tokenize(b, postgres_syntax);
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const sql::Token& x, const sql::Token& y) { return x.kind == y.kind && x.text == y.text; });
}

}  // namespace

std::optional<diff::SchemaPair> with_current_result_names(const model::Schema& current, const model::Schema& desired) {
  std::map<std::pair<std::string, model::Name>, const model::Object*> before;
  for (const model::Object& object : current.objects) {
    if (object.kind == "function" || object.kind == "procedure" || object.kind == "rule")
      before.emplace(std::pair(object.kind, object.name), &object);
  }
  std::vector<std::pair<std::size_t, const std::string*>> same;
  for (std::size_t i = 0; i < desired.objects.size(); ++i) {
    const model::Object& object = desired.objects[i];
    const auto found = before.find({object.kind, object.name});
    if (found == before.end() || found->second->definition == object.definition) continue;
    const std::string& definition = found->second->definition;
    if (differ_only_by_white_space(without_result_names(definition), without_result_names(object.definition))) {
      same.emplace_back(i, &definition);
    }
  }
  if (same.empty()) return std::nullopt;
  diff::SchemaPair schemas{current, desired};
  for (const auto& [place, definition] : same) schemas.desired.objects[place].definition = *definition;
  return schemas;
}

}  // namespace whimbrel::dialect::postgres
