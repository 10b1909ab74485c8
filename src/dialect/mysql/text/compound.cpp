#include "dialect/mysql/text/compound.h"

#include <algorithm>
#include <array>

#include "sql/characters.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

template <std::size_t Count>
bool is_any_of(std::string_view word, const std::array<std::string_view, Count>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr auto routines = std::to_array<std::string_view>({"procedure", "function"});
constexpr auto loops = std::to_array<std::string_view>({"if", "loop", "while", "repeat", "for"});
/// The words and symbols after which a statement of a body begins. A handler's statement follows its condition.
constexpr auto openings = std::to_array<std::string_view>(
    {";", "begin", "then", "else", "do", "loop", "repeat", ":", "sqlexception", "sqlwarning", "found"});
/// The statements that a body can consist of, without blocks.
constexpr auto simple_statements =
    std::to_array<std::string_view>({"return", "select", "insert", "update", "delete", "replace", "call", "signal",
                                     "resignal", "do", "with", "truncate", "alter", "create", "drop"});

}  // namespace

void Compound::add(std::string_view token) {
  if (part_ == Part::plain) return;
  const std::string word = sql::to_lower(token);
  if (word == "(") ++parentheses_;
  if (word == ")" && parentheses_ > 0) --parentheses_;
  switch (part_) {
    case Part::beginning:
      read_beginning(word);
      break;
    case Part::header:
      read_header(word);
      break;
    case Part::body:
      read_body(word);
      break;
    case Part::plain:  // Returned above.
      break;
  }
  previous_ = word;
}

void Compound::read_beginning(const std::string& word) {
  if (previous_.empty()) {
    is_create_ = word == "create" || word == "alter";
    if (is_create_ || word == "begin") return;
    // MariaDB runs such blocks also outside of routines.
    part_ = is_any_of(word, loops) || word == "case" ? Part::body : Part::plain;
    if (part_ == Part::body) blocks_.push_back(Block::statement);
    return;
  }
  if (previous_ == "begin") {
    part_ = word == "not" ? Part::body : Part::plain;
    if (part_ == Part::body) blocks_.push_back(Block::statement);
    return;
  }
  // CREATE OR REPLACE DEFINER = `a`@`b` AGGREGATE FUNCTION ...
  if (is_any_of(word, routines)) {
    part_ = Part::header;
    has_parameters_ = true;
  } else if (word == "trigger" || word == "event") {
    part_ = Part::header;
    body_follows_ = word == "trigger" ? "row" : "do";
  } else if (word == "package") {
    part_ = Part::body;  // MariaDB's, in the mode of Oracle.
    blocks_.push_back(Block::statement);
  } else if (word == "table" || word == "view" || word == "database" || word == "index" || word == "user" ||
             word == "select") {
    part_ = Part::plain;
  }
}

void Compound::read_header(const std::string& word) {
  if (parentheses_ > 0) return;
  if (has_parameters_) {
    if (word == ")") has_parameters_ = false;
    return;
  }
  if (!body_follows_.empty()) {
    if (word == body_follows_) body_follows_.clear();
    return;
  }
  if (is_any_of(word, simple_statements)) part_ = Part::plain;
  // CHARACTER SET belongs to the type of a function's value.
  if (word == "set" && previous_ != "character" && previous_ != "returns") part_ = Part::plain;
  if (!opens_block(word)) return;
  part_ = Part::body;
  blocks_.push_back(Block::statement);
}

bool Compound::opens_block(const std::string& word) const {
  return word == "begin" || word == "case" || is_any_of(word, loops);
}

bool Compound::begins_statement() const { return is_any_of(previous_, openings) && blocks_.back() == Block::statement; }

void Compound::read_body(const std::string& word) {
  if (is_closing_) {  // END IF
    is_closing_ = false;
    if (opens_block(word)) return;
  }
  if (blocks_.empty() || previous_ == ".") return;
  if (word == "end") {
    is_closing_ = blocks_.back() == Block::statement;
    blocks_.pop_back();
  } else if (word == "case") {
    blocks_.push_back(begins_statement() ? Block::statement : Block::expression);
  } else if (word == "begin" ? previous_ != "(" && previous_ != "," : opens_block(word) && begins_statement()) {
    blocks_.push_back(Block::statement);
  }
}

}  // namespace whimbrel::dialect::mysql
