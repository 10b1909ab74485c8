#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"
#include "unit/fixture/answers.h"

// What a change of a whole schema of MariaDB or MySQL has to recreate, to order and to leave alone; SHOW CREATE says
// whether it was right.

using namespace whimbrel;
using test::is_mariadb;
using test::mysql::compare;
using test::mysql::Database;
using test::mysql::go_there_and_back;
using test::mysql::run_all;
using test::mysql::shown;

TEST_CASE("MariaDB: tables that reference each other are created and dropped") {
  go_there_and_back("CREATE TABLE q (i int)",
                    "CREATE TABLE x (id int PRIMARY KEY, y int); CREATE TABLE y (id int PRIMARY KEY, x int);"
                    "ALTER TABLE x ADD CONSTRAINT xy FOREIGN KEY (y) REFERENCES y (id);"
                    "ALTER TABLE y ADD CONSTRAINT yx FOREIGN KEY (x) REFERENCES x (id)");
}

TEST_CASE("MariaDB: the name of an index may be that of a table") {
  go_there_and_back("CREATE TABLE q (i int)",
                    "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, c int);"
                    "CREATE TABLE c (id int PRIMARY KEY, a int, s int, FOREIGN KEY (s) REFERENCES c (id));"
                    "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id); ALTER TABLE b ADD FOREIGN KEY (c) REFERENCES "
                    "c (id); ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES a (id)");
  go_there_and_back("CREATE TABLE a (b int); CREATE TABLE b (a int)",
                    "CREATE TABLE a (b int, KEY b (b)); CREATE TABLE b (a int, KEY a (a))");
}

TEST_CASE("MariaDB: a new table references a key that is new, too") {
  go_there_and_back("CREATE TABLE p (id int PRIMARY KEY, code int)",
                    "CREATE TABLE p (id int PRIMARY KEY, code bigint, UNIQUE KEY code (code)); CREATE TABLE c (code "
                    "bigint, CONSTRAINT f FOREIGN KEY (code) REFERENCES p (code))");
}

TEST_CASE("MariaDB: an index that the server made for a foreign key stays") {
  const auto schema = [](const std::string& more) {
    return "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a) "
           "REFERENCES p (id)" +
           more + "; INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1, 1)";
  };
  go_there_and_back(schema(")"), schema(" ON DELETE CASCADE)"));
  go_there_and_back(schema(")"), schema("); ALTER TABLE c DROP KEY a, ADD KEY a (a), ADD KEY ab (a, b)"));
}

TEST_CASE("MariaDB: a table that once had a full-text index is changed") {
  const std::string had =
      "CREATE TABLE t (id int PRIMARY KEY, a text, b int); CREATE FULLTEXT INDEX ft ON t (a);"
      "ALTER TABLE t DROP INDEX ft";
  go_there_and_back(had, "CREATE TABLE t (id int PRIMARY KEY, a text, c int NOT NULL DEFAULT 5)");
}

TEST_CASE("MariaDB: triggers of the same event keep their order") {
  const std::string table = "CREATE TABLE t (id int PRIMARY KEY, a int);";
  const auto trigger = [](const std::string& name, const std::string& body) {
    return "CREATE TRIGGER " + name + " BEFORE INSERT ON t FOR EACH ROW SET " + body + ';';
  };
  const std::string b = trigger("b", "@x = 'b'");
  const std::string c = trigger("c", "@x = 'c'");
  go_there_and_back(table + trigger("a", "@x = 'a'") + b + c, table + trigger("a", "@x = 'A'") + b + c);
  go_there_and_back(table + b + c, table + c + b);
  go_there_and_back(table + b + trigger("a", "@x = 'a'") + c, table + b + c);
  const auto renamed = [&](const std::string& name) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + name + " int);" + trigger("a", "NEW." + name + "=1") + b + c;
  };
  go_there_and_back(renamed("k"), renamed("k2"), fixture::renamed_column("t", "k", "k2"));
}

TEST_CASE("MariaDB: a trigger whose column has the name of a renamed table stays as it is") {
  const auto schema = [](const std::string& name) {
    return "CREATE TABLE u (id int, n int); CREATE TABLE " + name +
           " (a int); CREATE TRIGGER x BEFORE INSERT ON u FOR EACH ROW SET NEW.n = 1";
  };
  diff::Answers answers;
  answers.table_renames.push_back({"n", "o"});
  go_there_and_back(schema("n"), schema("o"), answers);
}

TEST_CASE(
    "MariaDB and MySQL: a trigger that has the name of a renamed table and writes to it is created as it becomes") {
  const auto schema = [](const std::string& table) {
    return "CREATE TABLE item (id int); CREATE TABLE " + table +
           " (id int); CREATE TRIGGER orders BEFORE INSERT ON item FOR EACH ROW INSERT INTO " + table +
           " VALUES (NEW.id)";
  };
  diff::Answers answers;
  answers.table_renames.push_back({"orders", "sale"});
  go_there_and_back(schema("orders"), schema("sale"), answers);
}

TEST_CASE("MariaDB and MySQL: a trigger keeps its name if that is also the name of a renamed table or column") {
  const auto schema = [](const std::string& table, const std::string& column) {
    return "CREATE TABLE item (id int); CREATE TABLE " + table + " (" + column +
           " int); CREATE TRIGGER orders BEFORE INSERT ON item FOR EACH ROW SET NEW.id = 1; CREATE TRIGGER total "
           "BEFORE INSERT ON " +
           table + " FOR EACH ROW SET NEW." + column + "=1";
  };
  diff::Answers answers;
  answers.table_renames.push_back({"orders", "sale"});
  go_there_and_back(schema("orders", "total"), schema("sale", "total"), answers);
  go_there_and_back(schema("orders", "total"), schema("orders", "amount"),
                    fixture::renamed_column("orders", "total", "amount"));
}

TEST_CASE("MariaDB: several renames recreate a view and a trigger once") {
  const auto schema = [](const std::string& a, const std::string& b) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + a + " int, " + b + " int); CREATE VIEW v AS SELECT " + a +
           " AS one, " + b + " AS two FROM t; CREATE VIEW w AS SELECT v.one, t." + a + " AS three FROM v JOIN t ON t." +
           b + " = v.two; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW." + a + "=NEW." + b;
  };
  diff::Answers answers = fixture::renamed_column("t", "a", "c");
  answers.column_renames.push_back({"t", "b", "d"});
  go_there_and_back(schema("a", "b"), schema("c", "d"), answers);
}

TEST_CASE("MariaDB: a unique key that orders the rows is dropped") {
  go_there_and_back("CREATE TABLE t (id int NOT NULL, a int NOT NULL, UNIQUE KEY u (id), UNIQUE KEY w (a))",
                    "CREATE TABLE t (id int NOT NULL, a int NOT NULL, UNIQUE KEY w (a))");
  go_there_and_back("CREATE TABLE t (id int NOT NULL, UNIQUE KEY u (id))", "CREATE TABLE t (id int NOT NULL)");
}

TEST_CASE("MariaDB: a column gets or loses its check together with its default") {
  go_there_and_back("CREATE TABLE t (id int PRIMARY KEY, c int DEFAULT 1 CHECK (c > 0))",
                    "CREATE TABLE t (id int PRIMARY KEY, c int DEFAULT 2)");
  go_there_and_back("CREATE TABLE t (id int PRIMARY KEY, c int DEFAULT 1 CHECK (c > 0))",
                    "CREATE TABLE t (id int PRIMARY KEY, c int DEFAULT 2 CHECK (c > 1))");
}

TEST_CASE("MariaDB: the index of a generated column gets another name with its type") {
  go_there_and_back("CREATE TABLE t (id int PRIMARY KEY, a int, g int AS (a * 2) STORED, KEY k1 (g))",
                    "CREATE TABLE t (id int PRIMARY KEY, a int, g bigint AS (a * 2) STORED, KEY k2 (g))");
}

TEST_CASE("MariaDB: texts in foreign keys follow the character set of their tables") {
  const auto schema = [](const std::string& options) {
    return "CREATE TABLE p (id int PRIMARY KEY, k varchar(10), UNIQUE KEY k (k)) " + options +
           "; CREATE TABLE c (id int PRIMARY KEY, k varchar(10), CONSTRAINT g FOREIGN KEY (k) REFERENCES p (k)) " +
           options + "; INSERT INTO p VALUES (1, 'é'); INSERT INTO c VALUES (1, 'é')";
  };
  go_there_and_back(schema("CHARSET latin1 COLLATE latin1_swedish_ci"), schema("CHARSET utf8mb4 COLLATE utf8mb4_bin"));
}

TEST_CASE("MariaDB: a primary key and the partitions over it change together") {
  const auto schema = [](const std::string& key, const std::string& partitions) {
    return "CREATE TABLE t (id int NOT NULL, a int NOT NULL, PRIMARY KEY (" + key + "))" + partitions +
           "; INSERT INTO t VALUES (1, 2)";
  };
  go_there_and_back(schema("id", ""), schema("id, a", " PARTITION BY HASH (a) PARTITIONS 2"));
  go_there_and_back(schema("id", " PARTITION BY HASH (id) PARTITIONS 2"),
                    schema("a", " PARTITION BY HASH (a) PARTITIONS 3"));
}

TEST_CASE("MariaDB: the order of the values of an enum is a part of it") {
  go_there_and_back("CREATE TABLE t (id int PRIMARY KEY, e enum('a','b') NOT NULL); INSERT INTO t VALUES (1, 'b')",
                    "CREATE TABLE t (id int PRIMARY KEY, e enum('b','a') NOT NULL); INSERT INTO t VALUES (1, 'b')");
}

TEST_CASE("MariaDB: the method of an index in memory is read as it is") {
  go_there_and_back(
      "CREATE TABLE t (id int, a int, KEY k (a) USING HASH, UNIQUE KEY u (id) USING HASH) ENGINE=MEMORY",
      "CREATE TABLE t (id int, a int, KEY k (a) USING BTREE, UNIQUE KEY u (id) USING BTREE) ENGINE=MEMORY");
}

TEST_CASE("MariaDB: tables that keep the history of their rows are changed, and keep it") {
  if (!is_mariadb()) return;
  go_there_and_back("CREATE TABLE t (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING",
                    "CREATE TABLE t (id int PRIMARY KEY, a bigint, b int) WITH SYSTEM VERSIONING");
  const Database there;
  const Database wanted;
  there.query("CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 2)");
  wanted.query(
      "CREATE TABLE t (id int PRIMARY KEY, a int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) "
      "GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING");
  const change::SchemaChange change = compare(there.url(), wanted.url());
  run_all(there, change.script.up);
  CHECK(shown(there) == shown(wanted));
  REQUIRE(change.irreversible_because);
  CHECK(std::string(change.irreversible_because->what()).find("would delete the history of its rows") !=
        std::string::npos);
}

TEST_CASE("MariaDB: an object of another user is not dropped by one who cannot create it again") {
  const Database there;
  const Database wanted;
  there.query("CREATE TABLE t (id int, a int); CREATE VIEW v AS SELECT id FROM t");
  wanted.query("CREATE TABLE t (id int, a int); CREATE VIEW v AS SELECT id, a FROM t");
  const test::MysqlServer& server = test::mysql_server();
  server.run("CREATE USER IF NOT EXISTS restricted@localhost");
  for (const std::string& name : {there.name(), wanted.name()}) {
    server.run("GRANT ALL ON `" + name + "`.* TO restricted@localhost");
  }
  const std::string from = server.url_as("restricted", there.name());
  std::string refusal;
  try {
    static_cast<void>(compare(from, server.url_as("restricted", wanted.name())));
  } catch (const Error& error) {
    refusal = std::string(error.what()) + ' ' + std::string(error.remedy());
  }
  CHECK(refusal.find("view \"v\", whose definer is `root`@`localhost`") != std::string::npos);
  CHECK(refusal.find(is_mariadb() ? "GRANT SET USER" : "GRANT SET_ANY_DEFINER") != std::string::npos);
  // An administrator may.
  run_all(there, compare(there.url(), wanted.url()).script.up);
  CHECK(shown(there) == shown(wanted));
}

TEST_CASE("MariaDB: a change is verified although an object belongs to another user") {
  const Database there;
  const Database wanted;
  test::mysql_server().run("CREATE USER IF NOT EXISTS owner@localhost");
  there.query(
      "CREATE TABLE t (id int); CREATE DEFINER=owner@localhost VIEW v AS SELECT id FROM t;"
      "CREATE DEFINER=owner@localhost TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id=1");
  wanted.query(
      "CREATE TABLE t (id int, a int); CREATE DEFINER=owner@localhost VIEW v AS SELECT id, a FROM t;"
      "CREATE DEFINER=owner@localhost TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id=2");
  const auto& drivers = whimbrel::detail::linked_drivers();
  const change::SchemaSource from = change::read_database(drivers, there.url());
  const change::SchemaSource to = change::read_database(drivers, wanted.url());
  CHECK(change::verify_whole(from, to, change::compare_whole(from, to, {}).script.up) == "");
}

TEST_CASE("MariaDB: objects that the user may not see are mentioned") {
  const Database there;
  const test::MysqlServer& server = test::mysql_server();
  server.run("CREATE USER IF NOT EXISTS blind@localhost; GRANT SELECT ON `" + there.name() + "`.* TO blind@localhost");
  const auto& drivers = whimbrel::detail::linked_drivers();
  const auto hidden = change::read_database(drivers, server.url_as("blind", there.name())).unsupported_objects;
  CHECK(hidden == std::vector<std::string>{"any procedure or function that the user may not see",
                                           "any event that the user may not see",
                                           "any trigger that the user may not see"});
  CHECK(change::read_database(drivers, there.url()).unsupported_objects.empty());
}

TEST_CASE("MariaDB: views over views follow a rename, there and back") {
  const auto schema = [](const std::string& column) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + column + " int); CREATE VIEW v1 AS SELECT id, " + column +
           " AS x FROM t; CREATE VIEW zv1 AS SELECT x FROM v1; CREATE VIEW a2 AS SELECT z.x FROM zv1 z JOIN t ON t." +
           column + " = z.x";
  };
  go_there_and_back(schema("a"), schema("c"), fixture::renamed_column("t", "a", "c"));
  go_there_and_back(schema("a"), "CREATE TABLE t (id int PRIMARY KEY, c int)", fixture::renamed_column("t", "a", "c"));
}

TEST_CASE("MariaDB: a view that changes and follows a rename is created before the views over it") {
  const std::string over = "CREATE VIEW w AS SELECT a FROM v; CREATE VIEW x AS SELECT a FROM w";
  go_there_and_back("CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT a FROM t;" + over,
                    "CREATE TABLE t (id int PRIMARY KEY, c int); CREATE VIEW v AS SELECT c AS a, 1 AS z FROM t;" + over,
                    fixture::renamed_column("t", "a", "c"));
}

TEST_CASE("MySQL: the keys of a generated column, and defaults, follow a rename, there and back") {
  const auto schema = [](const std::string& c, const std::string& more) {
    return "CREATE TABLE t (id int PRIMARY KEY, " + c + " int, g int AS (" + c + " + 1) STORED, h int, v int AS (" + c +
           " * 2) VIRTUAL" + more + "); INSERT INTO t (id, " + c + ", h) VALUES (1, 2, 3)";
  };
  for (const char* const keys :
       {", UNIQUE KEY u (g)", ", UNIQUE KEY u (h, g), KEY k (g, v)", ", KEY k (v), UNIQUE KEY w (v)", ""}) {
    go_there_and_back(schema("c", keys), schema("d", keys), fixture::renamed_column("t", "c", "d"));
  }
  go_there_and_back("CREATE TABLE t (id int PRIMARY KEY, c int, e int DEFAULT (c + 1)); INSERT INTO t (id) VALUES (1)",
                    "CREATE TABLE t (id int PRIMARY KEY, d int, e int DEFAULT (d + 1)); INSERT INTO t (id) VALUES (1)",
                    fixture::renamed_column("t", "c", "d"));
}

TEST_CASE("MySQL: the default of a column whose defaults are expressions changes") {
  const auto schema = [](const std::string& column) {
    return "CREATE TABLE t (id int PRIMARY KEY, b " + column + "); INSERT INTO t (id) VALUES (1)";
  };
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"json DEFAULT (json_array())", "json"},
           {"text DEFAULT ('x')", "text DEFAULT ('y')"},
           {"text", "text DEFAULT ('y')"},
           {"text DEFAULT ('x')", "text"},
           {"mediumblob NOT NULL DEFAULT ('x')", "mediumblob NOT NULL DEFAULT ('y')"}}) {
    go_there_and_back(schema(from), schema(to));
  }
}

TEST_CASE("MySQL: checks exchange their names between tables") {
  const auto schema = [](const std::string& of_a, const std::string& of_b, const std::string& more) {
    return "CREATE TABLE a (i int, CONSTRAINT " + of_a + " CHECK (i > 1)); CREATE TABLE b (i int, CONSTRAINT " + of_b +
           " CHECK (i > 2))" + more;
  };
  go_there_and_back(schema("x", "y", ""), schema("y", "x", ""));
  go_there_and_back(schema("x", "y", ""), schema("z", "y", "; CREATE TABLE c (i int, CONSTRAINT x CHECK (i > 3))"));
}

TEST_CASE("MariaDB and MySQL: a referenced column begins to count") {
  const auto schema = [](const std::string& id) {
    return "CREATE TABLE p (id int" + id + " PRIMARY KEY); CREATE TABLE c (p int, CONSTRAINT f FOREIGN KEY (p) " +
           "REFERENCES p (id)); INSERT INTO p VALUES (7); INSERT INTO c VALUES (7)";
  };
  go_there_and_back(schema(""), schema(" AUTO_INCREMENT"));
}

TEST_CASE("MariaDB and MySQL: a column and one whose default uses it are renamed") {
  const std::string before = "CREATE TABLE t (id int PRIMARY KEY, i int, h int DEFAULT (i + 1))";
  diff::Answers answers = fixture::renamed_column("t", "i", "k");
  answers.column_renames.push_back({"t", "h", "l"});
  go_there_and_back(before, "CREATE TABLE t (id int PRIMARY KEY, k int, l int DEFAULT (k + 1))", answers);
}

TEST_CASE("MariaDB and MySQL: a column is renamed while what uses it changes or goes") {
  const std::string before =
      "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int, g int AS (a + b), h int AS (a * 2) STORED, "
      "CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (b > a), CONSTRAINT e CHECK (a < 90), KEY k (a), "
      "UNIQUE KEY u (a, b), KEY kg (g), KEY kh (h)); INSERT INTO t (id, a, b) VALUES (1, 2, 3);"
      "CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a, b FROM t;"
      "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = NEW.a + 1;"
      "CREATE TRIGGER s BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = NEW.a + 1";
  for (const std::string after :
       {"CREATE TABLE t (id int PRIMARY KEY, z int NOT NULL, b int, g int AS (z - b), "
        "CONSTRAINT c CHECK (z > 1), CONSTRAINT e CHECK (z < 90), KEY k (z, b), UNIQUE KEY u (z), KEY kg (g));"
        "CREATE VIEW w AS SELECT z, b + 1 AS b FROM t;"
        "CREATE TRIGGER s BEFORE UPDATE ON t FOR EACH ROW SET NEW.z = NEW.z + 2",
        "CREATE TABLE t (id int PRIMARY KEY, z int NOT NULL, b int, h int AS (z * 3) STORED, KEY kh (h))"}) {
    CAPTURE(after);
    go_there_and_back(before, after, fixture::renamed_column("t", "a", "z"));
  }
}

TEST_CASE(
    "MariaDB and MySQL: what uses a generated column that changes or goes with a rename is recreated when it is "
    "there") {
  const std::string before =
      "CREATE TABLE t (id int PRIMARY KEY, a int, b int, g int AS (a + b), KEY kg (g)); CREATE VIEW v AS SELECT a, g "
      "FROM t; CREATE VIEW x AS SELECT g FROM t; INSERT INTO t (id, a, b) VALUES (1, 2, 3);"
      "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a = NEW.a + NEW.g";
  diff::Answers both = fixture::renamed_column("t", "a", "z");
  both.column_renames.push_back({"t", "b", "y"});
  for (const auto& change : std::vector<std::pair<std::string, diff::Answers>>{
           {"CREATE TABLE t (id int PRIMARY KEY, z int, b int, g int AS (z - b), KEY kg (g)); CREATE VIEW v AS SELECT "
            "z, g "
            "FROM t; CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a = NEW.z + NEW.g",
            fixture::renamed_column("t", "a", "z")},
           {"CREATE TABLE t (id int PRIMARY KEY, z int, b int)", fixture::renamed_column("t", "a", "z")},
           {"CREATE TABLE t (id int PRIMARY KEY, z int, y int)", both},
           {"CREATE TABLE t (id int PRIMARY KEY, z int, y int, g int AS (z + y)); CREATE VIEW x AS SELECT g FROM t",
            both},
           {"CREATE TABLE t (id int PRIMARY KEY, z int, y int, g int AS (z + y), KEY kg (g)); CREATE VIEW x AS SELECT "
            "g "
            "FROM t",
            both}}) {
    CAPTURE(change.first);
    go_there_and_back(before, change.first, change.second);
  }
}
