#pragma once

#include <set>
#include <string>
#include <string_view>

#include "model/name_limit.h"
#include "whimbrel/model.h"
#include "whimbrel/naming_strategy.h"

/// The texts that names are made of.
namespace whimbrel::entity {

// As TypeORM's default naming strategy changes texts.

/// `BlogPost` → `blog_post`.
[[nodiscard]] std::string snake_case(std::string_view text);
/// `home_address` → `homeAddress`.
[[nodiscard]] std::string camel_case(std::string_view text);
/// `lastName` → `Lastname`.
[[nodiscard]] std::string title_case(std::string_view text);

/// What of a text can stand in a name: `price >= 0` → `price_0`.
[[nodiscard]] std::string identifier_of(std::string_view text);
/// A name that the database allows: what is cut off is told apart by a hash.
[[nodiscard]] std::string shortened(std::string name, const model::NameLimit& limit);

/// The parts of an index in words, so that indexes over the same columns in another order of values have names of their
/// own. A plain column is its name alone, as in TypeORM, which knows no other parts.
[[nodiscard]] std::vector<std::string> part_texts(const std::vector<model::KeyPart>& parts);

/// Has the name the form of one that TypeORM derives?
[[nodiscard]] bool is_derived_name(std::string_view name);

/// The names of a schema's constraints and indexes that nobody has given: those of TypeORM's form, and those that the
/// strategy derives from what the constraint says.
class DerivedNames {
 public:
  DerivedNames(const model::Schema& schema, const NamingStrategy& naming);

  [[nodiscard]] bool has(std::string_view name) const;

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace whimbrel::entity
