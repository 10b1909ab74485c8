#pragma once

#include <string>

#include "dialect/sqlite/dialect.h"
#include "entity/lower.h"
#include "support/dialects.h"
#include "whimbrel/entity.h"

namespace whimbrel::test {

/// SQLite's answers, but for what SQLite has none of.
class Mapping final : public model::TypeMapping {
 public:
  bool comments = false;
  int server_version = dialect::newest_version;
  bool has_everything = false;
  model::NameLimit limit{};

  model::Type column_type(const model::ColumnRequest& request) const override { return sqlite().column_type(request); }
  std::string default_literal(const model::Literal& literal, model::ValueKind kind) const override {
    return sqlite().default_literal(literal, kind);
  }
  model::ValueKind value_kind(const model::Type& type) const override { return sqlite().value_kind(type); }
  model::Type enum_type(const model::Name& name) const override { return {name.name, {}}; }
  std::optional<std::string> random_uuid() const override { return std::nullopt; }
  std::vector<std::string> current_timestamps(const model::Type& type) const override {
    return sqlite().current_timestamps(type);
  }
  const sql::Syntax& syntax() const override { return sqlite().syntax(); }
  std::string fold(model::NameKind kind, std::string_view name) const override { return sqlite().fold(kind, name); }
  model::NameLimit identifier_limit() const override { return limit; }
  std::map<std::string, std::string> table_options(const model::TableRequest& request) const override {
    return sqlite().table_options(request);
  }
  std::string create_view(const model::ViewRequest& request) const override { return sqlite().create_view(request); }
  std::string_view title() const override { return sqlite().title(); }
  int version() const override { return server_version; }
  std::optional<int> since(model::Feature feature) const override {
    const bool is_added = has_everything || (comments && feature == model::Feature::comments);
    return is_added ? 0 : sqlite().since(feature);
  }

 private:
  static const dialect::Dialect& sqlite() { return test::sqlite_dialect(); }
};

template <class... T>
entity::Described describe(std::string_view prefix = "") {
  return entity::describe(entities<T...>(), Mapping{}, prefix);
}

/// The table of the first entity.
template <class... T>
model::Table table_of() {
  return describe<T...>().schema.tables.at(0);
}

/// What is wrong with the entities: the message and the remedy; empty if nothing is.
template <class... T>
std::string mistake(const Mapping& mapping = {}) {
  try {
    static_cast<void>(entity::describe(entities<T...>(), mapping, ""));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::entity || error.remedy().empty()) return "an error of another kind or no remedy";
    return error.what();
  }
  return "";
}

}  // namespace whimbrel::test
