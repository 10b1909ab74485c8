#include "cli/visible_text.h"

#include <doctest/doctest.h>

#include <sstream>

#include "cli/console.h"
#include "cli/error_text.h"
#include "cli/questions.h"
#include "cli/schema_text.h"

using namespace whimbrel;
using namespace whimbrel::cli;

namespace {

const std::string hostile = "a\x1b[2J\x1b]0;owned\x07\xC2\x9B\xE2\x80\xAE\r";
const std::string shown = R"(a\x1b[2J\x1b]0;owned\x07\u009b\u202e\x0d)";

bool is_safe(const std::string& text) {
  return text.find_first_of("\x1b\x07\r") == std::string::npos && text.find("\xC2\x9B") == std::string::npos &&
         text.find("\xE2\x80\xAE") == std::string::npos;
}

}  // namespace

TEST_CASE("what a terminal would act on is shown as an escape, and other text as it is") {
  CHECK(visible(hostile) == shown);
  CHECK(visible("größe 表 \U0001F426 a\tb\nc") == "größe 表 \U0001F426 a\tb\nc");
  CHECK(visible_line("a\tb\nc") == R"(a\tb\nc)");
  CHECK(visible("\x9b"
                "1m \xE2\x80 \xF4") == R"(\x9b1m \xe2\x80 \xf4)");
  CHECK(visible("\xE2\x81\xA6 \xF3\xA0\x80\xA1") == R"(\u2066 \U000e0021)");
  CHECK(visible("\x1b[1mbold\x1b[0m\x1b[5m", true) == "\x1b[1mbold\x1b[0m\\x1b[5m");
  CHECK(blanked("a\x1b\xE2\x80\xAE"
                "b") == "a  b");
  CHECK(visible_json("\"\xE2\x80\xAE\xC2\x9B\xF3\xA0\x80\xA1\"\n") == "\"\\u202e\\u009b\\udb40\\udc21\"\n");
}

TEST_CASE("names reach people through one door: lines, notes, warnings, errors, schemas, changes and questions") {
  std::ostringstream out, error;
  const Console console{out, error};
  console.line(hostile);
  console.note(hostile + "\nerror: no");
  console.warning(hostile);
  console.report(Error(ErrorKind::statement, hostile).with_remedy(hostile).with_statement("SELECT " + hostile, 9));
  model::Schema schema;
  model::Table& table = schema.tables.emplace_back();
  table.name = hostile;
  table.comment = hostile;
  table.columns.emplace_back().name = hostile + "\nx";
  table.triggers.push_back({hostile, hostile});
  model::View& view = schema.views.emplace_back();
  view.name = hostile;
  view.definition = "SELECT '" + hostile + '\'';
  console.text(schema_text(schema, console.style));
  console.text(changes_text({operation::DropTable{table}}, console.style));
  const auto questions = ask_on(out, [] { return std::optional<std::string>("n"); });
  diff::RenameCandidate candidate;
  candidate.table = hostile;
  candidate.from.name = hostile;
  candidate.to.name = hostile;
  CHECK(questions->is_rename(candidate) == std::optional(false));
  CHECK(is_safe(out.str()));
  CHECK(is_safe(error.str()));
  CHECK(error.str().find("note: " + shown + "\n  error: no\n") != std::string::npos);
  CHECK(out.str().find("- drop table \"" + shown + '"') != std::string::npos);
}

TEST_CASE("SQL is exact where it is written to a file, and safe on a terminal") {
  std::ostringstream out, error;
  Console console{out, error};
  console.source(hostile + '\n');
  CHECK(out.str() == hostile + '\n');
  CHECK(error.str().empty());
  out.str("");
  console.terminal = true;
  console.source(hostile + '\n');
  CHECK(out.str() == shown + '\n');
  CHECK(error.str().find("printed as escapes") != std::string::npos);
}

TEST_CASE("a JSON document says the same, and nothing that a terminal would act on") {
  std::ostringstream out, error;
  const Console console{out, error};
  console.document(Json::Object{{"name", hostile}});
  CHECK(is_safe(out.str()));
  CHECK(out.str() == "{\n  \"name\": \"a\\u001b[2J\\u001b]0;owned\\u0007\\u009b\\u202e\\r\"\n}\n");
}
