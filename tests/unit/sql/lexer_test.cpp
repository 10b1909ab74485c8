#include "sql/lexer.h"

#include <doctest/doctest.h>

#include "sql/keywords.h"

using namespace whimbrel;
using sql::TokenKind;

namespace {

std::vector<std::string> texts(std::string_view sql) {
  std::vector<std::string> result;
  for (const sql::Token& token : sql::tokenize(sql)) result.emplace_back(token.text);
  return result;
}

sql::Token only(std::string_view sql) {
  const std::vector<sql::Token> tokens = sql::tokenize(sql);
  REQUIRE(tokens.size() == 1);
  CHECK(tokens[0].text == sql);
  return tokens[0];
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("white space and comments separate tokens and are none") {
  CHECK(texts("a--b\nc /* d ' */e\t\r\n\v\ff") == Texts{"a", "c", "e", "f"});
  CHECK(texts("\xEF\xBB\xBF a") == Texts{"a"});
  CHECK(texts("  ").empty());
  CHECK(texts("").empty());
  CHECK(texts("a -- to the end") == Texts{"a"});
  CHECK(texts("a /* to the end") == Texts{"a"});
  CHECK(texts("a /*/ b */ c") == Texts{"a", "c"});
}

TEST_CASE("words hold letters, digits, underscores, dollars and every byte beyond ASCII") {
  CHECK(only("Größe_1$").kind == TokenKind::word);
  CHECK(only("_").kind == TokenKind::word);
  CHECK(only("表").kind == TokenKind::word);
  CHECK(only("表").value() == "表");
  CHECK(only("x").kind == TokenKind::word);
}

TEST_CASE("identifiers are quoted in three ways, and a doubled quote stands for one") {
  CHECK(only(R"("a ""b")").kind == TokenKind::quoted_identifier);
  CHECK(only(R"("a ""b")").value() == R"(a "b)");
  CHECK(only("`a``b`").value() == "a`b");
  CHECK(only("[a \"' b]").value() == "a \"' b");
  CHECK(only(R"("")").value().empty());
  CHECK(texts("[a][b]") == Texts{"[a]", "[b]"});
}

TEST_CASE("strings end at a single quote that is not doubled, and blobs are strings as they stand") {
  CHECK(only("'it''s -- no /* comment'").kind == TokenKind::string);
  CHECK(only("'it''s'").value() == "it's");
  CHECK(only("''").value().empty());
  CHECK(only("''''").value() == "'");
  CHECK(only("x'00FF'").kind == TokenKind::string);
  CHECK(only("X'00FF'").value() == "X'00FF'");
  CHECK(texts("ax'00'") == Texts{"ax", "'00'"});
}

TEST_CASE("a string with backslashes ends at a quote without one") {
  CHECK(only(R"(E'it\'s \\')").kind == TokenKind::string);
  CHECK(only(R"(e'a''b\'')").kind == TokenKind::string);
  CHECK(texts(R"(E'\\' 'b')") == Texts{R"(E'\\')", "'b'"});
  CHECK(texts(R"('\' e)") == Texts{R"('\')", "e"});
  CHECK(only(R"(E'a\)").kind == TokenKind::string);
}

TEST_CASE("a string between dollars ends at the same tag, and without one they begin a parameter") {
  CHECK(only("$$it's; $a$ $$").kind == TokenKind::string);
  CHECK(only("$a$ $$ $b$ $a$").kind == TokenKind::string);
  CHECK(texts("a$b$ $b") == Texts{"a$b$", "$b"});
  CHECK(texts("$1 + $2") == Texts{"$1", "+", "$2"});
  CHECK(only("$a$").kind == TokenKind::parameter);
  CHECK_FALSE(sql::mentions("$$name$$", "name"));
}

TEST_CASE("brackets behind what can be an array hold an index, and others quote an identifier") {
  CHECK(texts("a[1][i]") == Texts{"a", "[", "1", "]", "[", "i", "]"});
  CHECK(texts("\"a\"[1]") == Texts{"\"a\"", "[", "1", "]"});
  CHECK(texts("f(a)[1]") == Texts{"f", "(", "a", ")", "[", "1", "]"});
  CHECK(texts("'{}'::int[]") == Texts{"'{}'", "::", "int", "[", "]"});
  CHECK(texts("ARRAY[[1, b], ['x]', c]]").size() == 14);
  CHECK(sql::mentions("ARRAY ['a]', name]", "name"));
  CHECK(texts("SELECT[a b],[c]FROM t [d]") == Texts{"SELECT", "[a b]", ",", "[c]", "FROM", "t", "[d]"});
  CHECK(texts("(a)[1:2]") == Texts{"(", "a", ")", "[", "1", ":2", "]"});
}

TEST_CASE("a quote that is never closed reaches to the end") {
  CHECK(only("'abc").value() == "abc");
  CHECK(only("'abc''").value() == "abc'");
  CHECK(only("\"ab").value() == "ab");
  CHECK(only("[ab").value() == "ab");
  CHECK(only("`").value().empty());
  CHECK(only("x'0").kind == TokenKind::string);
}

TEST_CASE("numbers are whole, real, with an exponent, hexadecimal or with separators") {
  for (const char* number :
       {"0", "42", "1.5", "1.", ".5", "1e5", "1E-5", "1.5e+10", "0x1F", "0Xff", "1_000", "0x1_0"}) {
    CAPTURE(number);
    CHECK(only(number).kind == TokenKind::number);
  }
  CHECK(texts("1.e") == Texts{"1.", "e"});
  CHECK(texts("1e+") == Texts{"1", "e", "+"});
  CHECK(texts("-1") == Texts{"-", "1"});
  CHECK(texts("a.5") == Texts{"a", ".5"});
}

TEST_CASE("operators of several characters are one token") {
  CHECK(texts("a||b<<c>>d<=e>=f<>g!=h==i->j->>k::l") ==
        Texts{"a", "||", "b", "<<", "c", ">>", "d", "<=",  "e", ">=", "f", "<>",
              "g", "!=", "h", "==", "i", "->", "j", "->>", "k", "::", "l"});
  CHECK(texts("(a,b);-/*x*/-c") == Texts{"(", "a", ",", "b", ")", ";", "-", "-", "c"});
  CHECK(only("||").kind == TokenKind::symbol);
}

TEST_CASE("parameters of all spellings are known") {
  for (const char* parameter : {"?", "?12", ":a", "@a_1", "$a", "$1"}) {
    CAPTURE(parameter);
    CHECK(only(parameter).kind == TokenKind::parameter);
  }
  CHECK(texts("?,?") == Texts{"?", ",", "?"});
  CHECK(only(":").kind == TokenKind::symbol);
}

TEST_CASE("offsets say where a token stands") {
  const std::string_view sql = "a /* b */ 'c'";
  const std::vector<sql::Token> tokens = sql::tokenize(sql);
  REQUIRE(tokens.size() == 2);
  CHECK(tokens[1].offset == 10);
  CHECK(tokens[1].end() == sql.size());
}

TEST_CASE("a keyword is one in any case, but not in quotes") {
  CHECK(only("table").is("TABLE"));
  CHECK(only("(").is("("));
  CHECK_FALSE(only("\"table\"").is("TABLE"));
  CHECK_FALSE(only("'table'").is("TABLE"));
  CHECK_FALSE(only("tables").is("TABLE"));
}

TEST_CASE("a text mentions an identifier bare or quoted, but not in strings, comments or longer words") {
  CHECK(sql::mentions("SELECT * FROM USER", "user"));
  CHECK(sql::mentions("SELECT * FROM \"User\"", "user"));
  CHECK(sql::mentions("SELECT [a \"b] FROM t", "a \"b"));
  CHECK_FALSE(sql::mentions("SELECT 'user' -- user\n/* user */", "user"));
  CHECK_FALSE(sql::mentions("SELECT users, x_user", "user"));
}

TEST_CASE("a replaced identifier is quoted as it was") {
  CHECK(sql::replace_identifier("SELECT a, \"A\", `a`, [a], 'a', aa -- a", "a", "b") ==
        "SELECT b, \"b\", `b`, [b], 'a', aa -- a");
  CHECK(sql::replace_identifier("[a], `a`, \"a\"", "a", "x]`\"") == "\"x]`\"\"\", `x]``\"`, \"x]`\"\"\"");
}

TEST_CASE("an identifier that was bare is quoted if its new name could not be read bare") {
  CHECK(sql::replace_identifier("SELECT a", "a", "two words") == "SELECT \"two words\"");
  CHECK(sql::replace_identifier("SELECT a", "a", "Order") == "SELECT \"Order\"");
  CHECK(sql::replace_identifier("SELECT a", "a", "1a") == "SELECT \"1a\"");
  CHECK(sql::replace_identifier("SELECT a", "a", "größe") == "SELECT \"größe\"");
  CHECK(sql::replace_identifier("SELECT a", "a", "") == "SELECT \"\"");
}

TEST_CASE("reserved words are known in any case") {
  CHECK(sql::is_reserved("abort"));
  CHECK(sql::is_reserved("Select"));
  CHECK(sql::is_reserved("user"));
  CHECK(sql::is_reserved("zerofill"));
  CHECK_FALSE(sql::is_reserved("email"));
  CHECK(sql::is_reserved("varchar"));
  CHECK(sql::is_type_name("Varchar"));
  CHECK_FALSE(sql::is_type_name("select"));
}

TEST_CASE("statements are the same but for the quotes of their names") {
  CHECK(sql::same_but_for_quotes("DELETE FROM msg WHERE a = 'x'", "delete from \"Msg\"\nWHERE [a]='x' -- y"));
  CHECK_FALSE(sql::same_but_for_quotes("SELECT \"a\"", "SELECT 'a'"));
  CHECK_FALSE(sql::same_but_for_quotes("SELECT 'a'", "SELECT 'A'"));
  CHECK_FALSE(sql::same_but_for_quotes("SELECT a", "SELECT a, b"));
  // A word that has a meaning of its own is no name.
  CHECK_FALSE(sql::same_but_for_quotes("SELECT true", "SELECT \"true\""));
  CHECK_FALSE(sql::same_but_for_quotes("FROM a LEFT JOIN b", "FROM a \"LEFT\" JOIN b"));
}
