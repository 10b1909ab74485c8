#include "change/view_columns.h"

#include <algorithm>
#include <set>

#include "change/sample_rows.h"

namespace whimbrel::change {

namespace {

std::vector<std::string> columns_of(const model::Name& view, const dialect::Dialect& dialect,
                                    dialect::Connection& connection) {
  try {
    return connection.run("SELECT * FROM " + quoted_name(dialect, view) + " LIMIT 0").columns;
  } catch (const Error&) {
    return {};  // It was unusable before, or the change is refused because of it.
  }
}

}  // namespace

ViewColumns read_view_columns(session::Session& session, dialect::Connection& connection, const SchemaChange& generated,
                              const model::Schema& schema) {
  ViewColumns columns;
  const auto is_rename = [](const operation::Operation& operation) {
    return std::holds_alternative<operation::RenameColumn>(operation);
  };
  if (!session.dialect().renames_view_columns()) return columns;
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
    if (found == after.end() || found->second.size() != names.size()) continue;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string& now = found->second[i];
      if (now == names[i]) continue;
      notes.push_back(
          {"also renames column \"" + names[i] + "\" of view \"" + to_string(view) + "\" to \"" + now + '"', ""});
    }
  }
  return notes;
}

}  // namespace whimbrel::change
