import type { DatabaseKind } from '../../sqlite/open-database.ts'

/** Bytes of a device that its index has. */
export const INDEXED_BYTES = 6

/** Makes the tables described in index.ts. */
const SCHEMA = `
  CREATE TABLE subscriptions (
    number INTEGER PRIMARY KEY,
    account BLOB NOT NULL,
    device BLOB NOT NULL,
    service TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    wants_data INTEGER NOT NULL,
    namespaces BLOB NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE INDEX subscriptions_by_device ON subscriptions (substr(device, 1, ${INDEXED_BYTES}));
  CREATE INDEX subscriptions_by_age ON subscriptions (signed_at);
  CREATE TABLE unsubscriptions (
    account BLOB NOT NULL,
    device BLOB NOT NULL,
    signed_at INTEGER NOT NULL,
    PRIMARY KEY (account, device)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX unsubscriptions_by_age ON unsubscriptions (signed_at);
  CREATE TABLE counts (service TEXT PRIMARY KEY, subscriptions INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TRIGGER count_removed AFTER DELETE ON subscriptions BEGIN
    UPDATE counts SET subscriptions = subscriptions - 1 WHERE service = OLD.service;
  END;
`

/** The application id is "STsu". */
export const SUBSCRIPTIONS_DATABASE: DatabaseKind = {
  name: 'subscriptions',
  applicationId: 0x53547375,
  version: 1,
  create: (database) => database.exec(SCHEMA),
}
