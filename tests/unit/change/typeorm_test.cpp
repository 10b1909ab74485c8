#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>

#include "change/generate.h"
#include "dialect/dialect.h"
#include "operation/describe.h"
#include "support/postgres_server.h"
#include "support/version.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/data_source.h"
#include "whimbrel/entity.h"
#include "whimbrel/postgres.h"

// A database that TypeORM made (data/library.sql), and entities that say what TypeORM's did.

namespace {

using namespace whimbrel;
using fixture::Database;
using fixture::Program;
using Seconds = std::chrono::sys_seconds;

/// Some types and expressions have other names there.
bool on_postgres = false;

struct Dated {
  std::int32_t id{};
  Seconds created_at;
  Seconds updated_at;
  std::int32_t version{};

  static void describe(Entity<Dated>& dated) {
    dated.primary_generated<&Dated::id>();
    dated.create_date<&Dated::created_at>({.name = "createdAt"});
    dated.update_date<&Dated::updated_at>({.name = "updatedAt"});
    dated.version<&Dated::version>();
  }
};

struct Country {
  std::string code;
  std::string name;

  static void describe(Entity<Country>& country) {
    country.primary_column<&Country::code>({.length = 2});
    country.column<&Country::name>({.unique = true});
  }
};

struct Publisher : Dated {
  std::string name;
  std::reference_wrapper<Country> country;

  static void describe(Entity<Publisher>& publisher) {
    publisher.inherits<Dated>();
    publisher.column<&Publisher::name>({.length = 80});
    publisher.many_to_one<&Publisher::country>({.on_delete = OnDelete::restrict});
    publisher.index<&Publisher::name, &Publisher::country>();
  }
};

struct Author : Dated {
  std::string first_name;
  std::string last_name;
  std::string full_name;
  std::optional<Seconds> deleted_at;

  static void describe(Entity<Author>& author) {
    author.inherits<Dated>();
    author.column<&Author::first_name>({.name = "firstName"});
    author.column<&Author::last_name>({.name = "lastName"});
    author.column<&Author::full_name>(
        {.name = "fullName", .computed = R"("firstName" || ' ' || "lastName")", .stored = on_postgres});
    author.delete_date<&Author::deleted_at>({.name = "deletedAt"});
    author.unique<&Author::first_name, &Author::last_name>();
  }
};

struct AuthorProfile {
  std::string id;
  std::string biography;
  std::optional<std::string> links;
  std::optional<std::string> settings;
  Author* author = nullptr;

  static void describe(Entity<AuthorProfile>& profile) {
    profile.primary_generated<&AuthorProfile::id>();
    profile.column<&AuthorProfile::biography>({.type = "text", .default_value = "Nothing yet"});
    profile.column<&AuthorProfile::links>({.type = "text"});
    profile.column<&AuthorProfile::settings>({.type = "text"});
    profile.one_to_one<&AuthorProfile::author>({.on_delete = OnDelete::cascade});
  }
};

struct Size {
  double width{};
  double height{};

  static void describe(Entity<Size>& size) {
    size.column<&Size::width>({.type = "real"});
    size.column<&Size::height>({.type = "real"});
  }
};

struct Tag {
  std::int32_t id{};
  std::string label;

  static void describe(Entity<Tag>& tag) {
    tag.primary_generated<&Tag::id>();
    tag.column<&Tag::label>({.length = 40, .unique = true, .collation = on_postgres ? "C" : "NOCASE"});
  }
};

enum class Status { planned, in_print, gone };

struct Book : Dated {
  std::string title;
  std::optional<std::string> isbn;
  std::int32_t pages{};
  double price{};
  bool available{};
  Status status{};
  std::optional<std::chrono::year_month_day> published_on;
  std::int32_t pages_twice{};
  Size size;
  std::optional<std::vector<std::uint8_t>> cover;
  Publisher* publisher = nullptr;
  std::vector<Author> authors;
  std::vector<Tag> tags;

  static void describe(Entity<Book>& book) {
    book.inherits<Dated>();
    book.column<&Book::title>({.length = 200});
    book.column<&Book::isbn>({.length = 13, .unique = true});
    book.column<&Book::pages>({.default_value = 1});
    book.column<&Book::price>({.type = "decimal", .precision = 10, .scale = 2, .default_value = 0});
    book.column<&Book::available>({.default_value = true});
    book.column<&Book::status>({.default_value = Status::planned});
    book.column<&Book::published_on>({.name = "publishedOn"});
    book.column<&Book::pages_twice>({.name = "pagesTwice", .computed = R"("pages" * 2)", .stored = true});
    book.embedded<&Book::size>();
    book.column<&Book::cover>();
    book.many_to_one<&Book::publisher>({.on_delete = OnDelete::set_null});
    book.many_to_many<&Book::authors>();
    book.many_to_many<&Book::tags>({.table = "book_tag"});
    book.index<&Book::title>();
    book.index<&Book::title>({.name = "in_print", .where = R"("status" = 'in_print')"});
    book.check(R"("pages" > 0)");
  }
};

/// The three kinds of trees have the same members.
template <class T, Tree kind>
struct Node {
  std::int32_t id{};
  std::string name;
  T* parent = nullptr;

  static void describe_node(Entity<T>& node) {
    node.template primary_generated<&Node::id>();
    node.template column<&Node::name>();
    node.template many_to_one<&Node::parent>();
    node.tree(kind);
  }
};

struct Category : Node<Category, Tree::closure_table> {
  static void describe(Entity<Category>& category) { describe_node(category); }
};
struct Section : Node<Section, Tree::materialized_path> {
  static void describe(Entity<Section>& section) { describe_node(section); }
};
struct Area : Node<Area, Tree::nested_set> {
  static void describe(Entity<Area>& area) { describe_node(area); }
};

struct Remark {
  std::int32_t id{};
  std::string text;
  Remark* answer_to = nullptr;

  static void describe(Entity<Remark>& remark) {
    remark.primary_generated<&Remark::id>();
    remark.column<&Remark::text>({.type = "text"});
    remark.many_to_one<&Remark::answer_to>({.on_delete = OnDelete::cascade, .columns = {"answerToId"}});
  }
};

struct Person {
  std::int32_t id{};
  std::string name;

  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::name>();
    person.single_table({.column = "kind"});
  }
};
struct Reader : Person {
  std::string card;

  static void describe(Entity<Reader>& reader) {
    reader.child_of<Person>({.value = "reader"});
    reader.column<&Reader::card>({.length = 20});
  }
};
struct Librarian : Person {
  std::int32_t salary{};

  static void describe(Entity<Librarian>& librarian) {
    librarian.child_of<Person>({.value = "librarian"});
    librarian.column<&Librarian::salary>();
  }
};

struct Loan {
  std::int32_t book_id{};
  std::int32_t reader_id{};
  Seconds due_on;

  static void describe(Entity<Loan>& loan) {
    loan.primary_column<&Loan::book_id>({.name = "bookId"});
    loan.primary_column<&Loan::reader_id>({.name = "readerId"});
    loan.column<&Loan::due_on>({.name = "dueOn"});
    loan.many_to_one<&Loan::book_id, &Book::id, Book>({.on_delete = OnDelete::cascade});
    loan.many_to_one<&Loan::reader_id, &Person::id, Person>();
    loan.index<&Loan::due_on>();
  }
};

struct BookTitle {
  static void describe(View<BookTitle>& view) {
    view.query(on_postgres ? R"(SELECT "id", "title" FROM "book" WHERE "available" = true)"
                           : R"(SELECT "id", "title" FROM "book" WHERE "available" = 1)");
    view.depends_on<Book>();
  }
};

Entities library() {
  return entities<Country, Publisher, Author, AuthorProfile, Tag, Book, Category, Section, Area, Remark, Person, Reader,
                  Librarian, Loan, BookTitle>();
}

std::string changes(const DataSourceOptions& options) {
  run::Session session(options, run::Access::read_only);
  std::string text;
  for (const operation::Operation& operation : run::generate(session).operations) {
    text += operation::describe(operation) + '\n';
  }
  return text;
}

struct Adopted {
  Database database;

  Adopted() {
    std::ifstream file(WHIMBREL_TEST_DATA_DIRECTORY "/library.sql");
    database.query({std::istreambuf_iterator<char>(file), {}});
  }
};

TEST_CASE_FIXTURE(Adopted, "a database that TypeORM made fits entities that say the same") {
  const Program program{{}};
  DataSourceOptions options = database.options(program);
  options.entities = library();
  CHECK(changes(options) == std::string());
}

TEST_CASE_FIXTURE(Adopted, "entities make of an empty database what TypeORM's made of it, statement by statement") {
  const Program program{{}};
  const Database made;
  DataSourceOptions options = made.options(program);
  options.entities = library();
  options.synchronize = true;
  DataSource(options).initialize();
  // But for the blank that TypeORM puts behind an index without a condition, and for the order of columns.
  const char* const statements =
      "SELECT type, name, trim(sql) FROM sqlite_master WHERE type IN ('index', 'view') AND sql IS NOT NULL ORDER BY "
      "name";
  CHECK(made.query(statements) == database.query(statements));
  CHECK(made.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") ==
        database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations', "
                       "'typeorm_metadata') ORDER BY name"));
}

/// The same on PostgreSQL.
struct AdoptedOnPostgres {
  std::string url = test::fresh_database();

  AdoptedOnPostgres() {
    on_postgres = true;
    std::ifstream file(WHIMBREL_TEST_DATA_DIRECTORY "/library.postgres.sql");
    const std::string script({std::istreambuf_iterator<char>(file), {}});
    const auto connection = postgres::driver().open({.url = url});
    connection->run(script);
    connection->run("RESET search_path");
  }
  ~AdoptedOnPostgres() { on_postgres = false; }
};

TEST_CASE_FIXTURE(AdoptedOnPostgres, "a PostgreSQL database that TypeORM made fits entities that say the same") {
  DataSourceOptions options;
  options.url = url;
  options.entities = library();
  CHECK(changes(options) == std::string());
}

TEST_CASE_FIXTURE(AdoptedOnPostgres, "entities make of an empty PostgreSQL database what TypeORM's made of it") {
  WHIMBREL_SKIP_UNLESS(test::has_postgres(13), "gen_random_uuid()");
  DataSourceOptions options;
  options.url = test::fresh_database();
  options.entities = library();
  options.synchronize = true;
  DataSource(options).initialize();
  const auto ask = [](const std::string& database, const std::string& query) {
    std::string text;
    for (const auto& row : postgres::driver().open({.url = database})->run(query).values) text += row[0].text() + '\n';
    return text;
  };
  const std::string ours = " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ";
  const std::string indexes =
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT IN ('migrations', "
      "'typeorm_metadata') ORDER BY 1";
  const std::string constraints =
      "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE "
      "connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT IN ('migrations', 'typeorm_metadata') "
      "ORDER BY 1";
  // TypeORM writes the number with quotes, and takes the session's time for UTC.
  const std::string columns =
      "SELECT c.relname || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || "
      "coalesce(replace(replace(replace(pg_get_expr(adbin, adrelid), '''0''::numeric', '0'), "
      "'(now() AT TIME ZONE ''utc''::text)', 'now()'), 'timezone(''utc''::text, now())', 'now()'), '') FROM pg_class c "
      "JOIN pg_attribute ON "
      "attrelid = c.oid LEFT JOIN "
      "pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE relkind = 'r' AND attnum > 0 AND relname NOT IN "
      "('migrations', 'typeorm_metadata') AND attname <> 'id' AND relnamespace = 'public'::regnamespace" +
      ours + "ORDER BY 1";
  for (const std::string& query : {indexes, constraints, columns}) CHECK(ask(options.url, query) == ask(url, query));
}

TEST_CASE_FIXTURE(Adopted, "migrations go on where TypeORM stopped, in its own table") {
  const Program program(
      {{"AddNote1800000000000", fixture::statements({R"(ALTER TABLE "tag" ADD COLUMN "note" varchar)"}),
        fixture::statements({R"(ALTER TABLE "tag" DROP COLUMN "note")"})}});
  DataSourceOptions options = database.options(program);
  DataSource source(options);
  source.initialize();
  CHECK(source.run_migrations() == std::vector<std::string>{"AddNote1800000000000"});
  CHECK(database.query("SELECT id, timestamp, name FROM migrations ORDER BY id") ==
        "1|1700000000000|CreateLibrary1700000000000\n2|1800000000000|AddNote1800000000000");
  // As TypeORM writes to it, which knows nothing of further columns.
  database.query("INSERT INTO migrations(timestamp, name) VALUES (1900000000000, 'Later1900000000000')");
  CHECK(source.pending_migrations().empty());
}

}  // namespace
