SET foreign_key_checks = 0;
CREATE TABLE `area` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `nsleft` int NOT NULL DEFAULT '1',
  `nsright` int NOT NULL DEFAULT '2',
  `parentId` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `FK_f2b11f740f68f3ccc2857a1f140` (`parentId`),
  CONSTRAINT `FK_f2b11f740f68f3ccc2857a1f140` FOREIGN KEY (`parentId`) REFERENCES `area` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `author` (
  `id` int NOT NULL AUTO_INCREMENT,
  `createdAt` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  `updatedAt` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  `version` int NOT NULL,
  `firstName` varchar(255) NOT NULL,
  `lastName` varchar(255) NOT NULL,
  `fullName` varchar(255) GENERATED ALWAYS AS (concat(`firstName`,_utf8mb4' ',`lastName`)) VIRTUAL NOT NULL,
  `deletedAt` datetime(6) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `IDX_cae5e33adeffb5e009874e8b7e` (`firstName`,`lastName`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `author_profile` (
  `id` varchar(36) NOT NULL,
  `biography` varchar(2000) NOT NULL DEFAULT 'Nothing yet',
  `links` text,
  `settings` text,
  `authorId` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `REL_64bbd422b2373ee9466bb86b74` (`authorId`),
  CONSTRAINT `FK_64bbd422b2373ee9466bb86b743` FOREIGN KEY (`authorId`) REFERENCES `author` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `book` (
  `id` int NOT NULL AUTO_INCREMENT,
  `createdAt` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  `updatedAt` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  `version` int NOT NULL,
  `title` varchar(200) NOT NULL,
  `isbn` varchar(13) DEFAULT NULL,
  `pages` int NOT NULL DEFAULT '1',
  `price` decimal(10,2) NOT NULL DEFAULT '0.00',
  `available` tinyint NOT NULL DEFAULT '1',
  `status` enum('planned','in_print','gone') NOT NULL DEFAULT 'planned',
  `publishedOn` date DEFAULT NULL,
  `pagesTwice` int GENERATED ALWAYS AS ((`pages` * 2)) STORED NOT NULL,
  `cover` blob,
  `publisherId` int DEFAULT NULL,
  `sizeWidth` double NOT NULL,
  `sizeHeight` double NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `IDX_bd183604b9c828c0bdd92cafab` (`isbn`),
  KEY `IDX_c10a44a29ef231062f22b1b7ac` (`title`),
  KEY `in_print` (`title`),
  KEY `FK_b8988524dd01b5dcb67b4b3ede7` (`publisherId`),
  CONSTRAINT `FK_b8988524dd01b5dcb67b4b3ede7` FOREIGN KEY (`publisherId`) REFERENCES `publisher` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `book_authors_author` (
  `bookId` int NOT NULL,
  `authorId` int NOT NULL,
  PRIMARY KEY (`bookId`,`authorId`),
  KEY `IDX_9bf58ffb2a12a8609a738ee8ca` (`bookId`),
  KEY `IDX_a4cafdf2ec9974524a5321c751` (`authorId`),
  CONSTRAINT `FK_9bf58ffb2a12a8609a738ee8cae` FOREIGN KEY (`bookId`) REFERENCES `book` (`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `FK_a4cafdf2ec9974524a5321c7516` FOREIGN KEY (`authorId`) REFERENCES `author` (`id`) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `book_tag` (
  `bookId` int NOT NULL,
  `tagId` int NOT NULL,
  PRIMARY KEY (`bookId`,`tagId`),
  KEY `IDX_bd20ce9d957b9e81be7be49b4f` (`bookId`),
  KEY `IDX_a635a18a66db60596fd6edccc5` (`tagId`),
  CONSTRAINT `FK_a635a18a66db60596fd6edccc58` FOREIGN KEY (`tagId`) REFERENCES `tag` (`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `FK_bd20ce9d957b9e81be7be49b4fd` FOREIGN KEY (`bookId`) REFERENCES `book` (`id`) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `category` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `parentId` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `FK_d5456fd7e4c4866fec8ada1fa10` (`parentId`),
  CONSTRAINT `FK_d5456fd7e4c4866fec8ada1fa10` FOREIGN KEY (`parentId`) REFERENCES `category` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `category_closure` (
  `id_ancestor` int NOT NULL,
  `id_descendant` int NOT NULL,
  PRIMARY KEY (`id_ancestor`,`id_descendant`),
  KEY `IDX_4aa1348fc4b7da9bef0fae8ff4` (`id_ancestor`),
  KEY `IDX_6a22002acac4976977b1efd114` (`id_descendant`),
  CONSTRAINT `FK_4aa1348fc4b7da9bef0fae8ff48` FOREIGN KEY (`id_ancestor`) REFERENCES `category` (`id`) ON DELETE CASCADE,
  CONSTRAINT `FK_6a22002acac4976977b1efd114a` FOREIGN KEY (`id_descendant`) REFERENCES `category` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `country` (
  `code` varchar(2) NOT NULL,
  `name` varchar(255) NOT NULL,
  PRIMARY KEY (`code`),
  UNIQUE KEY `IDX_2c5aa339240c0c3ae97fcc9dc4` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `loan` (
  `bookId` int NOT NULL,
  `readerId` int NOT NULL,
  `dueOn` datetime NOT NULL,
  PRIMARY KEY (`bookId`,`readerId`),
  KEY `IDX_7b4bce0f4abba3083a4af49f76` (`dueOn`),
  KEY `FK_ca18731243df2f2416bde4a4e1d` (`readerId`),
  CONSTRAINT `FK_1465982ea6993042a656754f4cc` FOREIGN KEY (`bookId`) REFERENCES `book` (`id`) ON DELETE CASCADE,
  CONSTRAINT `FK_ca18731243df2f2416bde4a4e1d` FOREIGN KEY (`readerId`) REFERENCES `person` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `migrations` (
  `id` int NOT NULL AUTO_INCREMENT,
  `timestamp` bigint NOT NULL,
  `name` varchar(255) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
INSERT INTO `migrations` VALUES (1, 1700000000000, 'CreateLibrary1700000000000');
CREATE TABLE `person` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `card` varchar(20) DEFAULT NULL,
  `salary` int DEFAULT NULL,
  `kind` varchar(255) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `IDX_8cd1c1b4e4f7266ba92a8e1545` (`kind`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `publisher` (
  `id` int NOT NULL AUTO_INCREMENT,
  `createdAt` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  `updatedAt` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  `version` int NOT NULL,
  `name` varchar(80) NOT NULL,
  `countryCode` varchar(2) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `IDX_7ecdb3264096c3e095612e492e` (`name`,`countryCode`),
  KEY `FK_733038296c5388d3e7d978201b2` (`countryCode`),
  CONSTRAINT `FK_733038296c5388d3e7d978201b2` FOREIGN KEY (`countryCode`) REFERENCES `country` (`code`) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `remark` (
  `id` int NOT NULL AUTO_INCREMENT,
  `text` text NOT NULL,
  `answerToId` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `FK_92ac550baa9cf36090e8367ad3a` (`answerToId`),
  CONSTRAINT `FK_92ac550baa9cf36090e8367ad3a` FOREIGN KEY (`answerToId`) REFERENCES `remark` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `section` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `mpath` varchar(255) DEFAULT '',
  `parentId` int DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `FK_9f961c619507c4d6276251445c8` (`parentId`),
  CONSTRAINT `FK_9f961c619507c4d6276251445c8` FOREIGN KEY (`parentId`) REFERENCES `section` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `tag` (
  `id` int NOT NULL AUTO_INCREMENT,
  `label` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `IDX_647c189a51deb35bc452751bc4` (`label`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
CREATE TABLE `typeorm_metadata` (
  `type` varchar(255) NOT NULL,
  `database` varchar(255) DEFAULT NULL,
  `schema` varchar(255) DEFAULT NULL,
  `table` varchar(255) DEFAULT NULL,
  `name` varchar(255) DEFAULT NULL,
  `value` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
INSERT INTO `typeorm_metadata` VALUES ('GENERATED_COLUMN', NULL, 'library', 'author', 'fullName', 'concat(`firstName`, '' '', `lastName`)');
INSERT INTO `typeorm_metadata` VALUES ('GENERATED_COLUMN', NULL, 'library', 'book', 'pagesTwice', '`pages` * 2');
INSERT INTO `typeorm_metadata` VALUES ('VIEW', NULL, 'library', NULL, 'book_title', 'SELECT `id`, `title` FROM `book` WHERE `available` = 1');
CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `book_title` AS select `book`.`id` AS `id`,`book`.`title` AS `title` from `book` where (`book`.`available` = 1);
SET foreign_key_checks = 1;
