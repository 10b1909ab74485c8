#include "write/literal.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "whimbrel/error.h"
#include "write/migration_source.h"

using whimbrel::write::cpp_literal;

namespace {

namespace fs = std::filesystem;

// Defines what the migration calls, so that nothing but the header is needed; prints each statement after its size.
constexpr const char* harness = R"text(
#include <cstdio>
#include <whimbrel/migration.h>
  void whimbrel_with_Round1561981516514(whimbrel::MigrationUse* use, void* context);
  namespace whimbrel {
  Rows::~Rows() = default;
  MigrationTransaction Migration::transaction() const { return {}; }
  const char* Migration::tables() const { return nullptr; }
  Rows QueryRunner::query(const char* sql) { return query(Text(sql)); }
  Rows QueryRunner::query(Text sql) {
    std::printf("%zu\n", sql.size());
    std::fwrite(sql.data(), 1, sql.size(), stdout);
    return {};
  }
  class QueryRunner::Backend {};
  }  // namespace whimbrel
  int main() {
    whimbrel::QueryRunner::Backend target;
    whimbrel::QueryRunner query_runner(target);
    const auto up = [](whimbrel::Migration& migration, void* runner) {
      migration.up(*static_cast<whimbrel::QueryRunner*>(runner));
    };
    whimbrel_with_Round1561981516514(up, &query_runner);
  }
)text";

std::string random_sql(std::mt19937& random) {
  static const std::vector<std::string> pieces = {
      "SELECT ", "\"",   ")sql\"",   ")sql1\"",      ")\"",          "\\",       "\\\n",
      "\n",      "\r\n", "\r",       "\t",           "?\?/",         "?\?=",     "\\u0041",
      "\\x41",   "'",    "\xC3\xA9", "\xE2\x80\xAE", "\xEF\xBB\xBF", "\xFF\xFE", "R\"sql(",
      "//",      "/*",   "#if 0\n",  "\n#define X",  "%s",           ";",        "\nWHIMBREL_MIGRATION(X);",
      "\x01",    "\x7F", "\f",       "\v",           "\b",           "0",        "\xF0\x9F\x90\xA6"};
  std::string sql;
  const std::size_t count = random() % 12;
  for (std::size_t i = 0; i < count; ++i) sql += pieces[random() % pieces.size()];
  return sql;
}

void write_text(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::vector<std::string> read_statements(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> statements;
  std::size_t size = 0;
  while (file >> size) {
    file.get();
    std::string& statement = statements.emplace_back(size, '\0');
    file.read(statement.data(), static_cast<std::streamsize>(size));
  }
  return statements;
}

}  // namespace

TEST_CASE("plain SQL is written as it is in a raw literal") {
  CHECK(cpp_literal("SELECT \"id\" FROM 'a\\b'") == "R\"sql(SELECT \"id\" FROM 'a\\b')sql\"");
  CHECK(cpp_literal("a\n\tb \xC3\xA9") == "R\"sql(a\n\tb \xC3\xA9)sql\"");
}

TEST_CASE("a raw literal gets a delimiter that its text does not hold") {
  CHECK(cpp_literal("x)sql\"y") == "R\"sql1(x)sql\"y)sql1\"");
  CHECK(cpp_literal("x)sql\")sql1\"") == "R\"sql2(x)sql\")sql1\")sql2\"");
}

TEST_CASE("what compilers may read differently in a raw literal is escaped in an ordinary one") {
  CHECK(cpp_literal("a\r\n") == "\"a\\015\\n\"");
  CHECK(cpp_literal("a\r\nb\"\\", 4) == "\"a\\015\\n\"\n    \"b\\\"\\\\\"");
  CHECK(cpp_literal("\xFF"
                    "1") == "\"\\3771\"");
  CHECK(cpp_literal("\xE2\x80\xAE") == "\"\\342\\200\\256\"");
  CHECK(cpp_literal("?\?/") == "\"\\?\\?/\"");
  CHECK(cpp_literal("\nWHIMBREL_MIGRATION(X)") == "\"\\n\"\n\"WHIMBREL_MIGRATION(X)\"");
}

TEST_CASE("a statement with a NUL is refused") {
  CHECK_THROWS_WITH_AS(cpp_literal(std::string_view("a\0b", 3)),
                       "A statement contains a NUL byte, where the database would end it: a", whimbrel::Error);
}

TEST_CASE("text that is not UTF-8 is not plain") {
  using whimbrel::write::is_plain_text;
  CHECK(is_plain_text("\xF0\x9F\x90\xA6 \xED\x9F\xBF"));
  CHECK_FALSE(is_plain_text("\xC0\xAF"));          // Longer than it need be.
  CHECK_FALSE(is_plain_text("\xED\xA0\x80"));      // A surrogate.
  CHECK_FALSE(is_plain_text("\xF4\x90\x80\x80"));  // Beyond the last character.
  CHECK_FALSE(is_plain_text("\xE2\x82"));          // Cut off.
  CHECK_FALSE(is_plain_text("\xC2\x85"));          // A control character.
}

TEST_CASE("random SQL comes back from the compiler byte for byte") {
  std::mt19937 random(20260726);
  whimbrel::write::MigrationSource source{"Round1561981516514", {}, {"What is lost: \"a\\", "?\?/", "\xFF\n*/ /*"}};
  for (int i = 0; i < 400; ++i) source.script.up.push_back({random_sql(random), {}});
  source.script.up.push_back({std::string(200'000, 'x'), {}});

  const fs::path directory = fs::temp_directory_path() / ("whimbrel-literal-" + std::to_string(std::random_device{}()));
  fs::create_directory(directory);
  write_text(directory / "migration.cpp", whimbrel::write::render(source));
  write_text(directory / "main.cpp", harness);
  // More than 65,536 characters need not be taken by a compiler; those there are take them.
  const std::string compile = std::string(WHIMBREL_TEST_COMPILER) +
                              " -std=c++20 -Wall -Wextra -Wpedantic -Wno-overlength-strings -Werror "
                              "-I " WHIMBREL_TEST_INCLUDE_DIRECTORY " ";
  const std::string quoted = '\'' + directory.string() + '\'';
  const std::string command = "cd " + quoted + " && " + compile + "migration.cpp main.cpp -o round && ./round > out";
  REQUIRE(std::system(command.c_str()) == 0);

  const std::vector<std::string> statements = read_statements(directory / "out");
  fs::remove_all(directory);
  REQUIRE(statements.size() == source.script.up.size());
  for (std::size_t i = 0; i < statements.size(); ++i) CHECK(statements[i] == source.script.up[i].sql);
}
