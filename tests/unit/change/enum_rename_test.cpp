#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Values of an enum that get another name.

namespace {

using namespace whimbrel;
using fixture::texts;
using fixture::Trial;

namespace before {

enum class Mood { glad, sad, calm };

struct Person {
  std::int32_t id{};
  Mood mood{};

  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::mood>({.default_value = Mood::glad, .enum_name = "mood"});
  }
};

/// The values are the column's own.
struct Cat {
  std::int32_t id{};
  Mood mood{};

  static void describe(Entity<Cat>& cat) {
    cat.primary_generated<&Cat::id>();
    cat.column<&Cat::mood>({.default_value = Mood::glad});
  }
};

}  // namespace before

namespace after {

enum class Mood { happy, sad, quiet };

struct Person {
  std::int32_t id{};
  Mood mood{};

  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::mood>({.default_value = Mood::happy, .enum_name = "mood"});
  }
};

/// The values are the column's own.
struct Cat {
  std::int32_t id{};
  Mood mood{};

  static void describe(Entity<Cat>& cat) {
    cat.primary_generated<&Cat::id>();
    cat.column<&Cat::mood>({.default_value = Mood::happy});
  }
};

}  // namespace after

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("values of an enum that go and come are asked about, the likeliest pair first") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Person>());
  const change::SchemaChange open = trial.look(entities<after::Person>());
  Lines pairs;
  for (const diff::RenameCandidate& candidate : open.rename_candidates) {
    CHECK(candidate.is_value);
    CHECK(candidate.table == model::Name("mood"));
    pairs.push_back(candidate.from.name + ' ' + candidate.to.name);
  }
  REQUIRE(pairs.size() == 4);
  CHECK(pairs[0] == "glad happy");
  CHECK(pairs[1] == "calm quiet");

  diff::Answers answers;
  answers.column_renames.push_back({"mood", "glad", "happy"});
  answers.not_renames.push_back({"mood", "calm", "quiet"});
  const change::SchemaChange decided = trial.look(entities<after::Person>(), answers);
  CHECK(decided.rename_candidates.empty());
  CHECK(texts(decided.script.up).front() == R"(ALTER TYPE "mood" RENAME VALUE 'glad' TO 'happy')");
  REQUIRE(decided.notes.size() == 2);
  CHECK(decided.notes.front() == "fails if a column of enum \"mood\" holds calm");
  CHECK(decided.notes.back() == "drops and recreates enum \"mood\"");
}

TEST_CASE("a renamed value is renamed in all rows and in whatever says it, and gets its old name back") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Person>());
  trial.query("INSERT INTO person (mood) VALUES ('glad'), ('calm'), (DEFAULT)");
  trial.query("CREATE TABLE diary (moods mood[] DEFAULT '{glad}'); INSERT INTO diary VALUES ('{glad,calm}')");
  trial.query("CREATE VIEW glad_people AS SELECT id FROM person WHERE mood = 'glad' OR mood = ANY ('{glad,sad}')");
  trial.query("CREATE INDEX glad_ones ON person (id) WHERE mood = 'glad'");
  const model::Schema at_first = trial.schema();

  diff::Answers answers;
  answers.column_renames.push_back({"mood", "glad", "happy"});
  answers.column_renames.push_back({"mood", "calm", "quiet"});
  const change::SchemaChange generated = trial.arrive_at(entities<after::Person>(), answers);
  CHECK(texts(generated.script.up) == Lines{R"(ALTER TYPE "mood" RENAME VALUE 'glad' TO 'happy')",
                                            R"(ALTER TYPE "mood" RENAME VALUE 'calm' TO 'quiet')"});
  CHECK(texts(generated.script.down) == Lines{R"(ALTER TYPE "mood" RENAME VALUE 'quiet' TO 'calm')",
                                              R"(ALTER TYPE "mood" RENAME VALUE 'happy' TO 'glad')"});
  CHECK(trial.query("SELECT mood FROM person ORDER BY id") == "happy\nquiet\nhappy");
  CHECK(trial.query("SELECT count(*) FROM glad_people") == "2");
  trial.query("INSERT INTO diary DEFAULT VALUES");
  CHECK(trial.query("SELECT moods FROM diary") == "{happy,quiet}\n{happy}");

  trial.revert_last();
  CHECK(trial.schema() == at_first);
  CHECK(trial.query("SELECT mood FROM person ORDER BY id") == "glad\ncalm\nglad");
}

TEST_CASE("a value that an enum loses and a row holds is refused, also if the table itself does not change") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Person>());
  trial.query("INSERT INTO person (mood) VALUES ('calm')");
  diff::Answers answers;
  answers.column_renames.push_back({"mood", "glad", "happy"});
  answers.not_renames.push_back({"mood", "calm", "quiet"});
  const Error error = fixture::error_of([&] { static_cast<void>(trial.look(entities<after::Person>(), answers)); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(std::string_view(error.what()).starts_with("The migration fails on existing rows: "));
  CHECK(std::string_view(error.what()).find("calm") != std::string_view::npos);
}

TEST_CASE(
    "a column keeps its enum where the table and the column are renamed, and so values can be renamed with them") {
  struct Feeling {
    std::int32_t id{};
    after::Mood feels{};

    static void describe(Entity<Feeling>& feeling) {
      feeling.table({.name = "feeling", .renamed_from = "cat"});
      feeling.primary_generated<&Feeling::id>();
      feeling.column<&Feeling::feels>({.default_value = after::Mood::happy, .renamed_from = "mood"});
    }
  };
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Cat>());
  trial.query("INSERT INTO cat (mood) VALUES ('glad'), ('calm'), (DEFAULT)");
  const model::Schema at_first = trial.schema();
  const change::SchemaChange open = trial.look(entities<Feeling>());
  REQUIRE(open.rename_candidates.size() == 4);
  CHECK(open.rename_candidates.front().table == model::Name("cat_mood_enum"));

  diff::Answers answers;
  answers.column_renames.push_back({"cat_mood_enum", "glad", "happy"});
  answers.column_renames.push_back({"cat_mood_enum", "calm", "quiet"});
  const change::SchemaChange generated = trial.arrive_at(entities<Feeling>(), answers);
  for (const std::string& statement : texts(generated.script.up)) CHECK(statement.find("RENAME") != statement.npos);
  CHECK(trial.query("SELECT feels FROM feeling ORDER BY id") == "happy\nquiet\nhappy");
  trial.revert_last();
  CHECK(trial.schema() == at_first);
  CHECK(trial.query("SELECT mood FROM cat ORDER BY id") == "glad\ncalm\nglad");
}

TEST_CASE("the values of a column on SQLite are asked about as well, and rows get the new ones and back the old ones") {
  Trial trial;
  trial.arrive_at(entities<before::Cat>());
  trial.query("INSERT INTO cat (mood) VALUES ('glad'), ('calm'), ('sad')");
  const change::SchemaChange open = trial.look(entities<after::Cat>());
  REQUIRE(open.rename_candidates.size() == 4);
  CHECK(open.rename_candidates[0].of_column);
  CHECK(open.rename_candidates[0].table == model::Name("cat", "mood"));
  CHECK(open.rename_candidates[0].from.name == "glad");
  CHECK(open.rename_candidates[0].to.name == "happy");

  diff::Answers answers;
  answers.column_renames.push_back({{"cat", "mood"}, "glad", "happy"});
  answers.column_renames.push_back({{"cat", "mood"}, "calm", "quiet"});
  const change::SchemaChange generated = trial.arrive_at(entities<after::Cat>(), answers);
  CHECK(generated.notes.empty());
  CHECK(trial.query("SELECT mood FROM cat ORDER BY id") == "happy\nquiet\nsad");
  trial.revert_last();
  CHECK(trial.query("SELECT mood FROM cat ORDER BY id") == "glad\ncalm\nsad");
}

TEST_CASE("two values of a column exchange their names") {
  Trial trial;
  trial.arrive_at(entities<before::Cat>());
  trial.query("INSERT INTO cat (mood) VALUES ('glad'), ('sad')");
  diff::Answers answers;
  answers.column_renames.push_back({{"cat", "mood"}, "glad", "sad"});
  answers.column_renames.push_back({{"cat", "mood"}, "sad", "glad"});
  const change::SchemaChange generated = trial.look(entities<before::Cat>(), answers);
  const Lines up = texts(generated.script.up);
  const std::string exchange = "CASE \"mood\" WHEN 'glad' THEN 'sad' WHEN 'sad' THEN 'glad' ELSE \"mood\" END";
  CHECK(std::any_of(up.begin(), up.end(), [&](const std::string& line) { return line.find(exchange) != line.npos; }));
}

TEST_CASE("a value does not get the name of one that stays, from which the way back could not tell it") {
  Trial trial;
  trial.arrive_at(entities<before::Cat>());
  trial.query("INSERT INTO cat (mood) VALUES ('glad'), ('sad')");
  diff::Answers answers;
  answers.column_renames.push_back({{"cat", "mood"}, "glad", "sad"});
  const change::SchemaChange generated = trial.look(entities<after::Cat>(), answers);
  for (const std::string& line : texts(generated.script.up)) CHECK(line.find("THEN 'sad'") == line.npos);
  REQUIRE(generated.rename_candidates.size() == 4);
  CHECK(generated.rename_candidates[0].from.name == "glad");
}
