#include "write/entity_headers.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/sqlite/dialect.h"
#include "support/dialects.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::write;

namespace {

EntityHeaders headers(const std::string& script, const std::string& name_space = "") {
  const auto connection = test::open_memory();
  connection->run(script);
  return entity_headers(canonical(dialect::sqlite::inspect(*connection)), test::sqlite_dialect(), name_space);
}

std::string header(const EntityHeaders& all, const std::string& file) {
  const auto found =
      std::find_if(all.files.begin(), all.files.end(), [&](const EntityHeader& one) { return one.file == file; });
  return found == all.files.end() ? "no such file" : found->text;
}

}  // namespace

TEST_CASE("a table becomes a struct that describes itself") {
  const EntityHeaders all = headers(
      "CREATE TABLE \"post\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \"title\" varchar(80) UNIQUE, "
      "CONSTRAINT \"short\" CHECK (length(title) < 9)); CREATE INDEX \"by title\" ON \"post\" (\"title\" DESC)",
      "blog");
  CHECK(header(all, "post.h") == R"(// Written by `whimbrel entities`.
#pragma once

#include <whimbrel/entity.h>

#include <cstdint>
#include <optional>
#include <string>

namespace blog {

struct Post {
  std::int64_t id{};
  std::optional<std::string> title;

  static void describe(whimbrel::Entity<Post>& entity) {
    entity.table({.name = "post"});
    entity.primary_generated<&Post::id>();
    entity.column<&Post::title>({.length = 80, .unique = true});
    entity.check("length(title) < 9", {.name = "short"});
    entity.index({whimbrel::descending<&Post::title>()}, {.name = "by title"});
  }
};

}  // namespace blog
)");
  CHECK(header(all, "entities.h").find("  return whimbrel::entities<Post>();") != std::string::npos);
  CHECK(all.not_expressed.empty());
}

TEST_CASE("an integer of SQLite has 64 bits in C++ too, and the type that it has there") {
  const std::string text = header(
      headers("CREATE TABLE t (id INTEGER PRIMARY KEY, h integer unsigned NOT NULL, big INT64, l bigint, yes boolean)"),
      "t.h");
  CHECK(text.find("  std::int64_t id{};\n  std::int64_t h{};\n  std::optional<std::int64_t> big;\n  "
                  "std::optional<std::int64_t> l;\n  std::optional<bool> yes;\n") != std::string::npos);
  CHECK(text.find("primary_column<&T::id>({.type = \"INTEGER\"})") != std::string::npos);
  CHECK(text.find("column<&T::h>({.type = \"integer unsigned\"})") != std::string::npos);
  CHECK(text.find("column<&T::l>()") != std::string::npos);
}

TEST_CASE("a default of NULL is none") {
  const std::string text =
      header(headers("CREATE TABLE t (id INTEGER PRIMARY KEY, a integer DEFAULT NULL, b text DEFAULT (null))"), "t.h");
  CHECK(text.find("default") == std::string::npos);
}

TEST_CASE("headers that need each other include each other after their structs") {
  const EntityHeaders all = headers(
      "CREATE TABLE a (id integer PRIMARY KEY, b integer REFERENCES b); CREATE TABLE b (id integer PRIMARY KEY, a "
      "integer REFERENCES a); CREATE TABLE c (id integer PRIMARY KEY, a integer REFERENCES a)");
  const std::string a = header(all, "a.h");
  CHECK(a.find("#include \"b.h\"") > a.find("struct A"));
  CHECK(a.find("inline void A::describe") > a.find("#include \"b.h\""));
  const std::string c = header(all, "c.h");
  CHECK(c.find("#include \"a.h\"") < c.find("struct C"));
}

TEST_CASE("a key has the type of what it refers to, and a column of another type says so") {
  const EntityHeaders all = headers(
      "CREATE TABLE user (id bigint PRIMARY KEY); CREATE TABLE post (id integer PRIMARY KEY, author integer REFERENCES "
      "user (id), editor bigint REFERENCES user (id))");
  const std::string post = header(all, "post.h");
  CHECK(post.find("std::optional<std::int64_t> author;") != std::string::npos);
  CHECK(post.find("column<&Post::author>({.type = \"integer\"})") != std::string::npos);
  CHECK(post.find("column<&Post::editor>()") != std::string::npos);
}

TEST_CASE("what refers to a key that SQLite counts up says its type, since the key says none") {
  const EntityHeaders all = headers(
      "CREATE TABLE user (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL); CREATE TABLE post (id integer PRIMARY KEY, "
      "author INTEGER REFERENCES user, editor bigint REFERENCES user)");
  CHECK(header(all, "user.h").find("primary_generated<&User::id>()") != std::string::npos);
  const std::string post = header(all, "post.h");
  CHECK(post.find("column<&Post::author>({.type = \"INTEGER\"})") != std::string::npos);
  CHECK(post.find("column<&Post::editor>()") != std::string::npos);
}

TEST_CASE("keys of several columns, names of keys, computed columns and views are said") {
  const EntityHeaders all = headers(
      "CREATE TABLE a (x integer, y text, CONSTRAINT \"a key\" PRIMARY KEY (y, x)); CREATE TABLE b (id integer PRIMARY "
      "KEY, x integer, y text, z integer AS (x * 2) STORED, FOREIGN KEY (x, y) REFERENCES a (x, y) ON DELETE CASCADE); "
      "CREATE VIEW \"the b\" AS\nSELECT id FROM b");
  const std::string a = header(all, "a.h");
  CHECK(a.find("primary_column<&A::y>({.type = \"text\", .primary_key_name = \"a key\"})") != std::string::npos);
  CHECK(a.find("&A::x>()") > a.find("&A::y>("));
  const std::string b = header(all, "b.h");
  CHECK(b.find("column<&B::z>({.type = \"integer\", .computed = \"x * 2\", .stored = true})") != std::string::npos);
  CHECK(b.find("entity.many_to_one<A>({whimbrel::key<&B::x, &A::x>(), whimbrel::key<&B::y, &A::y>()}, {.on_delete = "
               "whimbrel::OnDelete::cascade});") != std::string::npos);
  CHECK(header(all, "the_b.h").find("    view.query(\"SELECT id FROM b\", {.name = \"the b\"});") != std::string::npos);
  CHECK(header(all, "entities.h").find("TheB>()") != std::string::npos);
  CHECK(all.not_expressed.empty());
}

TEST_CASE("a table without a key, a column without a type and named columns of a view are said") {
  const EntityHeaders all = headers(
      "CREATE TABLE notes (owner integer REFERENCES loose, body text); CREATE TABLE loose (id INTEGER PRIMARY KEY, "
      "anything); CREATE VIEW v (x, \"the y\") AS SELECT 1, 2; CREATE TABLE back (a text PRIMARY KEY, n integer "
      "REFERENCES notes); CREATE TABLE \"sorted\" (a text, PRIMARY KEY (a DESC))");
  const std::string notes = header(all, "notes.h");
  CHECK(notes.find("entity.table({.name = \"notes\", .primary_key = false});") != std::string::npos);
  CHECK(notes.find("many_to_one<&Notes::owner, &Loose::id>()") != std::string::npos);
  CHECK(header(all, "loose.h").find("column<&Loose::anything>({.untyped = true})") != std::string::npos);
  CHECK(
      header(all, "v.h").find(R"---(view.query("SELECT 1, 2", {.name = "v", .columns = R"sql(x, "the y")sql"});)---") !=
      std::string::npos);
  CHECK(header(all, "sorted.h").find("primary_column<&Sorted::a>({.type = \"text\"})") != std::string::npos);
  CHECK(all.not_expressed ==
        std::vector<std::string>{"table \"back\": the foreign key (n) to \"notes\": the numbers of its columns differ",
                                 "table \"sorted\": the order of the primary key"});
}

TEST_CASE("a table with a column without a name is described so that nobody touches it") {
  const EntityHeaders all = headers(
      "CREATE TABLE odd (id INTEGER PRIMARY KEY, \"\" TEXT UNIQUE, b TEXT UNIQUE); CREATE TABLE \" \" (a); CREATE "
      "TABLE "
      "none (\" \" text)");
  const std::string odd = header(all, "odd.h");
  CHECK(odd.find("entity.table({.name = \"odd\", .synchronize = false});") != std::string::npos);
  CHECK(odd.find("primary_column<&Odd::id>") != std::string::npos);
  CHECK(odd.find("unique") == std::string::npos);
  CHECK(all.not_expressed ==
        std::vector<std::string>{
            "table \"odd\": its column without a name; so no migration makes, changes or drops the table",
            "table \" \" has no entity: its name is blank",
            "table \"none\" has no entity: it has no column with a name"});
}

TEST_CASE("a name of any length gives a file that can be written") {
  const std::string a(300, 'a');
  const EntityHeaders all = headers("CREATE TABLE " + a + "1 (id integer PRIMARY KEY); CREATE TABLE " + a +
                                    "2 (id integer PRIMARY KEY REFERENCES " + a + "1)");
  REQUIRE(all.files.size() == 3);
  CHECK(all.files[0].file != all.files[1].file);
  for (const EntityHeader& one : all.files) CHECK(one.file.size() < 120);
  CHECK(all.files[1].text.find("#include \"" + all.files[0].file + '"') != std::string::npos);
}

TEST_CASE("foreign keys that entities cannot say are named") {
  const EntityHeaders all = headers(
      "CREATE TABLE a (id integer PRIMARY KEY, n integer NOT NULL REFERENCES a (id) ON DELETE SET NULL, b integer "
      "REFERENCES a (n), c integer REFERENCES nowhere)");
  CHECK(all.not_expressed ==
        std::vector<std::string>{
            "table \"a\": the foreign key (b) to \"a\": it does not refer to a primary key or a unique",
            "table \"a\": the foreign key (c) to \"nowhere\": that has no entity",
            "table \"a\": the foreign key (n) to \"a\": it sets a column NULL that takes none"});
}

TEST_CASE("names that would end a comment or a string stay inside") {
  const EntityHeaders all = headers(
      "CREATE TABLE \"a\\\" (id integer PRIMARY KEY, \"x\ny\" text DEFAULT ')sql\"'); CREATE TRIGGER \"t\nr\\\" DELETE "
      "ON "
      "\"a\\\" BEGIN SELECT 1; END");
  const std::string text = header(all, "a.h");
  CHECK(text.find("// Not expressed: the trigger \"t r\\\"\n") != std::string::npos);
  CHECK(text.find(R"(.name = R"sql(a\)sql")") != std::string::npos);
  CHECK(text.find(R"---(R"sql1(')sql"')sql1")---") != std::string::npos);
}
