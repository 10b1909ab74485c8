#include "write/migration_source.h"

#include <doctest/doctest.h>

#include "whimbrel/error.h"

using whimbrel::write::class_name;
using whimbrel::write::render;

TEST_CASE("a name that does not begin with a letter is shown as it would be used") {
  const auto message = [](const char* name) -> std::string {
    try {
      return class_name(name, 1000);
    } catch (const whimbrel::Error& error) {
      return error.what();
    }
  };
  CHECK(message("été/x").find("its class would be été/x1000, which") != std::string::npos);
  CHECK(message(" x").find("its class would be  X1000, which") != std::string::npos);
}

TEST_CASE("a class is named in camel case with its timestamp") {
  CHECK(class_name("migration", 1561981516514) == "Migration1561981516514");
  CHECK(class_name("post-refactoring", 1561981516514) == "PostRefactoring1561981516514");
  CHECK(class_name("add_email and name", 1561981516514) == "AddEmailAndName1561981516514");
  CHECK(class_name("BlogPost_userID2", 1561981516514) == "BlogPostUserID21561981516514");
}

TEST_CASE("a name that makes no usable class is refused with what to use instead") {
  for (const char* name :
       {"", "1st", "add.index", "a/b", "a--b", "a ", "-a", "_a", "a\tb", "a\n", "\xC3\xA9t\xC3\xA9"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(class_name(name, 1561981516514), whimbrel::Error);
  }
  CHECK_THROWS_AS(class_name(std::string(201, 'a'), 1561981516514), whimbrel::Error);
  CHECK_THROWS_AS(class_name("a____b", 1561981516514), whimbrel::Error);
  try {
    static_cast<void>(class_name("add.index", 1561981516514));
  } catch (const whimbrel::Error& error) {
    CHECK(error.kind() == whimbrel::ErrorKind::usage);
    CHECK(std::string(error.what()) ==
          "A migration cannot be named \"add.index\": its class would be Add.index1561981516514, which is not a valid "
          "C++ class name.");
    CHECK(error.remedy().find("add-email") != std::string::npos);
  }
}

TEST_CASE("a migration has one call for each statement") {
  const std::string text =
      render({"AddEmail1561981516514",
              {{{"CREATE TABLE \"user\" (\"id\" integer)", ""}, {"SELECT 1", ""}}, {{"DROP TABLE \"user\"", ""}}},
              {"First.", "Second."}});
  CHECK(text == R"text(// First.
// Second.

#include <whimbrel/migration.h>

class AddEmail1561981516514 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(CREATE TABLE "user" ("id" integer))sql");
    query_runner.query(R"sql(SELECT 1)sql");
  }

  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(DROP TABLE "user")sql");
  }
};

WHIMBREL_MIGRATION(AddEmail1561981516514);
)text");
}

TEST_CASE("an empty migration compiles without a warning about its unused parameter") {
  const std::string text = render({"Empty1561981516514", {}, {}});
  CHECK(text.starts_with("#include <whimbrel/migration.h>\n"));
  CHECK(text.find("  void up([[maybe_unused]] whimbrel::QueryRunner& query_runner) override {\n") != text.npos);
  CHECK(text.find("  void down([[maybe_unused]] whimbrel::QueryRunner& query_runner) override {\n") != text.npos);
}

TEST_CASE("an empty migration says once which header rows and parameters need") {
  const std::string text = render({"Empty1561981516514", {}, {}});
  const std::string line = "    // Rows and parameters need: #include <whimbrel/query_runner.h>\n";
  CHECK(text.find(line) != text.npos);
  CHECK(text.find(line) == text.rfind(line));
  CHECK(render({"Full1561981516514", {{{"SELECT 1", ""}}, {}}, {}}).find(line) == text.npos);
}

TEST_CASE("an escaped statement of several lines stands below its call") {
  const std::string text = render({"A1561981516514", {{{"SELECT\r\n1", ""}}, {}}, {}});
  CHECK(text.find("    query_runner.query(\n        \"SELECT\\015\\n\"\n        \"1\");\n") != text.npos);
}

TEST_CASE("a remark is wrapped and cannot leave its comment") {
  const std::string text =
      render({"A1561981516514", {}, {"lost:\n\"a\\", std::string(100, 'x') + ' ' + std::string(50, 'y')}});
  CHECK(text.starts_with("// lost: \"a\\.\n// " + std::string(100, 'x') + "\n// " + std::string(50, 'y') +
                         "\n\n#include"));
}

TEST_CASE("a migration that no transaction can hold says so") {
  const std::string text =
      render({"AddIndex1561981516514", {{{"CREATE INDEX CONCURRENTLY i ON t (x)", ""}}, {}}, {}, false});
  CHECK(text.find(R"text(
  [[nodiscard]] whimbrel::MigrationTransaction transaction() const override {
    return whimbrel::MigrationTransaction::never;
  }
};
)text") != std::string::npos);
}

TEST_CASE("a migration says what it knows of its tables in a literal that nothing wraps") {
  const std::string text =
      render({"A1561981516514", {}, {}, true, "table user aa bb rebuilt rebuilt\n  column id 01\n"});
  CHECK(text.find(R"text(
  [[nodiscard]] const char* tables() const override {
    return R"tables(
table user aa bb rebuilt rebuilt
  column id 01
)tables";
  }
};
)text") != std::string::npos);
}
