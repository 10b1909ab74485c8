#include <doctest/doctest.h>

#include "dialect/mysql/inspect/column_text.h"
#include "dialect/mysql/inspect/create_options.h"
#include "dialect/mysql/inspect/create_table.h"
#include "dialect/mysql/inspect/statement_text.h"

namespace whimbrel::test::mysql {

using namespace dialect::mysql;
using TableOptions = std::map<std::string, std::string>;

TEST_CASE("the default options of a view are left out") {
  CHECK(
      plain_statement("CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW `v` AS select 1",
                      "root@localhost") == "CREATE VIEW `v` AS select 1");
  CHECK(plain_statement("CREATE ALGORITHM=MERGE DEFINER=`a``b`@`%` SQL SECURITY INVOKER VIEW `v` (`x`) AS select 1",
                        "root@localhost") ==
        "CREATE ALGORITHM=MERGE DEFINER=`a``b`@`%` SQL SECURITY INVOKER VIEW `v` (`x`) AS select 1");
  CHECK(plain_statement("CREATE ALGORITHM=UNDEFINED DEFINER=`role` SQL SECURITY DEFINER VIEW `v` AS select 1", "a@b") ==
        "CREATE DEFINER=`role` VIEW `v` AS select 1");
}

TEST_CASE("the body of a trigger follows its head") {
  CHECK(trigger_body("CREATE DEFINER=`a`@`b` trigger `for each row` before insert on t for  each row set new.a = 1") ==
        "set new.a = 1");
  CHECK(trigger_body("CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW FOLLOWS `y` BEGIN END") == "BEGIN END");
  CHECK(trigger_body("CREATE TRIGGER x").empty());
}

TEST_CASE("the options of a table are parsed") {
  CHECK(read_create_options("row_format=COMPRESSED KEY_BLOCK_SIZE=8 partitioned `page_compressed`='1'") ==
        TableOptions{{"ROW_FORMAT", "COMPRESSED"}, {"KEY_BLOCK_SIZE", "8"}, {"PAGE_COMPRESSED", "'1'"}});
  CHECK(read_create_options("COMPRESSION=\"zlib\" ENCRYPTION='Y'") ==
        TableOptions{{"COMPRESSION", "'zlib'"}, {"ENCRYPTION", "'Y'"}});
  CHECK(read_create_options("max_rows=5 DATA DIRECTORY='/a b/' INDEX DIRECTORY='/c/'") ==
        TableOptions{{"MAX_ROWS", "5"}});
  CHECK(read_create_options("").empty());
  CHECK(is_partitioned("row_format=DYNAMIC partitioned"));
  CHECK_FALSE(is_partitioned("`x`='partitioned'"));
}

TEST_CASE("what only the statement of a table says is read from it") {
  const TableDetails details = read_details(
      "CREATE TABLE `p,(` (\n  `a` varbinary(4) DEFAULT 0x00FF,\n  `b)` blob DEFAULT 'x,)' COMMENT 'DEFAULT 1',\n"
      "  `c` int(11) DEFAULT (1 + 2),\n  PERIOD FOR SYSTEM_TIME (`s`, `e`),\n"
      "  PERIOD FOR `p q` (`f`, `t`),\n  PRIMARY KEY (`a`,`p q` WITHOUT OVERLAPS),\n"
      "  UNIQUE KEY `u,` (`c`,`p q` WITHOUT OVERLAPS),\n"
      "  FULLTEXT KEY `ft` (`d`) /*!50100 WITH PARSER `ngram` */ ,\n  FULLTEXT KEY `f2` (`d`)\n) ENGINE=InnoDB "
      "COMMENT='PARTITION BY'\n/*!50100 PARTITION BY RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (10)) */");
  CHECK(details.defaults.at("a") == "0x00FF");
  CHECK(details.defaults.at("b)") == "'x,)'");
  CHECK(details.parsers == TableOptions{{"ft", "ngram"}});
  CHECK(details.periods == TableOptions{{"PERIOD FOR SYSTEM_TIME", "`s`, `e`"}, {"PERIOD FOR `p q`", "`f`, `t`"}});
  CHECK(details.no_overlaps == TableOptions{{"PRIMARY", "`p q` WITHOUT OVERLAPS"}, {"u,", "`p q` WITHOUT OVERLAPS"}});
  CHECK(details.partitions == "RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (10))");
}

TEST_CASE("bytes are text if they are printable") {
  CHECK(plain_bytes("0x4142") == "'AB'");
  CHECK(plain_bytes("'it''s'") == "'it''s'");
  CHECK(plain_bytes("0x00ff") == "0x00FF");
  CHECK(plain_bytes("x'4142'") == "'AB'");
  CHECK(plain_bytes("X'00ff'") == "0x00FF");
  CHECK(plain_bytes("x''") == "''");
  CHECK(plain_bytes("'\\0\xFF'") == "0x00FF");
  CHECK(plain_bytes("''") == "''");
}

TEST_CASE("the database's own name is left out of names") {
  CHECK(without_database("nextval(`db`.`s`)", "db") == "nextval(`s`)");
  CHECK(without_database("`db`.`t`.`db` + `db`", "db") == "`t`.`db` + `db`");
  CHECK(without_database("`other`.`t` + 'db.x'", "db") == "`other`.`t` + 'db.x'");
}

}  // namespace whimbrel::test::mysql
