#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"

using namespace whimbrel;
using test::mysql::compare;
using test::mysql::Database;

TEST_CASE("MariaDB and MySQL: a default time is the same whatever the zone of the session that changed the table") {
  const Database first;
  const Database second;
  first.query("CREATE TABLE t (c timestamp NOT NULL DEFAULT '2020-01-01 00:00:00')");
  second.query(
      "SET time_zone = '+06:00'; CREATE TABLE t (c timestamp NOT NULL DEFAULT '2020-01-01 06:00:00'); "
      "SET time_zone = '+00:00'");
  CHECK(compare(first.url(), second.url()).operations.empty());
}
