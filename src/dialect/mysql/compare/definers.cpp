#include "dialect/mysql/compare/definers.h"

#include <map>
#include <string>
#include <utility>

#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/text/program_text.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// The kind and the name of each, with its statement.
template <class Schema, class Use>
void for_each_definition(Schema& schema, Use use) {
  for (auto& view : schema.views) use("view", view.name.name, view.definition);
  for (auto& object : schema.objects) use(object.kind, object.name.name, object.definition);
  for (auto& table : schema.tables) {
    for (auto& trigger : table.triggers) use("trigger", trigger.name, trigger.definition);
  }
}

}  // namespace

model::Schema without_definers(model::Schema schema) {
  for_each_definition(schema, [](const std::string&, const std::string&, std::string& definition) {
    definition = without_definer(definition);
  });
  return schema;
}

void take_definers(model::Schema& schema, const model::Schema& other) {
  std::map<std::pair<std::string, std::string>, std::string> clauses;
  for_each_definition(other, [&](const std::string& kind, const std::string& name, const std::string& definition) {
    clauses[{kind, sql::to_lower(name)}] = definer_clause(definition);
  });
  for_each_definition(schema, [&](const std::string& kind, const std::string& name, std::string& definition) {
    const auto found = clauses.find({kind, sql::to_lower(name)});
    definition = with_definer(without_definer(definition), found == clauses.end() ? std::string() : found->second);
  });
}

}  // namespace whimbrel::dialect::mysql
