#pragma once

#include <string>
#include <vector>

#include "support/random.h"
#include "whimbrel/model.h"

namespace whimbrel::test {

/// Random schemas that MariaDB and MySQL accept, and random changes of them: the same seed gives the same schemas.
class RandomMysqlSchema : public Random {
 public:
  using Random::Random;

  /// A schema of a few tables that refer to each other.
  [[nodiscard]] model::Schema schema();
  /// Another one that shares tables, columns and constraints with it.
  [[nodiscard]] model::Schema changed(model::Schema schema);
  /// A value for the column, as SQL.
  [[nodiscard]] std::string value(const model::Column& column);

 private:
  model::Table table(const std::string& name, const model::Schema& others);
  model::Column column(const std::string& name);
  void constraints(model::Table& table, const model::Schema& others);
  /// Adds a column with a foreign key to the primary key of the parent.
  void reference(model::Table& table, const model::Table& parent);
  void add_cycle(model::Schema& schema);
  void change(model::Table& table, const model::Schema& schema);
  void change_columns(model::Table& table);
  std::string free_name(const std::vector<std::string>& pool, const std::vector<std::string>& taken);
  std::string number(const std::string& prefix) { return prefix + std::to_string(next_++); }

  std::size_t next_ = 0;
};

}  // namespace whimbrel::test
