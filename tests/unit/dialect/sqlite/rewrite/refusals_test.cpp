#include <doctest/doctest.h>

#include "unit/fixture/schema_file.h"

using namespace whimbrel;
using fixture::way;
using File = fixture::SchemaFile;

TEST_CASE("SQLite: a table that a foreign key references does not become a view") {
  const std::string child = "CREATE TABLE c(id INTEGER PRIMARY KEY, p_id REFERENCES p(id));";
  const File old("CREATE TABLE p(id INTEGER PRIMARY KEY);" + child);
  const std::string view = "CREATE VIEW p AS SELECT 1 AS id;";
  const Error error = fixture::error_of([&] { static_cast<void>(way(old, File(view + child))); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "\"p\" would become a view"));
  CHECK(!way(old, File(view + "CREATE TABLE c(id INTEGER PRIMARY KEY, p_id);")).empty());
}

TEST_CASE("SQLite: a foreign key that stays keeps the unique index that it needs") {
  const auto schema = [](const std::string& parent, const std::string& index, const std::string& child) {
    return "CREATE TABLE p(a, b" + parent + ");" + index + "CREATE TABLE c(x " + child + ")";
  };
  const std::string index = "CREATE UNIQUE INDEX u ON p(a);";
  const std::string key = "REFERENCES P(A)";
  const File old(schema("", index, key));
  for (const std::string other : {"", "CREATE UNIQUE INDEX u ON p(a) WHERE b > 0;", "CREATE INDEX u ON p(a);",
                                  "CREATE UNIQUE INDEX u ON p(a, b);", "CREATE UNIQUE INDEX u ON p(a || '');"}) {
    CAPTURE(other);
    const Error error = fixture::error_of([&] { static_cast<void>(way(old, File(schema("", other, key)))); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "would lose the unique index that a foreign key of \"c\" needs"));
    CHECK(!way(File(schema("", other, key)), old).empty());
    CHECK(!way(old, File(schema("", other, ""))).empty());
  }
  CHECK(!way(old, File(schema(", UNIQUE (a)", "", key))).empty());
  CHECK(!way(old, File(schema("", "CREATE UNIQUE INDEX w ON p(\"A\");", key))).empty());
  CHECK(!way(old, File(schema(", d", index, key))).empty());
  const File composite(
      "CREATE TABLE p(a, b, UNIQUE (a, b)); CREATE TABLE c(x, y, FOREIGN KEY (x, y) REFERENCES p(b, a))");
  const File turned("CREATE TABLE p(a, b, UNIQUE (b, a)); CREATE TABLE c(x, y, FOREIGN KEY (x, y) REFERENCES p(b, a))");
  CHECK(!way(composite, turned).empty());
}

TEST_CASE("SQLite: a foreign key needs only a unique index with the collations of the columns") {
  const auto schema = [](const std::string& column, const std::string& keys, const std::string& index) {
    return "CREATE TABLE p(" + column + ", b" + keys + ");" + index + "CREATE TABLE c(x REFERENCES p(a))";
  };
  const std::string nocase = "CREATE UNIQUE INDEX u ON p(a COLLATE NOCASE);";
  const std::string binary = "CREATE UNIQUE INDEX u ON p(a COLLATE BINARY);";
  const std::string plain = "CREATE UNIQUE INDEX u ON p(a);";
  const auto check_allowed = [](const std::string& from, const std::string& to) {
    CAPTURE(from);
    CHECK_NOTHROW(static_cast<void>(way(File(from), File(to))));
  };
  check_allowed(schema("a", "", nocase), schema("a", "", ""));
  check_allowed(schema("a", ", UNIQUE (a COLLATE NOCASE)", ""), schema("a", "", ""));
  check_allowed(schema("a COLLATE NOCASE", "", binary), schema("a COLLATE NOCASE", "", ""));
  check_allowed(schema("a", "", plain), schema("a", "", binary));
  check_allowed(schema("a COLLATE NOCASE", "", plain), schema("a COLLATE NOCASE", "", nocase));
  check_allowed(schema("a integer", ", PRIMARY KEY (a COLLATE NOCASE)", plain),
                schema("a integer", ", PRIMARY KEY (a COLLATE NOCASE)", ""));
  const auto check_refused = [](const std::string& from, const std::string& to) {
    CAPTURE(to);
    const Error error = fixture::error_of([&] { static_cast<void>(way(File(from), File(to))); });
    CHECK(fixture::mentions(error, "would lose the unique index that a foreign key of \"c\" needs"));
  };
  check_refused(schema("a", "", binary), schema("a", "", nocase));
  check_refused(schema("a", "", plain), schema("a", ", UNIQUE (a COLLATE RTRIM)", ""));
  check_refused(schema("a COLLATE NOCASE", "", nocase), schema("a COLLATE NOCASE", "", binary));
}

TEST_CASE("SQLite: a backfill names columns that exist") {
  const File old("CREATE TABLE t(id INTEGER PRIMARY KEY, name); CREATE TABLE u(x)");
  const File made("CREATE TABLE t(id INTEGER PRIMARY KEY, name, a text NOT NULL); CREATE TABLE u(x)");
  const auto with = [&](const std::string& backfill) {
    diff::Answers answers;
    answers.backfills[{"t", "a"}] = backfill;
    static_cast<void>(way(old, made, answers));
  };
  const Error error = fixture::error_of([&] { with("\"nope\" || name"); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(fixture::mentions(error, "no such column: nope"));
  for (const char* const right : {"\"name\" || 'nope'", "'\"nope\"'", "(SELECT \"x\" FROM u)", "\"rowid\""}) {
    CAPTURE(right);
    CHECK_NOTHROW(with(right));
  }
}

TEST_CASE(
    "SQLite: a new column that a kept expression reads as a string is refused, and a single-quoted string is not") {
  const auto with = [](const std::string& column, const std::string& more, const std::string& index) {
    return "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT" + column + more + ");" + index;
  };
  const auto predicate = [](const std::string& text) { return "CREATE INDEX i ON t(a) WHERE a <> " + text; };
  const auto check_refused = [](const std::string& without, const std::string& with_column, const std::string& reader) {
    CAPTURE(reader);
    for (const bool back : {false, true}) {
      const Error error = fixture::error_of([&] {
        static_cast<void>(back ? way(File(with_column), File(without)) : way(File(without), File(with_column)));
      });
      CHECK(error.kind() == ErrorKind::unsafe);
      CHECK(fixture::mentions(error, "The " + reader + " of table \"t\" has \"foo\" in double quotes"));
    }
  };
  const std::string column = ", foo TEXT";
  check_refused(with("", "", predicate("\"foo\"")), with(column, "", predicate("\"foo\"")), "index \"i\"");
  const std::string check = ", CONSTRAINT c CHECK (a <> \"foo\" || 'd')";
  check_refused(with("", check, ""), with(column, check, ""), "check constraint \"c\"");
  check_refused(with("", ", g AS (a || \"foo\")", ""), with(", g AS (a || \"foo\")", column, ""),
                "generated column \"g\"");

  const File there(with("", "", predicate("\"foo\"")));
  there.query("INSERT INTO t VALUES (1, 'x'), (2, 'foo')");
  const File wanted(with(column, "", predicate("'foo'")));
  const change::SchemaChange change = way(there, wanted);
  there.apply(change.script.up);
  CHECK(way(there, wanted).empty());
  CHECK(there.query("PRAGMA integrity_check") == "ok");
  there.apply(change.script.down);
  CHECK(there.query("PRAGMA integrity_check") == "ok");
}

TEST_CASE("SQLite: a column that hides the row number in a kept check constraint or index is refused") {
  const auto with = [](const std::string& column, const std::string& more, const std::string& index) {
    return "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT" + column + more + ");" + index;
  };
  const auto check_refused = [](const std::string& without, const std::string& with_column, const std::string& words) {
    CAPTURE(words);
    for (const bool back : {false, true}) {
      const Error error = fixture::error_of([&] {
        static_cast<void>(back ? way(File(with_column), File(without)) : way(File(without), File(with_column)));
      });
      CHECK(error.kind() == ErrorKind::unsafe);
      CHECK(fixture::mentions(error, words));
    }
  };
  const std::string column = ", oid integer";
  const std::string check = ", CONSTRAINT c CHECK (\"OID\" < 9)";
  const std::string index = "CREATE INDEX i ON t(a) WHERE t.oid > 2";
  check_refused(with("", check, ""), with(column, check, ""),
                "The check constraint \"c\" of table \"t\" reads \"oid\"");
  check_refused(with("", "", index), with(column, "", index), "The index \"i\" of table \"t\" reads \"oid\"");
  const std::string other = ", CHECK (rowid < 9 AND a <> 'oid')";
  CHECK(!way(File(with("", other, "")), File(with(column, other, ""))).empty());
  CHECK(!way(File(with("", "", index)), File(with(column, "", "CREATE INDEX i ON t(a) WHERE id > 2"))).empty());
  CHECK(!way(File(with("", "", index)), File(with(", b integer", "", index))).empty());
}

TEST_CASE("SQLite: a column of the name of the row number can be in the key of an index, and be the row number") {
  const std::string without = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX i ON t(a)";
  for (const char* const index : {"CREATE INDEX i ON t(oid)", "CREATE INDEX i ON t(a, oid)",
                                  "CREATE INDEX i ON t(abs(oid))", "CREATE INDEX i ON t(oid) WHERE a > 1"}) {
    CAPTURE(index);
    const std::string with_column = std::string("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, oid INTEGER);") + index;
    CHECK(!way(File(without), File(with_column)).empty());
    CHECK(!way(File(with_column), File(without)).empty());
  }
  const File unnamed("CREATE TABLE t(a TEXT, CHECK (rowid > 0)); CREATE INDEX i ON t(a) WHERE rowid > 2");
  const File named(
      "CREATE TABLE t(rowid INTEGER PRIMARY KEY, a TEXT, CHECK (rowid > 0));"
      "CREATE INDEX i ON t(a) WHERE rowid > 2");
  CHECK(!way(unnamed, named).empty());
  CHECK(!way(named, unnamed).empty());
  const Error error = fixture::error_of(
      [&] { static_cast<void>(way(unnamed, File("CREATE TABLE t(a TEXT, rowid INTEGER, CHECK (rowid > 0))"))); });
  CHECK(fixture::mentions(error, "The check constraint (rowid > 0) of table \"t\""));
}

TEST_CASE("SQLite: a column that hides the row number which a view passes to a full-text index is refused") {
  const auto schema = [](const std::string& column) {
    return "CREATE TABLE post(title" + column +
           "); CREATE VIEW pv AS SELECT rowid AS id, title FROM post;"
           "CREATE VIRTUAL TABLE f USING fts5(title, content='pv', content_rowid='id')";
  };
  const Error error = fixture::error_of([&] { static_cast<void>(way(File(schema("")), File(schema(", rowid")))); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "would hide the row number of that name, which virtual table \"f\" reads"));
  CHECK_NOTHROW(static_cast<void>(way(File(schema("")), File(schema(", other")))));
  const auto keyed = [](const std::string& column) {
    return "CREATE TABLE t(id integer PRIMARY KEY, a" + column +
           "); CREATE VIEW fv AS SELECT id, a FROM t;"
           "CREATE VIRTUAL TABLE f USING fts5(a, content='fv', content_rowid='id')";
  };
  CHECK_NOTHROW(static_cast<void>(way(File(keyed("")), File(keyed(", oid")))));
}
