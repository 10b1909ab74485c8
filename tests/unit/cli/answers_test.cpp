#include "cli/answers.h"

#include <doctest/doctest.h>

#include <deque>
#include <sstream>

#include "dialect/sqlite/text/syntax.h"
#include "support/backtick_syntax.h"

using namespace whimbrel;
using namespace whimbrel::cli;
using dialect::sqlite::sqlite_syntax;

namespace {

model::Column column(const std::string& name) {
  model::Column result;
  result.name = name;
  result.type.name = "varchar";
  return result;
}

// Answers with the lines, and keeps what it showed.
struct Person {
  std::deque<std::string> lines;
  std::ostringstream screen;
  std::unique_ptr<Questions> questions = ask_on(screen, [this]() -> std::optional<std::string> {
    if (lines.empty()) return std::nullopt;
    std::string line = lines.front();
    lines.pop_front();
    return line;
  });
  explicit Person(std::deque<std::string> answers) : lines(std::move(answers)) {}
};

change::SchemaChange with_candidates(std::vector<diff::RenameCandidate> candidates) {
  change::SchemaChange generated;
  generated.rename_candidates = std::move(candidates);
  return generated;
}

change::SchemaChange with_missing_fill() {
  change::SchemaChange generated;
  generated.missing_backfills.push_back({"user", "email", true});
  return generated;
}

}  // namespace

TEST_CASE("options become answers") {
  const diff::Answers answers =
      read_answers({{{"post", "title"}, "name"}, {{"old"}, "new"}, {{"main", "a", "b"}, "c"}}, {{{"post", "x"}, "y"}},
                   {{{"user", "email"}, "''"}, {{"main", "user", "age"}, "0"}});
  REQUIRE(answers.column_renames.size() == 2);
  CHECK(answers.column_renames[0].table == model::Name("post"));
  CHECK(answers.column_renames[0].from == "title");
  CHECK(answers.column_renames[0].to == "name");
  CHECK(answers.column_renames[1].table == model::Name("main", "a"));
  REQUIRE(answers.table_renames.size() == 1);
  CHECK(answers.table_renames[0].from == model::Name("old"));
  CHECK(answers.table_renames[0].to == model::Name("new"));
  REQUIRE(answers.not_renames.size() == 1);
  CHECK(answers.not_renames[0].to == "y");
  CHECK(answers.backfills.at({"user", "email"}) == "''");
  CHECK(answers.backfills.at({"main.user", "age"}) == "0");
}

TEST_CASE("options decide about tables, in a schema too") {
  const diff::Answers answers =
      read_answers({{{"audit", "old"}, "audit.new"}, {{"audit", "log"}, "post.log"}, {{"post", "a"}, "\"b.c\""}},
                   {{{"tag"}, "label"}, {{"audit", "tag"}, "audit.label"}}, {}, {{"tag"}, {"audit", "log"}});
  REQUIRE(answers.table_renames.size() == 2);
  CHECK(answers.table_renames[0].from == model::Name("audit", "old"));
  CHECK(answers.table_renames[0].to == model::Name("audit", "new"));
  CHECK(answers.table_renames[1].to == model::Name("post", "log"));
  REQUIRE(answers.column_renames.size() == 1);
  CHECK(answers.column_renames[0].to == "b.c");
  diff::Answers in_default = answers;
  omit_schema(in_default, "post");
  CHECK(in_default.table_renames[1].to == model::Name("log"));
  CHECK(in_default.table_renames[1].from == model::Name("audit", "log"));
  REQUIRE(answers.not_table_renames.size() == 2);
  CHECK(answers.not_table_renames[0].to == model::Name("label"));
  CHECK(answers.not_table_renames[1].to == model::Name("audit", "label"));
  CHECK(answers.dropped_tables == std::vector<model::Name>{"tag", {"audit", "log"}});
}

TEST_CASE("a person is asked about tables first, and a table goes only with a yes") {
  change::SchemaChange generated = with_missing_fill();
  generated.table_candidates = {{"post", "article", 90}, {"post", "essay", 80}, {"log", "essay", 70}};
  generated.undecided_drops = {"tag"};
  Person person({"y", "n", "y"});
  diff::Answers answers;
  CHECK(answer(*person.questions, sqlite_syntax, generated, answers));
  REQUIRE(answers.table_renames.size() == 1);
  CHECK(answers.table_renames[0].to == model::Name("article"));
  REQUIRE(answers.not_table_renames.size() == 1);
  CHECK(answers.not_table_renames[0].from == model::Name("log"));
  CHECK(answers.dropped_tables == std::vector<model::Name>{"tag"});
  CHECK(answers.backfills.empty());
  CHECK(person.screen.str().find("Was \"post\" renamed to \"article\"? [y/n] ") != std::string::npos);
  CHECK(person.screen.str().find("Drop it with all its rows? [y/n] ") != std::string::npos);

  generated.table_candidates.clear();
  Person keeping({"n"});
  diff::Answers kept;
  CHECK_FALSE(answer(*keeping.questions, sqlite_syntax, generated, kept));
  CHECK(kept.dropped_tables.empty());
  CHECK_FALSE(answer(*ask_nobody(), sqlite_syntax, generated, kept));
}

TEST_CASE("an open question about a table names the options that answer it") {
  change::SchemaChange generated;
  generated.table_candidates = {{"my post", "article", 90}, {"other", "essay", 80, true}};
  generated.undecided_drops = {{"audit", "log"}};
  CHECK(has_open_questions(generated));
  const std::string text = undecided(generated).what();
  CHECK(text.find("Was table \"my post\" renamed to \"article\"?\n    yes: --rename 'my post=article'\n    no:  --drop "
                  "'my post'") != std::string::npos);
  CHECK(text.find("no:  --not-rename other=essay") != std::string::npos);
  CHECK(text.find("No entity describes table \"audit.log\" any more. Drop it with all its rows?\n    yes: --drop "
                  "audit.log") != std::string::npos);
  CHECK(text.find("no:  describe it with an entity and list it in entities<...>(); with") != std::string::npos);
  const std::string json = to_text(questions_document(generated));
  CHECK(json.find("\"kind\": \"rename_table\"") != std::string::npos);
  CHECK(json.find("\"kind\": \"drop_table\"") != std::string::npos);
  CHECK(
      open_notes(generated).front() ==
      "table \"my post\" is dropped and \"article\" is created; if this is a rename, pass --rename 'my post=article'");
}

TEST_CASE("an option that names no column is wrong usage") {
  CHECK_THROWS_AS(read_answers({}, {{{"a", "b", "c", "d"}, "x"}}, {}), Error);
  CHECK_THROWS_AS(read_answers({}, {}, {{{"post"}, "x"}}), Error);
  CHECK_THROWS_AS(read_answers({{{"a", "b", "c", "d"}, "x"}}, {}, {}), Error);
}

TEST_CASE("a person is asked about each column that could be renamed") {
  Person person({"maybe", "n", " yes "});
  diff::Answers answers;
  const auto generated = with_candidates({{"post", column("title"), column("name")},
                                          {"post", column("title"), column("heading")},
                                          {"post", column("text"), column("heading")}});
  CHECK(answer(*person.questions, sqlite_syntax, generated, answers));
  REQUIRE(answers.not_renames.size() == 1);
  CHECK(answers.not_renames[0].to == "name");
  REQUIRE(answers.column_renames.size() == 1);  // The third is settled with the second: its new column is taken.
  CHECK(answers.column_renames[0].from == "title");
  CHECK(answers.column_renames[0].to == "heading");
  CHECK(person.lines.empty());
  CHECK(person.screen.str().find("Was \"title\" renamed to \"name\"? [y/n] ") != std::string::npos);
}

TEST_CASE("a person is asked what rows get, once the renames are settled") {
  Person person({"y", "lower('x')"});
  diff::Answers answers;
  change::SchemaChange both = with_candidates({{"user", column("mail"), column("email")}});
  both.missing_backfills = with_missing_fill().missing_backfills;
  CHECK(answer(*person.questions, sqlite_syntax, both, answers));
  CHECK(answers.backfills.empty());
  CHECK(answer(*person.questions, sqlite_syntax, with_missing_fill(), answers));
  CHECK(answers.backfills.at({"user", "email"}) == "lower('x')");
}

TEST_CASE("without an answer the question stays open") {
  diff::Answers answers;
  Person silent({});
  CHECK_FALSE(answer(*silent.questions, sqlite_syntax, with_missing_fill(), answers));
  Person stopping({""});
  CHECK_FALSE(answer(*stopping.questions, sqlite_syntax, with_missing_fill(), answers));
  const auto generated = with_candidates({{"post", column("a"), column("b")}});
  CHECK_FALSE(answer(*ask_nobody(), sqlite_syntax, generated, answers));
  CHECK_FALSE(ask_nobody()->confirm("Really?"));
  CHECK(answers.backfills.empty());
  CHECK(answers.not_renames.empty());
}

TEST_CASE("only yes confirms") {
  CHECK(Person({"yes"}).questions->confirm("Drop?") == true);
  CHECK(Person({"y"}).questions->confirm("Drop?") == false);
  CHECK(Person({""}).questions->confirm("Drop?") == false);
}

TEST_CASE("an open question names the options that answer it, ready for a shell") {
  change::SchemaChange generated = with_candidates({{"my posts", column("a.b"), column("it's")}});
  generated.missing_backfills = with_missing_fill().missing_backfills;
  const Error error = undecided(generated);
  CHECK(error.kind() == ErrorKind::undecided);
  const std::string text = error.what();
  CHECK(text.find("--rename 'my posts.\"a.b\"=it'\\''s'") != std::string::npos);
  CHECK(text.find("--not-rename 'my posts.\"a.b\"=it'\\''s'") != std::string::npos);
  CHECK(text.find("--backfill user.email=EXPR") != std::string::npos);

  const std::string json = to_text(questions_document(generated));
  CHECK(json.find("\"kind\": \"rename_column\"") != std::string::npos);
  CHECK(json.find("\"kind\": \"backfill\"") != std::string::npos);
  CHECK(json.find("\"--backfill user.email=EXPR\"") != std::string::npos);
}

TEST_CASE("a value of an enum is asked about and named like a column") {
  diff::RenameCandidate candidate{"mood", {}, {}, 100, true};
  candidate.from.name = "glad";
  candidate.to.name = "very glad";
  const change::SchemaChange generated = with_candidates({candidate});
  const std::string message = undecided(generated).what();
  CHECK(message.find("Was value 'glad' of enum \"mood\" renamed to 'very glad'?") != std::string::npos);
  CHECK(message.find("yes: --rename 'mood.glad=very glad'") != std::string::npos);
  CHECK(open_notes(generated).front() ==
        "enum \"mood\" loses value 'glad' and gains 'very glad'; if this is a rename, pass --rename 'mood.glad=very "
        "glad'");

  Person person({"perhaps", "y"});
  diff::Answers answers;
  CHECK(answer(*person.questions, sqlite_syntax, generated, answers));
  CHECK(answers.column_renames.size() == 1);
  CHECK(person.screen.str().find("Enum \"mood\" loses value \"glad\" and gains value \"very glad\".") !=
        std::string::npos);
}

TEST_CASE("a value of a column is asked about by the name of the column") {
  diff::RenameCandidate candidate{{"person", "mood"}, column("glad"), column("happy"), 1, true, true};
  const Error error = undecided(with_candidates({candidate}));
  const std::string text = error.what();
  CHECK(text.find("Was value 'glad' of column \"person.mood\" renamed to 'happy'?") != text.npos);
  CHECK(text.find("yes: --rename person.mood.glad=happy") != text.npos);
}

TEST_CASE("an answer does not end in a comment, which would hide what follows it") {
  const auto fill = [](const std::string& value, const sql::Syntax& syntax = sqlite_syntax) {
    const diff::Answers answers = read_answers({}, {}, {{{"user", "n"}, value}}, {});
    require_expressions(answers, syntax);
    return answers;
  };
  CHECK_THROWS_WITH_AS(fill("1 -- as before"), "The answer 1 -- as before ends in a comment.", Error);
  CHECK_THROWS_AS(fill("1 /* as before"), Error);
  CHECK_THROWS_AS(fill("1 # as before", test::backtick_syntax), Error);
  CHECK_NOTHROW(fill("1 # 2"));
  CHECK(fill("'-- ' || /* in between */ name ").backfills.at({"user", "n"}) == "'-- ' || /* in between */ name ");
}

TEST_CASE("a column has one backfill, and it has a value") {
  CHECK_THROWS_WITH_AS(read_answers({}, {}, {{{"user", "n"}, "1"}, {{"user", "n"}, "2"}}, {}),
                       "--backfill is given twice for column \"n\" of table \"user\".", Error);
  const diff::Answers answers = read_answers({}, {}, {{{"user", "n"}, "(null)"}}, {});
  CHECK_THROWS_WITH_AS(require_expressions(answers, sqlite_syntax),
                       "The answer NULL gives column \"n\" of table \"user\" no value.", Error);
}
