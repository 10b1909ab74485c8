#include <doctest/doctest.h>

#include "change/schema_source.h"
#include "operation/describe.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Names that one thing gives up and another gets, and what stands in the way of a rename.

using namespace whimbrel;
using namespace whimbrel::change;
using fixture::Trial;

namespace {

using Renames = std::vector<std::pair<std::string, std::string>>;

diff::Answers tables(const Renames& renames) {
  diff::Answers answers;
  for (const auto& [from, to] : renames) answers.table_renames.push_back({from, to});
  return answers;
}

diff::Answers columns(const std::string& table, const Renames& renames) {
  diff::Answers answers;
  for (const auto& [from, to] : renames) answers.column_renames.push_back({table, from, to});
  return answers;
}

/// A database that is made the other, and again what it was.
template <class Kind>
class Way {
 public:
  Way(const std::string& from, const std::string& rows, const std::string& to) {
    there_.query(from);
    wanted_.query(to);
    first_.query(from);
    there_.query(rows);
  }

  /// The operations in words, in their order.
  void go(const diff::Answers& answers) {
    way_ = compare(there_, wanted_, answers);
    run(way_.script.up);
    CHECK(changes(there_, wanted_).empty());
  }
  void go_back() {
    run(way_.script.down);
    CHECK(changes(there_, first_).empty());
  }
  std::string query(const std::string& sql) { return there_.query(sql); }
  [[nodiscard]] const SchemaChange& way() const { return way_; }

 private:
  static SchemaSource read(const Kind& database) {
    return read_database(whimbrel::detail::linked_drivers(), database.url());
  }
  static SchemaChange compare(const Kind& from, const Kind& to, const diff::Answers& answers) {
    return compare_whole(read(from), read(to), answers);
  }
  static std::string changes(const Kind& from, const Kind& to) {
    std::string words;
    for (const operation::Operation& operation : compare(from, to, {}).operations) {
      words += operation::describe(operation) + '\n';
    }
    return words;
  }
  void run(const std::vector<sql::Statement>& statements) {
    const bool is_sqlite = std::is_same_v<Kind, fixture::Database>;
    std::string script = is_sqlite ? "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;\n" : "";
    for (const sql::Statement& statement : statements) script += statement.sql + ";\n";
    CAPTURE(script);
    CHECK_NOTHROW(there_.query(script));
  }

  Kind there_;
  Kind wanted_;
  Kind first_;
  SchemaChange way_;
};

using OnSqlite = Way<fixture::Database>;

template <class Kind>
void exchange_columns() {
  Way<Kind> way("CREATE TABLE t (id int, a int, b varchar(9)); CREATE INDEX i ON t (a)",
                "INSERT INTO t VALUES (1, 2, 'x')",
                "CREATE TABLE t (id int, b int, a varchar(9)); CREATE INDEX i ON t (b)");
  way.go(columns("t", {{"a", "b"}, {"b", "a"}}));
  CHECK(way.way().losses.empty());
  CHECK(way.query("SELECT id, a, b FROM t") == "1|x|2");
  way.go_back();
  CHECK(way.query("SELECT id, a, b FROM t") == "1|2|x");
}

template <class Kind>
void chain_columns() {
  Way<Kind> way("CREATE TABLE t (id int, a varchar(9), b varchar(9))", "INSERT INTO t VALUES (1, 'x', 'y')",
                "CREATE TABLE t (id int, b varchar(9), c varchar(9))");
  way.go(columns("t", {{"a", "b"}, {"b", "c"}}));
  CHECK(way.query("SELECT b, c FROM t") == "x|y");
  way.go_back();
  CHECK(way.query("SELECT a, b FROM t") == "x|y");
}

template <class Kind>
void use_name_again() {
  Way<Kind> way("CREATE TABLE t (id int, price varchar(9))", "INSERT INTO t VALUES (1, '9.99 EUR')",
                "CREATE TABLE t (id int, price_text varchar(9), price int)");
  way.go(columns("t", {{"price", "price_text"}}));
  CHECK(way.query("SELECT price_text, price FROM t") == "9.99 EUR|NULL");
  way.go_back();
  CHECK(way.query("SELECT price FROM t") == "9.99 EUR");
}

template <class Kind>
void exchange_tables() {
  Way<Kind> way(
      "CREATE TABLE a (id int PRIMARY KEY NOT NULL); CREATE TABLE b (id int PRIMARY KEY NOT NULL, n int); "
      "CREATE TABLE c (a_id int REFERENCES a (id)); CREATE INDEX i ON a (id)",
      "INSERT INTO a VALUES (1); INSERT INTO b VALUES (2, 3); INSERT INTO c VALUES (1)",
      "CREATE TABLE b (id int PRIMARY KEY NOT NULL); CREATE TABLE a (id int PRIMARY KEY NOT NULL, n int); "
      "CREATE TABLE c (a_id int REFERENCES b (id)); CREATE INDEX i ON b (id)");
  way.go(tables({{"a", "b"}, {"b", "a"}}));
  CHECK(way.way().losses.empty());
  CHECK(way.query("SELECT a.id, n, b.id FROM a, b") == "2|3|1");
  way.go_back();
  CHECK(way.query("SELECT a.id, b.id, n FROM a, b") == "1|2|3");
}

/// As long as MariaDB, MySQL and PostgreSQL allow.
template <class Kind>
void exchange_long_names() {
  const bool is_postgres = std::is_same_v<Kind, fixture::PostgresDatabase>;
  const std::string end = is_postgres ? std::string(60, 'x') : std::string(58, 'x') + "äöü";
  const std::string a = "a_" + end;
  const std::string b = "b_" + end;
  Way<Kind> columns_way("CREATE TABLE t (" + a + " int, " + b + " varchar(9))", "INSERT INTO t VALUES (2, 'x')",
                        "CREATE TABLE t (" + b + " int, " + a + " varchar(9))");
  columns_way.go(columns("t", {{a, b}, {b, a}}));
  CHECK(columns_way.query("SELECT " + a + ", " + b + " FROM t") == "x|2");
  columns_way.go_back();
  CHECK(columns_way.query("SELECT " + a + ", " + b + " FROM t") == "2|x");
  Way<Kind> tables_way("CREATE TABLE " + a + " (id int); CREATE TABLE " + b + " (n int)",
                       "INSERT INTO " + a + " VALUES (1); INSERT INTO " + b + " VALUES (2)",
                       "CREATE TABLE " + b + " (id int); CREATE TABLE " + a + " (n int)");
  tables_way.go(tables({{a, b}, {b, a}}));
  CHECK(tables_way.query("SELECT id, n FROM " + a + ", " + b) == "1|2");
  tables_way.go_back();
  CHECK(tables_way.query("SELECT id, n FROM " + a + ", " + b) == "1|2");
}

template <class Kind>
void take_name_of_index() {
  Way<Kind> way("CREATE TABLE a (id int, n int); CREATE INDEX b ON a (n)", "INSERT INTO a VALUES (1, 2)",
                "CREATE TABLE b (id int, n int); CREATE INDEX a ON b (n)");
  way.go(tables({{"a", "b"}}));
  CHECK(way.query("SELECT id, n FROM b") == "1|2");
  way.go_back();
  CHECK(way.query("SELECT id, n FROM a") == "1|2");
}

namespace before {
struct Item {
  std::int32_t id{};
  std::string a;
  std::int32_t b{};
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::a>();
    item.column<&Item::b>();
  }
};
struct Alike {
  std::int32_t id{};
  std::string a;
  std::string b;
  static void describe(Entity<Alike>& alike) {
    alike.table({.name = "item"});
    alike.primary_generated<&Alike::id>();
    alike.column<&Alike::a>();
    alike.column<&Alike::b>();
  }
};
}  // namespace before

namespace after {
struct Item {
  std::int32_t id{};
  std::int32_t a{};
  std::string b;
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::a>({.renamed_from = "b"});
    item.column<&Item::b>({.renamed_from = "a"});
  }
};
struct Alike {
  std::int32_t id{};
  std::string a;
  std::string b;
  static void describe(Entity<Alike>& alike) {
    alike.table({.name = "item"});
    alike.primary_generated<&Alike::id>();
    alike.column<&Alike::a>({.renamed_from = "b"});
    alike.column<&Alike::b>({.renamed_from = "a"});
  }
};
struct Chain {
  std::int32_t id{};
  std::string b;
  std::int32_t c{};
  std::optional<std::string> a;
  static void describe(Entity<Chain>& chain) {
    chain.table({.name = "item"});
    chain.primary_generated<&Chain::id>();
    chain.column<&Chain::b>({.renamed_from = "a"});
    chain.column<&Chain::c>({.renamed_from = "b"});
    chain.column<&Chain::a>();
  }
};
}  // namespace after

}  // namespace

TEST_CASE("two columns exchange their names, with their values, there and back") {
  exchange_columns<fixture::Database>();
  exchange_columns<fixture::PostgresDatabase>();
}

TEST_CASE("a column gets the name that another gives up") {
  chain_columns<fixture::Database>();
  chain_columns<fixture::PostgresDatabase>();
}

TEST_CASE("a new column gets the name of one that is renamed") {
  use_name_again<fixture::Database>();
  use_name_again<fixture::PostgresDatabase>();
}

TEST_CASE("two tables exchange their names, with their rows, references and keys") {
  exchange_tables<fixture::Database>();
  exchange_tables<fixture::PostgresDatabase>();
}

TEST_CASE("names that leave no room for a prefix are exchanged") {
  exchange_long_names<fixture::Database>();
  exchange_long_names<fixture::PostgresDatabase>();
  exchange_long_names<fixture::MysqlDatabase>();
}

TEST_CASE("a table gets the name that an index gives up") {
  take_name_of_index<fixture::Database>();
  take_name_of_index<fixture::PostgresDatabase>();
}

TEST_CASE("values of an enum and constraints exchange their names") {
  Way<fixture::PostgresDatabase> way(
      "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE t (m mood, a int, b int, CONSTRAINT u UNIQUE (a), "
      "CONSTRAINT v UNIQUE (b), CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (b > 0))",
      "INSERT INTO t VALUES ('glad', 1, 2)",
      "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE t (m mood, a int, b int, CONSTRAINT v UNIQUE (a), "
      "CONSTRAINT u UNIQUE (b), CONSTRAINT d CHECK (a > 0), CONSTRAINT c CHECK (b > 0))");
  way.go(columns("mood", {{"glad", "sad"}, {"sad", "glad"}}));
  CHECK(way.query("SELECT * FROM t") == "sad|1|2");
  way.go_back();
  CHECK(way.query("SELECT * FROM t") == "glad|1|2");
}

TEST_CASE("an index moves with its name from a table that goes to one that is made anew") {
  OnSqlite way(
      "CREATE TABLE song (id INTEGER PRIMARY KEY, path TEXT, UNIQUE (path)); CREATE TABLE song_file (id INTEGER "
      "PRIMARY "
      "KEY, path TEXT); CREATE INDEX by_path ON song_file (path); CREATE TRIGGER tr DELETE ON song_file BEGIN SELECT "
      "1; "
      "END",
      "INSERT INTO song VALUES (1, 'p')",
      "CREATE TABLE song (id INTEGER PRIMARY KEY, path TEXT NOT NULL); CREATE INDEX by_path ON song (path); CREATE "
      "TRIGGER tr DELETE ON song BEGIN SELECT 1; END");
  way.go({});
  CHECK(way.query("SELECT * FROM song") == "1|p");
  way.go_back();
  CHECK(way.query("SELECT * FROM song") == "1|p");
}

TEST_CASE("a trigger moves with its name between two tables that are rebuilt, and takes the place of another one") {
  const std::string body = " BEGIN SELECT 1; END";
  for (const auto& [from, to] : {std::pair("a", "b"), std::pair("b", "a")}) {
    const std::string old = std::string("; CREATE TRIGGER old DELETE ON ") + to + body;
    OnSqlite way("CREATE TABLE a (x TEXT); CREATE TABLE b (x TEXT); CREATE TRIGGER tr DELETE ON " + (from + body) + old,
                 "INSERT INTO a VALUES ('x')",
                 "CREATE TABLE a (x TEXT NOT NULL); CREATE TABLE b (x TEXT NOT NULL); CREATE TRIGGER tr DELETE ON " +
                     (to + body));
    way.go({});
    CHECK(way.query("SELECT x FROM a") == "x");
    way.go_back();
  }
}

TEST_CASE("a trigger that is broken by itself stays on its table when that is renamed") {
  const auto schema = [](const std::string& table) {
    return "CREATE TABLE " + table + " (id INTEGER PRIMARY KEY); CREATE TRIGGER tr AFTER INSERT ON " + table +
           " BEGIN INSERT INTO missing VALUES (new.id); END";
  };
  OnSqlite way(schema("t"), "SELECT 1", schema("a"));
  way.go(tables({{"t", "a"}}));
  way.go_back();
}

TEST_CASE("a column is renamed under a view over a view, and under one with an asterisk") {
  for (const std::string base : {"SELECT a FROM t", "SELECT * FROM t"}) {
    const std::string wanted = base == "SELECT * FROM t" ? base : "SELECT z FROM t";
    OnSqlite way("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIEW v AS " + base +
                     "; CREATE VIEW w AS SELECT a FROM v; CREATE TRIGGER tr INSTEAD OF DELETE ON w BEGIN SELECT old.a; "
                     "END",
                 "INSERT INTO t VALUES (1, 'x')",
                 "CREATE TABLE t (id INTEGER PRIMARY KEY, z TEXT); CREATE VIEW v AS " + wanted +
                     "; CREATE VIEW w AS SELECT z FROM v; CREATE TRIGGER tr INSTEAD OF DELETE ON w BEGIN SELECT old.z; "
                     "END");
    way.go(columns("t", {{"a", "z"}}));
    CHECK(way.query("SELECT z FROM w") == "x");
    way.go_back();
    CHECK(way.query("SELECT a FROM w") == "x");
  }
}

TEST_CASE("a view or a trigger that is broken by itself stays as it was, whatever is renamed or dropped") {
  const std::string broken =
      "; CREATE VIEW brk AS SELECT nope FROM missing; CREATE TABLE o (x int); CREATE TRIGGER btr AFTER INSERT ON o "
      "BEGIN "
      "INSERT INTO missing VALUES (new.x); END";
  OnSqlite dropped("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)" + broken,
                   "INSERT INTO t VALUES (1, 'x', 'y')", "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT)" + broken);
  dropped.go({});
  CHECK(dropped.query("SELECT * FROM t") == "1|y");
  dropped.go_back();
  OnSqlite renamed("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)" + broken,
                   "INSERT INTO t VALUES (1, 'x', 'y')",
                   "CREATE TABLE t (id INTEGER PRIMARY KEY, z TEXT, b TEXT)" + broken);
  renamed.go(columns("t", {{"a", "z"}}));
  CHECK(renamed.query("SELECT * FROM t") == "1|x|y");
  CHECK(renamed.query("SELECT sql FROM sqlite_master WHERE name = 'brk'") ==
        "CREATE VIEW brk AS SELECT nope FROM missing");
  renamed.go_back();
}

TEST_CASE("a rename goes into triggers that name the thing without quotes, and back") {
  const std::string triggers =
      "CREATE TRIGGER tr AFTER INSERT ON item BEGIN INSERT INTO log SELECT new.a FROM item WHERE item.id = new.id; END";
  Trial trial;
  trial.arrive_at(entities<before::Item>());
  trial.query("CREATE TABLE log (t TEXT)");
  trial.query(triggers);
  trial.query("CREATE VIEW texts AS SELECT \"nothing\" AS n, t FROM log");
  trial.query("INSERT INTO item VALUES (1, 'x', 2)");
  trial.arrive_at(entities<after::Item>());
  trial.query("INSERT INTO item (id, a, b) VALUES (2, 3, 'y')");
  CHECK(trial.query("SELECT t FROM log ORDER BY t") == "x\ny");
  trial.revert_last();
  CHECK(trial.query("SELECT * FROM item") == "1|x|2\n2|y|3");
  trial.query("INSERT INTO item VALUES (3, 'z', 4)");
  CHECK(trial.query("SELECT count(*) FROM log") == "3");
}

TEST_CASE("renamed_from exchanges names once, if the columns themselves say whether it was done") {
  Trial trial;
  trial.arrive_at(entities<before::Item>());
  trial.query("INSERT INTO item VALUES (1, 'x', 2)");
  CHECK(trial.arrive_at(entities<after::Item>()).losses.empty());
  CHECK(trial.query("SELECT a, b FROM item") == "2|x");
  CHECK(trial.is_at(entities<after::Item>()));

  Trial alike;
  alike.arrive_at(entities<before::Alike>());
  const Error error = fixture::error_of([&] { static_cast<void>(alike.look(entities<after::Alike>())); });
  CHECK(error.kind() == ErrorKind::undecided);
  CHECK(fixture::mentions(error, "\"b\" to \"a\""));
}

TEST_CASE("renamed_from can be a chain whose first name a new column gets") {
  Trial trial;
  trial.arrive_at(entities<before::Item>());
  trial.query("INSERT INTO item VALUES (1, 'x', 2)");
  CHECK(trial.arrive_at(entities<after::Chain>()).losses.empty());
  CHECK(trial.query("SELECT b, c, a FROM item") == "x|2|NULL");
  trial.revert_last();
  CHECK(trial.query("SELECT a, b FROM item") == "x|2");
}
