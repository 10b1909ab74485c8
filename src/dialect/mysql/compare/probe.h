#pragma once

#include <memory>
#include <span>
#include <vector>

#include "dialect/mysql/dialect.h"

namespace whimbrel::dialect::mysql {

/// A scratch database in which the server says how it stores expressions and views. It is created with the first
/// question.
class Probe {
 public:
  Probe(Connection& connection, const Server& server) : connection_(connection), server_(server) {}

  /// Returns which of the pairs the server stores alike.
  [[nodiscard]] std::vector<bool> same_expressions(std::span<const diff::ExpressionPair> pairs);
  [[nodiscard]] std::vector<bool> same_views(std::span<const diff::ViewPair> pairs);

  /// Returns false if the user was found not to have the privilege to create a scratch database.
  [[nodiscard]] bool can_ask() const { return can_ask_; }

 private:
  struct Question;
  struct Asked;

  Connection* open();
  bool ask(std::span<Question*> questions);
  void ask_in_halves(std::span<Question*> questions);
  void ask_once(std::span<Question> questions);

  Connection& connection_;
  Server server_;
  std::unique_ptr<Connection> scratch_;
  bool can_ask_ = true;
};

}  // namespace whimbrel::dialect::mysql
