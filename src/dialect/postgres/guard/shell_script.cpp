#include "dialect/postgres/guard/shell_script.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "dialect/postgres/text/session_settings.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// By default, psql continues after an error, and reports the rollback by COMMIT as a success. The meaning of bytes and
/// strings, and the text of converted values, depend on settings: a connection has them from its driver or from
/// whimbrel, psql does not.
std::string beginning() {
  std::string text = "-- Run this with psql; ON_ERROR_STOP makes it stop at the first error.\n\\set ON_ERROR_STOP on\n";
  for (const auto& [name, value] : required_settings) {
    text += std::string("SET ") + name + " = " + sql::quote_string(value, postgres_syntax) + ";\n";
  }
  return text;
}

}  // namespace

sql::ShellScript as_script(std::vector<sql::Statement> statements) {
  if (statements.empty()) return {};
  sql::ShellScript script;
  script.beginning = beginning();
  const bool is_whole = statements.size() > 1;
  if (is_whole) script.statements.push_back({"BEGIN", {}});
  std::move(statements.begin(), statements.end(), std::back_inserter(script.statements));
  if (is_whole) script.statements.push_back({"COMMIT", {}});
  return script;
}

}  // namespace whimbrel::dialect::postgres
