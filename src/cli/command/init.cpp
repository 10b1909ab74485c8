#include "cli/command/init.h"

#include <algorithm>
#include <cctype>
#include <list>

#include "dialect/dialect.h"
#include "dialect/url.h"
#include "session/url.h"
#include "whimbrel/error.h"
#include "write/member_text.h"
#include "write/new_file.h"

namespace whimbrel::cli {

namespace {

namespace fs = std::filesystem;

struct ProjectFile {
  const char* path;
  std::string text;
};

/// `components` begins with a blank unless it is empty.
std::string cmake_text(const std::string& project_name, const std::string& components, bool is_for_several) {
  return R"(cmake_minimum_required(VERSION 3.25)
project()" +
         project_name + R"( LANGUAGES CXX)

find_package(whimbrel CONFIG REQUIRED)" +
         (components.empty() ? "" : " COMPONENTS" + components) + R"()

whimbrel_add_migrations(app_migrations DIRECTORY src/migrations)" +
         (is_for_several ? " DATABASES" + components : "") + R"()

add_executable(manage src/manage.cpp)
target_link_libraries(manage PRIVATE whimbrel::manage app_migrations)
)";
}

std::string manage_text(const std::string& url) {
  return "#include <whimbrel/manage.h>\n"
         "\n"
         "#include \"app_migrations.h\"\n"
         "#include \"entities/user.h\"\n"
         "\n"
         "int main(int argc, char** argv) {\n"
         "  return whimbrel::manage(argc, argv,\n"
         "                          {.url = " +
         url +
         ",\n"
         "                           .entities = whimbrel::entities<User>(),\n"
         "                           .migrations = app_migrations()});\n"
         "}\n";
}

constexpr const char* user_text = R"(#pragma once

#include <whimbrel/entity.h>

#include <cstdint>

struct User {
  std::int32_t id{};

  static void describe(whimbrel::Entity<User>& user) { user.primary_generated<&User::id>(); }
};
)";

constexpr const char* gitignore_text = R"(/build/
*.db
*.db-journal
*.db-shm
*.db-wal
)";

// The name of the directory, changed into a valid CMake project name.
std::string project_name(const fs::path& directory) {
  fs::path path = fs::absolute(directory).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::string name = path.filename().string();
  const auto is_allowed = [](unsigned char c) { return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-'); };
  std::replace_if(
      name.begin(), name.end(), [&](char c) { return !is_allowed(static_cast<unsigned char>(c)); }, '_');
  const bool begins_well = !name.empty() && std::isalpha(static_cast<unsigned char>(name.front())) != 0;
  return begins_well ? name : "app_" + name;
}

/// The components of find_package() with which the program can open the databases, each once.
std::vector<std::string> components_for(const std::vector<std::string>& urls) {
  std::vector<std::string> components;
  for (const std::string& url : urls) {
    const auto name = std::string(session::find_driver(detail::linked_drivers(), url).make_dialect({})->name());
    if (std::find(components.begin(), components.end(), name) == components.end()) components.push_back(name);
  }
  return components;
}

void refuse_to_overwrite(const fs::path& directory, const std::vector<ProjectFile>& files) {
  std::string existing;
  std::error_code error;
  for (const ProjectFile& file : files) {
    if (fs::symlink_status(directory / file.path, error).type() == fs::file_type::not_found) continue;
    existing += (existing.empty() ? "" : ", ") + std::string(file.path);
  }
  if (existing.empty()) return;
  throw Error(ErrorKind::file,
              "Cannot create a project in " + directory.string() + ": files already exist: " + existing + '.')
      .with_remedy("Choose a new directory; nothing was changed.");
}

}  // namespace

std::vector<std::string> init_project(const fs::path& directory, const std::vector<std::string>& urls) {
  const std::string url = urls.empty() ? "sqlite:app.db" : dialect::strip_password(urls.front());
  const std::vector<std::string> components = components_for(urls);
  std::string component_list;
  for (const std::string& component : components) component_list += ' ' + component;
  const bool is_for_several = components.size() > 1;
  const std::vector<ProjectFile> files = {
      {"CMakeLists.txt", cmake_text(project_name(directory), component_list, is_for_several)},
      {"src/manage.cpp", manage_text(write::literal(url))},
      {"src/entities/user.h", user_text},
      {".gitignore", gitignore_text}};
  refuse_to_overwrite(directory, files);
  // After a failure the latest is removed first, since it is in an earlier one.
  std::list<write::NewDirectory> directories;
  directories.emplace_front(directory / "src" / "entities");
  directories.emplace_front(directory / "src" / "migrations");
  if (is_for_several) {
    for (const std::string& component : components)
      directories.emplace_front(directory / "src" / "migrations" / component);
  }
  write::NewFiles written;
  std::vector<std::string> paths;
  for (const ProjectFile& file : files) {
    written.write(directory / file.path, file.text);
    paths.emplace_back(file.path);
  }
  written.keep();
  for (write::NewDirectory& one : directories) one.keep();
  return paths;
}

}  // namespace whimbrel::cli
