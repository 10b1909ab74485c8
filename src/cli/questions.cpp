#include "cli/questions.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <iostream>

#include "cli/visible_text.h"

namespace whimbrel::cli {

namespace {

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string type_text(const model::Column& column) {
  return model::to_string(column.type) + (column.nullable ? "" : " NOT NULL");
}

/// The terminal for questions. Names, unlike literals, are printed on one line.
class Screen {
 public:
  explicit Screen(std::ostream& stream) : stream_(stream) {}

  Screen& operator<<(const char* text) {
    stream_ << text;
    return *this;
  }
  Screen& operator<<(const std::string& name) {
    stream_ << visible_line(name);
    return *this;
  }
  void flush() { stream_ << std::flush; }

 private:
  std::ostream& stream_;
};

class TerminalQuestions final : public Questions {
 public:
  TerminalQuestions(std::ostream& terminal, ReadLine read_line)
      : terminal_(terminal), read_line_(std::move(read_line)) {}

  bool has_user() const override { return true; }

  std::optional<bool> is_rename(const diff::RenameCandidate& candidate) override {
    const std::string table = model::to_string(candidate.table);
    if (candidate.is_value) {
      terminal_ << (candidate.of_column ? "Column" : "Enum") << " \"" << table << "\" loses value \""
                << candidate.from.name << "\" and gains value \"" << candidate.to.name << "\".\n";
      return is_same(candidate.from.name, candidate.to.name);
    }
    terminal_ << "Table \"" << table << "\" loses column \"" << candidate.from.name << "\" ("
              << type_text(candidate.from) << ") and gains column \"" << candidate.to.name << "\" ("
              << type_text(candidate.to) << ").\n";
    return is_same(candidate.from.name, candidate.to.name);
  }

  std::optional<bool> is_rename(const diff::TableRenameCandidate& candidate) override {
    const std::string from = model::to_string(candidate.from);
    const std::string to = model::to_string(candidate.to);
    terminal_ << "No entity describes table \"" << from << "\", and table \"" << to << "\" is new.\n";
    return is_same(from, to);
  }

  std::optional<bool> is_dropped(const model::Name& table) override {
    terminal_ << "No entity describes table \"" << model::to_string(table)
              << "\" any more. To keep it, describe it with an entity and list it in entities<...>().\n";
    return yes_or_no("Drop it with all its rows? [y/n] ");
  }

  std::optional<std::string> backfill(const diff::MissingBackfill& missing) override {
    terminal_ << "Column \"" << missing.column << "\" of table \"" << model::to_string(missing.table)
              << (missing.added ? "\" is new, NOT NULL and without a default, and the table has rows.\n"
                                : "\" becomes NOT NULL, and existing rows may contain NULL.\n");
    const auto answer = ask("SQL expression for these rows ('' for an empty string; press Enter to cancel): ");
    return answer && answer->empty() ? std::nullopt : answer;
  }

  std::optional<bool> confirm(const std::string& question) override {
    const auto answer = ask(question + " Type yes to continue: ");
    if (!answer) return std::nullopt;
    return *answer == "yes";
  }

 private:
  std::optional<bool> is_same(const std::string& from, const std::string& to) {
    return yes_or_no("Was \"" + from + "\" renamed to \"" + to + "\"? [y/n] ");
  }

  std::optional<bool> yes_or_no(const std::string& question) {
    while (true) {
      const auto answer = ask(question);
      if (!answer) return std::nullopt;
      if (*answer == "y" || *answer == "yes") return true;
      if (*answer == "n" || *answer == "no") return false;
    }
  }

  std::optional<std::string> ask(const std::string& question) {
    terminal_ << question;
    terminal_.flush();
    const std::optional<std::string> line = read_line_();
    if (line) return trimmed(*line);
    terminal_ << "\n";
    terminal_.flush();
    return std::nullopt;
  }

  Screen terminal_;
  ReadLine read_line_;
};

class NoQuestions final : public Questions {
 public:
  bool has_user() const override { return false; }
  std::optional<bool> is_rename(const diff::RenameCandidate&) override { return std::nullopt; }
  std::optional<bool> is_rename(const diff::TableRenameCandidate&) override { return std::nullopt; }
  std::optional<bool> is_dropped(const model::Name&) override { return std::nullopt; }
  std::optional<std::string> backfill(const diff::MissingBackfill&) override { return std::nullopt; }
  std::optional<bool> confirm(const std::string&) override { return std::nullopt; }
};

// Does not use a stream: it would ignore a signal that arrives while it waits, and restart the read.
std::optional<std::string> read_terminal_line() {
  std::string line;
  std::array<char, 1> character{};
  while (true) {
    const ssize_t size = ::read(STDIN_FILENO, character.data(), 1);
    if (size <= 0) return std::nullopt;
    if (character[0] == '\n') return line;
    line += character[0];
  }
}

}  // namespace

std::unique_ptr<Questions> ask_on(std::ostream& terminal, ReadLine read_line) {
  return std::make_unique<TerminalQuestions>(terminal, std::move(read_line));
}

std::unique_ptr<Questions> ask_nobody() { return std::make_unique<NoQuestions>(); }

std::unique_ptr<Questions> ask_if_interactive() {
  const bool interactive = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  return interactive ? ask_on(std::cerr, read_terminal_line) : ask_nobody();
}

}  // namespace whimbrel::cli
