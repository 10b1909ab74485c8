#include "unit/entity/options/thing.h"

namespace option_rows {

using namespace whimbrel;

Section relation_rows() {
  return {
      "Relations, by a member with the key or by one that is or points to the entity",
      {
          ROW("`@ManyToOne`", (thing.many_to_one<&Thing::user_id, &User::id>();), (thing.column<&Thing::user_id>();)),
          ROW("`@ManyToOne`, nullable",
              (thing.many_to_one<&Thing::maybe_user_id, &User::id>({.on_delete = OnDelete::set_null});),
              (thing.many_to_one<&Thing::maybe_user_id, &User::id>();)),
          ROW("`@ManyToOne`", (thing.many_to_one<&Thing::owner>();), ()),
          ROW("`nullable: false`", (thing.many_to_one<&Thing::owner>({.nullable = false});),
              (thing.many_to_one<&Thing::owner>();)),
          ROW("`@ManyToOne`", (thing.many_to_one<&Thing::first_user>();), ()),
          ROW("to a key of two columns", (thing.many_to_one<&Thing::region>();), ()),
          ROW("to a key of two columns",
              (thing.many_to_one<Region>(
                  {key<&Thing::country, &Region::country>(), key<&Thing::region_number, &Region::number>()});),
              (thing.column<&Thing::country>(); thing.column<&Thing::region_number>();)),
          ROW("to itself", (thing.many_to_one<&Thing::parent>();),
              (thing.many_to_one<&Thing::parent>({.on_delete = OnDelete::cascade});)),
          ROW("to itself", (thing.many_to_one<&Thing::parent_id, &Thing::id>();), ()),
          ROW_WITHOUT_ID("`primary: true`",
                         (thing.many_to_one<&Thing::owner>({.primary = true}); thing.primary_column<&Thing::number>();),
                         (thing.primary_column<&Thing::number>();)),
          ROW("`@OneToOne` with `@JoinColumn`", (thing.one_to_one<&Thing::user_id, &User::id>();),
              (thing.many_to_one<&Thing::user_id, &User::id>();)),
          ROW("`@OneToOne` with `@JoinColumn`", (thing.one_to_one<&Thing::region>();),
              (thing.many_to_one<&Thing::region>();)),
          ROW("`@JoinColumn({name})`", (thing.many_to_one<&Thing::owner>({.columns = {"owned_by"}});),
              (thing.many_to_one<&Thing::owner>({.columns = {"owner_id"}});)),
          ROW("", (thing.many_to_one<&Thing::owner>({.columns = {"owner_id"}, .renamed_from = {"owned_by"}});), ()),
          ROW("`@JoinColumn({referencedColumnName})`", (thing.many_to_one<&Thing::owner, &User::email>();),
              (thing.many_to_one<&Thing::owner, &User::id>();)),
          ROW("`@JoinColumn({foreignKeyConstraintName})`",
              (thing.many_to_one<&Thing::owner>({.name = "owner_of_thing"});),
              (thing.many_to_one<&Thing::owner>({.name = "thing_owner"});)),
          ROW("`onDelete`, `onUpdate`",
              (thing.many_to_one<&Thing::owner>({.on_delete = OnDelete::cascade, .on_update = OnUpdate::restrict});),
              (thing.many_to_one<&Thing::owner>({.on_delete = OnDelete::set_null});)),
          ROW("`deferrable`", (thing.many_to_one<&Thing::owner>({.deferrable = Deferrable::initially_deferred});),
              (thing.many_to_one<&Thing::owner>({.deferrable = Deferrable::initially_immediate});)),
          ROW("`createForeignKeyConstraints: false`", (thing.one_to_one<&Thing::owner>({.constraint = false});),
              (thing.one_to_one<&Thing::owner>();)),
          OptionRow{"`@OneToMany`, `@OneToOne` without `@JoinColumn`",
                    "",
                    {},
                    {},
                    false,
                    "does not affect the schema: leave the member undescribed"},
          OptionRow{"`cascade`, `eager`, `lazy`, `orphanedRowAction`, `@RelationId`",
                    "",
                    {},
                    {},
                    false,
                    "does not affect the schema"},
      },
  };
}

Section junction_rows() {
  return beside(
      THING_WITH_ID(),
      {
          "Many-to-many relations",
          {
              ROW("`@ManyToMany` with `@JoinTable`", (thing.many_to_many<&Thing::users>();), ()),
              ROW("", (thing.many_to_many<User>();), (thing.many_to_many<Region>();)),
              ROW("to a key of two columns", (thing.many_to_many<&Thing::regions>();),
                  (thing.many_to_many<&Thing::regions>({.inverse_on_delete = OnDelete::restrict});)),
              ROW("to itself", (thing.many_to_many<&Thing::things>();), ()),
              ROW("`@JoinTable({name})`", (thing.many_to_many<&Thing::users>({.table = "thing_user"});),
                  (thing.many_to_many<&Thing::users>({.table = "user_thing", .renamed_from = "thing_user"});)),
              ROW("`joinColumn`, `inverseJoinColumn`",
                  (thing.many_to_many<&Thing::users>({.columns = {"thing_id"}, .inverse_columns = {"user_id"}});),
                  (thing.many_to_many<&Thing::users>({.columns = {"thing"}});)),
              ROW("`onDelete`, `onUpdate`",
                  (thing.many_to_many<&Thing::users>(
                      {.on_delete = OnDelete::restrict, .inverse_on_update = OnUpdate::no_action});),
                  (thing.many_to_many<&Thing::users>();)),
              ROW("`foreignKeyConstraintName`",
                  (thing.many_to_many<&Thing::users>({.foreign_key_name = "of_thing",
                                                      .inverse_foreign_key_name = "of_user",
                                                      .primary_key_name = "thing_user_key"});),
                  (thing.many_to_many<&Thing::users>();)),
              ROW("`createForeignKeyConstraints: false`", (thing.many_to_many<&Thing::users>({.constraint = false});),
                  (thing.many_to_many<&Thing::users>();)),
              ROW("`synchronize: false`", (thing.many_to_many<&Thing::users>({.synchronize = false});), ()),
              REFUSED_ROW("`schema`", (thing.many_to_many<&Thing::users>({.schema = "app"});)),
          },
      });
}

}  // namespace option_rows
