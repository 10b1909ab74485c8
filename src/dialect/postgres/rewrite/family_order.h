#pragma once

#include <map>
#include <vector>

#include "dialect/postgres/rewrite/inheritance.h"
#include "operation/operation.h"
#include "plan/order.h"

namespace whimbrel::dialect::postgres {

/// How many generations of parents are above a table of the schema.
class Depths {
 public:
  explicit Depths(const model::Schema& schema);
  [[nodiscard]] int of(const model::Name& table);

 private:
  std::map<model::Name, const std::vector<model::Name>*> parents_;
  std::map<model::Name, int> depths_;
};

/// Adds dependencies between operations on tables that inherit. A child gets a constraint first, because once it
/// inherits it from its parent, the same one cannot be added; and the parent loses it first, because the child cannot
/// lose a constraint that it inherits. NOT NULL of a parent becomes that of its children, so it comes before what these
/// have of their own. https://www.postgresql.org/docs/current/ddl-inherit.html
void add_family_dependencies(const std::vector<operation::Operation>& operations, const model::Schema& from,
                             const model::Schema& to, std::vector<plan::Dependency>& dependencies);

/// Children change the type of a column before a parent gets it, and after a parent loses it: the server changes no
/// inherited one. A child of several parents, which must agree, is created after both have changed.
void add_type_dependencies(const std::vector<operation::Operation>& operations, const Relatives& relatives,
                           const model::Schema& to, std::vector<plan::Dependency>& dependencies);

}  // namespace whimbrel::dialect::postgres
