#include "change/view_facts.h"

#include <map>

#include "change/affected_objects.h"
#include "change/script_verifier.h"

namespace whimbrel::change {

namespace {

using operation::CreateView;
using operation::DropView;

/// Returns what a scratch copy has after the change.
model::Schema schema_after(session::Session& session, const SchemaChange& generated) {
  dialect::InspectScope scope = session.scope();
  scope.part = affected_objects(generated, session.dialect().syntax());
  std::vector<std::string> left_out;
  const ScriptVerifier verifier(
      session,
      session.dialect().copy_schema(session.connection(), scope, dialect::CopyUse::generated_statements, left_out));
  verifier.run(generated.script.up, "up");
  return verifier.inspect();
}

}  // namespace

std::set<model::Name> views_without_columns(const diff::Difference& difference) {
  std::set<model::Name> known, unknown;
  for (const operation::Operation& operation : difference.operations) {
    const auto* const dropped = std::get_if<DropView>(&operation);
    const auto* const made = std::get_if<CreateView>(&operation);
    if (dropped != nullptr && !dropped->view.columns.value.empty()) known.insert(dropped->view.name);
    if (made != nullptr && made->view.columns.value.empty()) unknown.insert(made->view.name);
  }
  std::erase_if(unknown, [&](const model::Name& view) { return !known.contains(view); });
  return unknown;
}

void fill_in_views(session::Session& session, const SchemaChange& generated, const std::set<model::Name>& views,
                   diff::Difference& difference) {
  model::Schema after;
  try {
    after = schema_after(session, generated);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::connection) throw;
    return;  // The verification tells the user.
  }
  std::map<model::Name, const model::View*> found;
  for (const model::View& view : after.views) found.emplace(view.name, &view);
  const auto fill_in = [&](model::View& view) {
    const auto actual = views.contains(view.name) ? found.find(view.name) : found.end();
    if (actual == found.end()) return;
    view.columns = actual->second->columns;
    view.uses = actual->second->uses;
  };
  for (operation::Operation& operation : difference.operations) {
    if (auto* const made = std::get_if<CreateView>(&operation)) fill_in(made->view);
  }
  for (model::View& view : difference.target.views) fill_in(view);
}

}  // namespace whimbrel::change
