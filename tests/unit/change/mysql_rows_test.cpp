#include <doctest/doctest.h>

#include <algorithm>

#include "change/schema_source.h"
#include "unit/fixture/fixture.h"

// What the script of a change does to rows of MariaDB, and what is said of it before.

using namespace whimbrel;
using fixture::MysqlDatabase;

namespace {

using Texts = std::vector<std::string>;

/// A change of a database with rows.
struct Changed {
  Changed(const Texts& from, const Texts& to, const diff::Answers& answers = {}) {
    for (const std::string& statement : from) database.query(statement);
    const MysqlDatabase wanted;
    for (const std::string& statement : to) wanted.query(statement);
    const auto& drivers = whimbrel::detail::linked_drivers();
    const change::SchemaSource source = change::read_database(drivers, database.url());
    const change::SchemaSource target = change::read_database(drivers, wanted.url());
    change = change::compare_whole(source, target, answers);
    CHECK(change::verify_whole(source, target, change.script.up) == "");
    CHECK(change::verify_whole(target, source, change.script.down) == "");
  }

  /// Returns why a statement fails; empty: none does.
  std::string run(const std::vector<sql::Statement>& script) const {
    try {
      for (const sql::Statement& statement : script) database.query(statement.sql);
      return {};
    } catch (const Error& error) {
      return error.what();
    }
  }
  [[nodiscard]] std::string up() const { return run(change.script.up); }
  [[nodiscard]] std::string down() const { return run(change.script.down); }

  [[nodiscard]] bool notes(const std::string& words) const { return has(change.notes, words); }
  [[nodiscard]] bool loses(const std::string& words) const { return has(change.losses, words); }
  static bool has(const Texts& texts, const std::string& words) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& text) { return text.find(words) != std::string::npos; });
  }

  MysqlDatabase database;
  change::SchemaChange change;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("MariaDB: NULL does not become the current time") {
  const Texts to = {"CREATE TABLE t (id int PRIMARY KEY, c timestamp NOT NULL DEFAULT current_timestamp)"};
  for (const char* const type : {"timestamp NULL", "datetime"}) {
    CAPTURE(type);
    const Changed changed(
        {std::string("CREATE TABLE t (id int PRIMARY KEY, c ") + type + ")", "INSERT INTO t VALUES (1, NULL)"}, to);
    CHECK(changed.notes("fails if column \"c\" of \"t\" holds NULL"));
    CHECK(contains(changed.up(), "whimbrel_null_in_c"));
    CHECK(changed.database.query("SELECT * FROM t") == "1|NULL");
    changed.database.query("UPDATE t SET c = '2020-01-02 03:04:05'");
    CHECK(changed.up() == "");
    CHECK(changed.database.query("SELECT * FROM t") == "1|2020-01-02 03:04:05");
    CHECK(changed.down() == "");
  }
}

TEST_CASE("MariaDB: triggers that run for the rows of a backfill are named") {
  const auto schema = [](const std::string& column) {
    return Texts{"CREATE TABLE t (id int PRIMARY KEY, c int, " + column + ")",
                 "CREATE TRIGGER `after` BEFORE UPDATE ON t FOR EACH ROW SET NEW.c = NEW.c + 1",
                 "CREATE TRIGGER i BEFORE INSERT ON t FOR EACH ROW SET NEW.c = 0"};
  };
  const Changed changed(schema("d int GENERATED ALWAYS AS (c + 1) VIRTUAL"), schema("d int"));
  CHECK(changed.notes("updates rows of table \"t\", for each of which these triggers run: \"after\""));
  CHECK(changed.up() == "");
  const Changed plain(schema("d int"), schema("d bigint"));
  CHECK_FALSE(plain.notes("updates rows"));
}

TEST_CASE("MariaDB: NULL does not become 0 in a column that begins to count") {
  const Changed changed({"CREATE TABLE t (a int, KEY (a))", "INSERT INTO t VALUES (NULL), (5)"},
                        {"CREATE TABLE t (a int AUTO_INCREMENT, KEY (a))"});
  CHECK(changed.notes("fails if column \"a\" of \"t\" holds NULL"));
  CHECK(changed.notes("copies table \"t\""));
  CHECK(contains(changed.up(), "whimbrel_null_in_a"));
  CHECK(changed.database.query("SELECT a FROM t ORDER BY a") == "NULL\n5");
  changed.database.query("DELETE FROM t WHERE a IS NULL");
  CHECK(changed.up() == "");
  CHECK(changed.down() == "");
}

TEST_CASE("MariaDB: AUTO_INCREMENT moves to a column that could hold NULL") {
  const Changed changed(
      {"CREATE TABLE t (a int NOT NULL AUTO_INCREMENT, b int, UNIQUE KEY a (a))", "INSERT INTO t VALUES (1, 7)"},
      {"CREATE TABLE t (a int NOT NULL, b int NOT NULL AUTO_INCREMENT, PRIMARY KEY (b))"});
  CHECK(changed.up() == "");
  CHECK(changed.database.query("SELECT * FROM t") == "1|7");
  CHECK(changed.down() == "");
}

TEST_CASE("MariaDB: existing rows get no value that nobody gave") {
  const Texts from = {"CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)"};
  for (const char* const type : {"int", "varchar(5)", "date", "enum('x', 'y')", "blob", "datetime", "point"}) {
    CAPTURE(type);
    const Changed changed(from, {std::string("CREATE TABLE t (id int PRIMARY KEY, c ") + type + " NOT NULL)"});
    CHECK(changed.notes("fails if \"t\" has rows: column \"c\" is NOT NULL without a default"));
    const std::string failure = changed.up();
    // MySQL itself refuses the zeros of some types.
    CHECK(failure != "");
    if (test::is_mariadb()) CHECK(contains(failure, "whimbrel_no_value_for_c"));
    CHECK(changed.database.columns("t") == "id");
    changed.database.query("DELETE FROM t");
    CHECK(changed.up() == "");
    CHECK(changed.database.columns("t") == "id c");
  }
  diff::Answers answers;
  answers.backfills[{"t", "c"}] = "7";
  const Changed filled(from, {"CREATE TABLE t (id int PRIMARY KEY, c int NOT NULL)"}, answers);
  CHECK(filled.up() == "");
  CHECK(filled.database.query("SELECT * FROM t") == "1|7");
}

TEST_CASE("MariaDB: a nullable column without its default needs no value") {
  const Changed changed({"CREATE TABLE t (id int PRIMARY KEY, c int DEFAULT 5)"},
                        {"CREATE TABLE t (id int PRIMARY KEY, c int)"});
  CHECK(changed.up() == "");
  changed.database.query("INSERT INTO t (id) VALUES (1)");
  CHECK(changed.database.query("SELECT * FROM t") == "1|NULL");
}

TEST_CASE("MariaDB: rows with equal values in a new key of a referenced table are told") {
  const std::string child = "CREATE TABLE c (k int, CONSTRAINT f FOREIGN KEY (k) REFERENCES p (id))";
  const Changed changed(
      {"CREATE TABLE p (id int PRIMARY KEY, a int)", child, "INSERT INTO p VALUES (1, 5), (2, 5)"},
      {"CREATE TABLE p (id int PRIMARY KEY, a int, d int AS (id + 1) STORED, UNIQUE KEY u (a))", child});
  try {
    for (const sql::Statement& statement : changed.change.script.up) changed.database.query(statement.sql);
    FAIL("it must fail");
  } catch (const Error& error) {
    const std::string text = error.what() + error.remedy();
    CAPTURE(text);
    CHECK((contains(text, "Duplicate entry '5' for key") || contains(text, "has rows with equal values")));
  }
}

TEST_CASE("MariaDB: each row gets a value of its own") {
  const std::string table = "CREATE TABLE t (id int PRIMARY KEY, n int";
  const Changed changed({table + ")", "INSERT INTO t VALUES (1, 5), (2, 6)"},
                        {table + ", c varchar(36) NOT NULL DEFAULT (uuid()), d int DEFAULT (n + 1))"});
  CHECK(changed.up() == "");
  CHECK(changed.database.query("SELECT count(DISTINCT c), max(length(c)), sum(d) FROM t") == "2|36|13");
  // What the expressions give is between two assignments of the session: on MySQL, each by an UPDATE.
  CHECK(changed.change.script.up.size() == (test::is_mariadb() ? 3 : 10));
  CHECK(changed.down() == "");
}

TEST_CASE("MariaDB: a way back that cannot fill a column fails") {
  const Changed changed({"CREATE TABLE t (id int PRIMARY KEY, zip varchar(9) NOT NULL, n int NOT NULL)",
                         "INSERT INTO t VALUES (1, 'a', 2)"},
                        {"CREATE TABLE t (id int PRIMARY KEY)"});
  CHECK(changed.up() == "");
  CHECK(contains(changed.down(), "whimbrel_no_value_for_"));
  CHECK(changed.database.columns("t") == "id");
}

TEST_CASE("MariaDB: conversions that change values are losses") {
  const Changed years({"CREATE TABLE t (id int PRIMARY KEY, c tinyint, d int)", "INSERT INTO t VALUES (1, 5, 2020)"},
                      {"CREATE TABLE t (id int PRIMARY KEY, c year, d year)"});
  CHECK(years.loses("column \"c\""));
  CHECK(years.loses("column \"d\""));
  const Changed floats({"CREATE TABLE t (id int PRIMARY KEY, a float(7,2), b double, c float(7,2))"},
                       {"CREATE TABLE t (id int PRIMARY KEY, a float(7,1), b double(10,1), c float(9,3))"});
  CHECK(floats.loses("column \"a\""));
  CHECK(floats.loses("column \"b\""));
  CHECK_FALSE(floats.loses("column \"c\""));
}

TEST_CASE("MariaDB: a text that does not fit is noted") {
  const Changed changed({"CREATE TABLE t (a tinytext)", "INSERT INTO t VALUES (repeat('x', 200))"},
                        {"CREATE TABLE t (a varchar(100))"});
  CHECK(changed.notes("fails if a value is longer than 100"));
  CHECK(changed.up() != "");
}

TEST_CASE("MariaDB: the collation of a table and its columns changes at once") {
  const Changed changed(
      {"CREATE TABLE t (c varchar(9), UNIQUE KEY (c)) COLLATE utf8mb4_bin", "INSERT INTO t VALUES ('a'), ('A')"},
      {"CREATE TABLE t (c varchar(9), UNIQUE KEY (c)) COLLATE utf8mb4_general_ci"});
  CHECK(changed.change.script.up.size() == 1);
  CHECK(changed.notes("are equal in the collation utf8mb4_general_ci"));
  CHECK(changed.up() != "");
  CHECK(contains(changed.database.query("SHOW CREATE TABLE t"), "COLLATE=utf8mb4_bin"));
  changed.database.query("DELETE FROM t WHERE c = 'A'");
  CHECK(changed.up() == "");
  CHECK(changed.down() == "");
}

TEST_CASE("MariaDB: a character set that lacks characters is noted") {
  const Changed changed(
      {"CREATE TABLE t (c varchar(9), x text) DEFAULT CHARSET utf8mb4", "INSERT INTO t VALUES ('\xE6\x97\xA5', '')"},
      {"CREATE TABLE t (c varchar(9), x text) DEFAULT CHARSET latin1"});
  CHECK(changed.change.script.up.size() == 1);
  CHECK(
      changed.notes("column \"c\" of \"t\" from utf8mb4 to latin1, which fails if a value has a character that "
                    "latin1 lacks"));
  CHECK(changed.notes("copies table \"t\""));
  CHECK(changed.up() != "");
  CHECK(contains(changed.database.query("SHOW CREATE TABLE t"), "CHARSET=utf8mb4"));
  CHECK(Changed::has(changed.change.down_notes, "is too long in utf8mb4"));
}

TEST_CASE("MariaDB: a foreign key is away while the character set of its columns changes") {
  const auto schema = [](const std::string& charset) {
    return Texts{
        "CREATE TABLE p (k varchar(9) PRIMARY KEY) DEFAULT CHARSET " + charset,
        "CREATE TABLE c (k varchar(9), CONSTRAINT f FOREIGN KEY (k) REFERENCES p (k)) DEFAULT CHARSET " + charset};
  };
  const Changed changed(schema("latin1"), schema("utf8mb4"));
  CHECK(changed.up() == "");
  CHECK(changed.down() == "");
}

TEST_CASE("MariaDB: a key and a check that do not change can fail, and it is noted") {
  const auto schema = [](const std::string& type) {
    return Texts{"CREATE TABLE p (id " + type + " PRIMARY KEY)",
                 "CREATE TABLE c (p_id " + type + ", n int, CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id), " +
                     "CONSTRAINT k CHECK (n > 0))"};
  };
  const Changed changed(schema("int"), schema("bigint"));
  CHECK(changed.notes("fails if rows of \"c\" have values in"));
  CHECK(changed.notes("copies table \"c\""));
  CHECK(changed.notes("which fails if its rows violate its check constraints") == test::is_mariadb());
}

TEST_CASE("MariaDB: rows that belong to no partition are noted") {
  const std::string table = "CREATE TABLE t (id int NOT NULL PRIMARY KEY)";
  const Changed changed({table, "INSERT INTO t VALUES (50)"},
                        {table + " PARTITION BY RANGE (id) (PARTITION a VALUES LESS THAN (10))"});
  CHECK(changed.notes("fails if a row of \"t\" belongs to none of its partitions"));
  CHECK(changed.notes("copies table \"t\""));
  CHECK(changed.up() != "");
}

TEST_CASE("MariaDB: values of an enum that differ only in case are renamed") {
  diff::Answers answers;
  answers.column_renames = {{{"t", "e"}, "b", "B"}};
  for (const char* const collation : {"utf8mb4_bin", "utf8mb4_general_ci"}) {
    CAPTURE(collation);
    const std::string end = std::string(") DEFAULT CHARSET utf8mb4 COLLATE ") + collation;
    const Changed changed({"CREATE TABLE t (e enum('a', 'b')" + end, "INSERT INTO t VALUES ('b')"},
                          {"CREATE TABLE t (e enum('a', 'B')" + end}, answers);
    CHECK(changed.up() == "");
    CHECK(changed.database.query("SELECT concat(e) FROM t") == "B");
    CHECK(changed.down() == "");
    CHECK(changed.database.query("SELECT concat(e) FROM t") == "b");
  }
}

namespace {

/// A change of a column or a table with a row, and what it does.
struct Work {
  std::string from, to;
  std::string note;  ///< Empty: none.
};

}  // namespace

TEST_CASE("MariaDB: what copies a table or keeps writes waiting is noted, and nothing else") {
  const std::string t = "CREATE TABLE t (id int PRIMARY KEY";
  const std::string copies = "copies table \"t\"";
  const std::string waits = "writes are blocked until it finishes";
  const std::string texts = ", x text, y text";
  const std::string computed = ", v int AS (id + 1) VIRTUAL, KEY k (v))";
  std::vector<Work> works = {
      {")", ") ENGINE MyISAM", copies},
      {")", ") PARTITION BY HASH (id) PARTITIONS 2", copies},
      {") PARTITION BY HASH (id) PARTITIONS 2", ")", copies},
      {", c varchar(60)) CHARSET utf8mb4", ", c varchar(64)) CHARSET utf8mb4", copies},
      {", c varchar(60)) CHARSET utf8mb4", ", c varchar(63)) CHARSET utf8mb4", ""},
      {", c varchar(60)) CHARSET latin1", ", c varchar(200)) CHARSET latin1", ""},
      {")", ", c varchar(36) DEFAULT (uuid()))", copies},
      {")", ", c int DEFAULT (1 + 1))", ""},
      {", c int NOT NULL DEFAULT 1, KEY (c))", ", c int NOT NULL AUTO_INCREMENT, KEY (c))", copies},
      {")", ", c int NOT NULL AUTO_INCREMENT, KEY (c))", waits},
      {texts + ")", texts + ", FULLTEXT (x), FULLTEXT (y))", waits},
      {texts + ")", texts + ", FULLTEXT (x))", waits},
      {", p point NOT NULL)", ", p point NOT NULL, SPATIAL KEY (p))", waits},
      {computed, ", v int AS (id + 2) VIRTUAL, KEY k (v))", copies},
      {", v int AS (id + 1) STORED, KEY k (v))", computed, copies},
      {computed, ")", ""},
      {", c int)", ", c int INVISIBLE)", ""},
      {", c int INVISIBLE)", ", c int)", ""},
      {", c set('a'))", ", c set('a', 'b'))", ""},
      {", c set('a'))", ", c set('b', 'a'))", copies},
      {", c varchar(5)) CHARSET utf8mb4 COLLATE utf8mb4_bin",
       ", c varchar(5)) CHARSET utf8mb4 COLLATE utf8mb4_general_ci", ""},
      {", c varchar(5)) CHARSET latin1", ", c varchar(5)) CHARSET utf8mb4", copies},
      {") ENGINE MyISAM", ", c int) ENGINE MyISAM", copies},
  };
  // MySQL copies the table when any column is redefined.
  for (const char* const type : {"enum('a')", "set('a')", "date", "datetime", "time", "timestamp NULL", "mediumtext"}) {
    const std::string checked = ", e " + std::string(type) + " CHECK (e IS NOT NULL), x int)";
    std::string commented = checked;
    commented.insert(commented.size() - 1, " COMMENT 'x'");
    works.push_back({checked, commented, test::is_mariadb() ? "" : copies});
  }
  works.push_back({", e int CHECK (e > 0), x int)", ", e int CHECK (e > 0), x int COMMENT 'x')", ""});
  works.push_back({", e date CHECK (e IS NULL), x int)", ", e date CHECK (e IS NULL), x int DEFAULT 5)", ""});
  for (const Work& work : works) {
    CAPTURE(work.from);
    CAPTURE(work.to);
    const Changed changed({t + work.from}, {t + work.to});
    const Texts& notes = changed.change.notes;
    CAPTURE(notes);
    const bool is_said = changed.notes(work.note.empty() ? waits : work.note);
    CHECK(is_said == !work.note.empty());
    CHECK(changed.change.losses.empty());
    CHECK(changed.up() == "");
    CHECK(changed.down() == "");
  }
}

TEST_CASE("MariaDB and MySQL: characters of four bytes stay in defaults, enums and computed columns that change") {
  const std::string party = "\xF0\x9F\x8E\x89";
  const auto table = [&](const std::string& id, const std::string& length, const std::string& value) {
    return "CREATE TABLE t (id " + id + " PRIMARY KEY, d varchar(" + length + ") NOT NULL DEFAULT '" + value +
           "', e enum('a', '" + value + "') NOT NULL, g varchar(" + length + ") AS (concat(id, '" + value +
           "')) STORED) CHARACTER SET utf8mb4 COMMENT '?'";
  };
  const Changed changed({table("int", "20", party), "INSERT INTO t (id, e) VALUES (1, 2)"},
                        {table("bigint", "30", party)});
  CHECK(changed.up().empty());
  CHECK(changed.database.query("SELECT e, d, g FROM t") == party + '|' + party + "|1" + party);
  CHECK(changed.down().empty());
  CHECK(changed.database.query("SELECT e, d, g FROM t") == party + '|' + party + "|1" + party);
  const Changed other({table("int", "20", party)}, {table("int", "20", "\xF0\x9F\x98\x80")});
  CHECK(other.change.operations.size() == 3);
}

TEST_CASE(
    "MariaDB and MySQL: spaces at the end that a char does not keep are a loss, also those of bytes and of JSON") {
  for (const std::string type : {"varbinary(20)", "binary(3)", "blob", "json"}) {
    CAPTURE(type);
    const Changed changed({"CREATE TABLE t (c " + type + ")"}, {"CREATE TABLE t (c char(20))"});
    CHECK(changed.loses("drops trailing spaces"));
  }
}
