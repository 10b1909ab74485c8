#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "change/synchronize.h"
#include "temporary_directory.h"
#include "toy_database/client/database.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"
#include "whimbrel/manage.h"
#include "whimbrel/schema.h"
#include "whimbrel/toy.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

// What a dialect has to answer, through the commands and calls that ask it.

namespace {

namespace before {
struct Bird {
  std::int32_t id{};
  std::string name;
  std::string seen;
  static void describe(Entity<Bird>& bird) {
    bird.primary_generated<&Bird::id>();
    bird.column<&Bird::name>();
    bird.column<&Bird::seen>();
  }
};
}  // namespace before

namespace after {
struct Bird {
  std::int32_t id{};
  std::string species;
  std::int64_t seen{};
  std::optional<double> weight;
  static void describe(Entity<Bird>& bird) {
    bird.primary_generated<&Bird::id>();
    bird.column<&Bird::species>({.renamed_from = "name"});
    bird.column<&Bird::seen>({.default_value = 0});
    bird.column<&Bird::weight>();
  }
};
}  // namespace after

struct Ringed {
  std::int32_t id{};
  std::string ring;
  static void describe(Entity<Ringed>& ringed) {
    ringed.primary_generated<&Ringed::id>();
    ringed.column<&Ringed::ring>({.unique = true});
  }
};

struct Sighting {
  std::int32_t id{};
  std::string place;
  bool is_certain{};
  double distance{};
  std::chrono::sys_seconds seen_at{};
  static void describe(Entity<Sighting>& sighting) {
    sighting.primary_generated<&Sighting::id>();
    sighting.column<&Sighting::place>({.default_value = "the coast's"});
    sighting.column<&Sighting::is_certain>({.default_value = true});
    sighting.column<&Sighting::distance>({.default_value = 1.5});
    sighting.create_date<&Sighting::seen_at>();
  }
};

struct Feather {
  std::string code;
  static void describe(Entity<Feather>& feather) { feather.primary_generated<&Feather::code>(); }
};

struct Coded {
  std::int32_t id{};
  std::int32_t price{};
  static void describe(Entity<Coded>& coded) {
    coded.primary_generated<&Coded::id>();
    coded.column<&Coded::price>({.type = "money"});
  }
};

struct Summary {
  std::int32_t id{};
  static void describe(View<Summary>& summary) { summary.query("SELECT id FROM bird"); }
};

AnyDatabase fresh() {
  static int number = 0;
  return AnyDatabase("toy:seam" + std::to_string(++number));
}

DataSourceOptions options_of(const AnyDatabase& database, const Entities& entities) {
  DataSourceOptions options;
  options.url = database.url();
  options.entities = entities;
  return options;
}

/// The command line, with what it prints in a file.
class Manage {
 public:
  explicit Manage(const std::string& output) : output_(output) {}

  int operator()(std::vector<std::string> arguments, const DataSourceOptions& options) {
    arguments.insert(arguments.begin(), "manage");
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    std::fflush(stdout);
    const int terminal = dup(STDOUT_FILENO);
    REQUIRE(std::freopen(output_.c_str(), "w", stdout) != nullptr);
    const int code = manage(static_cast<int>(pointers.size()), pointers.data(), options);
    std::fflush(stdout);
    dup2(terminal, STDOUT_FILENO);
    close(terminal);
    std::stringstream text;
    text << std::ifstream(output_).rdbuf();
    text_ = text.str();
    return code;
  }
  [[nodiscard]] bool printed(const std::string& text) const { return text_.find(text) != std::string::npos; }

 private:
  std::string output_;
  std::string text_;
};

std::string text_of(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

const std::string bird_table =
    "CREATE TABLE \"bird\" (\"id\" integer NOT NULL COUNTED, \"name\" text NOT NULL, "
    "\"seen\" text NOT NULL, PRIMARY KEY (\"id\"))";

}  // namespace

TEST_CASE("makemigrations tries out and writes what the entities need, and --check finds it missing") {
  test::TemporaryDirectory directory;
  const AnyDatabase database = fresh();
  DataSourceOptions options = options_of(database, entities<before::Bird>());
  options.migrations_directory = directory.file("migrations");
  Manage manage(directory.file("output"));
  CHECK(manage({"makemigrations", "--check"}, options) == 4);
  CHECK(manage({"makemigrations", "--name", "bird"}, options) == 0);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(options.migrations_directory)) files.push_back(entry);
  REQUIRE(files.size() == 1);
  const std::string source = text_of(files[0]);
  CHECK(source.find(bird_table) != std::string::npos);
  CHECK(source.find("DROP TABLE \"bird\"") != std::string::npos);
  CHECK(source.find("not tried") == std::string::npos);
  CHECK(manage({"status"}, options) == 0);
}

TEST_CASE("a change is tried over the rows of the database, or over made ones where there are none") {
  test::TemporaryDirectory directory;
  Manage manage(directory.file("output"));
  for (const bool has_rows : {true, false}) {
    const AnyDatabase database = fresh();
    DataSource(options_of(database, entities<before::Bird>())).synchronize();
    if (has_rows) database.query("INSERT INTO bird (name, seen) VALUES ('whimbrel', '7')");
    DataSourceOptions options = options_of(database, entities<after::Bird>());
    options.migrations_directory = directory.file(has_rows ? "over rows" : "over none");
    CHECK(manage({"makemigrations"}, options) == 0);
    CHECK(!std::filesystem::is_empty(options.migrations_directory));
  }

  const AnyDatabase wrong = fresh();
  DataSource(options_of(wrong, entities<before::Bird>())).synchronize();
  wrong.query("INSERT INTO bird (name, seen) VALUES ('curlew', 'often')");
  DataSourceOptions options = options_of(wrong, entities<after::Bird>());
  options.migrations_directory = directory.file("wrong");
  CHECK(manage({"makemigrations"}, options) == 1);
  CHECK(!std::filesystem::exists(options.migrations_directory));
}

TEST_CASE("types and defaults come back as they were given") {
  const AnyDatabase database = fresh();
  DataSource(options_of(database, entities<Sighting>())).synchronize();
  session::Session session(options_of(database, entities<Sighting>()));
  CHECK(change::synchronize(session, {}).statements.empty());
  database.query("INSERT INTO sighting (is_certain) VALUES (0)");
  CHECK(database.query("SELECT * FROM sighting") == "1|the coast's|0|1.5|2026-01-31 12:00:00");
  database.query("UPDATE sighting SET is_certain = 1 WHERE id = 1");
  CHECK(database.query("SELECT is_certain FROM sighting") == "1");
  database.query("ALTER TABLE sighting ALTER COLUMN place text NOT NULL DEFAULT 'elsewhere'");
  CHECK(change::synchronize(session, {}).statements.size() == 1);
  CHECK(change::synchronize(session, {}).statements.empty());

  // The program makes the UUID: the column has no default that would.
  DataSource(options_of(database, entities<Feather>())).synchronize();
  const model::Schema schema = session.dialect().inspect(session.connection(), {});
  const model::Table* const feather = schema.find_table({"feather"});
  REQUIRE(feather != nullptr);
  CHECK(!feather->columns[0].default_expression);
}

TEST_CASE("entities and a first migration are written for a database that is there") {
  test::TemporaryDirectory directory;
  const AnyDatabase database = fresh();
  DataSource(options_of(database, entities<Sighting>())).synchronize();
  Manage manage(directory.file("output"));
  CHECK(manage({"entities", "--out", directory.file("entities")}, options_of(database, {})) == 0);
  const std::string source = text_of(std::filesystem::path(directory.file("entities")) / "sighting.h");
  CHECK(source.find("std::string place") != std::string::npos);
  CHECK(source.find("double distance") != std::string::npos);

  DataSourceOptions options = options_of(database, entities<Sighting>());
  options.migrations_directory = directory.file("migrations");
  CHECK(manage({"baseline"}, options) == 0);
  CHECK(database.query("SELECT count(*) FROM migrations") == "1");
}

TEST_CASE("entities that lose nothing are followed, with the rows that are there") {
  const AnyDatabase database = fresh();
  DataSource(options_of(database, entities<before::Bird>())).synchronize();
  database.query("INSERT INTO bird (name, seen) VALUES ('whimbrel', '7')");
  DataSource data_source(options_of(database, entities<after::Bird>()));
  data_source.synchronize();
  CHECK(database.columns("bird") == "id species seen weight");
  CHECK(database.query("SELECT * FROM bird") == "1|whimbrel|7|NULL");
  session::Session session(options_of(database, entities<after::Bird>()));
  CHECK(change::synchronize(session, {}).statements.empty());
}

TEST_CASE("a loss is refused, and a conversion that fails leaves the rows as they were") {
  const AnyDatabase database = fresh();
  DataSource(options_of(database, entities<after::Bird>())).synchronize();
  database.query("INSERT INTO bird (species) VALUES ('curlew')");
  const Error loss = error_of([&] { DataSource(options_of(database, entities<before::Bird>())).synchronize(); });
  CHECK(loss.kind() == ErrorKind::unsafe);
  CHECK(database.columns("bird") == "id species seen weight");

  const AnyDatabase other = fresh();
  DataSource(options_of(other, entities<before::Bird>())).synchronize();
  other.query("INSERT INTO bird (name, seen) VALUES ('curlew', 'often')");
  const Error error = error_of([&] { DataSource(options_of(other, entities<after::Bird>())).synchronize(); });
  CHECK(mentions(error, "column \"seen\" takes no such value"));
  CHECK(mentions(error, "cannot undo schema changes"));
  CHECK(other.query("SELECT id, species, seen FROM bird") == "1|curlew|often");
}

TEST_CASE("what the database lacks is an error that says what it has") {
  const AnyDatabase database = fresh();
  const Error error = error_of([&] { DataSource(options_of(database, entities<Ringed>())).synchronize(); });
  CHECK(error.kind() == ErrorKind::entity);
  CHECK(mentions(error, "The toy database cannot create table \"ringed\""));
  CHECK(mentions(error, "tables, columns and primary keys"));
}

TEST_CASE("an entity that asks for what the database lacks is named") {
  const AnyDatabase database = fresh();
  const Error type = error_of([&] { DataSource data_source(options_of(database, entities<Coded>())); });
  CHECK(mentions(type, "Coded"));
  CHECK(mentions(type, "the toy database has no type \"money\""));
  const Error view = error_of([&] { DataSource data_source(options_of(database, entities<before::Bird, Summary>())); });
  CHECK(mentions(view, "the toy database has no views"));
}

TEST_CASE("the schema of the entities can be dropped") {
  const AnyDatabase database = fresh();
  DataSource data_source(options_of(database, entities<before::Bird>()));
  data_source.synchronize();
  CHECK(database.tables() == "bird");
  data_source.drop_schema();
  CHECK(database.tables() == "NULL");
}

TEST_CASE("databases and files are compared and shown") {
  test::TemporaryDirectory directory;
  std::ofstream(directory.file("birds.sql")) << bird_table << ";\n";
  const AnyDatabase database = fresh();
  const DataSourceOptions options = options_of(database, {});
  database.query("CREATE TABLE bird (id integer NOT NULL COUNTED, name text NOT NULL, PRIMARY KEY (id))");
  Manage manage(directory.file("output"));
  CHECK(manage({"diff", database.url(), directory.file("birds.sql")}, options) == 0);
  CHECK(manage.printed("ALTER TABLE \"bird\" ADD COLUMN \"seen\" text NOT NULL"));
  CHECK(manage({"diff", database.url(), directory.file("birds.sql"), "--schema", "main"}, options) == 0);
  CHECK(manage({"inspect", database.url()}, options) == 0);
  CHECK(manage.printed("name"));
}

TEST_CASE("a migration changes the schema in words that are the same for every database") {
  const AnyDatabase database = fresh();
  const Program program({{"A1561981516514", [](QueryRunner& query_runner) {
                            query_runner.query("CREATE TABLE bird (id integer NOT NULL)");
                            query_runner.add_column("bird", {.name = "name", .type = "text", .nullable = true});
                            query_runner.rename_column("bird", "name", "species");
                            query_runner.rename_table("bird", "wader");
                            CHECK(query_runner.has_column("wader", "species"));
                            query_runner.drop_column("wader", "species");
                          }}});
  DataSource(database.options(program)).run_migrations();
  CHECK(database.columns("wader") == "id");
}

TEST_CASE("an operation that fails halfway outside a migration says that its beginning stays") {
  const AnyDatabase database = fresh();
  database.query(
      "CREATE TABLE bird (id integer NOT NULL, name text); INSERT INTO bird (id, name) VALUES (1, 'curlew')");
  DataSource data_source(options_of(database, {}));
  const Error error = error_of([&] {
    data_source.query_runner().change_column("bird", "name", {.name = "number", .type = "integer", .nullable = true});
  });
  CHECK(mentions(error, "takes no such value"));
  CHECK(mentions(error, "its first statement remains"));
  CHECK(database.columns("bird") == "id number");
}

TEST_CASE("rows come one by one, and a run can be interrupted") {
  const AnyDatabase database = fresh();
  database.query("CREATE TABLE bird (id integer); INSERT INTO bird (id) VALUES (1); INSERT INTO bird (id) VALUES (2)");
  DataSource data_source(options_of(database, {}));
  std::string seen;
  data_source.query_runner().for_each_row("SELECT id FROM bird", [&](Row row) { seen += row[0].text(); });
  CHECK(seen == "12");
  data_source.interrupt();
  CHECK(error_of([&] { data_source.query_runner().query("SELECT 1"); }).kind() == ErrorKind::interrupted);
}

TEST_CASE("a database that the program has is used as it is") {
  toy::Database own;
  DataSourceOptions options;
  options.entities = entities<before::Bird>();
  options.connection = toy::connection(&own);
  DataSource(options).synchronize();
  CHECK(own.tables.contains("bird"));
  options.connection = toy::connection(nullptr);
  CHECK(error_of([&] { DataSource(options).synchronize(); }).kind() == ErrorKind::usage);
}

TEST_CASE("what only reads makes no database") {
  const AnyDatabase database = fresh();
  Manage manage("/dev/null");
  CHECK(manage({"status"}, options_of(database, {})) == 0);
  CHECK(toy::find_database(database.url().substr(4), false) == nullptr);
}
