#include "write/migration_source.h"

#include <algorithm>

#include "whimbrel/error.h"
#include "write/literal.h"

namespace whimbrel::write {

namespace {

constexpr std::size_t comment_width = 117;
// A file name has at most 255 bytes, of which the timestamp, the suffix and those of a temporary file take some.
constexpr std::size_t longest_name = 200;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }
char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string camel_case(std::string_view name) {
  std::string result;
  const std::string text = ' ' + std::string(name);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separates = text[i] == ' ' || text[i] == '-' || text[i] == '_';
    if (separates && i + 1 < text.size() && is_word(text[i + 1])) {
      result += to_upper(text[++i]);
    } else {
      result += text[i];
    }
  }
  return result;
}

// A sentence must stay in its comment, whatever names it quotes: a backslash at the end of a line would take the next
// line in.
std::string comment_text(std::string_view sentence) {
  std::string text(sentence);
  if (!is_plain_text(text)) {
    const auto is_ascii = [](char c) { return c >= 0x20 && c < 0x7F; };
    std::replace_if(
        text.begin(), text.end(), [&](char c) { return c != '\n' && !is_ascii(c); }, '?');
  }
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return text;
}

void append_comment_line(std::string& result, std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  const bool continues = line.ends_with('\\') || line.ends_with("\?\?/");
  result += "// " + line + (continues ? "." : "") + '\n';
}

void append_comment(std::string& result, std::string_view sentence) {
  std::string text = comment_text(sentence);
  while (text.size() > comment_width) {
    std::size_t end = text.rfind(' ', comment_width);
    if (end == text.npos || end == 0) end = text.find(' ', comment_width);
    if (end == text.npos) break;
    append_comment_line(result, text.substr(0, end));
    text.erase(0, end + 1);
  }
  append_comment_line(result, text);
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
  result += "  }\n";
}

}  // namespace

std::string class_name(std::string_view name, std::int64_t timestamp) {
  const auto wrong = [&](const std::string& why) {
    return Error(ErrorKind::usage, "A migration cannot be named \"" + std::string(name) + "\": " + why)
        .with_remedy("Use ASCII letters, digits, single blanks, - and _, and begin with a letter: add-email.");
  };
  if (name.empty()) throw wrong("the name is empty.");
  if (name.size() > longest_name) {
    throw wrong("it is longer than " + std::to_string(longest_name) + " characters.");
  }
  const std::string camel = camel_case(name);
  std::string result = camel + std::to_string(timestamp);
  const bool valid = std::all_of(result.begin(), result.end(), is_word);
  if (!valid || !is_letter(camel.front())) {
    throw wrong("its class would be " + result + ", which is no name of a C++ class.");
  }
  if (result.find("__") != result.npos) {
    throw wrong("its class would be " + result + ", and C++ reserves names with two underscores in a row.");
  }
  return result;
}

std::string file_name(std::string_view name, std::int64_t timestamp) {
  return std::to_string(timestamp) + '-' + std::string(name) + ".cpp";
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
  result += "};\n\nWHIMBREL_MIGRATION(" + source.class_name + ");\n";
  return result;
}

}  // namespace whimbrel::write
