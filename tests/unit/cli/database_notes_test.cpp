#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "cli/program.h"
#include "temporary_directory.h"
#include "unit/fixture/fixture.h"

// What the commands say of the database that they use.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Sets a variable of the environment until the end of its scope.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

/// What goes to a standard stream until the end of the scope.
class Captured {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  ~Captured() { stream_.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostream& stream_;
  std::ostringstream text_;
  std::streambuf* before_;
};

/// What the command of a program with one migration prints to standard error.
std::string notes_of(const DataSourceOptions& options, std::vector<const char*> words) {
  words.insert(words.begin(), "manage");
  const Captured out(std::cout);
  const Captured error(std::cerr);
  CHECK(cli::run_program("manage", static_cast<int>(words.size()), words.data(), options) == 0);
  return error.text();
}

}  // namespace

TEST_CASE("a command says which variable of the environment sets its database, without the password") {
  const Database own;
  const Database other;
  const Program program({{"First1000000000001", statements({"CREATE TABLE t (a int)"})}});
  const DataSourceOptions options = own.options(program);
  CHECK(notes_of(options, {"migrations"}).empty());
  const std::string line = "Database: " + other.url() + " (from DATABASE_URL)\n";
  {
    const Variable variable("DATABASE_URL", other.url());
    CHECK(notes_of(options, {"migrations"}) == line);
    CHECK(notes_of(options, {"status"}) == line);
    CHECK(notes_of(options, {"inspect"}) == line);
    CHECK(notes_of(options, {"status", "--json"}).empty());
    CHECK(notes_of(options, {"status", "--url", own.url().c_str()}).empty());
    CHECK(notes_of(options, {"version"}).empty());
  }
  CHECK(notes_of(options, {"status"}).empty());
  const Variable secret("WHIMBREL_URL", "postgresql://ada:secret@nowhere.invalid/app");
  const Captured out(std::cout);
  const Captured error(std::cerr);
  const std::array words = {"manage", "status"};
  CHECK(cli::run_program("manage", 2, words.data(), options) != 0);
  CHECK(has(error.text(), "Database: postgresql://ada:***@nowhere.invalid/app (from WHIMBREL_URL)\n"));
}

TEST_CASE("a command that only reads says that the file of the database does not exist, and does not create it") {
  const Database database;
  const Program program({{"First1000000000001", statements({"CREATE TABLE t (a int)"}), statements({"DROP TABLE t"})}});
  const DataSourceOptions options = database.options(program);
  const std::string file = database.url().substr(std::string("sqlite:").size());
  const std::string note = "note: " + file + " does not exist yet; it will be created.\n";
  CHECK(notes_of(options, {"status"}) == note);
  CHECK(notes_of(options, {"migrations", "--dry-run"}).starts_with(note));
  CHECK(notes_of(options, {"status", "--url", "sqlite:./not there.db"}) ==
        "note: " + (std::filesystem::current_path() / "not there.db").string() +
            " does not exist yet; it will be created.\n");
  CHECK(notes_of(options, {"status", "--url", "sqlite::memory:"}).empty());
  CHECK_FALSE(database.exists());
  CHECK(notes_of(options, {"migrations"}).empty());
  CHECK(notes_of(options, {"status"}).empty());

  const Database unused;
  const Program none({});
  CHECK(notes_of(unused.options(none), {"status"}).empty());
}
