#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"
#include "whimbrel/model.h"
#include "whimbrel/query_runner.h"

namespace whimbrel::toy {

/// The words of one statement, one after the other. What it does not understand is an Error (statement).
class Parser {
 public:
  Parser(std::string_view sql, const std::vector<Value>* parameters);

  [[nodiscard]] bool is_at_end() const { return place_ == tokens_.size(); }
  /// Goes on if the next words are these.
  bool accept(std::string_view word);
  bool accept(std::string_view first, std::string_view second);
  /// Goes on if the number 1 comes next.
  bool accept_one();
  void expect(std::string_view word);
  void expect_end();
  std::string name();
  /// `("a", "b")`
  std::vector<std::string> names();
  /// A literal or the next parameter.
  Value value();
  std::size_t number();
  /// `"name" integer NOT NULL COUNTED DEFAULT 1`
  model::Column column();
  [[noreturn]] void fail(const std::string& what) const;

 private:
  const sql::Token& next();

  std::string_view sql_;
  const std::vector<Value>* parameters_;
  std::size_t parameter_ = 0;
  std::vector<sql::Token> tokens_;
  std::size_t place_ = 0;
};

/// The text without its last character if that is a `;`, cut at those in between.
[[nodiscard]] std::vector<std::string_view> split_statements(std::string_view script);

}  // namespace whimbrel::toy
