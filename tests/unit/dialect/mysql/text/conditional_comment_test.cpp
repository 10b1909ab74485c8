#include "dialect/mysql/text/conditional_comment.h"

#include <doctest/doctest.h>

using whimbrel::dialect::mysql::without_skipped_comments;

TEST_CASE("MySQL: comments for other servers are left out up to their end, whatever quotes are in them") {
  const auto read = [](std::string_view text) {
    return without_skipped_comments(text, [](std::string_view mark) { return mark == "/*!" || mark == "/*!40101"; });
  };
  CHECK(read("SELECT 1") == "SELECT 1");
  CHECK(read("/*!40101 SET a = 1 */ + /*! 2 */") == "/*!40101 SET a = 1 */ + /*! 2 */");
  CHECK(read("DROP TABLE a /*!99999 ' */ , b -- '") == "DROP TABLE a   , b -- '");
  CHECK(read("a/*M!110000 x /* y */ z */b") == "a b");
  CHECK(read("'/*!99999 a */', `/*!99999 b */`, \"\\\"/*!99999 c */\"") ==
        "'/*!99999 a */', `/*!99999 b */`, \"\\\"/*!99999 c */\"");
  CHECK(read("a -- /*!99999\n/* /*!99999 */ b # /*!99999") == "a -- /*!99999\n/* /*!99999 */ b # /*!99999");
  CHECK(read("/*!40101 a /* ' */ */ /*!99999 b") == "/*!40101 a /* ' */ */  ");
}
