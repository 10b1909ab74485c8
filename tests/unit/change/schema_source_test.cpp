#include "change/schema_source.h"

#include <doctest/doctest.h>

#include <fstream>

#include "operation/describe.h"
#include "support/version.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::change;

namespace {

using Lines = std::vector<std::string>;

/// Files of SQL, loaded and compared.
class Files {
 public:
  SchemaSource load(const std::string& script) {
    const std::string path = directory_.file(std::to_string(++count_) + ".sql");
    std::ofstream(path, std::ios::binary) << script;
    return read_script(sqlite::driver(), "", path);
  }

  /// The changes in words, a line each.
  std::string changes(const std::string& from, const std::string& to) {
    std::string words;
    for (const operation::Operation& operation : compare_whole(load(from), load(to), {}).operations) {
      words += operation::describe(operation) + '\n';
    }
    return words;
  }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_.file(name); }

 private:
  test::TemporaryDirectory directory_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("between whole schemas everything that is written is compared") {
  Files files;
  const auto differ = [&](const std::string& a, const std::string& b) {
    return !files.changes(a, b).empty() && !files.changes(b, a).empty() && files.changes(a, a).empty();
  };
  CHECK(differ("CREATE TABLE t (a, PRIMARY KEY (a))", "CREATE TABLE t (a, CONSTRAINT k PRIMARY KEY (a))"));
  CHECK(differ("CREATE TABLE t (a, UNIQUE (a))", "CREATE TABLE t (a, CONSTRAINT u UNIQUE (a))"));
  CHECK(differ("CREATE TABLE t (a, UNIQUE (a))", "CREATE TABLE t (a, UNIQUE (a) ON CONFLICT IGNORE)"));
  CHECK(differ("CREATE TABLE t (a PRIMARY KEY)", "CREATE TABLE t (a PRIMARY KEY ON CONFLICT REPLACE)"));
  CHECK(differ("CREATE TABLE t (a NOT NULL)", "CREATE TABLE t (a NOT NULL ON CONFLICT ABORT)"));
  CHECK(differ("CREATE TABLE t (a CHECK (a > 0))", "CREATE TABLE t (a, CONSTRAINT c CHECK (a > 0))"));
  CHECK(differ("CREATE TABLE t (a REFERENCES t)", "CREATE TABLE t (a REFERENCES t MATCH FULL)"));
  CHECK(differ("CREATE TABLE t (a REFERENCES t)", "CREATE TABLE t (a REFERENCES t DEFERRABLE INITIALLY DEFERRED)"));
  CHECK(differ("CREATE TABLE t (a); CREATE INDEX i ON t (a)", "CREATE TABLE t (a); CREATE INDEX j ON t (a)"));
  CHECK(differ("CREATE TABLE t (a); CREATE INDEX i ON t (a)",
               "CREATE TABLE t (a); CREATE INDEX i ON t (a COLLATE NOCASE)"));
  CHECK(differ("CREATE TABLE t (a); CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END",
               "CREATE TABLE t (a); CREATE TRIGGER r DELETE ON t BEGIN SELECT 2; END"));
  CHECK(differ("CREATE VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 2"));
  if (test::has_sqlite(37)) CHECK(differ("CREATE TABLE t (a int)", "CREATE TABLE t (a int) STRICT"));
}

TEST_CASE("what says the same is no difference, however it is written") {
  Files files;
  const std::string shouted = "CREATE TABLE t(\"a\" INTEGER PRIMARY KEY, b TEXT DEFAULT 'x', CHECK ( b <> '' ))";
  CHECK(files.changes("create table [T] (a integer primary key, b text default ('x') check(b<>''))", shouted).empty());
  const std::string said = "CREATE TABLE t (a COLLATE NOCASE); CREATE INDEX i ON t (a COLLATE NOCASE)";
  const std::string unsaid = "CREATE TABLE t (a COLLATE NOCASE); CREATE INDEX i ON t (a)";
  CHECK(files.changes(said, unsaid).empty());
  CHECK(files.changes(unsaid, said).empty());
}

TEST_CASE("a script is loaded whole, whatever its rows refer to") {
  Files files;
  const SchemaSource source = files.load(
      "\xEF\xBB\xBF-- a dump\nCREATE TABLE child (p REFERENCES parent); INSERT INTO child VALUES (7);\n"
      "CREATE TABLE parent (id INTEGER PRIMARY KEY);\nCREATE VIRTUAL TABLE search USING fts5(body);");
  CHECK(source.schema.tables.size() == 2);
  CHECK(source.schema.objects.size() == 1);
  CHECK(source.unsupported_objects.empty());
}

TEST_CASE("a script that fails says which file, which statement and where") {
  Files files;
  const Error error =
      fixture::error_of([&] { static_cast<void>(files.load("CREATE TABLE a (b); CREATE TABEL c (d);")); });
  CHECK(error.kind() == ErrorKind::statement);
  CHECK(fixture::mentions(error, "1.sql cannot be loaded"));
  CHECK(error.statement() == "CREATE TABEL c (d)");
  CHECK(error.statement_offset() == (test::has_sqlite(38) ? 7 : -1));
  const Error missing = fixture::error_of([&] { static_cast<void>(read_script(sqlite::driver(), "", "nowhere.sql")); });
  CHECK(missing.kind() == ErrorKind::file);
  CHECK(fixture::mentions(missing, "nowhere.sql"));
}

TEST_CASE("a database that is not there is an error and is not made") {
  const fixture::Database database;
  const Error error =
      fixture::error_of([&] { static_cast<void>(read_database(detail::linked_drivers(), database.url())); });
  CHECK(error.kind() == ErrorKind::connection);
  CHECK_FALSE(database.exists());
}

TEST_CASE("only the schemas that are named are compared, and one that is not there is a mistake") {
  Files files;
  SchemaSource source = files.load("CREATE TABLE t (a); CREATE VIEW v AS SELECT 1");
  keep_schemas({&source}, {"MAIN"});
  CHECK(source.schema.tables.size() == 1);
  CHECK(source.schema.views.size() == 1);
  SchemaSource empty = files.load("");
  keep_schemas({&empty}, {"main"});
  const Error error = fixture::error_of([&] { keep_schemas({&source}, {"main", "shop"}); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(fixture::mentions(error, "\"shop\""));
}

TEST_CASE("the way back says what it loses") {
  Files files;
  const SchemaSource from = files.load("CREATE TABLE t (a)");
  const SchemaSource to = files.load("CREATE TABLE t (a, b)");
  const SchemaChange way = compare_whole(from, to, {});
  CHECK(way.losses.empty());
  const SchemaChange back = reversed(way);
  CHECK(back.losses.size() == 1);
  CHECK(back.script.up == way.script.down);
  CHECK(back.target == way.current);
}

TEST_CASE("what keeps values otherwise loses them, be it a type or an option of the table") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(37), "strict tables");
  Files files;
  const auto way = [&](const std::string& from, const std::string& to) {
    return compare_whole(files.load(from), files.load(to), {});
  };
  const std::string strict = "CREATE TABLE t (id INTEGER PRIMARY KEY, x ANY, y TEXT) STRICT";
  const SchemaChange loosened = way(strict, "CREATE TABLE t (id INTEGER PRIMARY KEY, x ANY, y TEXT)");
  CHECK(loosened.losses ==
        Lines{"part of the values of column \"x\" of \"t\" (type ANY in a table with different options, which converts "
              "text that looks like a number, such as '01234' to 1234)"});
  CHECK(loosened.down_losses.empty());
  CHECK(
      way(strict, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y TEXT)").losses ==
      Lines{"part of the values of column \"x\" of \"t\" (lossy conversion from ANY to TEXT, which converts numbers to "
            "text)"});
  CHECK(way(strict, "CREATE TABLE t (id INTEGER PRIMARY KEY, y TEXT)").losses.size() == 1);
}

TEST_CASE("a counter's position is lost with the counter") {
  Files files;
  const SchemaChange gone = compare_whole(files.load("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)"),
                                          files.load("CREATE TABLE t (a INTEGER PRIMARY KEY)"), {});
  CHECK(gone.losses == Lines{"the current auto-increment value of column \"a\" of \"t\""});
  CHECK(gone.down_losses.empty());
  CHECK(reversed(gone).losses.empty());
}

TEST_CASE("a key that becomes the rowid's numbers the rows that have none, which is no failure") {
  Files files;
  const Lines numbered = {"NULLs in column \"id\" of \"t\", which are replaced by generated numbers"};
  for (const char* const from : {"CREATE TABLE t (id INT PRIMARY KEY)", "CREATE TABLE t (id INTEGER)"}) {
    const SchemaChange way = compare_whole(files.load(from), files.load("CREATE TABLE t (id INTEGER PRIMARY KEY)"), {});
    CHECK(way.losses == numbered);
    CHECK(way.down_losses.empty());
    for (const std::string& note : way.notes) CHECK(note.find("holds NULL") == note.npos);
    CHECK(compare_whole(files.load("CREATE TABLE t (id INTEGER PRIMARY KEY)"), files.load(from), {}).down_losses ==
          numbered);
  }
  const SchemaChange refused =
      compare_whole(files.load("CREATE TABLE t (id INT)"), files.load("CREATE TABLE t (id INT NOT NULL)"), {});
  CHECK(refused.losses.empty());
  CHECK(refused.notes == Lines{"fails if column \"id\" of \"t\" holds NULL"});
}
