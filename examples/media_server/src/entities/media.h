#pragma once

#include <whimbrel/entity.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

enum class LibraryKind { movies, shows, music };

struct Library {
  std::int32_t id{};
  std::string name;
  LibraryKind kind = LibraryKind::movies;
  std::vector<std::string> folders;

  static void describe(whimbrel::Entity<Library>& library) {
    library.primary_generated<&Library::id>();
    library.column<&Library::name>({.length = 80, .unique = true});
    library.column<&Library::kind>({.default_value = LibraryKind::movies});
    library.json<&Library::folders>();
  }
};

struct Item {
  std::int64_t id{};
  std::int32_t library_id{};
  std::optional<std::int64_t> parent_id;  // The season of an episode, the show of a season.
  std::string path;
  std::string title;
  std::optional<std::string> summary;
  std::optional<std::chrono::year_month_day> released_on;
  std::int64_t duration_ms{};
  double rating{};
  bool is_hidden{};
  std::map<std::string, std::string> tags;
  std::optional<std::vector<std::byte>> thumbnail;
  std::chrono::sys_seconds added_at;
  std::chrono::sys_seconds changed_at;

  static void describe(whimbrel::Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.many_to_one<&Item::library_id, &Library::id>({.on_delete = whimbrel::OnDelete::cascade});
    item.many_to_one<&Item::parent_id, &Item::id>({.on_delete = whimbrel::OnDelete::cascade});
    item.column<&Item::path>({.length = 500});
    item.column<&Item::title>({.length = 200});
    item.column<&Item::summary>({.type = "text"});
    item.column<&Item::released_on>();
    item.column<&Item::duration_ms>({.default_value = 0});
    item.column<&Item::rating>({.precision = 4, .scale = 2, .default_value = 0});
    item.column<&Item::is_hidden>({.default_value = false});
    item.json<&Item::tags>();
    item.column<&Item::thumbnail>();
    item.create_date<&Item::added_at>();
    item.update_date<&Item::changed_at>();
    item.unique<&Item::library_id, &Item::path>();
    item.index({whimbrel::ascending<&Item::library_id>(), whimbrel::descending<&Item::added_at>()});
    item.check("duration_ms >= 0");
    item.check("rating BETWEEN 0 AND 10");
  }
};

struct Person {
  std::int64_t id{};
  std::string name;
  std::vector<Item*> items;

  static void describe(whimbrel::Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::name>({.length = 120});
    person.index<&Person::name>();
    person.many_to_many<&Person::items>();
  }
};
