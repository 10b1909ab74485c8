#include "cli/console.h"

#include <filesystem>

#include "cli/error_text.h"
#include "cli/exit_code.h"
#include "cli/visible_text.h"
#include "sql/lexer.h"

namespace whimbrel::cli {

namespace {

Json error_document(const Error& failure) {
  Json::Object members = {{"kind", to_string(failure.kind())}, {"message", failure.what()}};
  if (!failure.remedy().empty()) members.emplace_back("remedy", failure.remedy());
  if (!failure.migration().empty()) members.emplace_back("migration", failure.migration());
  if (!failure.statement().empty()) members.emplace_back("statement", failure.statement());
  if (failure.statement_offset() >= 0) members.emplace_back("offset", std::int64_t{failure.statement_offset()});
  if (failure.native_code() != 0) members.emplace_back("native_code", std::int64_t{failure.native_code()});
  return Json::Object{{"error", Json(members)}};
}

/// Indents continuation lines, so that a line feed inside a name cannot fake a new message.
std::string indented(const std::string& text) {
  std::string result;
  for (const char c : visible(text)) result += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return result;
}

}  // namespace

// Lines are flushed, so that each migration is visible as soon as it is done.
void Console::line(const std::string& text) const {
  if (!json) out << visible(text, style.is_enabled()) << std::endl;
}

void Console::text(const std::string& text) const { out << visible(text, style.is_enabled()) << std::flush; }

void Console::source(const std::string& text) const {
  if (json) return;
  const std::string shown = terminal ? visible(text) : text;
  out << shown << std::flush;
  if (shown != text) {
    note("characters that a terminal would act on are printed as escapes; written to a file, the text is exact");
  }
}

void Console::document(const Json& value) const { out << visible_json(to_text(value)) << std::flush; }

void Console::warning(const std::string& text) const {
  error << error_style.yellow("warning: ") << indented(text) << std::endl;
}

void Console::note(const std::string& text) const {
  error << error_style.bold("note: ") << indented(text) << std::endl;
}

void Console::remark(const std::string& text) const {
  if (!json) error << indented(text) << std::endl;
}

void Console::report(const Error& failure) const {
  out << std::flush;
  error << error_text(failure, error_style) << std::flush;
  if (json) document(error_document(failure));
}

std::vector<std::string> texts(const std::vector<sql::Statement>& statements) {
  std::vector<std::string> result;
  result.reserve(statements.size());
  for (const sql::Statement& statement : statements) result.push_back(statement.sql);
  return result;
}

std::string script_text(const std::vector<std::string>& statements, const sql::Syntax& syntax) {
  std::string text;
  for (const std::string& statement : statements) {
    const std::vector<sql::Token> tokens = sql::tokenize(statement, syntax);
    // A semicolon at the end of a comment would be a part of it.
    const bool ends_with_comment = !tokens.empty() && tokens.back().end() < statement.size();
    text += statement + (ends_with_comment ? "\n;\n" : ";\n");
  }
  return text;
}

std::string count_text(std::size_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

std::string short_path(const std::string& path) {
  std::error_code error;
  const std::string relative = std::filesystem::proximate(path, error).string();
  return error || relative.starts_with("..") ? path : relative;
}

}  // namespace whimbrel::cli
