// Lets TypeORM work on a database of the library's entities, beside another program.
//
//   LIBRARY_DATABASE=postgres|mariadb|mysql [LIBRARY_STAGE=grown] node work_on.mjs URL changes|run|undo
//
// changes prints the statements with which TypeORM would bring the schema up to its entities; run runs its migrations,
// and undo reverts the last of them. LIBRARY_STAGE=grown: the entities have changed since.

import * as orm from "typeorm";
import { optionsOf } from "./database.mjs";
import { Book, Tag, entities } from "./library.mjs";

const grown = process.env.LIBRARY_STAGE === "grown";
const known = [...entities];

if (grown) {
  orm.Column({ type: "varchar", length: 100, nullable: true })(Tag.prototype, "note");
  orm.Index(["label", "note"])(Tag);
  const column = (name) =>
    orm.getMetadataArgsStorage().columns.find((one) => one.target === Book && one.propertyName === name);
  column("title").options.length = 300;
  column("pages").options.type = "bigint";
  column("status").options.enum = ["planned", "in_print", "lost", "gone"];
  class Shelf {}
  orm.PrimaryGeneratedColumn()(Shelf.prototype, "id");
  orm.Column({ type: "varchar", unique: true })(Shelf.prototype, "place");
  orm.ManyToOne(() => Tag, { onDelete: "SET NULL" })(Shelf.prototype, "tag");
  orm.Entity()(Shelf);
  known.push(Shelf);
}

/** What TypeORM has run when the other program comes, and what it runs later. */
class CreateLibrary1700000000000 {
  async up() {}
  async down() {}
}
class AddTag4000000000000 {
  async up(queryRunner) {
    await queryRunner.query("INSERT INTO tag (label) VALUES ('by typeorm')");
  }
  async down(queryRunner) {
    await queryRunner.query("DELETE FROM tag WHERE label = 'by typeorm'");
  }
}

const [url, action] = process.argv.slice(2);
const source = await new orm.DataSource({
  ...optionsOf(url),
  entities: known,
  migrations: [CreateLibrary1700000000000, AddTag4000000000000],
}).initialize();
if (action === "changes") {
  for (const { query } of (await source.driver.createSchemaBuilder().log()).upQueries) console.log(query);
} else if (action === "run") {
  for (const { name } of await source.runMigrations()) console.log(name);
} else {
  await source.undoLastMigration();
}
await source.destroy();
