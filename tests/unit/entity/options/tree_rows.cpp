#include "unit/entity/options/thing.h"

namespace option_rows {

using namespace whimbrel;

namespace {

SHOWN(summary_code, struct Summary {
  static void describe(View<Summary>& view) {
    view.query("SELECT email FROM \"user\"");
    view.depends_on<User>();
}
};  // namespace option_rows
)

namespace changed {
  struct Summary {
    static void describe(View<Summary>& view) { view.query("SELECT email, id FROM \"user\""); }
  };
}  // namespace changed

SHOWN(detail_code, struct Detail {
  static void describe(View<Detail>& view) { view.query("SELECT * FROM summary", {.name = "a_detail"});
}
}
;)

SHOWN(kept_code, struct Kept {
  static void describe(View<Kept>& view) { view.query("SELECT 1 AS one", {.materialized = true});
}
}
;)

SHOWN(aside_code, struct Aside {
  static void describe(View<Aside>& view) { view.query("SELECT 1 AS one", {.synchronize = false});
}
}
;)

}  // namespace

Section tree_rows() {
  return {
      "Trees",
      {
          ROW("`@Tree(\"adjacency-list\")`", (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::adjacency_list);),
              ()),
          ROW("`@Tree(\"closure-table\")`", (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::closure_table);),
              (thing.many_to_one<&Thing::parent>();)),
          ROW("`closureTableName`, `ancestorColumnName`, `descendantColumnName`",
              (thing.many_to_one<&Thing::parent>(); thing.tree(
                  Tree::closure_table,
                  {.closure_table = "thing_tree", .ancestor_columns = {"upper"}, .descendant_columns = {"lower"}});),
              (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::closure_table);)),
          ROW("`@TreeLevelColumn()`",
              (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::closure_table);
               thing.tree_level<&Thing::number>();),
              (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::closure_table);)),
          ROW("`@Tree(\"materialized-path\")`",
              (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::materialized_path);),
              (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::materialized_path, {.path_column = "path"});)),
          ROW("`@Tree(\"nested-set\")`", (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::nested_set);),
              (thing.many_to_one<&Thing::parent>(); thing.tree(Tree::materialized_path);)),
          ROW("`@TreeParent({onDelete})`",
              (thing.many_to_one<&Thing::parent>({.on_delete = OnDelete::cascade}); thing.tree(Tree::adjacency_list);),
              ()),
          OptionRow{"`@TreeChildren()`", "", {}, {}, false, "does not affect the schema"},
      },
  };
}

Section view_rows() {
  return {
      "Views",
      {
          OptionRow{"`@ViewEntity({expression, dependsOn})`", std::string(summary_code), entities<Summary, User>(),
                    entities<changed::Summary, User>()},
          OptionRow{"`@ViewEntity({name})`", std::string(detail_code) + " entities<Detail, Summary, User>()",
                    entities<Detail, Summary, User>(), entities<Summary, User>()},
          OptionRow{"`@ViewEntity({synchronize: false})`", std::string(aside_code), entities<Aside, User>(), {}},
          OptionRow{"`@ViewEntity({materialized: true})`", std::string(kept_code), entities<Kept, User>(), {}, true},
          OptionRow{"`@ViewColumn()`", "", {}, {}, false, "the query defines the columns"},
      },
  };
}

}  // namespace option_rows
