#include <doctest/doctest.h>

#include <array>

#include "change/baseline.h"
#include "change/schema_source.h"
#include "run/runner.h"
#include "support/version.h"
#include "unit/fixture/trial.h"

using namespace whimbrel;

namespace {

/// A program with a search: what its database is made by, what it writes, and what it finds then.
struct SearchProgram {
  const char* name;
  const char* schema;
  const char* insert;
  const char* search;
  const char* found;
};

constexpr auto programs = std::to_array<SearchProgram>({
    {"a library of books: two indexes over one text, with and without word stems",
     "CREATE TABLE books (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL DEFAULT 'Unknown' COLLATE NOCASE, "
     "sort TEXT COLLATE NOCASE, added TIMESTAMP DEFAULT CURRENT_TIMESTAMP, series_index REAL NOT NULL DEFAULT 1.0);"
     "CREATE INDEX books_by_title ON books (sort COLLATE NOCASE);"
     "CREATE TABLE books_text (id INTEGER PRIMARY KEY, book INTEGER NOT NULL REFERENCES books ON DELETE CASCADE, "
     "format TEXT NOT NULL COLLATE NOCASE, text TEXT NOT NULL DEFAULT '', UNIQUE (book, format));"
     "CREATE VIRTUAL TABLE books_fts USING fts5(text, content = 'books_text', content_rowid = 'id', tokenize = "
     "'unicode61 remove_diacritics 2');"
     "CREATE VIRTUAL TABLE books_fts_stemmed USING fts5(text, content = 'books_text', content_rowid = 'id', tokenize "
     "= 'porter unicode61 remove_diacritics 2');"
     "CREATE TRIGGER books_text_insert AFTER INSERT ON books_text BEGIN "
     "INSERT INTO books_fts(rowid, text) VALUES (NEW.id, NEW.text);"
     "INSERT INTO books_fts_stemmed(rowid, text) VALUES (NEW.id, NEW.text); END;"
     "CREATE TRIGGER books_text_delete AFTER DELETE ON books_text BEGIN "
     "INSERT INTO books_fts(books_fts, rowid, text) VALUES ('delete', OLD.id, OLD.text);"
     "INSERT INTO books_fts_stemmed(books_fts_stemmed, rowid, text) VALUES ('delete', OLD.id, OLD.text); END;"
     "CREATE TRIGGER books_sort AFTER INSERT ON books BEGIN UPDATE books SET sort = lower(NEW.title) WHERE id = "
     "NEW.id; END",
     "INSERT INTO books(title) VALUES ('Emma'); INSERT INTO books_text(book, format, text) VALUES (1, 'EPUB', "
     "'Running café')",
     "SELECT (SELECT count(*) FROM books_fts WHERE books_fts MATCH 'run'), (SELECT b.title FROM books_fts_stemmed s "
     "JOIN books_text t ON t.id = s.rowid JOIN books b ON b.id = t.book WHERE books_fts_stemmed MATCH 'run cafe')",
     "0|Emma"},
    {"a chat server: FTS4 with texts of its own, written by the program",
     "CREATE TABLE events (stream_ordering INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, room_id TEXT NOT NULL, "
     "content BLOB, processed BOOL NOT NULL, CHECK (length(event_id) > 1));"
     "CREATE UNIQUE INDEX events_order ON events (room_id, stream_ordering) WHERE processed;"
     "CREATE VIRTUAL TABLE event_search USING fts4 ( event_id, room_id, sender, key, value );"
     "CREATE VIRTUAL TABLE user_directory_search USING fts4 ( user_id, value );"
     "CREATE TABLE user_directory (user_id TEXT PRIMARY KEY, display_name TEXT) WITHOUT ROWID",
     "INSERT INTO event_search VALUES ('$1', '!a', '@b', 'content.body', 'hello there'); INSERT INTO "
     "user_directory_search VALUES ('@b', 'Bea')",
     "SELECT event_id, (SELECT user_id FROM user_directory_search WHERE value MATCH 'bea') FROM event_search WHERE "
     "value MATCH 'hello'",
     "$1|@b"},
    {"a mail program: FTS3, and a view over the table that the module keeps",
     "CREATE TABLE folders (id INTEGER PRIMARY KEY, uri TEXT NOT NULL, dirty INTEGER NOT NULL);"
     "CREATE TABLE messages (id INTEGER PRIMARY KEY, folder INTEGER, date INTEGER, json TEXT, deleted INTEGER NOT NULL "
     "DEFAULT 0);"
     "CREATE INDEX messages_date ON messages (date);"
     "CREATE VIRTUAL TABLE messages_text USING fts3(body, subject, attachments, tokenize porter);"
     "CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN DELETE FROM messages_text WHERE docid = OLD.id; "
     "END;"
     "CREATE VIEW subjects AS SELECT m.id, t.c1subject AS subject FROM messages m JOIN messages_text_content t ON "
     "t.docid = m.id",
     "INSERT INTO messages(id, date) VALUES (5, 1), (6, 2); INSERT INTO messages_text(docid, body, subject) VALUES (5, "
     "'lunches', 'Friday'), (6, 'lunch', 'Monday'); DELETE FROM messages WHERE id = 6",
     "SELECT docid, (SELECT subject FROM subjects) FROM messages_text WHERE messages_text MATCH 'lunch'", "5|Friday"},
    {"notes: an index over them and the three triggers that keep it",
     "CREATE TABLE \"notes\" (\"id\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title varchar NOT NULL, body text, "
     "folder integer REFERENCES folders ON DELETE SET NULL);"
     "CREATE TABLE folders (id INTEGER PRIMARY KEY, name varchar NOT NULL UNIQUE);"
     "CREATE VIRTUAL TABLE notes_fts USING fts5(\n  title,\n  body, -- what is said\n  content=notes,\n  "
     "content_rowid=id,\n  prefix='2 3'\n);"
     "INSERT INTO notes_fts(notes_fts, rank) VALUES ('rank', 'bm25(10.0, 1.0)');"
     "CREATE TRIGGER notes_ai AFTER INSERT ON notes BEGIN INSERT INTO notes_fts(rowid, title, body) VALUES (new.id, "
     "new.title, new.body); END;"
     "CREATE TRIGGER notes_ad AFTER DELETE ON notes BEGIN INSERT INTO notes_fts(notes_fts, rowid, title, body) VALUES "
     "('delete', old.id, old.title, old.body); END;"
     "CREATE TRIGGER notes_au AFTER UPDATE ON notes BEGIN INSERT INTO notes_fts(notes_fts, rowid, title, body) VALUES "
     "('delete', old.id, old.title, old.body); INSERT INTO notes_fts(rowid, title, body) VALUES (new.id, new.title, "
     "new.body); END;"
     "CREATE VIRTUAL TABLE terms USING fts5vocab(notes_fts, col)",
     "INSERT INTO notes(title, body) VALUES ('shop', 'milk'), ('milk', 'shop'); UPDATE notes SET body = 'bread' WHERE "
     "id = 1; DELETE FROM notes WHERE id = 7",
     "SELECT (SELECT group_concat(rowid) FROM notes_fts WHERE notes_fts MATCH 'mil*'), (SELECT rowid FROM notes_fts "
     "WHERE notes_fts MATCH 'shop' ORDER BY rank LIMIT 1), (SELECT count(*) FROM terms)",
     "2|1|4"},
    {"a map: an R-Tree of the places",
     "CREATE TABLE places (fid INTEGER PRIMARY KEY, name TEXT, x DOUBLE, y DOUBLE, kind INTEGER);"
     "CREATE VIRTUAL TABLE rtree_places USING rtree(id, min_x, max_x, min_y, max_y, +label TEXT);"
     "CREATE VIRTUAL TABLE tiles USING rtree_i32(id, x0, x1);"
     "CREATE TRIGGER rtree_places_insert AFTER INSERT ON places WHEN NEW.x NOT NULL BEGIN INSERT OR REPLACE INTO "
     "rtree_places VALUES (NEW.fid, NEW.x, NEW.x, NEW.y, NEW.y, NEW.name); END;"
     "CREATE TRIGGER rtree_places_delete AFTER DELETE ON places BEGIN DELETE FROM rtree_places WHERE id = OLD.fid; "
     "END;"
     "CREATE VIEW near AS SELECT p.fid, p.name, r.label FROM rtree_places r JOIN places p ON p.fid = r.id WHERE "
     "r.min_x < 1;"
     "CREATE TRIGGER near_insert INSTEAD OF INSERT ON near BEGIN INSERT INTO places(name, x, y) VALUES (NEW.name, 0, "
     "0); END",
     "INSERT INTO places(name, x, y) VALUES ('far', 9, 9); INSERT INTO near(name) VALUES ('here'); INSERT INTO tiles "
     "VALUES (1, 2, 3)",
     "SELECT fid, name, label, (SELECT x1 FROM tiles WHERE x0 <= 2) FROM near", "2|here|here|3"},
    {"a log: indexes without content, and one without columns of its own",
     "CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, line TEXT NOT NULL) STRICT;"
     "CREATE VIRTUAL TABLE log_index USING fts5(line, content='', detail=none);"
     "CREATE VIRTUAL TABLE old_index USING fts4(content=\"\", line);"
     "CREATE VIRTUAL TABLE whole USING fts4(content=\"log\");"
     "CREATE TRIGGER log_ai AFTER INSERT ON log BEGIN INSERT INTO log_index(rowid, line) VALUES (new.id, new.line); "
     "INSERT INTO old_index(docid, line) VALUES (new.id, new.line); INSERT INTO whole(docid, id, at, line) VALUES "
     "(new.id, new.id, new.at, new.line); END",
     "INSERT INTO log(at, line) VALUES (10, 'started'), (20, 'went wrong')",
     "SELECT (SELECT rowid FROM log_index WHERE log_index MATCH 'wrong'), (SELECT docid FROM old_index WHERE line "
     "MATCH 'wrong'), (SELECT at FROM whole WHERE whole MATCH 'wrong')",
     "2|2|20"},
});

}  // namespace

TEST_CASE("a program with a search gets a baseline that makes all of it") {
  for (const SearchProgram& program : programs) {
    INFO(program.name);
    if (std::string_view(program.schema).find("STRICT") != std::string_view::npos && !test::has_sqlite(37)) continue;
    const fixture::Database old;
    old.query(program.schema);
    change::SchemaChange baseline;
    {
      const fixture::Program none({});
      session::Session session(old.options(none));
      baseline = change::generate_baseline(session);
      CHECK(change::verify_baseline(session, baseline).empty());
    }
    const fixture::Database fresh;
    const fixture::Program migrations(
        {{"Baseline1000000000000", fixture::statements(fixture::texts(baseline.script.up)),
          fixture::statements(fixture::texts(baseline.script.down))}});
    {
      session::Session session(fresh.options(migrations));
      static_cast<void>(run::run_migrations(session));
    }
    fresh.query("DROP TABLE migrations");
    for (const fixture::Database* database : {&old, &fresh}) {
      database->query(program.insert);
      CHECK(database->query(program.search) == program.found);
    }
    const auto changes = [&](const fixture::Database& from, const fixture::Database& to) {
      const Drivers drivers = detail::linked_drivers();
      return change::compare_whole(change::read_database(drivers, from.url()), change::read_database(drivers, to.url()),
                                   {});
    };
    CHECK(changes(old, old).empty());
    CHECK(changes(old, fresh).empty());
    CHECK(changes(fresh, old).empty());
  }
}
