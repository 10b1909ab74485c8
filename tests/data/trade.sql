-- A trading company: keys of text, names with blanks, images, views over several tables, checks with names.

CREATE TABLE "Categories" (
  "CategoryID" INTEGER PRIMARY KEY AUTOINCREMENT,
  "CategoryName" TEXT COLLATE NOCASE,
  "Description" TEXT,
  "Picture" BLOB
);
CREATE TABLE "Customers" (
  "CustomerID" TEXT,
  "CompanyName" TEXT NOT NULL,
  "City" TEXT,
  "Country" TEXT DEFAULT 'Denmark',
  PRIMARY KEY ("CustomerID")
);
CREATE TABLE "Employees" (
  "EmployeeID" INTEGER PRIMARY KEY AUTOINCREMENT,
  "LastName" TEXT,
  "BirthDate" DATE,
  "Photo" BLOB,
  "ReportsTo" INTEGER,
  "Region" TEXT,
  FOREIGN KEY ("ReportsTo") REFERENCES "Employees" ("EmployeeID") ON DELETE SET NULL
);
CREATE TABLE "Shippers" ("ShipperID" INTEGER PRIMARY KEY AUTOINCREMENT, "CompanyName" TEXT NOT NULL, "Phone" TEXT);
CREATE TABLE "Suppliers" (
  "SupplierID" INTEGER PRIMARY KEY AUTOINCREMENT,
  "CompanyName" TEXT NOT NULL UNIQUE,
  "HomePage" TEXT
);
CREATE TABLE "Products" (
  "ProductID" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "ProductName" TEXT NOT NULL,
  "SupplierID" INTEGER REFERENCES "Suppliers" ("SupplierID"),
  "CategoryID" INTEGER,
  "QuantityPerUnit" TEXT,
  "UnitPrice" NUMERIC DEFAULT 0,
  "UnitsInStock" INTEGER DEFAULT (0),
  "Discontinued" TEXT NOT NULL DEFAULT '0',
  "State" TEXT NOT NULL DEFAULT 'on sale' CHECK ("State" IN ('on sale', 'sold out', 'gone')),
  CONSTRAINT "price is positive" CHECK ("UnitPrice" >= 0),
  CHECK ("UnitsInStock" >= 0),
  FOREIGN KEY ("CategoryID") REFERENCES "Categories" ("CategoryID")
);
CREATE TABLE "Orders" (
  "OrderID" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "CustomerID" TEXT,
  "EmployeeID" INTEGER,
  "OrderDate" DATETIME DEFAULT CURRENT_TIMESTAMP,
  "ShipVia" INTEGER,
  "Freight" NUMERIC DEFAULT 0,
  FOREIGN KEY ("CustomerID") REFERENCES "Customers" ("CustomerID") ON UPDATE CASCADE,
  FOREIGN KEY ("EmployeeID") REFERENCES "Employees" ("EmployeeID") DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY ("ShipVia") REFERENCES "Shippers" ("ShipperID")
);
CREATE TABLE "Order Details" (
  "OrderID" INTEGER NOT NULL,
  "ProductID" INTEGER NOT NULL,
  "UnitPrice" NUMERIC NOT NULL DEFAULT 0,
  "Quantity" INTEGER NOT NULL DEFAULT 1,
  "Discount" REAL NOT NULL DEFAULT 0,
  PRIMARY KEY ("ProductID", "OrderID"),
  CHECK ("Discount" >= 0 AND "Discount" <= 1),
  FOREIGN KEY ("OrderID") REFERENCES "Orders" ("OrderID"),
  FOREIGN KEY ("ProductID") REFERENCES "Products" ("ProductID")
);
CREATE TABLE "Territories" ("TerritoryID" TEXT NOT NULL PRIMARY KEY, "TerritoryDescription" TEXT) WITHOUT ROWID;
CREATE TABLE "EmployeeTerritories" (
  "EmployeeID" INTEGER NOT NULL REFERENCES "Employees" ("EmployeeID"),
  "TerritoryID" TEXT NOT NULL REFERENCES "Territories" ("TerritoryID"),
  PRIMARY KEY ("EmployeeID", "TerritoryID")
);
CREATE INDEX "order of details" ON "Order Details" ("OrderID" DESC, "ProductID");
CREATE UNIQUE INDEX "product names" ON "Products" (lower("ProductName")) WHERE "Discontinued" = '0';
CREATE INDEX "cities" ON "Customers" ("City" COLLATE NOCASE);

CREATE VIEW "Order Subtotals" AS
SELECT "OrderID", sum("UnitPrice" * "Quantity" * (1 - "Discount")) AS "Subtotal" FROM "Order Details" GROUP BY "OrderID";
CREATE VIEW "Invoices" AS
SELECT o."OrderID", c."CompanyName", s."Subtotal"
FROM "Orders" o JOIN "Customers" c USING ("CustomerID") JOIN "Order Subtotals" s USING ("OrderID");
CREATE TRIGGER "note the sale" AFTER INSERT ON "Order Details"
BEGIN
  UPDATE "Products" SET "UnitsInStock" = "UnitsInStock" - new."Quantity" WHERE "ProductID" = new."ProductID";
END;

INSERT INTO "Customers" ("CustomerID", "CompanyName") VALUES ('GULLS', 'Gulls & Sons');
