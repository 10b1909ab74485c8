#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "toy_database/client/database.h"
#include "toy_database/client/parser.h"

namespace whimbrel::toy {

/// The error code for a table that is not there.
constexpr int no_such_table = 1;

/// Runs the statements of one connection.
///
/// A change of the schema commits: it cannot be undone, and neither can what came before it in its transaction.
class Engine {
 public:
  Engine(std::shared_ptr<Database> database, bool read_only);
  ~Engine() { unlock(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters);
  [[nodiscard]] bool is_transaction_active() const { return before_.has_value(); }

 private:
  bool control_transaction(Parser& parser);
  bool change_schema(Parser& parser);
  void create_table(Parser& parser);
  void drop_table(Parser& parser);
  void alter_table(Parser& parser);
  void add_column(Parser& parser, Table& table);
  void alter_column(Parser& parser, Table& table);
  bool change_rows(Parser& parser);
  void insert(Parser& parser);
  void update(Parser& parser);
  void remove(Parser& parser);
  Rows::Data select(Parser& parser);
  [[nodiscard]] Rows::Data show_columns() const;

  Rows::Data try_lock();
  void unlock();

  void commit();
  Table& table(Parser& parser);
  Table& table(Parser& parser, const std::string& name);

  std::shared_ptr<Database> database_;
  bool read_only_;
  int number_;
  std::optional<Tables> before_;                            ///< As they were when the transaction began.
  std::vector<std::pair<std::string, Tables>> savepoints_;  ///< As they were when each was made.
};

}  // namespace whimbrel::toy
