#include "dialect/postgres/generate/object_change.h"

#include <string>
#include <vector>

#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/type_change.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

bool is_replaced(const operation::AlterObject& op) {
  const auto beginning = [](const std::string& definition) {
    std::vector<std::string> words;
    for (const sql::Token& token : sql::tokenize(definition, postgres_syntax)) {
      if (token.is("AS")) break;
      words.emplace_back(token.text);
    }
    return words;
  };
  if (op.after.kind == sequence_kind || op.after.kind == ownership_kind || is_property(op.after)) return true;
  if (can_change_in_place(op.before, op.after)) return true;
  return op.after.definition.starts_with("CREATE OR REPLACE ") &&
         beginning(op.before.definition) == beginning(op.after.definition);
}

}  // namespace whimbrel::dialect::postgres
