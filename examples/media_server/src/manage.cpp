#include <whimbrel/manage.h>

#include "app_migrations.h"
#include "entities/media.h"
#include "entities/profile.h"

int main(int argc, char** argv) {
  return whimbrel::manage(
      argc, argv,
      {.url = "sqlite:media.db",
       .entities = whimbrel::entities<Library, Item, Person, Profile, Playback>(),
       .migrations = app_migrations()});
}
