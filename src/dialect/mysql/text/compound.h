#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace whimbrel::dialect::mysql {

/// Follows the tokens of one statement, to tell whether a semicolon ends it or belongs to the body of a trigger, a
/// routine, an event or a compound statement.
/// https://dev.mysql.com/doc/refman/8.4/en/sql-compound-statements.html
class Compound {
 public:
  /// Adds the next token: a word, or one character of anything else.
  void add(std::string_view token);
  /// Returns whether a semicolon here ends the statement.
  [[nodiscard]] bool can_end() const { return blocks_.empty(); }

 private:
  enum class Part {
    beginning,  ///< The first words do not tell yet.
    plain,      ///< No block begins from here on.
    header,     ///< Before the body of a trigger, a routine or an event.
    body,
  };

  enum class Block {
    statement,
    expression,  ///< CASE within an expression: what follows its THEN and ELSE is no statement.
  };

  void read_beginning(const std::string& word);
  void read_header(const std::string& word);
  void read_body(const std::string& word);
  [[nodiscard]] bool begins_statement() const;
  /// Returns whether the word at the beginning of a statement opens a block that END closes.
  [[nodiscard]] bool opens_block(const std::string& word) const;

  Part part_ = Part::beginning;
  std::vector<Block> blocks_;  ///< The open ones.
  int parentheses_ = 0;
  bool is_create_ = false;
  bool is_closing_ = false;      ///< The previous token is END: the next may say of what.
  bool has_parameters_ = false;  ///< The kind of object has a list of parameters, which the header ends after.
  std::string body_follows_;     ///< The word after which a body begins; empty: after the list of parameters.
  std::string previous_;
};

}  // namespace whimbrel::dialect::mysql
