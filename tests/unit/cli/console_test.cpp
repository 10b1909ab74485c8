#include "cli/console.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "dialect/sqlite/text/syntax.h"

using namespace whimbrel;
using namespace whimbrel::cli;

TEST_CASE("JSON keeps the order of members and takes any bytes") {
  const Json json = Json::Object{{"b", true},
                                 {"a", std::int64_t{-1}},
                                 {"list", std::vector<std::string>{"x", "\xFF\""}},
                                 {"none", Json()},
                                 {"empty", Json::Object{}}};
  CHECK(to_text(json) ==
        "{\n  \"b\": true,\n  \"a\": -1,\n  \"list\": [\n    \"x\",\n    \"\xEF\xBF\xBD\\\"\"\n  ],\n"
        "  \"none\": null,\n  \"empty\": {}\n}\n");
}

TEST_CASE("in JSON mode there is one document and nothing else on the output") {
  std::ostringstream out, error;
  Console console{out, error};
  console.json = true;
  console.line("for people");
  console.warning("careful");
  console.report(Error(ErrorKind::statement, "no").with_statement("SELEC", 0).with_native_code(1).with_remedy("Mend."));
  CHECK(out.str() ==
        "{\n  \"error\": {\n    \"kind\": \"statement\",\n    \"message\": \"no\",\n    \"remedy\": \"Mend.\",\n"
        "    \"statement\": \"SELEC\",\n    \"offset\": 0,\n    \"native_code\": 1\n  }\n}\n");
  CHECK(error.str() == "warning: careful\nerror: no\n    SELEC\n    ^\nWhat to do: Mend.\n");
}

TEST_CASE("for people, errors stay off the output") {
  std::ostringstream out, error;
  const Console console{out, error};
  console.line("Ran it");
  console.report(Error(ErrorKind::file, "no"));
  CHECK(out.str() == "Ran it\n");
  CHECK(error.str() == "error: no\n");
}

TEST_CASE("statements become a script, counts their noun, paths what is seen from here") {
  CHECK(script_text({"SELECT 1", "SELECT 2"}, dialect::sqlite::sqlite_syntax) == "SELECT 1;\nSELECT 2;\n");
  CHECK(script_text({"CREATE VIEW v AS SELECT 1 -- one"}, dialect::sqlite::sqlite_syntax) ==
        "CREATE VIEW v AS SELECT 1 -- one\n;\n");
  CHECK(count_text(1, "migration") == "1 migration");
  CHECK(count_text(0, "migration") == "0 migrations");
  CHECK(short_path((std::filesystem::current_path() / "src" / "a.cpp").string()) == "src/a.cpp");
  CHECK(short_path("/nowhere/a.cpp") == "/nowhere/a.cpp");
}
