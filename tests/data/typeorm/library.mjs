// The entities of a small library, as a program that uses TypeORM describes them.

import "reflect-metadata";
import * as orm from "typeorm";

/** Some types and expressions have other names there. */
const onPostgres = process.env.LIBRARY_DATABASE === "postgres";
const onMysql = ["mariadb", "mysql"].includes(process.env.LIBRARY_DATABASE);

/** Applies decorators without a compiler: `properties` maps a member to its decorators. */
function describe(type, decorators, properties) {
  for (const [name, list] of Object.entries(properties)) {
    for (const decorator of list) decorator(type.prototype, name);
  }
  for (const decorator of decorators) decorator(type);
}

/** What all things with dates have. */
class Dated {}
describe(Dated, [], {
  id: [orm.PrimaryGeneratedColumn()],
  createdAt: [orm.CreateDateColumn()],
  updatedAt: [orm.UpdateDateColumn()],
  version: [orm.VersionColumn()],
});

export class Country {}
describe(Country, [orm.Entity()], {
  code: [orm.PrimaryColumn({ type: "varchar", length: 2 })],
  name: [orm.Column({ type: "varchar", unique: true })],
});

export class Publisher extends Dated {}
describe(Publisher, [orm.Entity(), orm.Index(["name", "country"])], {
  name: [orm.Column({ type: "varchar", length: 80 })],
  country: [orm.ManyToOne(() => Country, { nullable: false, onDelete: "RESTRICT" })],
});

export class Author extends Dated {}
describe(Author, [orm.Entity(), orm.Unique(["firstName", "lastName"])], {
  firstName: [orm.Column({ type: "varchar" })],
  lastName: [orm.Column({ type: "varchar" })],
  fullName: [
    orm.Column({
      type: "varchar",
      generatedType: onPostgres ? "STORED" : "VIRTUAL",
      asExpression: onMysql ? "concat(`firstName`, ' ', `lastName`)" : `"firstName" || ' ' || "lastName"`,
    }),
  ],
  deletedAt: [orm.DeleteDateColumn()],
});

export class Profile {}
describe(Profile, [orm.Entity("author_profile")], {
  id: [orm.PrimaryGeneratedColumn("uuid")],
  // A text has no default on MySQL.
  biography: [orm.Column({ ...(onMysql ? { type: "varchar", length: 2000 } : { type: "text" }), default: "Nothing yet" })],
  links: [orm.Column({ type: "simple-array", nullable: true })],
  settings: [orm.Column({ type: "simple-json", nullable: true })],
  author: [orm.OneToOne(() => Author, { onDelete: "CASCADE" }), orm.JoinColumn()],
});

class Size {}
describe(Size, [], {
  width: [orm.Column({ type: "real" })],
  height: [orm.Column({ type: "real" })],
});

const collation = onMysql ? "utf8mb4_bin" : onPostgres ? "C" : "NOCASE";

export class Tag {}
describe(Tag, [orm.Entity()], {
  id: [orm.PrimaryGeneratedColumn()],
  label: [orm.Column({ type: "varchar", length: 40, unique: true, collation })],
});

export class Book extends Dated {}
describe(
  Book,
  [
    orm.Entity(),
    // TypeORM ignores a check and the condition of an index on MariaDB and MySQL.
    orm.Check(`"pages" > 0`),
    orm.Index("in_print", ["title"], { where: `"status" = 'in_print'` }),
  ],
  {
    title: [orm.Column({ type: "varchar", length: 200 }), orm.Index()],
    isbn: [orm.Column({ type: "varchar", length: 13, unique: true, nullable: true })],
    pages: [orm.Column({ type: "integer", default: 1 })],
    price: [orm.Column({ type: "decimal", precision: 10, scale: 2, default: 0 })],
    available: [orm.Column({ type: "boolean", default: true })],
    status: [
      orm.Column({ type: onPostgres || onMysql ? "enum" : "simple-enum", enum: ["planned", "in_print", "gone"], default: "planned" }),
    ],
    publishedOn: [orm.Column({ type: "date", nullable: true })],
    pagesTwice: [
      orm.Column({ type: "integer", generatedType: "STORED", asExpression: onMysql ? "`pages` * 2" : `"pages" * 2` }),
    ],
    size: [orm.Column(() => Size)],
    cover: [orm.Column({ type: onPostgres ? "bytea" : "blob", nullable: true })],
    publisher: [orm.ManyToOne(() => Publisher, { onDelete: "SET NULL" })],
    authors: [orm.ManyToMany(() => Author), orm.JoinTable()],
    tags: [orm.ManyToMany(() => Tag), orm.JoinTable({ name: "book_tag" })],
  },
);

export class Category {}
describe(Category, [orm.Entity(), orm.Tree("closure-table")], {
  id: [orm.PrimaryGeneratedColumn()],
  name: [orm.Column({ type: "varchar" })],
  parent: [orm.TreeParent()],
  children: [orm.TreeChildren()],
});

export class Section {}
describe(Section, [orm.Entity(), orm.Tree("materialized-path")], {
  id: [orm.PrimaryGeneratedColumn()],
  name: [orm.Column({ type: "varchar" })],
  parent: [orm.TreeParent()],
  children: [orm.TreeChildren()],
});

export class Area {}
describe(Area, [orm.Entity(), orm.Tree("nested-set")], {
  id: [orm.PrimaryGeneratedColumn()],
  name: [orm.Column({ type: "varchar" })],
  parent: [orm.TreeParent()],
  children: [orm.TreeChildren()],
});

export class Remark {}
describe(Remark, [orm.Entity()], {
  id: [orm.PrimaryGeneratedColumn()],
  text: [orm.Column({ type: "text" })],
  answerTo: [orm.ManyToOne(() => Remark, { onDelete: "CASCADE" })],
});

/** One table for all who use the library. */
export class Person {}
describe(
  Person,
  [orm.Entity(), orm.TableInheritance({ column: { type: "varchar", name: "kind" } })],
  {
    id: [orm.PrimaryGeneratedColumn()],
    name: [orm.Column({ type: "varchar" })],
  },
);

export class Reader extends Person {}
describe(Reader, [orm.ChildEntity("reader")], {
  card: [orm.Column({ type: "varchar", length: 20 })],
});

export class Librarian extends Person {}
describe(Librarian, [orm.ChildEntity("librarian")], {
  salary: [orm.Column({ type: "integer" })],
});

export class Loan {}
describe(Loan, [orm.Entity(), orm.Index(["dueOn"])], {
  bookId: [orm.PrimaryColumn({ type: "integer" })],
  readerId: [orm.PrimaryColumn({ type: "integer" })],
  dueOn: [orm.Column({ type: onPostgres ? "timestamp" : "datetime" })],
  book: [orm.ManyToOne(() => Book, { onDelete: "CASCADE" }), orm.JoinColumn({ name: "bookId" })],
  reader: [orm.ManyToOne(() => Person), orm.JoinColumn({ name: "readerId" })],
});

export class BookTitle {}
describe(
  BookTitle,
  [
    orm.ViewEntity({
      expression: onMysql
        ? "SELECT `id`, `title` FROM `book` WHERE `available` = 1"
        : `SELECT "id", "title" FROM "book" WHERE "available" = ${onPostgres ? "true" : "1"}`,
    }),
  ],
  { id: [orm.ViewColumn()], title: [orm.ViewColumn()] },
);

export const entities = [
  Country, Publisher, Author, Profile, Tag, Book, Category, Section, Area, Remark, Person, Reader, Librarian, Loan,
  BookTitle,
];
