#include "cli/error_text.h"

#include <algorithm>
#include <string_view>

#include "cli/visible_text.h"

namespace whimbrel::cli {

namespace {

constexpr std::size_t most_lines = 12;
constexpr std::size_t most_columns = 110;
constexpr std::string_view indent = "    ";

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// The byte at which the character that holds `offset` begins.
std::size_t character_start(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  while (offset > 0 && offset < text.size() && !begins_character(text[offset])) --offset;
  return offset;
}

std::string whole_line(std::string_view line) {
  if (line.size() <= most_columns) return std::string(indent) + blanked(line) + '\n';
  return std::string(indent) + blanked(line.substr(0, character_start(line, most_columns))) + "...\n";
}

std::string line_with_caret(std::string_view line, std::size_t offset) {
  offset = character_start(line, offset);
  std::size_t begin = 0;
  if (line.size() > most_columns && offset > most_columns / 2) begin = character_start(line, offset - most_columns / 2);
  const std::size_t end = character_start(line, begin + most_columns);
  const std::string before = begin > 0 ? "..." : "";
  const std::string after = end < line.size() ? "..." : "";
  const std::size_t column = before.size() + count_characters(line.substr(begin, offset - begin));
  return std::string(indent) + before + blanked(line.substr(begin, end - begin)) + after + '\n' + std::string(indent) +
         std::string(column, ' ') + "^\n";
}

}  // namespace

std::string marked_statement(const std::string& sql, int offset) {
  std::string result;
  const bool has_place = offset >= 0 && static_cast<std::size_t>(offset) <= sql.size();
  const auto place = static_cast<std::size_t>(std::max(offset, 0));
  const auto line_of_place = static_cast<std::size_t>(
      std::count(sql.begin(), sql.begin() + static_cast<std::ptrdiff_t>(has_place ? place : 0), '\n'));
  const std::size_t first_line = line_of_place < most_lines ? 0 : line_of_place - most_lines / 2;

  std::size_t begin = 0;
  for (std::size_t line = 0; begin <= sql.size(); ++line) {
    const std::size_t end = std::min(sql.find('\n', begin), sql.size());
    const std::string_view text = std::string_view(sql).substr(begin, end - begin);
    if (line == first_line && first_line > 0) result += std::string(indent) + "...\n";
    if (line == first_line + most_lines) return result + std::string(indent) + "...\n";
    if (has_place && line == line_of_place) {
      result += line_with_caret(text, place - begin);
    } else if (line >= first_line) {
      result += whole_line(text);
    }
    begin = end + 1;
  }
  return result;
}

std::string error_text(const Error& error, const Style& style) {
  std::string message = error.what();
  const bool names_migration = message.find(error.migration()) != message.npos;
  if (!names_migration) message = error.migration() + ": " + message;
  message = visible(message);
  if (error.kind() == ErrorKind::interrupted) {
    const std::string what_stays = error.remedy().empty() ? std::string() : visible(error.remedy()) + '\n';
    return style.red("interrupted: ") + message + "\nUncommitted changes were rolled back.\n" + what_stays;
  }
  std::string result = style.red("error: ") + message + '\n';
  if (!error.statement().empty()) result += marked_statement(error.statement(), error.statement_offset());
  if (!error.remedy().empty()) result += style.bold("What to do: ") + visible(error.remedy()) + '\n';
  return result;
}

}  // namespace whimbrel::cli
