#include "cli/command/init.h"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "temporary_directory.h"
#include "whimbrel/error.h"

using whimbrel::Error;
using whimbrel::cli::init_project;
using whimbrel::test::read_text;
using whimbrel::test::TemporaryDirectory;

namespace {

namespace fs = std::filesystem;

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    names.insert(entry.path().lexically_relative(directory).string());
  }
  return names;
}

}  // namespace

TEST_CASE("init writes a project that is named after its directory") {
  const TemporaryDirectory directory;
  const fs::path shop = directory.path() / "work" / "shop";
  CHECK(init_project(shop) ==
        std::vector<std::string>{"CMakeLists.txt", "src/manage.cpp", "src/entities/user.h", ".gitignore"});
  CHECK(names_in(shop) == std::set<std::string>{".gitignore", "CMakeLists.txt", "src", "src/entities",
                                                "src/entities/user.h", "src/manage.cpp", "src/migrations"});
  CHECK(read_text(shop / "CMakeLists.txt").find("project(shop LANGUAGES CXX)") != std::string::npos);
}

TEST_CASE("a directory's name becomes a name that CMake takes") {
  const TemporaryDirectory directory;
  init_project(directory.path() / "my shop (2)" / "");
  CHECK(read_text(directory.path() / "my shop (2)" / "CMakeLists.txt").find("project(my_shop__2_ ") !=
        std::string::npos);
  init_project(directory.path() / "2nd");
  CHECK(read_text(directory.path() / "2nd" / "CMakeLists.txt").find("project(app_2nd ") != std::string::npos);
}

TEST_CASE("init writes a project for the database of a URL, with the driver that it needs") {
  const TemporaryDirectory directory;
  init_project(directory.path() / "shop", {"postgresql:///shop"});
  CHECK(read_text(directory.path() / "shop" / "CMakeLists.txt").find("whimbrel CONFIG REQUIRED COMPONENTS postgres)") !=
        std::string::npos);
  CHECK(read_text(directory.path() / "shop" / "src" / "manage.cpp").find("{.url = \"postgresql:///shop\",\n") !=
        std::string::npos);
  CHECK_THROWS_AS(init_project(directory.path() / "other", {"oracle:x"}), Error);
  CHECK(names_in(directory.path()).count("other") == 0);
}

TEST_CASE("init writes a project for several databases, each with a directory for its migrations") {
  const TemporaryDirectory directory;
  const fs::path shop = directory.path() / "shop";
  init_project(shop, {"mariadb:///shop", "sqlite:shop.db", "mysql:///other"});
  const std::string cmake = read_text(shop / "CMakeLists.txt");
  CHECK(cmake.find("find_package(whimbrel CONFIG REQUIRED COMPONENTS mysql sqlite)\n") != std::string::npos);
  CHECK(cmake.find("(app_migrations DIRECTORY src/migrations DATABASES mysql sqlite)\n") != std::string::npos);
  CHECK(read_text(shop / "src" / "manage.cpp").find("{.url = \"mariadb:///shop\",\n") != std::string::npos);
  const std::set<std::string> names = names_in(shop);
  CHECK(names.contains("src/migrations/mysql"));
  CHECK(names.contains("src/migrations/sqlite"));

  const fs::path blog = directory.path() / "blog";
  init_project(blog, {"sqlite:blog.db", "sqlite:other.db"});
  CHECK(read_text(blog / "CMakeLists.txt").find("DATABASES") == std::string::npos);
}

TEST_CASE("init writes no password") {
  const TemporaryDirectory directory;
  init_project(directory.path() / "shop", {"postgresql://ada:secret@host/shop?sslpassword=other&sslmode=require"});
  const std::string manage = read_text(directory.path() / "shop" / "src" / "manage.cpp");
  CHECK(manage.find("secret") == std::string::npos);
  CHECK(manage.find("other") == std::string::npos);
  CHECK(manage.find("postgresql://ada@host/shop?sslmode=require)") != std::string::npos);
}

TEST_CASE("init overwrites nothing and names what is in the way") {
  const TemporaryDirectory directory;
  fs::create_directory(directory.path() / "src");
  std::ofstream(directory.path() / "src" / "manage.cpp") << "mine";
  std::ofstream(directory.path() / ".gitignore") << "mine";
  try {
    init_project(directory.path());
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == whimbrel::ErrorKind::file);
    CHECK(std::string(error.what()).find("files already exist: src/manage.cpp, .gitignore.") != std::string::npos);
  }
  CHECK(names_in(directory.path()) == std::set<std::string>{".gitignore", "src", "src/manage.cpp"});
  CHECK(read_text(directory.path() / "src" / "manage.cpp") == "mine");
}

TEST_CASE("init goes on in a directory where nothing is in the way") {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "README.md") << "mine";
  fs::create_directory(directory.path() / "src");
  std::ofstream(directory.path() / "src" / "shop.cpp") << "mine";
  init_project(directory.path());
  CHECK(read_text(directory.path() / "README.md") == "mine");
  CHECK(fs::exists(directory.path() / "src" / "manage.cpp"));
}

TEST_CASE("when init cannot write everything it leaves nothing") {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "src") << "a file";
  CHECK_THROWS_AS(init_project(directory.path()), Error);
  CHECK(names_in(directory.path()) == std::set<std::string>{"src"});
  fs::remove(directory.path() / "src");
  fs::create_directory(directory.path() / "src");
  std::ofstream(directory.path() / "src" / "migrations") << "a file";
  CHECK_THROWS_AS(init_project(directory.path()), Error);
  CHECK(names_in(directory.path()) == std::set<std::string>{"src", "src/migrations"});
}
