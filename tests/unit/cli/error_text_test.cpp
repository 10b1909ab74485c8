#include "cli/error_text.h"

#include <doctest/doctest.h>

#include "cli/exit_code.h"

using namespace whimbrel;
using cli::error_text;
using cli::marked_statement;
using cli::Style;

TEST_CASE("an error is told with its statement, the place in it and what to do") {
  const Error error = Error(ErrorKind::statement, "near \"TABEL\": syntax error")
                          .with_migration("A1561981516514")
                          .with_statement("CREATE TABEL \"x\"", 7)
                          .with_remedy("Mend the statement.");
  CHECK(error_text(error, Style(false)) ==
        "error: A1561981516514: near \"TABEL\": syntax error\n"
        "    CREATE TABEL \"x\"\n"
        "           ^\n"
        "What to do: Mend the statement.\n");
}

TEST_CASE("a migration that the message names is not named twice, and what is unknown is left out") {
  const Error named = Error(ErrorKind::migration, "The migration A1 failed.").with_migration("A1");
  CHECK(error_text(named, Style(false)) == "error: The migration A1 failed.\n");
  CHECK(error_text(Error(ErrorKind::file, "No."), Style(true)) == "\x1b[1;31merror: \x1b[0mNo.\n");
}

TEST_CASE("a stopped run is no error, and it is said what became of it") {
  const Error error = Error(ErrorKind::interrupted, "Stopped.").with_migration("A1").with_statement("SELECT 1");
  CHECK(error_text(error, Style(false)) == "interrupted: A1: Stopped.\nUncommitted changes were rolled back.\n");
  const Error partial = Error(ErrorKind::interrupted, "A1: Stopped.").with_migration("A1").with_remedy("One remains.");
  CHECK(error_text(partial, Style(false)) ==
        "interrupted: A1: Stopped.\nUncommitted changes were rolled back.\nOne remains.\n");
}

TEST_CASE("the place is marked in its line and counted in characters") {
  CHECK(marked_statement("SELECT\n  \xC3\xA9\xC3\xA9 x\nFROM y", 14) ==
        "    SELECT\n      \xC3\xA9\xC3\xA9 x\n         ^\n    FROM y\n");
  CHECK(marked_statement("a", 1) == "    a\n     ^\n");
  CHECK(marked_statement("a", 5) == "    a\n");
  CHECK(marked_statement("a\tb\x1b[0m", -1) == "    a b [0m\n");
}

TEST_CASE("a long statement is cut to what is around the place") {
  const std::string line = std::string(300, 'a') + "X" + std::string(300, 'b');
  const std::string marked = marked_statement(line, 300);
  CHECK(marked ==
        "    ..." + std::string(55, 'a') + 'X' + std::string(54, 'b') + "...\n    " + std::string(58, ' ') + "^\n");
  CHECK(marked_statement(line, -1) == "    " + std::string(110, 'a') + "...\n");

  std::string lines;
  for (int i = 0; i < 50; ++i) lines += "line " + std::to_string(i) + '\n';
  const std::string cut = marked_statement(lines, static_cast<int>(lines.find("line 30")));
  CHECK(cut.starts_with("    ...\n    line 24\n"));
  CHECK(cut.find("    line 30\n    ^\n") != std::string::npos);
  CHECK(cut.ends_with("    line 35\n    ...\n"));
}

TEST_CASE("every kind of error has its exit code") {
  CHECK(cli::exit_code(ErrorKind::usage) == 2);
  CHECK(cli::exit_code(ErrorKind::undecided) == 3);
  for (const ErrorKind kind :
       {ErrorKind::entity, ErrorKind::connection, ErrorKind::busy, ErrorKind::statement, ErrorKind::migration,
        ErrorKind::unsafe, ErrorKind::interrupted, ErrorKind::file, ErrorKind::internal}) {
    CHECK(cli::exit_code(kind) == 1);
  }
}
