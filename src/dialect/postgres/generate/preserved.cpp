#include "dialect/postgres/generate/preserved.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "dialect/postgres/generate/preserved_query.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;

/// Finds the items that are dropped and created.
class Pairs {
 public:
  Pairs(const std::vector<Operation>& operations, TargetDatabase target) {
    std::set<std::pair<Name, std::string>> changed;
    std::set<Name> replaced;
    for (const Operation& operation : operations) {
      if (const auto* op = std::get_if<AlterColumn>(&operation)) changed.emplace(op->table, op->after.name);
      const auto* const dropped = std::get_if<DropTable>(&operation);
      if (dropped != nullptr && !dropped->kept_as.empty()) replaced.insert(dropped->table.name);
    }
    const auto add = [&](std::vector<At>& all, std::vector<Item> items, std::size_t place) {
      for (Item& item : items) {
        if (target != TargetDatabase::any &&
            (is_commented(item) || item.kind == "STORAGE" || item.kind == "PARTITION")) {
          continue;
        }
        if (item.kind == "DEFAULT" && changed.contains({item.name, item.part})) continue;  // It gets its own.
        all.push_back({std::move(item), place});
      }
    };
    for (std::size_t i = 0; i < operations.size(); ++i) {
      add(dropped_, dropped_by(operations[i]), i);
      // What had the name of another new table was a view.
      const auto* const made = std::get_if<CreateTable>(&operations[i]);
      if (made == nullptr || replaced.contains(made->table.name)) add(created_, created_by(operations[i]), i);
    }
    pair_equal();
    pair_overloads();
  }

  std::vector<RecreatedItem> pairs{};
  std::size_t first = 0, last = 0;

 private:
  struct At {
    Item item;
    std::size_t place;
    bool is_paired = false;
  };

  void pair_equal() {
    std::map<std::tuple<std::string_view, Name, std::string>, At*> created;
    for (At& at : created_) created.emplace(std::tuple(at.item.kind, at.item.name, at.item.part), &at);
    for (At& at : dropped_) {
      const auto found = created.find({at.item.kind, at.item.name, at.item.part});
      if (found != created.end()) pair(at, *found->second);
    }
  }

  /// For the server, a function with other arguments is a different function. Here it is the same if it is the only one
  /// of its name that is dropped, and one is created.
  void pair_overloads() {
    using ByName = std::map<Name, std::vector<At*>>;
    const auto by_name = [](std::vector<At>& all) {
      ByName result;
      for (At& at : all) {
        const Name& name = at.item.name;
        if (at.is_paired || at.item.kind != "ROUTINE") continue;
        result[{name.schema, name.name.substr(0, name.name.rfind('('))}].push_back(&at);
      }
      return result;
    };
    const ByName created = by_name(created_);
    for (const auto& [name, dropped] : by_name(dropped_)) {
      const auto found = created.find(name);
      if (found == created.end() || dropped.size() != 1 || found->second.size() != 1) continue;
      pair(*dropped.front(), *found->second.front());
    }
  }

  void pair(At& dropped, At& created) {
    dropped.is_paired = created.is_paired = true;
    first = pairs.empty() ? dropped.place : std::min(first, dropped.place);
    last = std::max({last, dropped.place, created.place});
    pairs.push_back({dropped.item, created.item.target});
  }

  std::vector<At> dropped_, created_;
};

constexpr const char* block_to_restore = R"sql(
DECLARE
  item json;
  holds boolean;
BEGIN
  FOR item IN SELECT json_array_elements(nullif(current_setting('whimbrel.preserved'), '')::json) LOOP
    EXECUTE 'SELECT ' || coalesce(item->>0, 'true') INTO holds;
    IF holds THEN
      EXECUTE item->>1;
    END IF;
  END LOOP;
  PERFORM set_config('whimbrel.preserved', '', false);
END
)sql";

}  // namespace

std::optional<Preserved> preserved_by(const std::vector<Operation>& operations, TargetDatabase target) {
  const Pairs found(operations, target);
  if (found.pairs.empty()) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> words = {{"owner and privileges of ", {}},
                                                            {"comments on ", {}},
                                                            {"defaults of ", {}},
                                                            {"states of triggers of ", {}},
                                                            {"storage of ", {}}};
  for (const auto& [before, name] : found.pairs) {
    const std::size_t what = before.kind == "STORAGE"     ? 4
                             : before.kind == "PARTITION" ? 3
                             : before.kind == "DEFAULT"   ? 2
                             : is_commented(before)       ? 1
                                                          : 0;
    std::string& names = words[what].second;
    names += (names.empty() ? "" : ", ") + name;
    if (before.kind == "COLUMN" || before.kind == "DEFAULT" || before.kind == "STORAGE") names += '.' + before.part;
  }
  std::string description;
  for (const auto& [what, names] : words) {
    if (!names.empty()) description += (description.empty() ? "" : "; ") + what + names;
  }
  std::string read = "\nBEGIN\n  PERFORM set_config('whimbrel.preserved', (\n" + query_to_read(found.pairs, target) +
                     "\n)::text, false);\nEND\n";
  return Preserved{found.first, found.last, do_block(read), do_block(block_to_restore), std::move(description)};
}

std::string do_block(const std::string& block) {
  std::string quotes = "$whimbrel$";
  while (block.find(quotes) != std::string::npos) quotes.insert(quotes.size() - 1, "_");
  return "DO " + quotes + block + quotes;
}

}  // namespace whimbrel::dialect::postgres
