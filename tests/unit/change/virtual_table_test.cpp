#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/row_copy.h"
#include "run/runner.h"
#include "unit/fixture/schema_file.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

using namespace whimbrel;
using fixture::Trial;
using fixture::way;
using File = fixture::SchemaFile;

namespace {

struct Post {
  std::int32_t id{};
  std::string body;
  std::int32_t views{};
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::body>();
    post.column<&Post::views>();
  }
};

struct Note {
  std::int32_t id{};
  std::string body;
  std::int32_t views{};
  static void describe(Entity<Note>& note) {
    note.table({.renamed_from = "post"});
    note.primary_generated<&Note::id>();
    note.column<&Note::body>();
    note.column<&Note::views>();
  }
};

struct Renamed {
  std::int32_t id{};
  std::string text;
  std::int32_t views{};
  static void describe(Entity<Renamed>& post) {
    post.table({.name = "post"});
    post.primary_generated<&Renamed::id>();
    post.column<&Renamed::text>({.renamed_from = "body"});
    post.column<&Renamed::views>();
  }
};

struct Shorter {
  std::int32_t id{};
  std::int32_t views{};
  static void describe(Entity<Shorter>& post) {
    post.table({.name = "post"});
    post.primary_generated<&Shorter::id>();
    post.column<&Shorter::views>();
  }
};

/// Rebuilt; the text keeps its values.
struct Counted {
  std::int32_t id{};
  std::string body;
  std::string views;
  static void describe(Entity<Counted>& post) {
    post.table({.name = "post"});
    post.primary_generated<&Counted::id>();
    post.column<&Counted::body>();
    post.column<&Counted::views>();
  }
};

/// Rebuilt; the text becomes another.
struct Numbered {
  std::int32_t id{};
  std::int32_t body{};
  std::int32_t views{};
  static void describe(Entity<Numbered>& post) {
    post.table({.name = "post"});
    post.primary_generated<&Numbered::id>();
    post.column<&Numbered::body>();
    post.column<&Numbered::views>();
  }
};

const char* const searched =
    "CREATE VIRTUAL TABLE found USING fts5(body, content='post', content_rowid='id');"
    "CREATE VIRTUAL TABLE old USING fts4(body, content=\"post\");"
    "CREATE TRIGGER post_ai AFTER INSERT ON \"post\" BEGIN "
    "INSERT INTO found(rowid, body) VALUES (new.id, new.body); INSERT INTO old(docid, body) VALUES (new.id, new.body);"
    "END;"
    "CREATE TRIGGER post_ad AFTER DELETE ON \"post\" BEGIN "
    "INSERT INTO found(found, rowid, body) VALUES ('delete', old.id, old.body); END;"
    "CREATE VIEW hits AS SELECT found.rowid AS id FROM found WHERE found MATCH 'hello';"
    "INSERT INTO post(body, views) VALUES ('hello world', 1), ('good bye', 2)";

const char* const hits =
    "SELECT (SELECT group_concat(rowid) FROM found WHERE found MATCH 'hello'), (SELECT group_concat(docid) FROM old "
    "WHERE old MATCH 'hello'), (SELECT group_concat(body) FROM found), (SELECT group_concat(id) FROM hits)";

bool has_statement(const std::vector<sql::Statement>& script, const std::string& part) {
  return std::any_of(script.begin(), script.end(),
                     [&](const sql::Statement& statement) { return statement.sql.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("entities leave virtual tables alone") {
  Trial trial;
  trial.arrive_at(entities<Post>());
  trial.query(searched);
  CHECK(trial.is_at(entities<Post>()));
  CHECK(trial.look(entities<Post>()).unmanaged == std::vector<std::string>{"view \"hits\""});
}

TEST_CASE("a search goes on when the table that it reads is renamed, there and back") {
  Trial trial;
  trial.arrive_at(entities<Post>());
  trial.query(searched);
  REQUIRE(trial.query(hits) == "1|1|hello world,good bye|1");
  const model::Schema before = trial.schema();
  trial.arrive_at(entities<Note>());
  CHECK(trial.query(hits) == "1|1|hello world,good bye|1");
  trial.query("INSERT INTO note(body, views) VALUES ('hello again', 3)");
  CHECK(trial.query(hits) == "1,3|1,3|hello world,good bye,hello again|1,3");
  trial.revert_last();
  CHECK(trial.query(hits) == "1,3|1,3|hello world,good bye,hello again|1,3");
  CHECK(trial.schema() == before);
}

TEST_CASE("a column that an index reads is neither renamed nor dropped under it") {
  const fixture::Database database;
  database.query(
      "CREATE TABLE post (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, body varchar NOT NULL, views integer NOT "
      "NULL);"
      "CREATE VIRTUAL TABLE found USING fts5(body, content='post', content_rowid='id')");
  const fixture::Program none({});
  for (const Entities& changed : {entities<Renamed>(), entities<Shorter>()}) {
    DataSourceOptions options = database.options(none);
    options.entities = changed;
    session::Session session(options);
    const change::SchemaChange generated = change::generate(session);
    const Error error = fixture::error_of([&] { static_cast<void>(change::verify(session, generated)); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(fixture::mentions(error, "\"found\""));
  }
}

TEST_CASE("a rebuild keeps what an index has read, which is read again where values change") {
  Trial trial;
  trial.arrive_at(entities<Post>());
  trial.query(searched);
  const change::SchemaChange counted = trial.arrive_at(entities<Counted>());
  CHECK(has_statement(counted.script.up, "DROP TABLE \"post\""));
  CHECK(!has_statement(counted.script.up, "'rebuild'"));
  CHECK(trial.query(hits) == "1|1|hello world,good bye|1");
  trial.revert_last();
  CHECK(trial.query(hits) == "1|1|hello world,good bye|1");

  trial.query("DELETE FROM post WHERE id = 2; INSERT INTO post(body, views) VALUES ('007', 3)");
  trial.arrive_at(entities<Numbered>());
  CHECK(trial.query("SELECT rowid FROM found WHERE found MATCH '7'") == "3");
  CHECK(trial.query("SELECT docid FROM old WHERE old MATCH '7'") == "3");
  CHECK(trial.query("INSERT INTO found(found) VALUES ('integrity-check')").empty());
}

TEST_CASE("an index of a trial knows the rows that are copied for it, so that its triggers can take them out") {
  fixture::Database database;
  database.query(
      "CREATE TABLE post(id INTEGER PRIMARY KEY, body); INSERT INTO post(body) VALUES ('hello');"
      "CREATE VIRTUAL TABLE found USING fts5(body, content=post, content_rowid=id);"
      "CREATE TRIGGER post_ad AFTER DELETE ON post BEGIN "
      "INSERT INTO found(found, rowid, body) VALUES ('delete', old.id, old.body); END");
  const fixture::Program none({});
  session::Session session(database.options(none));
  std::vector<std::string> left_out;
  const auto scratch = dialect::sqlite::copy_schema(session.connection(), left_out);
  const model::Schema schema = dialect::sqlite::inspect(*scratch);
  CHECK(dialect::sqlite::copy_rows(session.connection(), *scratch, {{&schema.tables.front()}}, 10).empty());
  CHECK(scratch->run("SELECT rowid FROM found WHERE found MATCH 'hello'").values.size() == 1);
  scratch->run("DELETE FROM post; INSERT INTO found(found, rank) VALUES ('integrity-check', 1)");
  CHECK(left_out.empty());
}

TEST_CASE("a migration that breaks a search by hand is refused") {
  fixture::Database database;
  database.query(
      "CREATE TABLE post(id INTEGER PRIMARY KEY, body); CREATE VIRTUAL TABLE found USING fts5(body, content='post')");
  const fixture::Program program(
      {{"Drop1000000000000", fixture::statements({"ALTER TABLE post RENAME COLUMN body TO txt"})}});
  session::Session session(database.options(program));
  const Error error = fixture::error_of([&] { static_cast<void>(run::run_migrations(session)); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "an unusable virtual table \"found\""));
}

TEST_CASE("a table that is renamed by hand takes its index with it") {
  fixture::Database database;
  database.query(
      "CREATE TABLE post(id INTEGER PRIMARY KEY, body); INSERT INTO post(body) VALUES ('hello');"
      "CREATE VIRTUAL TABLE found USING fts5(body, content=post)");
  const fixture::Program program(
      {{"Rename1000000000000", [](QueryRunner& query_runner) { query_runner.rename_table("post", "note"); }}});
  session::Session session(database.options(program));
  static_cast<void>(run::run_migrations(session));
  CHECK(database.query("SELECT body FROM found WHERE found MATCH 'hello'") == "hello");
  CHECK(database.query("SELECT sql FROM sqlite_master WHERE name = 'found'") ==
        "CREATE VIRTUAL TABLE \"found\" USING fts5(body, content=note)");
}

TEST_CASE("two schemas with virtual tables are led from one to the other") {
  const File empty("CREATE TABLE msg (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO msg(body) VALUES ('hello')");
  const File full(
      "CREATE TABLE msg (id INTEGER PRIMARY KEY, body TEXT);"
      "CREATE VIRTUAL TABLE f USING fts5(body); CREATE VIRTUAL TABLE x USING fts5(body, content=msg, content_rowid=id);"
      "CREATE VIRTUAL TABLE words USING fts5vocab(f, row); CREATE VIRTUAL TABLE box USING rtree(id, a, b, +c);"
      "CREATE TABLE more (a); CREATE TRIGGER tm AFTER INSERT ON more BEGIN INSERT INTO f(body) VALUES (new.a); END;"
      "CREATE TRIGGER tf AFTER INSERT ON msg BEGIN INSERT INTO f(body) VALUES (new.body); "
      "INSERT INTO x(rowid, body) VALUES (new.id, new.body); END;"
      "CREATE VIEW v AS SELECT body FROM f; INSERT INTO f(f, rank) VALUES ('automerge', 7)");
  CHECK(way(full, full).empty());
  const change::SchemaChange there = way(empty, full);
  CHECK(there.losses.empty());
  const auto place = [&](const std::string& beginning) {
    return std::find_if(there.script.up.begin(), there.script.up.end(),
                        [&](const sql::Statement& statement) { return statement.sql.starts_with(beginning); });
  };
  CHECK(place("CREATE VIRTUAL TABLE \"f\"") < place("CREATE TRIGGER tm"));
  CHECK(place("CREATE VIRTUAL TABLE \"f\"") < place("CREATE VIEW v"));
  empty.apply(there.script.up);
  CHECK(way(empty, full).empty());
  CHECK(empty.query("SELECT rowid FROM x WHERE x MATCH 'hello'") == "1");
  empty.query("INSERT INTO msg(body) VALUES ('hello again'); INSERT INTO more VALUES ('more')");
  CHECK(empty.query("SELECT group_concat(body) FROM v") == "hello again,more");
  CHECK(empty.query("SELECT group_concat(rowid) FROM x WHERE x MATCH 'hello'") == "1,2");

  const change::SchemaChange back = change::reversed(there);
  CHECK(std::count(back.losses.begin(), back.losses.end(), "the rows of virtual table \"f\"") == 1);
  CHECK(std::count(back.losses.begin(), back.losses.end(), "the rows of virtual table \"box\"") == 1);
  CHECK(std::count_if(back.losses.begin(), back.losses.end(),
                      [](const std::string& loss) { return loss.find("\"x\"") != std::string::npos; }) == 0);
  empty.apply(there.script.down);
  CHECK(empty.query("SELECT group_concat(name) FROM sqlite_master") == "msg");
}

TEST_CASE("a virtual table with rows takes them over into another definition") {
  const File old(
      "CREATE VIRTUAL TABLE f USING fts5(title, body, tokenize=unicode61); INSERT INTO f(rowid, title, body) VALUES "
      "(7, 'One', 'caffè');"
      "CREATE VIRTUAL TABLE g USING fts4(body); INSERT INTO g(docid, body) VALUES (8, 'running');"
      "CREATE VIRTUAL TABLE r USING rtree(id, a, b); INSERT INTO r VALUES (9, 1, 2);"
      "CREATE VIRTUAL TABLE bare USING fts5(body, content=''); INSERT INTO bare(rowid, body) VALUES (1, 'gone')");
  const File made(
      "CREATE VIRTUAL TABLE f USING fts5(title, more, tokenize='porter unicode61'); INSERT INTO f(f, rank) VALUES "
      "('pgsz', 512);"
      "CREATE VIRTUAL TABLE g USING fts4(body, tokenize=porter); CREATE VIRTUAL TABLE r USING rtree(id, a, b, +name);"
      "CREATE VIRTUAL TABLE bare USING fts5(body, content='', tokenize=porter)");
  const change::SchemaChange there = way(old, made);
  CHECK(there.losses ==
        std::vector<std::string>{"the values of columns (body) of virtual table \"f\"",
                                 "the index of virtual table \"bare\", which only the program can recreate"});
  old.apply(there.script.up);
  CHECK(way(old, made).empty());
  CHECK(old.query("SELECT rowid, title, more FROM f WHERE f MATCH 'one'") == "7|One|NULL");
  CHECK(old.query("SELECT v FROM f_config WHERE k = 'pgsz'") == "512");
  CHECK(old.query("SELECT docid FROM g WHERE g MATCH 'run'") == "8");
  CHECK(old.query("SELECT id FROM r WHERE a = 1 AND b = 2") == "9");
  old.apply(there.script.down);
  CHECK(old.query("SELECT rowid, title FROM f") == "7|One");
}

TEST_CASE("a difference that leaves an index without what it reads says so") {
  const File old(
      "CREATE TABLE msg (id INTEGER PRIMARY KEY, body TEXT);"
      "CREATE VIRTUAL TABLE f USING fts5(body, content='msg', content_rowid='id')");
  const File made(
      "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);"
      "CREATE VIRTUAL TABLE f USING fts5(body, content='msg', content_rowid='id')");
  diff::Answers renamed;
  renamed.table_renames.push_back({"msg", "note"});
  const change::SchemaChange broken = way(old, made, renamed);
  REQUIRE(!broken.notes.empty());
  CHECK(broken.notes.front() ==
        "virtual table \"f\" reads table \"msg\", which will not exist: it cannot be searched until it is recreated");

  const File right(
      "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);"
      "CREATE VIRTUAL TABLE f USING fts5(body, content='note', content_rowid='id')");
  const change::SchemaChange mended = way(old, right, renamed);
  CHECK(mended.notes.empty());
  CHECK(mended.losses.empty());
  old.query("INSERT INTO msg(body) VALUES ('hello')");
  old.apply(mended.script.up);
  CHECK(old.query("SELECT rowid, body FROM f WHERE f MATCH 'hello'") == "1|hello");
}

TEST_CASE("an index is filled again after numbers got another text, there and back") {
  const std::vector<std::pair<std::string, std::string>> types = {
      {"decimal(10,2)", "double"}, {"double", "decimal(10,2)"}, {"numeric", "real"}, {"date", "real"}, {"foo", "text"}};
  const auto schema = [](const std::string& type, const std::string& name, const std::string& other) {
    return "CREATE TABLE " + name + " (id INTEGER PRIMARY KEY, v " + type + "); CREATE TABLE " + other +
           " (id INTEGER PRIMARY KEY, w); CREATE VIRTUAL TABLE f USING fts5(v, content='" + name +
           "', content_rowid='id'); INSERT INTO " + name + " VALUES (1, 1000), (2, 'x'), (3, '007');" +
           "INSERT INTO f(f) VALUES ('rebuild')";
  };
  diff::Answers renamed;
  renamed.table_renames.push_back({"t", "u"});
  diff::Answers exchanged = renamed;
  exchanged.table_renames.push_back({"u", "t"});
  struct Names {
    std::string name, other;
    diff::Answers answers;
  };
  const std::vector<Names> all_names = {{"t", "u", {}}, {"u", "w", renamed}, {"u", "t", exchanged}};
  for (const std::pair<std::string, std::string>& type : types) {
    for (const Names& names : all_names) {
      CAPTURE(type.first);
      CAPTURE(names.name);
      CAPTURE(names.other);
      const File old(schema(type.first, "t", names.other == "w" ? "w" : "u"));
      const change::SchemaChange change = way(old, File(schema(type.second, names.name, names.other)), names.answers);
      old.apply(change.script.up);
      CHECK(old.query("INSERT INTO f(f, rank) VALUES ('integrity-check', 1)").empty());
      old.apply(change.script.down);
      CHECK(old.query("INSERT INTO f(f, rank) VALUES ('integrity-check', 1)").empty());
    }
  }
}
