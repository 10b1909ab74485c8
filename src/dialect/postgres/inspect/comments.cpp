#include <algorithm>
#include <optional>
#include <tuple>

#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/inspect/catalog_state.h"

namespace whimbrel::dialect::postgres {

namespace {

/// A row of the query for comments.
struct CommentRow {
  explicit CommentRow(Fields& row)
      : kind(row.text()),
        owner(row.key()),
        column(row.number()),
        part_kind(row.text()),
        part(row.text()),
        number(row.number()),
        schema(row.text()),
        name(row.text()),
        definition(row.text()),
        removal(row.text()) {}

  std::string kind;
  Key owner;
  std::int64_t column;
  std::string part_kind, part;
  std::int64_t number;
  std::string schema, name, definition, removal;
};

/// The comment on an object itself.
struct OwnComment {
  explicit OwnComment(Fields& row) : key(row.key()) {
    for (int skipped = 0; skipped < 4; ++skipped) static_cast<void>(row.text());
    removal = row.text();
    text = row.optional_text();
    number = row.number();
  }

  Key key;
  std::string removal;
  std::optional<std::string> text;  ///< As a literal.
  std::int64_t number;
};

class CommentReader {
 public:
  CommentReader(const Catalog& catalog, CatalogState& state) : catalog_(catalog), state_(state) {}

  /// They become a part of what they are on.
  void add_to_definitions() {
    for_each_own([&](model::Object& object, const std::string& statement, const OwnComment&) {
      object.definition += ";\n" + statement;
    });
    for (const std::vector<Value>& values : catalog_.comments.values) {
      Fields fields(values);
      const CommentRow row(fields);
      const auto object = state_.objects.find(row.owner);
      if (object != state_.objects.end()) state_.schema.objects[object->second].definition += ";\n" + row.definition;
    }
  }

  void add_objects() {
    std::vector<model::Object> made;
    for_each_own([&](model::Object& object, const std::string& statement, const OwnComment& comment) {
      // A publication that exists is never changed.
      if (object.kind == "publication") {
        object.definition += ";\n" + statement;
        return;
      }
      const std::string what = statement_beginning(object);
      model::Object property = property_object(comment_kind, name_of_comment(object.kind, object.name), statement,
                                               what + "NULL", {{object.name, {}, object.kind}});
      property.number.value = comment.number;
      made.push_back(std::move(property));
    });
    std::sort(made.begin(), made.end(), [](const model::Object& a, const model::Object& b) { return a.name < b.name; });
    for (model::Object& object : made) state_.schema.objects.push_back(std::move(object));
    for (const std::vector<Value>& values : catalog_.comments.values) {
      Fields fields(values);
      add(CommentRow(fields));
    }
  }

 private:
  template <class Function>
  void for_each_own(Function function) {
    const std::size_t count = state_.schema.objects.size();
    for (const std::vector<Value>& values : catalog_.objects.values) {
      Fields fields(values);
      const OwnComment comment(fields);
      const auto object = state_.objects.find(comment.key);
      if (!comment.text || object == state_.objects.end() || object->second >= count) continue;
      model::Object& owner = state_.schema.objects[object->second];
      if (owner.removal.empty()) continue;  // It is never created.
      function(owner, statement_beginning(owner) + *comment.text, comment);
    }
  }

  /// The name of an object is the same in DROP.
  static std::string statement_beginning(const model::Object& object) {
    constexpr std::string_view drop = "DROP ";
    return "COMMENT ON " + object.removal.substr(drop.size()) + " IS ";
  }

  void add(const CommentRow& row) {
    std::optional<std::vector<model::Reference>> uses = uses_of(row);
    if (!uses) return;
    if (row.kind == view_default_kind) {
      state_.view_defaults[{row.owner.second, row.column}] = state_.schema.objects.size();
    }
    model::Object object =
        property_object(row.kind, {row.schema, row.name}, row.definition, row.removal, *std::move(uses));
    object.number.value = row.number;
    state_.schema.objects.push_back(std::move(object));
  }

  /// Returns nullopt if the model does not contain what has the comment.
  [[nodiscard]] std::optional<std::vector<model::Reference>> uses_of(const CommentRow& row) const {
    using Uses = std::vector<model::Reference>;
    if (row.part_kind == "schema") return Uses{{row.part, {}, "schema"}};
    if (row.owner.first != "pg_class") {
      const auto owner = state_.references.find(row.owner);
      return owner == state_.references.end() ? std::nullopt : std::optional(Uses{owner->second});
    }
    const auto relation = state_.relations.find(row.owner.second);
    if (relation == state_.relations.end()) return std::nullopt;
    const model::Name& name = relation->second.name;
    Uses uses{{name, {}, {}}};
    if (row.part_kind == "index") {
      uses.push_back({{name.schema, row.part}, {}, {}});
    } else if (row.part_kind == "column") {
      uses.push_back({name, row.part, {}});
    } else if (row.part_kind == "trigger of parent") {
      add_parents(uses, row.owner.second, row.part);
    } else if (!row.part_kind.empty()) {
      uses.push_back({name, row.part, row.part_kind});
    }
    return uses;
  }

  /// A copy of a trigger goes with the trigger, and with the link to the parent that has it.
  void add_parents(std::vector<model::Reference>& uses, std::int64_t number, const std::string& trigger) const {
    const model::Table* table = state_.find_table(number);
    while (table != nullptr && !table->inherits.empty()) {
      const model::Name& parent = table->inherits.front();
      uses.push_back({table->name, to_string(parent), "parent"});
      uses.push_back({parent, trigger, "trigger"});
      table = state_.schema.find_table(parent);
    }
  }

  const Catalog& catalog_;
  CatalogState& state_;
};

}  // namespace

void read_comments(const Catalog& catalog, bool everything, CatalogState& state) {
  CommentReader reader(catalog, state);
  if (everything) {
    reader.add_objects();
  } else {
    reader.add_to_definitions();
  }
}

}  // namespace whimbrel::dialect::postgres
