#include <doctest/doctest.h>

#include "change/baseline.h"
#include "change/table_change.h"
#include "run/runner.h"
#include "run/status.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Views and virtual tables that a generated migration makes anew, on a database where they are not what it was made
// for.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

struct Post {
  std::int32_t id{};
  std::string title;
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::title>();
  }
};

struct Article {
  std::int32_t id{};
  std::string title;
  static void describe(Entity<Article>& article) {
    article.table({.renamed_from = "post"});
    article.primary_generated<&Article::id>();
    article.column<&Article::title>();
  }
};

struct Titles {
  static void describe(View<Titles>& view) { view.query("SELECT title FROM post", {.name = "titles"}); }
};

struct MoreTitles {
  static void describe(View<MoreTitles>& view) { view.query("SELECT id, title FROM post", {.name = "titles"}); }
};

struct Kept {
  static void describe(View<Kept>& view) {
    view.query("SELECT title FROM post", {.name = "titles", .materialized = true});
  }
};

struct MoreKept {
  static void describe(View<MoreKept>& view) {
    view.query("SELECT id, title FROM post", {.name = "titles", .materialized = true});
  }
};

const char* const search = "CREATE VIRTUAL TABLE f USING fts5(title, content='post', content_rowid='id')";

/// Posts with a virtual table over them, and the migration that calls them otherwise.
struct Search {
  Script first, second;
  Search() {
    const Database database;
    first = generated("A1000000000001", {}, entities<Post>(), database.url());
    second = generated("B1000000000003", {first}, entities<Article>(), database.url(), {search});
  }
};

template <class Database, class Before, class After>
struct ViewChange {
  Script first, second;
  ViewChange() {
    const Database database;
    first = generated("A1000000000001", {}, entities<Post, Before>(), database.url());
    second = generated("B1000000000003", {first}, entities<Post, After>(), database.url());
  }
};

const char* const function = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'";

}  // namespace

TEST_CASE("a virtual table that a migration makes anew has to be the one that it was made for") {
  const Search scripts;
  CHECK(scripts.second.tables->find("\nvirtual_table f ") != std::string::npos);
  const auto refused = [&](const std::vector<std::string>& by_hand, const std::string& words) {
    const Database database;
    run_all(database, {scripts.first});
    for (const std::string& sql : by_hand) database.query(sql);
    const std::string before = database.query("SELECT group_concat(sql) FROM sqlite_master");
    const Error error = error_of([&] { run_all(database, {scripts.first, scripts.second}); });
    INFO(error.what());
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(mentions(error, "virtual table \"f\": " + words));
    CHECK(database.query("SELECT group_concat(sql) FROM sqlite_master") == before);
  };
  refused({}, "the virtual table does not exist");
  refused({"CREATE TABLE f (x); INSERT INTO f VALUES ('only copy')"}, "something else has this name (table)");
  refused({"CREATE VIRTUAL TABLE f USING fts5(title, body)"}, "the definition differs from what the migration knows");
}

TEST_CASE("a virtual table as the migration knows it is made anew, and comes back") {
  const Search scripts;
  const Database database;
  run_all(database, {scripts.first});
  database.query("INSERT INTO post(title) VALUES ('a b')");
  database.query(std::string(search) + "; INSERT INTO f(f) VALUES ('rebuild')");
  run_all(database, {scripts.first, scripts.second});
  CHECK(database.query("SELECT title FROM f WHERE f MATCH 'a'") == "a b");
  database.query("DROP TABLE f; CREATE TABLE f (x)");
  const Error error = error_of([&] { revert(database, {scripts.first, scripts.second}); });
  CHECK(mentions(error, "virtual table \"f\": something else has this name (table)"));
  database.query("DROP TABLE f; CREATE VIRTUAL TABLE f USING fts5(title, content='article', content_rowid='id')");
  revert(database, {scripts.first, scripts.second});
  CHECK(database.query("SELECT title FROM f WHERE f MATCH 'a'") == "a b");
}

TEST_CASE_OF_TRANSACTIONAL_DATABASES("a trigger that nobody knows does not go with a view that is made anew") {
  const ViewChange<Database, Titles, MoreTitles> scripts;
  const Database database;
  run_all(database, {scripts.first});
  const bool is_sqlite = database.url().starts_with("sqlite");
  if (!is_sqlite) database.query(function);
  const std::string body = is_sqlite ? "BEGIN SELECT 1; END" : "FOR EACH ROW EXECUTE FUNCTION nothing()";
  const std::string trigger = "CREATE TRIGGER on_site INSTEAD OF DELETE ON titles " + body;
  const std::string drop = is_sqlite ? "DROP TRIGGER on_site" : "DROP TRIGGER on_site ON titles";
  database.query(trigger);
  const std::string words = "view \"titles\": trigger \"on_site\" is not known to the migration";
  CHECK(mentions(error_of([&] { run_all(database, {scripts.first, scripts.second}); }), words));
  // The view goes with the way back of the first one as well.
  CHECK(mentions(error_of([&] { revert(database, {scripts.first}); }), words));
  database.query(drop);
  run_all(database, {scripts.first, scripts.second});
  database.query(trigger);
  CHECK(mentions(error_of([&] { revert(database, {scripts.first, scripts.second}); }), words));
  database.query(drop);
  revert(database, {scripts.first, scripts.second});
  revert(database, {scripts.first});
  CHECK(database.history().empty());
}

TEST_CASE("a view of which somebody changed the query is not made anew") {
  const ViewChange<Database, Titles, MoreTitles> scripts;
  const Database database;
  run_all(database, {scripts.first});
  database.query("DROP VIEW titles; CREATE VIEW titles AS SELECT title || '!' AS title FROM post");
  const std::string words = "view \"titles\": the definition differs from what the migration knows";
  CHECK(mentions(error_of([&] { run_all(database, {scripts.first, scripts.second}); }), words));
  database.query("DROP VIEW titles");
  CHECK(mentions(error_of([&] { run_all(database, {scripts.first, scripts.second}); }), "the view does not exist"));
}

TEST_CASE("an index that nobody knows does not go with a materialized view") {
  const ViewChange<PostgresDatabase, Kept, MoreKept> scripts;
  const PostgresDatabase database;
  run_all(database, {scripts.first});
  database.query("CREATE INDEX on_site ON titles(title)");
  const Error error = error_of([&] { run_all(database, {scripts.first, scripts.second}); });
  CHECK(mentions(error, "view \"titles\": index \"on_site\" is not known to the migration"));
  database.query("DROP INDEX on_site");
  run_all(database, {scripts.first, scripts.second});
  CHECK(database.query("SELECT count(*) FROM pg_attribute WHERE attrelid = 'titles'::regclass AND attnum > 0") == "2");
}

TEST_CASE("what else a baseline makes has to be there on the way back") {
  const std::string made =
      "CREATE TABLE post (id integer PRIMARY KEY, title text); CREATE SEQUENCE counter OWNED BY post.id;"
      "CREATE DOMAIN word AS text CHECK (VALUE <> ''); CREATE TYPE pair AS (a integer, b word);"
      "CREATE FUNCTION total(a integer, b text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
      "CREATE STATISTICS known ON id, title FROM post; CREATE POLICY only_some ON post USING (id > 0);"
      "CREATE VIEW totals AS SELECT total(id, ARRAY[title]) FROM post";
  Script baseline;
  {
    const PostgresDatabase database;
    database.query(made);
    const Program program({});
    session::Session session(database.options(program));
    const change::SchemaChange way = change::generate_baseline(session);
    baseline = {"A1000000000001",
                statements(texts(way.script.up)),
                statements(texts(way.script.down)),
                MigrationTransaction::by_mode,
                {},
                change::to_text(change::table_changes(session.dialect(), way).front())};
  }
  const PostgresDatabase database;
  run_all(database, {baseline});
  database.query("DROP STATISTICS known");
  const Error error = error_of([&] { revert(database, {baseline}); });
  CHECK(mentions(error, "statistics \"known\": the statistics does not exist"));
  database.query("CREATE STATISTICS known ON id, title FROM post");
  revert(database, {baseline});
  CHECK(database.query("SELECT count(*) FROM pg_proc WHERE proname = 'total'") == "0");
}

TEST_CASE_OF_EACH_DATABASE(
    "a dry run and a run know a view that a migration before makes and that changes with a name") {
  struct Same {
    static void describe(View<Same>& view) { view.query("SELECT title FROM article", {.name = "titles"}); }
  };
  struct Other {
    static void describe(View<Other>& view) { view.query("SELECT id, title FROM article", {.name = "titles"}); }
  };
  std::vector<Script> scripts;
  {
    const Database database;
    scripts.push_back(generated("A1000000000001", {}, entities<Post, Titles>(), database.url()));
    scripts.push_back(generated("B1000000000002", scripts, entities<Article, Same>(), database.url()));
    scripts.push_back(generated("C1000000000003", scripts, entities<Article, Other>(), database.url()));
  }
  const Database database;
  const Program program(scripts);
  session::Session session(database.options(program));
  run::RunOptions options;
  options.dry_run = true;
  CHECK(run::run_migrations(session, options).size() == 3);
  CHECK(run::all_conflicts(session).empty());
  CHECK(run::run_migrations(session).size() == 3);
  run::RevertOptions back;
  back.all = true;
  back.dry_run = true;
  CHECK(run::revert_migrations(session, back).size() == 3);
  back.dry_run = false;
  CHECK(run::revert_migrations(session, back).size() == 3);
}
