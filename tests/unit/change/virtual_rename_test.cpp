#include <doctest/doctest.h>

#include "unit/fixture/schema_file.h"

// Full-text indexes whose columns are renamed, in their table or under their view.

using namespace whimbrel;
using fixture::way;
using File = fixture::SchemaFile;

namespace {

diff::Answers renamed(const std::vector<std::pair<std::string, std::string>>& columns) {
  diff::Answers answers;
  for (const auto& [from, to] : columns) answers.column_renames.push_back({"t", from, to});
  return answers;
}

/// Goes there and back. The index must always be as it would be if it were filled now.
void go(const std::string& from, const std::string& to, const diff::Answers& answers, bool has_rank = true) {
  CAPTURE(from);
  CAPTURE(to);
  const std::string rows =
      ";INSERT INTO t(id, a, b) VALUES (1, 'one', 'two'), (2, 'three', 'four'); INSERT INTO f(f) VALUES ('rebuild')";
  const std::string check =
      has_rank ? "INSERT INTO f(f, rank) VALUES ('integrity-check', 1)" : "INSERT INTO f(f) VALUES ('integrity-check')";
  const File file(from + rows);
  const File wanted(to);
  const change::SchemaChange there = way(file, wanted, answers);
  file.apply(there.script.up);
  CHECK(way(file, wanted).empty());
  CHECK_NOTHROW(file.query(check));
  file.apply(there.script.down);
  CHECK(way(file, File(from)).empty());
  CHECK_NOTHROW(file.query(check));
}

const std::string table = "CREATE TABLE t(id INTEGER PRIMARY KEY, a text, b text);";
const std::string index_of_view = "CREATE VIRTUAL TABLE f USING fts5(a, b, content='v', content_rowid='id')";

}  // namespace

TEST_CASE("an index is filled from a new column that takes the name of a renamed one") {
  for (const char* const column : {"a text", "a text DEFAULT 'zz'", "a AS (lower(old))"}) {
    const std::string made = "CREATE TABLE t(id INTEGER PRIMARY KEY, old text, b text, " + std::string(column) + ");";
    for (const char* const index : {"fts5(a, content='t', content_rowid='id')",
                                    "fts5(a, b, content='t', content_rowid='id')", "fts4(a, content=\"t\")"}) {
      const std::string made_index = "CREATE VIRTUAL TABLE f USING " + std::string(index);
      go(table + made_index, made + made_index, renamed({{"a", "old"}}), made_index.find("fts5") != std::string::npos);
    }
  }
}

TEST_CASE("an index over a view is filled after the columns under the view are renamed") {
  for (const char* const view : {"CREATE VIEW v AS SELECT * FROM t;", "CREATE VIEW v AS SELECT id, a, b FROM t;",
                                 "CREATE VIEW w AS SELECT * FROM t; CREATE VIEW v AS SELECT id, a, b FROM w;"}) {
    go(table + view + index_of_view, table + view + index_of_view, renamed({{"a", "b"}, {"b", "a"}}));
  }
}

TEST_CASE("an index over a view is filled from a new column that takes the name of a renamed one") {
  const std::string made = "CREATE TABLE t(id INTEGER PRIMARY KEY, a_old text, b text, a text);";
  for (const char* const view : {"CREATE VIEW v AS SELECT * FROM t;", "CREATE VIEW v AS SELECT id, a, b FROM t;",
                                 "CREATE VIEW w AS SELECT * FROM t; CREATE VIEW v AS SELECT id, a, b FROM w;"}) {
    go(table + view + index_of_view, made + view + index_of_view, renamed({{"a", "a_old"}}));
  }
}

TEST_CASE("an index over a view is filled when the view reads another view where it read a table") {
  const std::string top = "CREATE VIEW v AS SELECT id, a, b FROM x UNION ALL SELECT id, a, b FROM t;" + index_of_view;
  go(table + "CREATE TABLE x(id INTEGER PRIMARY KEY, a text, b text); INSERT INTO x VALUES (7, 'seven', '');" + top,
     table + "CREATE VIEW x AS SELECT 8 AS id, 'eight' AS a, '' AS b;" + top, {});
}

TEST_CASE("an index over a view is left as it is when columns elsewhere are renamed") {
  const std::string view = "CREATE VIEW v AS SELECT id, a, b FROM x;" + index_of_view;
  const std::string read = "CREATE TABLE x(id INTEGER PRIMARY KEY, a text, b text);";
  const File file(table + read + view);
  const File wanted("CREATE TABLE t(id INTEGER PRIMARY KEY, a text, c text);" + read + view);
  CHECK(way(file, wanted, renamed({{"b", "c"}})).script.up.size() == 1);
}

TEST_CASE("a new column does not hide the row number that an index reads") {
  const std::string index = "CREATE VIRTUAL TABLE f USING fts5(a, content='t')";
  const File old("CREATE TABLE t(a text);" + index);
  for (const char* const made : {"CREATE TABLE t(a text, rowid text);", "CREATE TABLE t(rowid text, a text);"}) {
    CAPTURE(made);
    const Error error = fixture::error_of([&] { static_cast<void>(way(old, File(made + index))); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "column \"rowid\" of table \"t\" would hide"));
  }
  const File more("CREATE TABLE t(a text, b text);" + index);
  const Error error = fixture::error_of([&] {
    static_cast<void>(way(more, File("CREATE TABLE t(a text, rowid text);" + index), renamed({{"b", "rowid"}})));
  });
  CHECK(fixture::mentions(error, "would hide"));
  CHECK(!way(old, File("CREATE TABLE t(a text, oid text);" + index)).empty());
}
