#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "unit/entity/options/row.h"

// The tables of docs/entities.md are generated from the rows. With WHIMBREL_ACCEPT=1 in the environment they are
// rewritten:
//
//   WHIMBREL_ACCEPT=1 build/dev/tests/unit_tests --test-case='*docs/entities.md*'

using namespace option_rows;

namespace {

const std::string path = WHIMBREL_TEST_SOURCE_DIRECTORY "/docs/entities.md";
const std::string begin = "<!-- tables of options: begin -->\n";
const std::string end = "<!-- tables of options: end -->\n";

std::string code(const std::string& text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? "\\|" : std::string(1, c);
  return cell.empty() ? "" : '`' + cell + '`';
}

/// The statement without the part that most rows share.
std::string shortened(const std::string& statement) {
  const std::string common = "CREATE TABLE \"thing\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, ";
  if (statement.rfind(common, 0) != 0) return statement;
  std::string rest = statement.substr(common.size());
  if (rest.back() == ')') rest.pop_back();
  return rest;
}

std::string effect(const OptionRow& row) {
  if (row.entities.size == 0) return "not applicable: " + row.remark;
  if (row.is_refused) {
    const std::string message = refusal(row);
    return "error: " + message.substr(message.find(": ") + 2);
  }
  std::string cell;
  for (const std::string& statement : ddl(row)) cell += (cell.empty() ? "" : "<br>") + code(shortened(statement));
  return cell.empty() ? "nothing" : cell;
}

std::string tables() {
  std::string text;
  for (const Section& section : all_sections()) {
    text += "\n### " + section.title + "\n\n| TypeORM | whimbrel | SQLite |\n| --- | --- | --- |\n";
    for (const OptionRow& row : section.rows) {
      const std::string said = row.whimbrel.empty() ? "" : row.entities.size == 0 ? row.whimbrel : code(row.whimbrel);
      text += "| " + row.typeorm + " | " + said + " | " + effect(row) + " |\n";
    }
  }
  return text + '\n';
}

std::string read() {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the tables of docs/entities.md match the tested rows") {
  const std::string page = read();
  const std::size_t start = page.find(begin);
  const std::size_t stop = page.find(end);
  REQUIRE(start != std::string::npos);
  REQUIRE(stop != std::string::npos);
  const std::string wanted = page.substr(0, start + begin.size()) + tables() + page.substr(stop);
  if (std::getenv("WHIMBREL_ACCEPT") != nullptr) {
    std::ofstream(path) << wanted;
    return;
  }
  // Compared as a whole, but not printed as one: the page is long.
  const bool is_up_to_date = page == wanted;
  CHECK_MESSAGE(is_up_to_date, "docs/entities.md is stale; the comment in this test says how to rewrite it");
}
