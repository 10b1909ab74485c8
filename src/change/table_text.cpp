#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "change/table_change.h"
#include "whimbrel/error.h"

namespace whimbrel::change {

namespace {

constexpr std::string_view none = "-";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ',';
}

// No name can end the literal or the line, and CMake reads it as one word.
void append_encoded(std::string& text, std::string_view name) {
  for (const char c : name) {
    if (is_plain(c)) {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
  }
}

std::string encoded(std::string_view name) {
  std::string text;
  append_encoded(text, name);
  return name.empty() ? "%" : text;
}

std::string encoded_table(const model::Name& name) {
  return name.schema.empty() ? encoded(name.name) : encoded(name.schema) + '.' + encoded(name.name);
}

constexpr auto ways = std::to_array<std::pair<std::string_view, TableAction>>({{"altered", TableAction::altered},
                                                                               {"created", TableAction::created},
                                                                               {"dropped", TableAction::dropped},
                                                                               {"rebuilt", TableAction::rebuilt}});

std::string to_text(TableAction way) {
  const auto found = std::find_if(ways.begin(), ways.end(), [&](const auto& entry) { return entry.second == way; });
  return std::string(found->first);
}

std::string hash_or_none(const std::string& hash) { return hash.empty() ? std::string(none) : hash; }

std::string encoded_kind(std::string kind) {
  std::replace(kind.begin(), kind.end(), ' ', '_');
  return kind;
}

std::string decoded_kind(std::string_view text) {
  std::string kind(text);
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return kind;
}

std::string to_text(const ItemChange& item) {
  const std::string kind = encoded_kind(item.kind);
  const auto line = [&](char mark, const std::string& rest) { return mark + (' ' + kind) + ' ' + rest + '\n'; };
  const std::string before = encoded(item.name_before) + ' ' + item.hash_before;
  const std::string after = encoded(item.name_after) + ' ' + item.hash_after;
  if (item.hash_before.empty()) return line('+', after);
  if (item.hash_after.empty()) return line('-', before);
  if (item.name_before != item.name_after) return line('=', before + ' ' + after);
  const bool is_kept = item.hash_before == item.hash_after && !item.is_rewritten;
  return is_kept ? line(' ', before) : line('!', before + ' ' + item.hash_after);
}

std::string to_text(const TableChange& table) {
  std::string text = encoded_kind(table.kind) + ' ';
  text += encoded_table(table.hash_after.empty() ? table.name_before : table.name_after);
  text += ' ' + hash_or_none(table.hash_before) + ' ' + hash_or_none(table.hash_after);
  text += ' ' + to_text(table.up) + ' ' + to_text(table.down);
  if (table.name_before != table.name_after) text += " was " + encoded_table(table.name_before);
  text += '\n';
  for (const ItemChange& item : table.items) text += to_text(item);
  return text;
}

[[noreturn]] void refuse(std::string_view line) {
  throw Error(ErrorKind::migration,
              "The text that tables() of the migration returns has an invalid line: \"" + std::string(line) + "\".")
      .with_remedy("Restore the function as `makemigrations` generated it, or remove it from the migration.");
}

class Line {
 public:
  explicit Line(std::string_view line) : line_(line), rest_(line) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  std::string_view word() {
    if (rest_.empty()) refuse(line_);
    const std::size_t end = rest_.find(' ');
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return word;
  }
  std::string hash() {
    const std::string_view text = word();
    return text == none ? std::string() : std::string(text);
  }
  std::string name() { return decoded(word()); }
  model::Name table() {
    const std::string_view text = word();
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return decoded(text);
    return {decoded(text.substr(0, dot)), decoded(text.substr(dot + 1))};
  }
  TableAction way() {
    const std::string_view text = word();
    for (const auto& [name, way] : ways) {
      if (name == text) return way;
    }
    refuse(line_);
  }

 private:
  [[nodiscard]] std::string decoded(std::string_view text) const {
    std::string name;
    if (text == "%") return name;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        name += text[i];
        continue;
      }
      unsigned byte = 0;
      const std::string_view digits = text.substr(i + 1, 2);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) refuse(line_);
      name += static_cast<char>(byte);
      i += 2;
    }
    return name;
  }

  std::string_view line_;
  std::string_view rest_;
};

TableChange read_table(std::string_view text) {
  Line line(text);
  TableChange table;
  table.kind = decoded_kind(line.word());
  table.name_after = line.table();
  table.name_before = table.name_after;
  table.hash_before = line.hash();
  table.hash_after = line.hash();
  table.up = line.way();
  table.down = line.way();
  if (!line.at_end() && line.word() == "was") table.name_before = line.table();
  return table;
}

ItemChange read_item(std::string_view text) {
  const char mark = text.front();
  Line line(text.substr(std::min<std::size_t>(2, text.size())));
  ItemChange item;
  item.kind = decoded_kind(line.word());
  item.name_before = line.name();
  item.name_after = item.name_before;
  const std::string hash = line.hash();
  if (mark != '+') item.hash_before = hash;
  if (mark == '+' || mark == ' ') item.hash_after = hash;
  if (mark == '=') item.name_after = line.name();
  if (mark == '!' || mark == '=') item.hash_after = line.hash();
  item.is_rewritten = mark == '!' && item.hash_before == item.hash_after;
  if (std::string_view(" +-!=").find(mark) == std::string_view::npos || !line.at_end()) refuse(text);
  return item;
}

}  // namespace

std::string to_text(const std::vector<TableChange>& changes) {
  std::string text;
  for (const TableChange& table : changes) text += to_text(table);
  return text;
}

std::vector<TableChange> read_table_changes(std::string_view text) {
  std::vector<TableChange> changes;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    if (line.front() >= 'a' && line.front() <= 'z') {
      changes.push_back(read_table(line));
    } else if (changes.empty()) {
      refuse(line);
    } else {
      changes.back().items.push_back(read_item(line));
    }
  }
  return changes;
}

}  // namespace whimbrel::change
