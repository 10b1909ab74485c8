#include "change/affected_objects.h"

#include "sql/lexer.h"

namespace whimbrel::change {

void add_words(std::set<std::string>& names, std::string_view text, const sql::Syntax& syntax) {
  for (const sql::Token& token : sql::tokenize(text, syntax)) {
    const bool is_string = token.kind == sql::TokenKind::string;
    if (is_string) add_words(names, token.text.substr(1), syntax);
    if (is_string || token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier) {
      std::string word = token.value();
      names.insert(sql::to_lower(word));
      names.insert(std::move(word));
    }
  }
}

dialect::AffectedObjects affected_objects(const SchemaChange& generated, const sql::Syntax& syntax) {
  dialect::AffectedObjects part;
  for (const operation::Operation& operation : generated.operations) {
    part.changed.push_back(operation::target_name(operation));
  }
  for (const auto* way : {&generated.script.up, &generated.script.down}) {
    for (const sql::Statement& statement : *way) add_words(part.named, statement.sql, syntax);
    part.statements += way->size();
  }
  return part;
}

}  // namespace whimbrel::change
