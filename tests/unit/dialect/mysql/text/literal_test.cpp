#include <doctest/doctest.h>

#include "dialect/mysql/text/literal.h"

namespace whimbrel::test::mysql {

using namespace dialect::mysql;

TEST_CASE("a text is quoted as MariaDB quotes it") {
  CHECK(quote_text("a") == "'a'");
  CHECK(quote_text("it's \\ \"x\"") == "'it''s \\\\ \"x\"'");
  CHECK(quote_text(std::string_view("\n\r\0", 3)) == "'\\n\\r\\0'");
}

TEST_CASE("literals are told from expressions") {
  for (const char* const text :
       {"1", "-5", "1.5e300", "-1.5e-300", "1e999", "'it''s'", "\"x\"", "NULL", "b'101'", "0x1F", "x'1F'"}) {
    CAPTURE(text);
    CHECK(is_literal(text));
  }
  for (const char* const text : {"", "uuid()", "1 + 2", "'a' + 1", "current_timestamp", "`a`", "-", "b", "0x"}) {
    CAPTURE(text);
    CHECK_FALSE(is_literal(text));
  }
  CHECK_FALSE(is_number("1a"));
  CHECK_FALSE(is_number("inf"));
  CHECK_FALSE(is_number("nan"));
}

TEST_CASE("the current timestamp is known by all its names") {
  for (const char* const text : {"CURRENT_TIMESTAMP", "current_timestamp()", "current_timestamp(6)", "now()", "NOW(3)",
                                 "localtime", "localtimestamp()"}) {
    CAPTURE(text);
    CHECK(is_current_timestamp(text));
  }
  for (const char* const text : {"now", "utc_timestamp()", "current_timestamp() + interval 1 day", "'now()'", ""}) {
    CAPTURE(text);
    CHECK_FALSE(is_current_timestamp(text));
  }
}

TEST_CASE("parentheses around the whole are left out") {
  CHECK(without_parentheses("((`a` + 1))") == "`a` + 1");
  CHECK(without_parentheses("(a) + (b)") == "(a) + (b)");
  CHECK(without_parentheses("(')')") == "')'");
  CHECK(without_parentheses("()") == "");
  CHECK(without_parentheses("") == "");
}

TEST_CASE("an expression of MySQL becomes SQL") {
  CHECK(plain_expression(R"((`z` <> _utf8mb4\'a\\b\\\'c\'))") == R"(`z` <> 'a\b\'c')");
  CHECK(plain_expression(R"((`_utf8mb4` in (_latin1\'x\',_utf8mb4\'y\')))") == "`_utf8mb4` in (_latin1'x','y')");
  CHECK(plain_expression("(`a` + 1)") == "`a` + 1");
}

TEST_CASE("text that was encoded twice is decoded") {
  CHECK(decoded_once("\xC3\x83\xC2\xA9") == "\xC3\xA9");
  CHECK(decoded_once("\xC3\xA9") == "\xC3\xA9");
  CHECK(decoded_once("plain") == "plain");
  // The euro sign, whose bytes are not all of Latin-1 in windows-1252.
  CHECK(decoded_once("\xC3\xA2\xE2\x80\x9A\xC2\xAC") == "\xE2\x82\xAC");
  // MySQL 9, and a character of four bytes.
  CHECK(decoded_once("\xC3\xA2\xC2\x82\xC2\xAC") == "\xE2\x82\xAC");
  CHECK(decoded_once("\xC3\xB0\xC2\x9F\xC2\x8E\xC2\x89") == "\xF0\x9F\x8E\x89");
  CHECK(decoded_once("\xE6\x97\xA5") == "\xE6\x97\xA5");
  CHECK(decoded_once("\xFF") == "\xFF");
}

}  // namespace whimbrel::test::mysql
