#include "write/migration_source.h"

#include <algorithm>

#include "sql/characters.h"
#include "whimbrel/error.h"
#include "write/comment.h"
#include "write/literal.h"

namespace whimbrel::write {

namespace {

// A file name has at most 255 bytes, including the timestamp, the suffix and the suffix of a temporary file.
constexpr std::size_t longest_name = 200;

std::string camel_case(std::string_view name) {
  std::string result;
  const std::string text = ' ' + std::string(name);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separates = text[i] == ' ' || text[i] == '-' || text[i] == '_';
    if (separates && i + 1 < text.size() && sql::is_name_part(text[i + 1])) {
      result += sql::to_upper(text[++i]);
    } else {
      result += text[i];
    }
  }
  return result;
}

void append_statement(std::string& result, const sql::Statement& statement) {
  const std::string literal = cpp_literal(statement.sql, 8);
  const bool several_literals = literal.front() == '"' && literal.find('\n') != literal.npos;
  result += "    query_runner.query(" + std::string(several_literals ? "\n        " : "") + literal + ");\n";
}

void append_function(std::string& result, std::string_view function, const std::vector<sql::Statement>& statements) {
  const bool empty = statements.empty();
  result += "  void " + std::string(function) + (empty ? "([[maybe_unused]] " : "(");
  result += "whimbrel::QueryRunner& query_runner) override {\n";
  for (const sql::Statement& statement : statements) append_statement(result, statement);
  if (empty) result += "    // query_runner.query(R\"sql(...)sql\");\n";
  if (empty && function == "up") result += "    // Rows and parameters need: #include <whimbrel/query_runner.h>\n";
  result += "  }\n";
}

}  // namespace

std::string class_name(std::string_view name, std::int64_t timestamp) {
  const auto wrong = [&](const std::string& why) {
    return Error(ErrorKind::usage, "A migration cannot be named \"" + std::string(name) + "\": " + why)
        .with_remedy("Use ASCII letters, digits, single spaces, - and _, and begin with a letter: add-email.");
  };
  if (name.empty()) throw wrong("the name is empty.");
  if (name.size() > longest_name) {
    throw wrong("it is longer than " + std::to_string(longest_name) + " characters.");
  }
  const std::string camel = camel_case(name);
  std::string result = camel + std::to_string(timestamp);
  const bool valid = std::all_of(result.begin(), result.end(), sql::is_name_part);
  if (!valid || !sql::is_letter(camel.front())) {
    const bool has_leading_space = camel.front() == ' ' && name.front() != ' ';
    throw wrong("its class would be " + result.substr(has_leading_space ? 1 : 0) +
                ", which is not a valid C++ class name.");
  }
  if (result.find("__") != result.npos) {
    throw wrong("its class would be " + result + ", and C++ reserves names with two underscores in a row.");
  }
  return result;
}

std::string file_name(std::string_view name, std::int64_t timestamp) {
  std::string words(name);
  std::replace(words.begin(), words.end(), ' ', '-');
  return std::to_string(timestamp) + '-' + words + ".cpp";
}

std::string render(const MigrationSource& source) {
  std::string result;
  for (const std::string& remark : source.remarks) append_comment(result, remark);
  if (!source.remarks.empty()) result += '\n';
  result += "#include <whimbrel/migration.h>\n\n";
  result += "class " + source.class_name + " final : public whimbrel::Migration {\n public:\n";
  append_function(result, "up", source.script.up);
  result += '\n';
  append_function(result, "down", source.script.down);
  if (!source.in_transaction) {
    result +=
        "\n  [[nodiscard]] whimbrel::MigrationTransaction transaction() const override {\n"
        "    return whimbrel::MigrationTransaction::never;\n  }\n";
  }
  if (source.tables) {
    result += "\n  [[nodiscard]] const char* tables() const override {\n    return R\"tables(\n" + *source.tables +
              ")tables\";\n  }\n";
  }
  result += "};\n\nWHIMBREL_MIGRATION(" + source.class_name + ");\n";
  return result;
}

}  // namespace whimbrel::write
