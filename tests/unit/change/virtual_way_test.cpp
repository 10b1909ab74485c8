#include <doctest/doctest.h>

#include <algorithm>

#include "unit/fixture/schema_file.h"

using namespace whimbrel;
using fixture::way;
using File = fixture::SchemaFile;

namespace {

using Texts = std::vector<std::string>;

/// Goes there, and looks that nothing is left to do.
change::SchemaChange go(const File& from, const File& to, const diff::Answers& answers = {}) {
  const change::SchemaChange there = way(from, to, answers);
  from.apply(there.script.up);
  CHECK(way(from, to).empty());
  return there;
}

/// Is the index as it would be if it were filled now?
void require_whole(const File& file, const std::string& index) {
  CHECK_NOTHROW(file.query("INSERT INTO " + index + "(" + index + ", rank) VALUES ('integrity-check', 1)"));
}

}  // namespace

TEST_CASE("a table that is named like one of a module's is compared, and kept when an index is made beside it") {
  const std::string table = "CREATE TABLE doc_content(id INTEGER PRIMARY KEY, body TEXT);";
  const File plain(table + "INSERT INTO doc_content VALUES (1, 'only copy')");
  for (const std::string content : {"content=''", "content='doc_content', content_rowid='id'"}) {
    CAPTURE(content);
    const File searched(table + "CREATE VIRTUAL TABLE doc USING fts5(body, " + content + ")");
    const change::SchemaChange there = go(plain, searched);
    CHECK(there.losses.empty());
    CHECK(plain.query("SELECT body FROM doc_content") == "only copy");
    plain.apply(there.script.down);
    CHECK(plain.query("SELECT body FROM doc_content") == "only copy");
  }
  const File searched(table + "CREATE VIRTUAL TABLE doc USING fts5(body, content='doc_content', content_rowid='id')");
  const File more(
      "CREATE TABLE doc_content(id INTEGER PRIMARY KEY, body TEXT, more TEXT);"
      "CREATE VIRTUAL TABLE doc USING fts5(body, content='doc_content', content_rowid='id');"
      "CREATE TRIGGER g AFTER INSERT ON doc_content BEGIN INSERT INTO doc(rowid, body) VALUES (new.id, new.body); END");
  CHECK(!way(searched, more).empty());
  const change::SchemaChange there = go(searched, more);
  searched.apply(there.script.down);
}

TEST_CASE("a table goes as any other where a module makes one of its name, and comes back after the module's") {
  const File plain("CREATE TABLE doc_content(id INTEGER PRIMARY KEY, body TEXT)");
  const File searched("CREATE VIRTUAL TABLE doc USING fts5(body)");
  const change::SchemaChange there = go(plain, searched);
  CHECK(there.losses == Texts{"the rows of table \"doc_content\""});
  plain.apply(there.script.down);
  CHECK(plain.query("SELECT group_concat(name) FROM sqlite_master") == "doc_content");

  const File bare("CREATE TABLE doc_content(a); CREATE VIRTUAL TABLE doc USING fts5(body, content='')");
  const change::SchemaChange filled = go(bare, searched);
  CHECK(std::count(filled.losses.begin(), filled.losses.end(), "the rows of table \"doc_content\"") == 1);
  bare.apply(filled.script.down);
  CHECK(bare.query("SELECT count(*) FROM doc_content") == "0");
}

TEST_CASE("a table that SQLite would drop with a virtual one is an error") {
  const std::string hits = "CREATE TABLE page_stat(id INTEGER PRIMARY KEY, hits INT)";
  const File old("CREATE VIRTUAL TABLE page USING fts3(body);" + hits);
  const File made("CREATE VIRTUAL TABLE page USING fts3(body, more);" + hits);
  for (const File* const to : {&made, static_cast<const File*>(nullptr)}) {
    const File none(hits);
    const Error error = fixture::error_of([&] { static_cast<void>(way(old, to == nullptr ? none : *to)); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "SQLite would also drop table \"page_stat\""));
  }
}

TEST_CASE("texts are not taken over from a table whose name the module needs") {
  const File made("CREATE VIRTUAL TABLE f USING fts5(a)");
  for (const std::string content : {"f_content", "t"}) {
    CAPTURE(content);
    const File old("CREATE TABLE f_content(a); CREATE TABLE t(a); CREATE VIRTUAL TABLE f USING fts5(a, content='" +
                   content + "')");
    const Error error = fixture::error_of([&] { static_cast<void>(way(old, made)); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "cannot copy the contents of table \"" + content + "\" while table \"f_content\""));
  }
}

TEST_CASE("the language of each row is copied with it, and numbers that change are named") {
  const File old(
      "CREATE VIRTUAL TABLE f USING fts4(a, languageid=lid); INSERT INTO f(docid, a, lid) VALUES (4, 'x', 3), (6, 'z', "
      "5);"
      "CREATE VIRTUAL TABLE r USING rtree(id, x0, x1); INSERT INTO r VALUES (7, 1.5, 2.5)");
  const File made(
      "CREATE VIRTUAL TABLE f USING fts4(a, languageid=lid, prefix=\"2\");"
      "CREATE VIRTUAL TABLE r USING rtree_i32(id, x0, x1)");
  const change::SchemaChange there = go(old, made);
  CHECK(old.query("SELECT docid, a, lid FROM f") == "4|x|3\n6|z|5");
  CHECK(there.notes == Texts{"the coordinates in virtual table \"r\" lose their fraction: it stores integers"});
  CHECK(there.down_notes ==
        Texts{"the coordinates in virtual table \"r\" lose digits beyond 16777216: it stores 32-bit numbers"});
  const File bare("CREATE VIRTUAL TABLE f USING fts4(a); CREATE VIRTUAL TABLE r USING rtree(id, x0, x1)");
  CHECK(way(made, bare).losses == Texts{"the values of columns (lid) of virtual table \"f\""});
}

TEST_CASE("an index over a view is filled anew when the view shows something else") {
  const auto schema = [](const std::string& value) {
    return "CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE VIEW base AS SELECT id, " + value +
           " AS a FROM t; CREATE VIEW v AS SELECT * FROM base;"
           "CREATE VIRTUAL TABLE f USING fts5(a, content=v, content_rowid=id);"
           "CREATE VIRTUAL TABLE g USING fts5(a, content=base, content_rowid=id)";
  };
  const File old(schema("a") +
                 "; INSERT INTO t VALUES (7, 'run'); INSERT INTO f(f) VALUES ('rebuild'); INSERT INTO g(g) VALUES "
                 "('rebuild')");
  const change::SchemaChange there = go(old, File(schema("'new' || a")));
  for (const std::string index : {"f", "g"}) {
    CHECK(old.query("SELECT rowid FROM " + index + " WHERE " + index + " MATCH 'newrun'") == "7");
    require_whole(old, index);
  }
  old.apply(there.script.down);
  CHECK(old.query("SELECT rowid FROM f WHERE f MATCH 'run'") == "7");
  require_whole(old, "f");
}

TEST_CASE("an index over a view is filled anew when a table may show something else through it") {
  const auto schema = [](const std::string& type) {
    return "CREATE TABLE t(id INTEGER PRIMARY KEY, a " + type +
           "); CREATE VIEW v AS SELECT id, 'is' || a AS a FROM t;"
           "CREATE VIRTUAL TABLE f USING fts5(a, content=v, content_rowid=id)";
  };
  const File old(schema("TEXT") + "; INSERT INTO t VALUES (7, '08'); INSERT INTO f(f) VALUES ('rebuild')");
  const change::SchemaChange there = go(old, File(schema("INTEGER")));
  CHECK(old.query("SELECT rowid FROM f WHERE f MATCH 'is8'") == "7");
  require_whole(old, "f");
}

TEST_CASE("an index is filled after the view that it reads is made") {
  const auto schema = [](const std::string& view) {
    return "CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE VIEW " + view +
           " AS SELECT * FROM t; CREATE VIRTUAL TABLE f USING fts5(a, content=" + view + ", content_rowid=id)";
  };
  const File old(schema("v") + "; INSERT INTO t VALUES (7, 'run'); INSERT INTO f(f) VALUES ('rebuild')");
  const change::SchemaChange there = go(old, File(schema("w")));
  CHECK(old.query("SELECT rowid FROM f WHERE f MATCH 'run'") == "7");
  old.apply(there.script.down);
  CHECK(old.query("SELECT rowid FROM f WHERE f MATCH 'run'") == "7");
  const File empty("CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (7, 'run')");
  static_cast<void>(go(empty, File(schema("v"))));
  CHECK(empty.query("SELECT rowid FROM f WHERE f MATCH 'run'") == "7");
}

TEST_CASE("texts are taken over from a table before it goes") {
  const File old(
      "CREATE TABLE t(a); CREATE VIRTUAL TABLE f USING fts5(a, content=t); INSERT INTO t VALUES ('x'); INSERT INTO "
      "f(f) "
      "VALUES ('rebuild');"
      "CREATE TABLE u(b); CREATE VIRTUAL TABLE g USING fts4(content=\"u\"); INSERT INTO u VALUES ('y'); INSERT INTO "
      "g(g) "
      "VALUES ('rebuild');"
      "CREATE TABLE w(c); CREATE VIRTUAL TABLE h USING fts4(content=\"w\")");
  const File made("CREATE VIRTUAL TABLE f USING fts5(a); CREATE VIRTUAL TABLE g USING fts4(b)");
  const change::SchemaChange there = go(old, made);
  CHECK(old.query("SELECT (SELECT a FROM f WHERE f MATCH 'x'), (SELECT b FROM g WHERE g MATCH 'y')") == "x|y");
  old.apply(there.script.down);
  CHECK(old.query("SELECT count(*) FROM sqlite_master WHERE name IN ('t', 'u', 'w', 'f', 'g', 'h')") == "6");
}

TEST_CASE("an index that has its columns from a table goes with the renamed table, there and back") {
  const File old(
      "CREATE TABLE t(a); CREATE VIRTUAL TABLE f USING fts4(content=\"t\"); INSERT INTO t VALUES ('x');"
      "INSERT INTO f(f) VALUES ('rebuild')");
  diff::Answers renamed;
  renamed.table_renames.push_back({"t", "s"});
  const change::SchemaChange there =
      go(old, File("CREATE TABLE s(a); CREATE VIRTUAL TABLE f USING fts4(content=\"s\")"), renamed);
  CHECK(old.query("SELECT docid FROM f WHERE f MATCH 'x'") == "1");
  old.apply(there.script.down);
  CHECK(old.query("SELECT docid FROM f WHERE f MATCH 'x'") == "1");
}

TEST_CASE("an index follows its columns when they are renamed, with their table and alone, there and back") {
  const std::string old_schema =
      "CREATE TABLE doc(id INTEGER PRIMARY KEY, title TEXT);"
      "CREATE VIRTUAL TABLE f USING fts5(title, content=doc, content_rowid=id);"
      "CREATE TRIGGER doc_ai AFTER INSERT ON doc BEGIN INSERT INTO f(rowid, title) VALUES (new.id, new.title); END;"
      "INSERT INTO doc VALUES (1, 'hello')";
  for (const std::string table : {"doc", "docs"}) {
    CAPTURE(table);
    const File old(old_schema);
    const File made("CREATE TABLE " + table + "(id INTEGER PRIMARY KEY, name TEXT);" +
                    "CREATE VIRTUAL TABLE f USING fts5(name, content=" + table + ", content_rowid=id);" +
                    "CREATE TRIGGER doc_ai AFTER INSERT ON " + table +
                    " BEGIN INSERT INTO f(rowid, name) VALUES (new.id, new.name); END");
    diff::Answers renamed;
    if (table != "doc") renamed.table_renames.push_back({"doc", table});
    renamed.column_renames.push_back({table, "title", "name"});
    const change::SchemaChange there = go(old, made, renamed);
    CHECK(there.notes.empty());
    CHECK(there.down_notes.empty());
    old.query("INSERT INTO " + table + " VALUES (2, 'hello again')");
    CHECK(old.query("SELECT group_concat(rowid) FROM f WHERE f MATCH 'hello'") == "1,2");
    require_whole(old, "f");
    old.apply(there.script.down);
    old.query("INSERT INTO doc VALUES (3, 'hello there')");
    CHECK(old.query("SELECT group_concat(rowid) FROM f WHERE f MATCH 'hello'") == "1,2,3");
    require_whole(old, "f");
  }
}

TEST_CASE("an index that cannot copy the contents of a table, since its column is renamed, says so") {
  const File old("CREATE TABLE t(a); CREATE VIRTUAL TABLE f USING fts5(a, content=t)");
  diff::Answers renamed;
  renamed.column_renames.push_back({"t", "a", "b"});
  const change::SchemaChange there = go(old, File("CREATE TABLE t(b); CREATE VIRTUAL TABLE f USING fts5(b)"), renamed);
  CHECK(there.notes == Texts{"virtual table \"f\" is created without the contents of table \"t\""});
  CHECK(there.down_notes.empty());
  old.apply(there.script.down);
}

TEST_CASE("an index is filled again when its columns change their names with each other") {
  const std::string schema = "CREATE TABLE t(a, b); CREATE VIRTUAL TABLE f USING fts5(a, b, content=t)";
  const File old(schema + "; INSERT INTO t VALUES ('x', 'y'); INSERT INTO f(f) VALUES ('rebuild')");
  diff::Answers renamed;
  renamed.column_renames.push_back({"t", "a", "b"});
  renamed.column_renames.push_back({"t", "b", "a"});
  old.apply(way(old, File(schema), renamed).script.up);
  CHECK(old.query("SELECT a, b FROM f WHERE f MATCH 'b:x AND a:y'") == "y|x");
  require_whole(old, "f");
}

TEST_CASE("the copy of a virtual table has a name that nothing has") {
  for (const std::string other :
       {"TABLE temporary_f(x)", "TABLE temporary_f_data(x)", "VIEW temporary_f AS SELECT 1 AS x",
        "INDEX temporary_f ON t(a)", "VIRTUAL TABLE temporary_f USING fts5(x)"}) {
    CAPTURE(other);
    const std::string more = "; CREATE TABLE t(a); CREATE " + other;
    const File old("CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f(rowid, a) VALUES (7, 'run')" + more);
    const change::SchemaChange there = go(old, File("CREATE VIRTUAL TABLE f USING fts5(a, prefix='2')" + more));
    CHECK(old.query("SELECT rowid FROM f WHERE f MATCH 'run'") == "7");
    old.apply(there.script.down);
    CHECK(old.query("SELECT rowid FROM f WHERE f MATCH 'run'") == "7");
  }
}

TEST_CASE("indexes and triggers on the tables of a module are kept when its virtual table is made anew") {
  const std::string more =
      "; CREATE TABLE seen(id); CREATE INDEX ix ON f_content(c0); CREATE TRIGGER tr AFTER INSERT ON f_content BEGIN "
      "INSERT INTO seen VALUES (new.id); DELETE FROM seen WHERE id = 0; END";
  const File old("CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f(rowid, a) VALUES (7, 'run')" + more);
  const File made("CREATE VIRTUAL TABLE f USING fts5(a, prefix='2'); INSERT INTO f(f, rank) VALUES ('pgsz', 512)" +
                  more);
  const change::SchemaChange there = go(old, made);
  CHECK(old.query("SELECT count(*) FROM sqlite_master WHERE name IN ('ix', 'tr')") == "2");
  CHECK(old.query("SELECT v FROM f_config WHERE k = 'pgsz'") == "512");
  old.query("INSERT INTO f(rowid, a) VALUES (8, 'walk')");
  CHECK(old.query("SELECT group_concat(id) FROM seen") == "8");
  old.apply(there.script.down);
  CHECK(old.query("SELECT count(*) FROM sqlite_master WHERE name IN ('ix', 'tr')") == "2");
  const File without("CREATE VIRTUAL TABLE f USING fts5(a, prefix='2'); CREATE TABLE seen(id)");
  CHECK(!way(old, without).empty());
}

TEST_CASE("the tables of a virtual one whose module is not there are left alone") {
  const std::string unknown =
      "CREATE TABLE words_vocab(id INTEGER PRIMARY KEY, word); INSERT INTO words_vocab VALUES (1, 'x');"
      "PRAGMA writable_schema = ON; INSERT INTO sqlite_master VALUES ('table', 'words', 'words', 0, 'CREATE VIRTUAL "
      "TABLE words USING spellfix1'); PRAGMA writable_schema = OFF;";
  const File old(unknown + "CREATE TABLE t(a)");
  const change::SchemaSource source = old.read();
  CHECK(source.schema.tables.size() == 1);
  CHECK(source.unsupported_objects == Texts{"virtual table \"words\" (no such module: spellfix1)",
                                            "table \"words_vocab\" (it may belong to virtual table \"words\")"});
  const change::SchemaChange there = go(old, File("CREATE TABLE t(a, b)"));
  CHECK(there.losses.empty());
  CHECK(old.query("SELECT word FROM words_vocab") == "x");
  for (const std::string name : {"words_vocab", "words"}) {
    CAPTURE(name);
    const File taken("CREATE TABLE t(a); CREATE TABLE " + name + "(id INTEGER PRIMARY KEY, word)");
    for (const bool is_there : {true, false}) {
      const Error error = fixture::error_of([&] { static_cast<void>(is_there ? way(old, taken) : way(taken, old)); });
      CHECK(error.kind() == ErrorKind::unsafe);
      CHECK(fixture::mentions(error, '"' + name + "\" already exists"));
    }
  }
}
