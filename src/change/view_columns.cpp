#include "change/view_columns.h"

#include <algorithm>
#include <set>

namespace whimbrel::run {

namespace {

std::vector<std::string> columns_of(const model::Name& view, const dialect::Dialect& dialect,
                                    dialect::Connection& connection) {
  const std::string schema = view.schema.empty() ? "" : dialect.quote_identifier(view.schema) + '.';
  try {
    return connection.run("SELECT * FROM " + schema + dialect.quote_identifier(view.name) + " LIMIT 0").columns;
  } catch (const Error&) {
    return {};  // It was unusable before the change, or is refused because of it.
  }
}

std::string listed(const std::vector<std::string>& names, const std::vector<std::string>& others) {
  std::string text;
  for (const std::string& name : names) {
    if (std::find(others.begin(), others.end(), name) != others.end()) continue;
    text += (text.empty() ? "\"" : ", \"") + name + '"';
  }
  return text;
}

}  // namespace

ViewColumns read_view_columns(Session& session, dialect::Connection& connection, const SchemaChange& generated,
                              const model::Schema& schema) {
  ViewColumns columns;
  const auto is_rename = [](const operation::Operation& operation) {
    return std::holds_alternative<operation::RenameColumn>(operation);
  };
  if (std::none_of(generated.operations.begin(), generated.operations.end(), is_rename)) return columns;
  std::set<model::Name> described;
  for (const model::View& view : session.desired().views) described.insert(view.name);
  for (const model::View& view : schema.views) {
    if (!described.contains(view.name)) columns[view.name] = columns_of(view.name, session.dialect(), connection);
  }
  return columns;
}

std::vector<Finding> notes_on_view_columns(const ViewColumns& before, const ViewColumns& after) {
  std::vector<Finding> notes;
  for (const auto& [view, names] : before) {
    const auto found = after.find(view);
    if (found == after.end() || found->second == names) continue;
    const std::string gone = listed(names, found->second);
    const std::string made = listed(found->second, names);
    if (gone.empty() || made.empty()) continue;
    notes.push_back({"view \"" + to_string(view) + "\" has " + made + " instead of " + gone +
                         " then, because its columns have the names of those that they select",
                     ""});
  }
  return notes;
}

}  // namespace whimbrel::run
