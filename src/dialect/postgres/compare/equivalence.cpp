#include "dialect/postgres/compare/equivalence.h"

#include <array>
#include <optional>
#include <string_view>

#include "dialect/postgres/text/deparsed_text.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

struct Synonym {
  std::string_view words;
  std::string_view meant;
};

// uuid_generate_v4() and gen_random_uuid() generate the same kind of value. The first of the functions for the time are
// those of older servers, and of TypeORM.
// https://www.postgresql.org/docs/current/functions-datetime.html#FUNCTIONS-DATETIME-CURRENT
constexpr std::array synonyms = {
    Synonym{"uuid_generate_v4()", "gen_random_uuid()"},
    Synonym{"public.uuid_generate_v4()", "gen_random_uuid()"},
    Synonym{"public.gen_random_uuid()", "gen_random_uuid()"},
    Synonym{"transaction_timestamp()", "now()"},
    Synonym{"('now'::text)::date", "current_date"},
    Synonym{"('now'::text)::timestamp without time zone", "localtimestamp"},
    Synonym{"('now'::text)::timestamp with time zone", "now()"},
    Synonym{"('now'::text)::time without time zone", "localtime"},
    Synonym{"('now'::text)::time with time zone", "current_time"},
    Synonym{"now() at time zone 'utc'", "now() at time zone 'utc'::text"},
    Synonym{"now() at time zone 'utc'::text", "now() at time zone 'utc'::text"},
    Synonym{"timezone('utc'::text, now())", "now() at time zone 'utc'::text"},
    Synonym{"timezone('utc', now())", "now() at time zone 'utc'::text"},
};

bool is_one_word(std::string_view text) { return text.find_first_of("'\"( ") == std::string_view::npos; }

/// Returns the expression with synonyms replaced by one of them.
std::string usual_words(const std::string& expression) {
  std::string text;
  std::size_t copied = 0;
  const std::vector<sql::Token> tokens = sql::tokenize(expression, postgres_syntax);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool has_precision = i + 1 < tokens.size() && tokens[i + 1].is("(");
    if (!tokens[i].is("CURRENT_TIMESTAMP") || has_precision) continue;
    text.append(expression, copied, tokens[i].offset - copied).append("now()");
    copied = tokens[i].end();
  }
  text.append(expression, copied);
  text = without_parentheses(std::move(text));
  const std::string lower = sql::to_lower(text);
  for (const Synonym& synonym : synonyms) {
    if (lower == synonym.words) return std::string(synonym.meant);
  }
  return is_one_word(lower) ? lower : text;
}

/// Returns the number in the text, which may be quoted, without redundant zeros.
std::optional<std::string> plain_number(std::string_view text) {
  if (text.size() > 1 && text.front() == '\'' && text.back() == '\'') text = text.substr(1, text.size() - 2);
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string_view whole = text.substr(0, point);
  std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  const auto are_digits = [](std::string_view digits) {
    return digits.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if ((whole.empty() && fraction.empty()) || !are_digits(whole) || !are_digits(fraction)) return std::nullopt;
  while (whole.starts_with('0')) whole.remove_prefix(1);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  if (whole.empty() && fraction.empty()) return "0";
  return (is_negative ? "-" : "") + std::string(whole) + '.' + std::string(fraction);
}

}  // namespace

bool have_same_meaning(const diff::ExpressionPair& pair, const std::string& current, const std::string& desired) {
  if (current == desired || usual_words(current) == usual_words(desired)) return true;
  if (pair.use != diff::ExpressionUse::default_value) return false;
  const model::Column* const column = pair.table->find_column(pair.column);
  if (column == nullptr || !is_number_type(column->type.name)) return false;
  const std::optional<std::string> number = plain_number(current);
  return number && number == plain_number(desired);
}

}  // namespace whimbrel::dialect::postgres
