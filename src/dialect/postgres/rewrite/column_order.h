#pragma once

#include "dialect/postgres/generate/column_lists.h"
#include "operation/operation.h"
#include "plan/order.h"

namespace whimbrel::dialect::postgres {

/// The columns of tables while operations run, which differ from those of either schema: a new column is the last.
class MovingColumns {
 public:
  MovingColumns(const model::Schema& before, const model::Schema& after);

  /// Writes the definitions in the operations, which lead to one of the schemas, for the order of columns that they
  /// find. Throws Error (unsafe) if that is impossible.
  void follow(std::vector<operation::Operation>& operations, const model::Schema& to);

 private:
  struct Written {
    ColumnOrders orders;
    ResultTypes types;
  };

  void follow(operation::Operation& operation, const model::Schema& to);
  void add(const model::Name& table, const std::string& column);
  void drop(const model::Name& table, const std::string& column, const model::Schema& to);
  template <class T>
  void rewrite(T& item) const;

  ColumnOrders orders_;                        ///< In the database.
  Written before_, after_;                     ///< What the definitions of the schemas were written for.
  std::set<std::string, std::less<>> former_;  ///< The definitions of the first schema.
  std::map<model::Name, std::set<model::Name>> children_;
};

/// What lists the columns of a table comes after the columns that the table gets.
void add_list_dependencies(const std::vector<operation::Operation>& operations, const model::Schema& to,
                           std::vector<plan::Dependency>& dependencies);

}  // namespace whimbrel::dialect::postgres
