#include <whimbrel/manage.h>

#include <cstdio>

#include "app_migrations.h"
#include "other_migrations.h"

int main(int argc, char** argv) {
  const whimbrel::MigrationList list = app_migrations();
  std::fprintf(stderr, "%zu migrations in %s, %zu others\n", static_cast<std::size_t>(list.size), list.directory,
               static_cast<std::size_t>(other_migrations().size));
  whimbrel::DataSourceOptions options;
  options.url = "sqlite:app.db";
  options.migrations = list;
  return whimbrel::manage(argc, argv, options);
}
