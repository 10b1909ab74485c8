#pragma once

#include "dialect/sqlite/text/syntax.h"
#include "model/type_mapping.h"

namespace whimbrel::test {

/// Types and values of a database without rules: names are the same if their letters are.
class PlainMapping : public model::TypeMapping {
 public:
  std::string_view title() const override { return "Plain"; }
  const sql::Syntax& syntax() const override { return dialect::sqlite::sqlite_syntax; }
  int version() const override { return 1; }
  std::optional<int> since(model::Feature) const override { return std::nullopt; }
  model::Type column_type(const model::ColumnRequest& request) const override { return {request.type, {}}; }
  model::Type enum_type(const model::Name& name) const override { return {name.name, {}}; }
  std::string default_literal(const model::Literal&, model::ValueKind) const override { return {}; }
  model::ValueKind value_kind(const model::Type&) const override { return model::ValueKind::text; }
  std::vector<std::string> current_timestamps(const model::Type&) const override { return {}; }
  std::optional<std::string> random_uuid() const override { return std::nullopt; }
  std::string fold(model::NameKind, std::string_view name) const override { return std::string(name); }
  model::NameLimit identifier_limit() const override { return {}; }
  std::map<std::string, std::string> table_options(const model::TableRequest&) const override { return {}; }
  std::string create_view(const model::ViewRequest& request) const override { return request.query; }
};

inline const model::TypeMapping& plain_mapping() {
  static const PlainMapping mapping;
  return mapping;
}

}  // namespace whimbrel::test
