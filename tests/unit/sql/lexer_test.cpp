#include "sql/lexer.h"

#include <doctest/doctest.h>

#include "dialect/postgres/text/syntax.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/keywords.h"
#include "support/backtick_syntax.h"

using namespace whimbrel;
using dialect::postgres::postgres_syntax;
using dialect::sqlite::sqlite_syntax;
using sql::TokenKind;
using test::backtick_syntax;

namespace {

std::vector<std::string> texts(std::string_view sql, const sql::Syntax& syntax = sqlite_syntax) {
  std::vector<std::string> result;
  for (const sql::Token& token : sql::tokenize(sql, syntax)) result.emplace_back(token.text);
  return result;
}

sql::Token only(std::string_view sql, const sql::Syntax& syntax = sqlite_syntax) {
  const std::vector<sql::Token> tokens = sql::tokenize(sql, syntax);
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
  CHECK(only(R"(E'it\'s \\')", postgres_syntax).kind == TokenKind::string);
  CHECK(only(R"(e'a''b\'')", postgres_syntax).kind == TokenKind::string);
  CHECK(texts(R"(E'\\' 'b')", postgres_syntax) == Texts{R"(E'\\')", "'b'"});
  CHECK(texts(R"('\' e)", postgres_syntax) == Texts{R"('\')", "e"});
  CHECK(only(R"(E'a\)", postgres_syntax).kind == TokenKind::string);
  CHECK(only("E'a'\n  'b\\''", postgres_syntax).kind == TokenKind::string);
  CHECK(texts("E'a' 'b\\'", postgres_syntax) == Texts{"E'a'", "'b\\'"});
  CHECK(texts(R"(E'a\' 'b')", sqlite_syntax) == Texts{"E", R"('a\')", "'b'"});
}

TEST_CASE("a string between dollars ends at the same tag, and without one they begin a parameter") {
  CHECK(only("$$it's; $a$ $$", postgres_syntax).kind == TokenKind::string);
  CHECK(only("$a$ $$ $b$ $a$", postgres_syntax).kind == TokenKind::string);
  CHECK(texts("a$b$ $b", postgres_syntax) == Texts{"a$b$", "$b"});
  CHECK(texts("$1 + $2", postgres_syntax) == Texts{"$1", "+", "$2"});
  CHECK(only("$a$", postgres_syntax).kind == TokenKind::parameter);
  CHECK_FALSE(sql::mentions("$$name$$", "name", postgres_syntax));
  CHECK(texts("$a$ b $a$", sqlite_syntax) == Texts{"$a$", "b", "$a$"});
}

TEST_CASE("a bracket is a quote in one database, and an index in the other") {
  CHECK(texts("a[1][i]", postgres_syntax) == Texts{"a", "[", "1", "]", "[", "i", "]"});
  CHECK(texts("'{}'::int[]", postgres_syntax) == Texts{"'{}'", "::", "int", "[", "]"});
  CHECK(sql::mentions("ARRAY ['a]', name]", "name", postgres_syntax));
  CHECK(sql::mentions("(a)[n:2]", "n", postgres_syntax));
  CHECK(texts("(a)[1:n]", postgres_syntax) == Texts{"(", "a", ")", "[", "1", ":", "n", "]"});
  CHECK(texts("SELECT[a b],[c]FROM t [d]", sqlite_syntax) == Texts{"SELECT", "[a b]", ",", "[c]", "FROM", "t", "[d]"});
  CHECK(texts("a[1]", sqlite_syntax) == Texts{"a", "[1]"});
}

TEST_CASE("what begins a name, a comment or a parameter in another database does not here") {
  CHECK(texts("a /* b /* c */ d */ e", postgres_syntax) == Texts{"a", "e"});
  CHECK(texts("a /* b /* c */ d", sqlite_syntax) == Texts{"a", "d"});
  CHECK(texts("a /* b /* c */ d", postgres_syntax) == Texts{"a"});
  CHECK(texts("a ? b", postgres_syntax) == Texts{"a", "?", "b"});
  CHECK(sql::tokenize("a ? b", postgres_syntax)[1].kind == TokenKind::symbol);
  CHECK(texts("a @> b, @a", postgres_syntax) == Texts{"a", "@", ">", "b", ",", "@", "a"});
  CHECK(texts("a # b", postgres_syntax) == Texts{"a", "#", "b"});
  CHECK(only("`a`", sqlite_syntax).kind == TokenKind::quoted_identifier);
  CHECK(sql::tokenize("`a`", postgres_syntax).size() == 3);
}

TEST_CASE("the tokens of PostgreSQL are those of its own rules") {
  CHECK(texts("a[f(1)]@g /* /* */ x */ :h", postgres_syntax) ==
        Texts{"a", "[", "f", "(", "1", ")", "]", "@", "g", ":", "h"});
  CHECK(texts("E'a\\'b' U&\"c\" $x$d$x$ \"e\"\"f\" `g`", postgres_syntax) ==
        Texts{"E'a\\'b'", "U", "&", "\"c\"", "$x$d$x$", "\"e\"\"f\"", "`", "g", "`"});
  const auto tokens = sql::tokenize("a \"B\" 'c' e'd' $$e$$ 1 +", postgres_syntax);
  const TokenKind kinds[] = {TokenKind::word,   TokenKind::quoted_identifier,
                             TokenKind::string, TokenKind::string,
                             TokenKind::string, TokenKind::number,
                             TokenKind::symbol};
  REQUIRE(tokens.size() == std::size(kinds));
  for (std::size_t i = 0; i < tokens.size(); ++i) CHECK(tokens[i].kind == kinds[i]);
}

TEST_CASE("a database with backticks has strings in double quotes, escapes in each and comments of its own") {
  CHECK(only("`a``b`", backtick_syntax).value() == "a`b");
  CHECK(only("`a\\`", backtick_syntax).value() == "a\\");
  CHECK(only("\"a\"", backtick_syntax).kind == TokenKind::string);
  CHECK(only(R"("it's \"b\" ""c""")", backtick_syntax).value() == R"(it's "b" "c")");
  CHECK(only(R"('a\'b\\')", backtick_syntax).value() == R"(a'b\)");
  CHECK(only(R"('\n\t\0\Z\%\_\q')", backtick_syntax).value() == std::string("\n\t\0\x1a\\%\\_q", 9));
  CHECK(only(R"('a\)", backtick_syntax).value() == "a");
  CHECK(texts("a # b ' c\nd", backtick_syntax) == Texts{"a", "d"});
  CHECK(texts("1--1 -- 2\n--\t3\n4--", backtick_syntax) == Texts{"1", "-", "-", "1", "4"});
  CHECK(texts("a /* b */ /*!80000 INVISIBLE */ c */", backtick_syntax) == Texts{"a", "INVISIBLE", "c", "*", "/"});
  CHECK(texts("/*M!100100 a */ /*! b */", backtick_syntax) == Texts{"a", "b"});
  CHECK(texts("SELECT @a, ? /* b /* */ c", backtick_syntax) == Texts{"SELECT", "@a", ",", "?", "c"});
  CHECK(texts("a[1]", backtick_syntax) == Texts{"a", "[", "1", "]"});
  CHECK(sql::mentions("SELECT `user` FROM t", "user", backtick_syntax));
  CHECK(sql::mentioned_names("SELECT `Us``er`, 'a' FROM T -- b", backtick_syntax) ==
        std::set<std::string>{"select", "us`er", "from", "t"});
  CHECK_FALSE(sql::mentions("SELECT \"user\" # user", "user", backtick_syntax));
  CHECK(sql::replace_identifier("`a` + a + \"a\" + 'a'", "a", "two words", backtick_syntax) ==
        "`two words` + `two words` + \"a\" + 'a'");
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

TEST_CASE("parameters of all spellings of a database are known") {
  for (const char* parameter : {"?", "?12", ":a", "@a_1", "$a", "$1"}) {
    CAPTURE(parameter);
    CHECK(only(parameter).kind == TokenKind::parameter);
  }
  CHECK(texts("?,?") == Texts{"?", ",", "?"});
  CHECK(only(":").kind == TokenKind::symbol);
}

TEST_CASE("offsets say where a token stands") {
  const std::string_view sql = "a /* b */ 'c'";
  const std::vector<sql::Token> tokens = sql::tokenize(sql, sqlite_syntax);
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
  CHECK(sql::mentions("SELECT * FROM USER", "user", sqlite_syntax));
  CHECK(sql::mentions("SELECT * FROM \"User\"", "user", sqlite_syntax));
  CHECK(sql::mentions("SELECT [a \"b] FROM t", "a \"b", sqlite_syntax));
  CHECK_FALSE(sql::mentions("SELECT 'user' -- user\n/* user */", "user", sqlite_syntax));
  CHECK_FALSE(sql::mentions("SELECT users, x_user", "user", sqlite_syntax));
}

TEST_CASE("a replaced identifier is quoted as it was") {
  CHECK(sql::replace_identifier("SELECT a, \"A\", `a`, [a], 'a', aa -- a", "a", "b", sqlite_syntax) ==
        "SELECT b, \"b\", `b`, [b], 'a', aa -- a");
  CHECK(sql::replace_identifier("[a], `a`, \"a\"", "a", "x]`\"", sqlite_syntax) ==
        "\"x]`\"\"\", `x]``\"`, \"x]`\"\"\"");
}

TEST_CASE("an identifier that was bare is quoted if its new name could not be read bare") {
  CHECK(sql::replace_identifier("SELECT a", "a", "two words", sqlite_syntax) == "SELECT \"two words\"");
  CHECK(sql::replace_identifier("SELECT a", "a", "Order", sqlite_syntax) == "SELECT \"Order\"");
  CHECK(sql::replace_identifier("SELECT a", "a", "1a", sqlite_syntax) == "SELECT \"1a\"");
  CHECK(sql::replace_identifier("SELECT a", "a", "größe", sqlite_syntax) == "SELECT \"größe\"");
  CHECK(sql::replace_identifier("SELECT a", "a", "", sqlite_syntax) == "SELECT \"\"");
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

TEST_CASE("the first word of a statement is found in any case") {
  CHECK(sql::begins_with("commit", "COMMIT"));
  CHECK(sql::begins_with("Commit AND CHAIN", "COMMIT"));
  CHECK_FALSE(sql::begins_with("COMMITTED", "COMMIT"));
  CHECK_FALSE(sql::begins_with("", "COMMIT"));
}
