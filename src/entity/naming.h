#pragma once

#include <set>
#include <string>
#include <string_view>

#include "whimbrel/model.h"
#include "whimbrel/naming_strategy.h"

/// The parts of derived names.
namespace whimbrel::entity {

// The text transformations of TypeORM's default naming strategy.

/// `BlogPost` → `blog_post`.
[[nodiscard]] std::string snake_case(std::string_view text);
/// `home_address` → `homeAddress`.
[[nodiscard]] std::string camel_case(std::string_view text);
/// `lastName` → `Lastname`.
[[nodiscard]] std::string title_case(std::string_view text);

/// Keeps the characters of a text that a name can contain: `price >= 0` → `price_0`.
[[nodiscard]] std::string identifier_of(std::string_view text);

/// Returns the parts of an index as text, so that indexes over the same columns with a different sort order have
/// different names. A plain column is only its name, as in TypeORM, which has no other parts.
[[nodiscard]] std::vector<std::string> part_texts(const std::vector<model::KeyPart>& parts);

/// Returns whether the name has the form of a name that TypeORM derives.
[[nodiscard]] bool is_derived_name(std::string_view name);

/// Returns the derived names of a schema's constraints and indexes: those in TypeORM's form, and those that the
/// strategy derives from the constraint.
class DerivedNames {
 public:
  DerivedNames(const model::Schema& schema, const NamingStrategy& naming);

  [[nodiscard]] bool has(std::string_view name) const;

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace whimbrel::entity
