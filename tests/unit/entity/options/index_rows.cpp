#include "unit/entity/options/thing.h"

namespace option_rows {

using namespace whimbrel;

namespace {

struct Place {
  std::string city;
  static void describe(Entity<Place>& place) { place.column<&Place::city>(); }
};

// Entities of a Thing with some columns.
#define WITH_COLUMNS(...) \
  THING_WITH_ID(thing.column<&Thing::text>(); thing.column<&Thing::number>(); thing.column<&Thing::note>(); __VA_ARGS__)
#define INDEX_ROW(TYPEORM, BEFORE, AFTER) \
  OptionRow { TYPEORM, WHIMBREL_CODE BEFORE, WITH_COLUMNS BEFORE, WITH_COLUMNS AFTER }
#define REFUSED_INDEX_ROW(TYPEORM, CODE) \
  OptionRow { TYPEORM, WHIMBREL_CODE CODE, WITH_COLUMNS CODE, {}, true }

}  // namespace

Section index_rows() {
  return beside(
      WITH_COLUMNS(),
      {
          "Indexes, uniques, checks, exclusions",
          {
              INDEX_ROW("`@Index()`", (thing.index<&Thing::text>();), ()),
              INDEX_ROW("`@Index([\"text\", \"number\"])`", (thing.index<&Thing::text, &Thing::number>();),
                        (thing.index<&Thing::number, &Thing::text>();)),
              INDEX_ROW("`@Index(\"name\")`", (thing.index<&Thing::text>({.name = "by_text"});),
                        (thing.index<&Thing::number>({.name = "by_text"});)),
              INDEX_ROW("`{unique: true}`", (thing.index<&Thing::text>({.unique = true});),
                        (thing.index<&Thing::text>();)),
              INDEX_ROW("`{where}`", (thing.index<&Thing::text>({.where = "number > 0"});),
                        (thing.index<&Thing::text>({.where = "number > 1"});)),
              INDEX_ROW("`{where}` with a name",
                        (thing.index<&Thing::text>({.name = "by_text", .where = "number > 0"});),
                        (thing.index<&Thing::text>({.name = "by_text", .where = "number > 1"});)),
              INDEX_ROW("`{synchronize: false}`",
                        (thing.index<&Thing::text>({.name = "by_hand", .synchronize = false});), ()),
              INDEX_ROW("", (thing.index({ascending<&Thing::text>(), descending<&Thing::number>()});),
                        (thing.index({ascending<&Thing::text>(), ascending<&Thing::number>()});)),
              INDEX_ROW("", (thing.index({ascending<&Thing::text>({.collation = "NOCASE"})});),
                        (thing.index({ascending<&Thing::text>({.collation = "RTRIM"})});)),
              INDEX_ROW("",
                        (thing.index({expression("lower(text)"), expression("number % 10", {.descending = true})});),
                        (thing.index({expression("upper(text)")});)),
              REFUSED_INDEX_ROW("", (thing.index({ascending<&Thing::note>({.nulls = Nulls::last})});)),
              REFUSED_INDEX_ROW("", (thing.index({ascending<&Thing::text>(), included<&Thing::number>()});)),
              REFUSED_INDEX_ROW("", (thing.index({ascending<&Thing::text>({.operator_class = "text_pattern_ops"})});)),
              REFUSED_INDEX_ROW("", (thing.index({ascending<&Thing::text>({.length = 10})});)),
              REFUSED_INDEX_ROW("", (thing.index<&Thing::text>({.unique = true, .nulls_not_distinct = true});)),
              REFUSED_INDEX_ROW("`{type: \"hash\"}`", (thing.index<&Thing::text>({.method = "hash"});)),
              REFUSED_INDEX_ROW("`{spatial: true}`", (thing.index<&Thing::text>({.method = "spatial"});)),
              REFUSED_INDEX_ROW("`{fulltext: true, parser}`", (thing.index<&Thing::text>({.parser = "ngram"});)),
              INDEX_ROW("`@Unique([\"text\", \"number\"])`", (thing.unique<&Thing::text, &Thing::number>();),
                        (thing.unique<&Thing::text>();)),
              INDEX_ROW("`@Unique(\"name\", [...])`",
                        (thing.unique<&Thing::text, &Thing::number>({.name = "one_text"});),
                        (thing.unique<&Thing::text, &Thing::number>({.name = "only_text"});)),
              REFUSED_INDEX_ROW("`@Unique([...], {deferrable})`",
                                (thing.unique<&Thing::text>({.deferrable = Deferrable::initially_deferred});)),
              REFUSED_INDEX_ROW("", (thing.unique<&Thing::note>({.nulls_not_distinct = true});)),
              INDEX_ROW("`@Check(\"...\")`", (thing.check("number > 0");), (thing.check("number > 1");)),
              INDEX_ROW("`@Check(\"name\", \"...\")`", (thing.check("number > 0", {.name = "positive"});),
                        (thing.check("number >= 0", {.name = "positive"});)),
              REFUSED_INDEX_ROW("`@Exclusion(\"...\")`", (thing.exclusion("USING gist (number WITH =)");)),
              INDEX_ROW("`{concurrent}`", (thing.index<&Thing::text>({.concurrent = true});),
                        (thing.index<&Thing::number>({.concurrent = true});)),
          },
      });
}

}  // namespace option_rows
