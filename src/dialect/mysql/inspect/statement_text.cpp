#include "dialect/mysql/inspect/statement_text.h"

#include "dialect/mysql/text/syntax.h"
#include "sql/token_reader.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Parses the options between CREATE and the kind of the object.
class HeadReader : private sql::TokenReader {
 public:
  HeadReader(std::string_view shown, const std::string& user)
      : TokenReader(shown, mysql_syntax), shown_(shown), user_(user) {}

  std::string read() {
    if (!accept("CREATE")) return std::string(shown_);
    std::string head = "CREATE ";
    while (left() > 0) {
      if (is("ALGORITHM") && is("=", 1)) {
        if (!is("UNDEFINED", 2)) head += "ALGORITHM=" + text_at(2) + " ";
        skip(3);
      } else if (is("DEFINER") && is("=", 1)) {
        skip(2);
        head += definer_text(read_user(), user_);
      } else if (is("SQL") && is("SECURITY", 1)) {
        if (!is("DEFINER", 2)) head += "SQL SECURITY " + text_at(2) + " ";
        skip(3);
      } else {
        return head + std::string(shown_.substr(rest().front().offset));
      }
    }
    return head;
  }

 private:
  [[nodiscard]] std::string text_at(std::size_t ahead) const {
    return ahead < left() ? std::string(rest()[ahead].text) : std::string();
  }

  /// A role has no host.
  std::string read_user() {
    if (left() == 0) return {};
    std::string user = rest().front().value();
    skip();
    if (!accept("@") || left() == 0) return user;
    user += "@" + rest().front().value();
    skip();
    return user;
  }

  std::string_view shown_;
  const std::string& user_;
};

}  // namespace

std::string plain_statement(std::string_view shown, const std::string& user) { return HeadReader(shown, user).read(); }

std::string trigger_body(std::string_view shown) {
  const std::vector<sql::Token> tokens = sql::tokenize(shown, mysql_syntax);
  for (std::size_t i = 0; i + 3 < tokens.size(); ++i) {
    if (!tokens[i].is("FOR") || !tokens[i + 1].is("EACH") || !tokens[i + 2].is("ROW")) continue;
    std::size_t begin = i + 3;
    const bool has_order = tokens[begin].is("FOLLOWS") || tokens[begin].is("PRECEDES");
    if (has_order && begin + 2 < tokens.size()) begin += 2;
    return std::string(shown.substr(tokens[begin].offset));
  }
  return {};
}

std::string definer_text(const std::string& definer, const std::string& user) {
  if (definer.empty() || definer == user) return {};
  const std::size_t host = definer.rfind('@');
  std::string text = "DEFINER=" + quote_name(definer.substr(0, host));
  if (host != std::string::npos) text += "@" + quote_name(definer.substr(host + 1));
  return text + " ";
}

}  // namespace whimbrel::dialect::mysql
