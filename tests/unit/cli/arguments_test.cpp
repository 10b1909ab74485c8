#include "cli/arguments.h"

#include <doctest/doctest.h>

#include "cli/exit_code.h"

using namespace whimbrel::cli;

namespace {

std::variant<Arguments, Message> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "manage");
  return parse_arguments(static_cast<int>(words.size()), words.data(), "manage");
}

template <class T>
T command(const std::vector<const char*>& words) {
  const auto parsed = parse(words);
  REQUIRE(std::holds_alternative<Arguments>(parsed));
  const auto& arguments = std::get<Arguments>(parsed);
  REQUIRE(std::holds_alternative<T>(arguments.command));
  return std::get<T>(arguments.command);
}

Message message(const std::vector<const char*>& words) {
  const auto parsed = parse(words);
  REQUIRE(std::holds_alternative<Message>(parsed));
  return std::get<Message>(parsed);
}

}  // namespace

TEST_CASE("makemigrations takes its name, its answers and its switches") {
  const auto plain = command<MakeMigrations>({"makemigrations"});
  CHECK(plain.name == "migration");
  CHECK(plain.verify);
  CHECK_FALSE(plain.check);

  const auto full = command<MakeMigrations>(
      {"makemigrations", "--name", "add-email", "--dry-run", "--check", "--ignore-pending", "--no-verify", "--rename",
       "post.title=name", "--rename", "a=b", "--not-rename", "post.x=y", "--backfill", "user.email='a=b'"});
  CHECK(full.name == "add-email");
  CHECK(full.dry_run);
  CHECK(full.check);
  CHECK(full.ignore_pending);
  CHECK_FALSE(full.verify);
  CHECK(full.renames == std::vector<TableColumnValue>{{{"post", "title"}, "name"}, {{"a"}, "b"}});
  CHECK(full.not_renames == std::vector<TableColumnValue>{{{"post", "x"}, "y"}});
  CHECK(full.backfills == std::vector<TableColumnValue>{{{"user", "email"}, "'a=b'"}});
}

TEST_CASE("a number of rows is not negative") {
  CHECK(command<MakeMigrations>({"makemigrations", "--rows", "0"}).rows == 0);
  CHECK(message({"makemigrations", "--rows", "-5"}).exit_code == wrong_usage);
}

TEST_CASE("a command that does not exist is named, with the one that is meant") {
  const auto text = [](const char* word) { return message({word}).text; };
  CHECK(message({"migration"}).exit_code == wrong_usage);
  CHECK(text("migration").find("Unknown command \"migration\". Did you mean `migrations`?") != std::string::npos);
  CHECK(text("run").find("Did you mean `migrations`?") != std::string::npos);
  CHECK(text("rollback").find("Did you mean `revertmigration`?") != std::string::npos);
  CHECK(text("makemigration").find("`makemigrations`?") != std::string::npos);
  CHECK(text("revert").find("`revertmigration`?") != std::string::npos);
  CHECK(text("migrate").find("`migrations`?") != std::string::npos);
  CHECK(text("seed").find("Unknown command \"seed\".\n") != std::string::npos);
  CHECK(text("").find("Unknown command \"\".\n") != std::string::npos);
}

TEST_CASE("migrations takes a mode, a last one and its switches") {
  CHECK_FALSE(command<Migrations>({"migrations"}).transaction);
  CHECK(command<Migrations>({"migrations", "--transaction", "all"}).transaction == whimbrel::TransactionMode::all);
  CHECK(command<Migrations>({"migrations", "--transaction", "each"}).transaction == whimbrel::TransactionMode::each);
  CHECK(command<Migrations>({"migrations", "--transaction", "none"}).transaction == whimbrel::TransactionMode::none);
  CHECK(command<Migrations>({"migrations", "--to", "A1561981516514"}).to == "A1561981516514");
  CHECK(command<Migrations>({"migrations", "--fake"}).fake);
  CHECK(command<Migrations>({"migrations", "--dry-run"}).dry_run);
  CHECK(message({"migrations", "--transaction", "some"}).exit_code == wrong_usage);
}

TEST_CASE("revertmigration takes one way to say how far") {
  CHECK(command<RevertMigration>({"revertmigration"}).steps == 1);
  CHECK(command<RevertMigration>({"revertmigration", "--steps", "3"}).steps == 3);
  CHECK(command<RevertMigration>({"revertmigration", "--all"}).all);
  CHECK(command<RevertMigration>({"revertmigration", "--to", "X"}).to == "X");
  CHECK(command<RevertMigration>({"revertmigration", "--transaction", "each"}).transaction ==
        whimbrel::TransactionMode::each);
  for (const auto& words : std::vector<std::vector<const char*>>{{"revertmigration", "--steps", "0"},
                                                                 {"revertmigration", "--steps", "-1"},
                                                                 {"revertmigration", "--steps", "two"},
                                                                 {"revertmigration", "--steps", "1", "--all"},
                                                                 {"revertmigration", "--to", "X", "--all"},
                                                                 {"revertmigration", "--to", "X", "--steps", "1"}}) {
    CHECK(message(words).exit_code == wrong_usage);
  }
  CHECK(message({"revertmigration", "--steps", "0"})
            .text.starts_with("error: --steps: \"0\" is not a positive number\n"));
}

TEST_CASE("tables that are to go are named, with their schema and in quotes where they need them") {
  const auto drops =
      command<MakeMigrations>({"makemigrations", "--drop", "tag", "--drop", "audit.log", "--drop", R"("a.b"."c""d")"})
          .drops;
  CHECK(drops == std::vector<QualifiedName>{{"tag"}, {"audit", "log"}, {"a.b", "c\"d"}});
  for (const char* name : {"", "a.b.c", ".a", "a.", "\"a", "a=b"}) {
    CAPTURE(name);
    CHECK(message({"makemigrations", "--drop", name}).exit_code == wrong_usage);
  }
}

TEST_CASE("the other commands take their options") {
  CHECK(command<Status>({"status", "--check"}).check);
  CHECK(command<NewMigration>({"newmigration", "seed"}).name == "seed");
  CHECK(command<Synchronize>({"synchronize", "--allow-data-loss"}).allow_data_loss);
  CHECK(command<Synchronize>({"synchronize", "--dry-run"}).dry_run);
  CHECK(command<DropSchema>({"dropschema", "--yes"}).yes);
  CHECK(std::holds_alternative<Version>(std::get<Arguments>(parse({"version"})).command));
}

TEST_CASE("commands that reach the database take a URL, and those that report take --json") {
  for (const char* name : {"makemigrations", "migrations", "revertmigration", "status", "synchronize", "dropschema"}) {
    CAPTURE(name);
    const auto parsed = parse({name, "--url", "sqlite:other.db", "--json"});
    REQUIRE(std::holds_alternative<Arguments>(parsed));
    CHECK(std::get<Arguments>(parsed).url == "sqlite:other.db");
    CHECK(std::get<Arguments>(parsed).json);
  }
}

TEST_CASE("what cannot be understood is wrong usage and names the command's help") {
  CHECK(message({}).exit_code == wrong_usage);
  CHECK(message({"frobnicate"}).exit_code == wrong_usage);
  CHECK(message({"newmigration"}).exit_code == wrong_usage);
  CHECK(message({"status", "extra"}).exit_code == wrong_usage);
  CHECK(message({"makemigrations", "--rename", "title"}).exit_code == wrong_usage);
  const Message wrong = message({"migrations", "--frobnicate"});
  CHECK(wrong.exit_code == wrong_usage);
  CHECK(wrong.text.find("--frobnicate") != std::string::npos);
  CHECK(wrong.text.find("manage migrations --help") != std::string::npos);
}

TEST_CASE("every command has help") {
  const Message all = message({"--help"});
  CHECK(all.exit_code == done);
  for (const CommandSummary& summary : command_summaries) {
    CAPTURE(summary.name);
    CHECK(all.text.find(summary.name) != std::string::npos);
    const Message one = message({summary.name, "--help"});
    CHECK(one.exit_code == done);
    CHECK(one.text.find(summary.summary) != std::string::npos);
  }
  CHECK(message({"makemigrations", "--help"}).text.find("--not-rename") != std::string::npos);
}

TEST_CASE("an assignment has a dotted name, with quotes where they are needed") {
  using Path = std::vector<std::string>;
  CHECK(parse_table_column_value("post.title=name") == TableColumnValue{Path{"post", "title"}, "name"});
  CHECK(parse_table_column_value("main.post.title=name") == TableColumnValue{Path{"main", "post", "title"}, "name"});
  CHECK(parse_table_column_value("a b.\xC3\xA9=x.y=z") == TableColumnValue{Path{"a b", "\xC3\xA9"}, "x.y=z"});
  CHECK(parse_table_column_value("\"a.b\".\"c=\"\"d\"=e") == TableColumnValue{Path{"a.b", "c=\"d"}, "e"});
  for (const char* text : {"", "a", "a.b", "=x", "a.=x", ".b=x", "a.b=", "\"a=x", "\"a\"b=x", "\"\"=x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_table_column_value(text));
  }
}

TEST_CASE("diff takes two sides, how to print them and what was renamed") {
  const auto plain = command<Diff>({"diff", "sqlite:a.db", "b.sql"});
  CHECK(plain.from == "sqlite:a.db");
  CHECK(plain.to == "b.sql");
  CHECK_FALSE(plain.format);
  const auto full =
      command<Diff>({"diff", "a.sql", "entities", "--format", "human", "--schema", "one", "--schema", "two", "--rename",
                     "t.a=b", "--exit-code", "--down", "--all", "--privileges", "--scratch", "sqlite:c.db"});
  CHECK(full.format == Format::human);
  CHECK(full.schemas == std::vector<std::string>{"one", "two"});
  CHECK(full.renames.size() == 1);
  CHECK((full.exit_code && full.down && full.all && full.privileges));
  CHECK_FALSE(plain.privileges);
  CHECK(message({"diff", "a.sql"}).exit_code == wrong_usage);
  CHECK(message({"inspect", "--format", "xml"}).text.find("human|json|sql") != std::string::npos);
}

TEST_CASE("the help shows what can be given, and no inner names") {
  const std::string help = message({"makemigrations", "--help"}).text;
  CHECK(help.find('{') == std::string::npos);
  CHECK(help.find("--from database|migrations") != std::string::npos);
  CHECK(message({"migrations", "--help"}).text.find("--transaction all|each|none ") != std::string::npos);
}
