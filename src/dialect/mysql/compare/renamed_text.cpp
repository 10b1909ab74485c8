#include "dialect/mysql/compare/renamed_text.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using sql::Token;
using sql::TokenKind;

bool is_name(const Token& token) { return token.kind == TokenKind::quoted_identifier || token.kind == TokenKind::word; }

bool is_name(const Token& token, const std::string& name) {
  return is_name(token) && sql::equal_ignoring_case(token.value(), name);
}

/// A statement whose names are replaced token by token.
class TokenizedSql {
 public:
  explicit TokenizedSql(std::string sql) : sql_(std::move(sql)), tokens_(sql::tokenize(sql_, mysql_syntax)) {}

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }
  [[nodiscard]] const Token& at(std::size_t i) const { return tokens_[i]; }
  /// Returns whether the token follows a qualifier and a dot.
  [[nodiscard]] bool is_qualified(std::size_t i) const { return i >= 2 && tokens_[i - 1].is("."); }
  [[nodiscard]] bool qualifies(std::size_t i) const { return i + 1 < tokens_.size() && tokens_[i + 1].is("."); }

  template <class Matches>
  [[nodiscard]] std::string replaced(const std::string& to, Matches matches) const {
    std::string result;
    std::size_t end = 0;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!matches(i)) continue;
      result += sql_.substr(end, tokens_[i].offset - end) + quote(to);
      end = tokens_[i].end();
    }
    return result + sql_.substr(end);
  }

 private:
  std::string sql_;
  std::vector<Token> tokens_;
};

/// Returns the names by which a query refers to a table: its own and its aliases, in lower case.
std::set<std::string> names_of(const TokenizedSql& text, const std::string& table) {
  std::set<std::string> names{sql::to_lower(table)};
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (!is_name(text.at(i), table) || text.is_qualified(i)) continue;
    std::size_t next = i + 1;
    if (text.at(next).is("AS")) ++next;
    if (next < text.size() && text.at(next).kind == TokenKind::quoted_identifier) {
      names.insert(sql::to_lower(text.at(next).value()));
    }
  }
  return names;
}

/// Returns whether the token is the name of a column of the trigger's table: NEW.name or OLD.name.
bool is_of_row(const TokenizedSql& text, std::size_t i) {
  return text.is_qualified(i) && (text.at(i - 2).is("NEW") || text.at(i - 2).is("OLD"));
}

/// Returns whether the token is the name of a trigger: its own, or that of the one that it follows.
bool is_name_of_trigger(const TokenizedSql& text, std::size_t i) {
  return (i > 0 && text.at(i - 1).is("TRIGGER")) || (i > 1 && text.at(i - 1).is("FOLLOWS") && text.at(i - 2).is("ROW"));
}

/// Returns whether the name stands in a trigger for something else than a trigger or a column of its row.
/// `is_known(i)`: the token at this place does not count.
template <class IsKnown>
bool has_other(const TokenizedSql& text, const std::string& name, IsKnown is_known) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_it = is_name(text.at(i), name) && !is_name_of_trigger(text, i) && !is_of_row(text, i);
    if (is_it && !is_known(i)) return true;
  }
  return false;
}

bool has_other(const TokenizedSql& text, const std::string& name) {
  return has_other(text, name, [](std::size_t) { return false; });
}

}  // namespace

// The server stores views with each column qualified, so the names in them can be distinguished.
std::string renamed_in_view(const std::string& definition, const RenameColumn& op) {
  const TokenizedSql text(definition);
  const std::set<std::string> tables = names_of(text, op.table.name);
  return text.replaced(op.to, [&](std::size_t i) {
    return is_name(text.at(i), op.from) && text.is_qualified(i) &&
           tables.contains(sql::to_lower(text.at(i - 2).value()));
  });
}

std::string renamed_in_view(const std::string& definition, const RenameTable& op) {
  const TokenizedSql text(definition);
  return text.replaced(op.to.name, [&](std::size_t i) {
    if (!is_name(text.at(i), op.from.name) || text.is_qualified(i)) return false;
    const bool is_alias = i > 0 && (text.at(i - 1).is("AS") || text.at(i - 1).kind == TokenKind::quoted_identifier);
    return text.qualifies(i) || !is_alias;
  });
}

bool has_name_in_double_quotes(const model::Trigger& trigger, const std::string& name) {
  if (!quotes_names(trigger.session)) return false;
  const std::vector<Token> tokens = sql::tokenize(trigger.definition, mysql_syntax);
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    return token.text.starts_with('"') && sql::equal_ignoring_case(token.value(), name);
  });
}

std::optional<std::string> renamed_in_trigger(const model::Trigger& trigger, const RenameColumn& op, bool is_own) {
  if (has_name_in_double_quotes(trigger, op.from)) return std::nullopt;
  const TokenizedSql text(trigger.definition);
  if (has_other(text, op.from)) return std::nullopt;
  if (!is_own) return trigger.definition;
  return text.replaced(op.to, [&](std::size_t i) { return is_name(text.at(i), op.from) && is_of_row(text, i); });
}

std::optional<std::string> renamed_in_trigger(const model::Trigger& trigger, const RenameTable& op, bool is_own) {
  if (has_name_in_double_quotes(trigger, op.from.name)) return std::nullopt;
  const TokenizedSql text(trigger.definition);
  const auto is_table = [&](std::size_t i) {
    return is_name(text.at(i), op.from.name) && i > 0 && text.at(i - 1).is("ON") && is_own;
  };
  if (has_other(text, op.from.name, is_table)) return std::nullopt;
  return is_own ? text.replaced(op.to.name, is_table) : trigger.definition;
}

}  // namespace whimbrel::dialect::mysql
