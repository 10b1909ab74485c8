#include "dialect/sqlite/inspect/type_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "dialect/sqlite/text/syntax.h"
#include "sql/keywords.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Returns whether the keyword begins a constraint, so that it ends the type before it.
bool begins_constraint(const sql::Token& token) {
  static constexpr auto keywords =
      std::to_array<std::string_view>({"NOT", "DEFAULT", "PRIMARY", "CONSTRAINT", "NULL", "UNIQUE", "CHECK",
                                       "REFERENCES", "COLLATE", "AS", "DEFERRABLE"});
  return std::any_of(keywords.begin(), keywords.end(), [&](std::string_view keyword) { return token.is(keyword); });
}

bool is_type_word(const sql::Token& token) { return is_name(token) && !begins_constraint(token); }

/// Joins the words with single spaces. Comments between them are kept, because SQLite derives the affinity of a column
/// from the whole text.
std::string join(const Cursor& cursor, Tokens words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) {
      const std::string_view both = cursor.text(words.subspan(i - 1, 2));
      const std::string_view gap = both.substr(words[i - 1].text.size(), words[i].offset - words[i - 1].end());
      const bool is_blank = gap.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
      result += is_blank ? std::string_view(" ") : gap;
    }
    result += words[i].text;
  }
  return result;
}

std::optional<std::uint32_t> plain_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  if (!is_whole || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  return number;
}

/// Reads `(10, 2)`. Anything but plain numbers becomes a part of the name.
model::Type read_arguments(Cursor& cursor) {
  const Tokens all = cursor.rest();
  model::Type type;
  bool are_plain = true;
  cursor.expect("(");
  do {
    if (cursor.accept("+") || cursor.accept("-")) are_plain = false;
    if (cursor.peek().kind != sql::TokenKind::number) cursor.fail("a number");
    const std::optional<std::uint32_t> number = plain_number(cursor.peek().text);
    are_plain = are_plain && number;
    type.arguments.push_back(number.value_or(0));
    cursor.skip(1);
  } while (type.arguments.size() < 2 && cursor.accept(","));
  cursor.expect(")");
  if (are_plain) return type;
  return {std::string(cursor.text(all.first(all.size() - cursor.rest().size()))), {}};
}

bool needs_quotes(const sql::Token& token) {
  return token.kind != sql::TokenKind::word || (sql::is_reserved(token.text) && !sql::is_type_name(token.text));
}

/// `"big int"` is the same type as `big int`. Text that needs quotes keeps them.
model::Type unquote(const std::string& text) {
  if (text.empty()) return {};
  Cursor cursor(text);
  const Tokens all = cursor.rest();
  std::size_t size = 0;
  while (!needs_quotes(all[size])) ++size;
  cursor.skip(size);
  model::Type type{join(cursor, all.first(size)), {}};
  if (size > 0 && cursor.is_at_end()) return type;
  return {sql::quote_identifier(text, sqlite_syntax), {}};
}

/// The keywords of a generated column can also be words of a type, but not at its end.
Tokens without_computed(Tokens words) {
  const std::size_t size = words.size();
  const bool is_computed = size > 1 && words[size - 2].is("GENERATED") && words[size - 1].is("ALWAYS");
  return is_computed ? words.first(size - 2) : words;
}

}  // namespace

model::Type read_type(Cursor& cursor) {
  const Tokens rest = cursor.rest();
  Tokens words = rest.first(0);
  while (is_type_word(rest[words.size()])) words = rest.first(words.size() + 1);
  cursor.skip(words.size());
  if (words.empty()) return {};

  words = without_computed(words);
  // For SQLite, text after a quoted word is not a part of the type, but it makes the type an unknown one.
  const bool is_quoted = words.size() == 1 && words.front().kind != sql::TokenKind::word;
  model::Type type = is_quoted ? unquote(words.front().value()) : model::Type{join(cursor, words), {}};
  if (!cursor.is_at("(")) return type;
  const model::Type arguments = read_arguments(cursor);
  type.name += arguments.name;
  type.arguments = arguments.arguments;
  return type;
}

}  // namespace whimbrel::dialect::sqlite
