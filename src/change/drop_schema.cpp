#include <set>

#include "change/ownership.h"
#include "change/run_statements.h"
#include "change/synchronize.h"
#include "operation/describe.h"
#include "session/run_lock.h"
#include "session/transaction.h"

namespace whimbrel::change {

namespace {

using model::NameKind;
using operation::Operation;

/// The folded names of objects that this program created or describes.
class OurNames {
 public:
  OurNames(session::Session& session, const dialect::InspectScope& scope) : dialect_(session.dialect()) {
    for (const model::Table& table : session.desired().tables) tables_.insert(folded(table));
    for (const model::View& view : session.desired().views) views_.insert(folded(view));
    for (const model::Enum& type : session.desired().enums) enums_.insert(folded(type));
    for (const std::string& name : history::own_tables(dialect_, session.history().table_name())) {
      tables_.insert(dialect_.fold_name(NameKind::table, {name}));
    }
    const std::optional<model::Schema> created = created_by_migrations(session, scope);
    if (!created) return;
    for (const model::Table& table : created->tables) {
      tables_.insert(folded(table));
      for (const model::Trigger& trigger : table.triggers) triggers_.emplace(folded(table), trigger.name);
    }
    for (const model::View& view : created->views) views_.insert(folded(view));
    for (const model::Enum& type : created->enums) enums_.insert(folded(type));
    for (const model::Object& object : created->objects) {
      // It is unknown whether an extension existed before: migrations create it only if it is missing.
      if (object.kind != "extension") objects_.emplace(object.kind, object.name);
    }
  }

  [[nodiscard]] bool has(const model::Table& table) const { return tables_.contains(folded(table)); }
  [[nodiscard]] bool has(const model::Table& table, const model::Trigger& trigger) const {
    return triggers_.contains({folded(table), trigger.name});
  }
  [[nodiscard]] bool has(const model::View& view) const { return views_.contains(folded(view)); }
  [[nodiscard]] bool has(const model::Enum& type) const { return enums_.contains(folded(type)); }
  [[nodiscard]] bool has(const model::Object& object) const { return objects_.contains({object.kind, object.name}); }

 private:
  [[nodiscard]] model::Name folded(const model::Table& table) const {
    return dialect_.fold_name(NameKind::table, table.name);
  }
  [[nodiscard]] model::Name folded(const model::View& view) const {
    return dialect_.fold_name(NameKind::table, view.name);
  }
  [[nodiscard]] model::Name folded(const model::Enum& type) const {
    return dialect_.fold_name(NameKind::type, type.name);
  }

  const dialect::Dialect& dialect_;
  std::set<model::Name> tables_, views_, enums_;
  std::set<std::pair<std::string, model::Name>> objects_;
  std::set<std::pair<model::Name, std::string>> triggers_;
};

/// Nothing keeps the triggers of a table that is dropped.
std::vector<std::string> notes_on_triggers(const model::Table& table, const OurNames& ours) {
  std::vector<std::string> notes;
  for (const model::Trigger& trigger : table.triggers) {
    if (ours.has(table, trigger)) continue;
    notes.push_back("drops " + operation::describe_target(operation::DropTrigger{table.name, trigger}) +
                    " with its table: no migration created it");
  }
  return notes;
}

Dropped make_statements(session::Session& session) {
  const dialect::InspectScope scope = session.scope();
  const model::Schema current = session.dialect().inspect(session.connection(), scope);
  const OurNames ours(session, scope);
  std::vector<Operation> operations;
  // Newest first: a view is created after those that it selects from.
  for (auto view = current.views.rbegin(); view != current.views.rend(); ++view) {
    if (ours.has(*view)) operations.emplace_back(operation::DropView{*view});
  }
  Dropped dropped;
  for (const model::Table& table : current.tables) {
    if (!ours.has(table)) continue;
    operations.emplace_back(operation::DropTable{table});
    for (std::string& note : notes_on_triggers(table, ours)) dropped.notes.push_back(std::move(note));
  }
  for (const model::Enum& type : current.enums) {
    if (ours.has(type)) operations.emplace_back(operation::DropEnum{type});
  }
  for (auto object = current.objects.rbegin(); object != current.objects.rend(); ++object) {
    if (ours.has(*object)) operations.emplace_back(operation::DropObject{*object});
  }
  model::Schema rest = current;
  const auto is_ours = [&](const auto& item) { return ours.has(item); };
  std::erase_if(rest.views, is_ours);
  std::erase_if(rest.tables, is_ours);
  std::erase_if(rest.enums, is_ours);
  std::erase_if(rest.objects, is_ours);
  const auto rewriter = session.dialect().rewriter(session.connection());
  dropped.statements =
      session.dialect().generate(rewriter->rewrite({plan::order(std::move(operations)), {}}, current, rest).up);
  return dropped;
}

/// The guard's remedy is for migrations.
[[noreturn]] void refuse_drop(const Error& error) {
  throw Error(ErrorKind::unsafe, "Nothing was dropped. " + std::string(error.what()))
      .with_remedy(
          "Drop what is named, or change it so that it uses nothing that would be dropped, by hand: no entity "
          "describes it and no migration created it.");
}

}  // namespace

Dropped drop_schema(session::Session& session, const DropOptions& options) {
  const session::Session::Work work(session);
  if (options.dry_run) return make_statements(session);
  const std::unique_ptr<dialect::SafetyGuard> guard = session.dialect().guard(session.connection());
  Dropped dropped;
  {
    const session::RunLock lock(session, session::RunLock::Around::transaction);
    session::Transaction transaction(session);
    dropped = make_statements(session);
    run_statements(session, *guard, dropped.statements);
    try {
      guard->before_commit();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unsafe) throw;
      refuse_drop(error);
    }
    transaction.commit();
  }
  guard->finish();
  return dropped;
}

}  // namespace whimbrel::change
