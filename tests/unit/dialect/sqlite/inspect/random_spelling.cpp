#include "unit/dialect/sqlite/inspect/random_spelling.h"

#include <cctype>

#include "dialect/sqlite/text/syntax.h"
#include "sql/keywords.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::test {

namespace {

bool is_bare(std::string_view name) {
  return !sql::is_reserved(name) && sql::tokenize(name, dialect::sqlite::sqlite_syntax).size() == 1 &&
         sql::tokenize(name, dialect::sqlite::sqlite_syntax)[0].kind == sql::TokenKind::word;
}

}  // namespace

void RandomSpelling::space() {
  text_ += chance(85) ? std::string_view(" ") : pick({"\n", "  ", " /* ' */ ", " -- (\n", "\t", "/**/"});
}

void RandomSpelling::word(std::string_view text) {
  if (!text_.empty()) space();
  const std::size_t style = below(6);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_lower = style == 0 || (style == 1 && chance(50));
    text_ += is_lower && byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
  }
}

void RandomSpelling::write(std::initializer_list<std::string_view> words) {
  for (const std::string_view each : words) word(each);
}

void RandomSpelling::identifier(std::string_view name) {
  space();
  if (is_bare(name) && chance(60)) {
    text_ += chance(80) ? std::string(name) : sql::to_lower(name);
    return;
  }
  switch (below(5)) {
    case 0:
      text_ += sql::quoted(name, '`');
      break;
    case 1:
      if (name.find(']') == std::string_view::npos) {
        text_ += '[' + std::string(name) + ']';
        break;
      }
      [[fallthrough]];
    default:
      text_ += sql::quote_identifier(name, dialect::sqlite::sqlite_syntax);
      break;
  }
}

void RandomSpelling::string(std::string_view text) {
  space();
  text_ += sql::quote_string(text, dialect::sqlite::sqlite_syntax);
}

void RandomSpelling::list(std::size_t count, const std::function<void()>& item) {
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text_ += chance(20) ? " ," : ",";
    item();
  }
}

void RandomSpelling::parenthesised(const std::function<void()>& inner) {
  if (chance(50)) space();
  text_ += '(';
  inner();
  if (chance(20)) space();
  text_ += ')';
}

}  // namespace whimbrel::test
