#include <doctest/doctest.h>

#include <sstream>

#include "cli/commands.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

struct Answered {
  std::string questions;
  std::string output;
  cli::ExitCode code = cli::done;
};

/// Reverts on a terminal where `answer` is typed, or without a terminal.
Answered revert(const Database& database, const cli::RevertMigration& command, const std::optional<std::string>& answer,
                bool is_terminal = true) {
  const Program program(
      {{"First1000000000001", statements({"CREATE TABLE a (id int)"}), statements({"DROP TABLE a"})},
       {"Later1000000000002", statements({"CREATE TABLE b (id int)"}), statements({"DROP TABLE b"})}});
  session::Session session(database.options(program));
  std::ostringstream terminal;
  std::ostringstream out;
  const cli::Console console{out, out};
  const auto questions = is_terminal ? cli::ask_on(terminal, [&] { return answer; }) : cli::ask_nobody();
  const cli::Context context{session, console, *questions};
  static_cast<void>(cli::execute(context, cli::Migrations{}));
  out.str("");
  const cli::ExitCode code = cli::execute(context, command);
  return {terminal.str(), out.str(), code};
}

}  // namespace

TEST_CASE("`revertmigration --all` asks on a terminal, and reverts nothing without a clear yes") {
  const Database database;
  for (const std::optional<std::string>& answer : {std::optional<std::string>("y"), std::optional<std::string>()}) {
    const Answered answered = revert(database, {.all = true}, answer);
    CHECK(answered.questions.starts_with("This reverts all 2 migrations of SQLite database \""));
    CHECK(answered.output == "Nothing was reverted.\n");
    CHECK(answered.code == cli::failed);
    CHECK(database.tables() == "a b migrations");
  }
  const Answered answered = revert(database, {.all = true}, "yes");
  CHECK(answered.code == cli::done);
  CHECK(database.tables() == "migrations");
}

TEST_CASE("`revertmigration --all` asks nothing with --yes, without a terminal, or if it changes no table") {
  const Database database;
  const auto is_asked = [&](const cli::RevertMigration& command, bool is_terminal = true) {
    const Answered answered = revert(database, command, "no", is_terminal);
    CHECK(answered.code == (answered.questions.empty() ? cli::done : cli::failed));
    return !answered.questions.empty();
  };
  CHECK_FALSE(is_asked({.dry_run = true, .all = true}));
  CHECK(database.tables() == "a b migrations");
  CHECK_FALSE(is_asked({}));
  CHECK(database.tables() == "a migrations");
  CHECK(is_asked({.all = true}));
  CHECK_FALSE(is_asked({.all = true, .yes = true}));
  CHECK(database.tables() == "migrations");
  CHECK_FALSE(is_asked({.all = true}, false));
  CHECK(database.tables() == "migrations");
}
