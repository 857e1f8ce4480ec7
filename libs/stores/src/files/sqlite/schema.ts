import type { DatabaseKind } from '../../sqlite/open-database.ts'

/** Makes the tables described in index.ts. A body goes with its record. */
const SCHEMA = `
  CREATE TABLE records (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    format INTEGER NOT NULL,
    blob_key TEXT
  ) STRICT;
  CREATE TABLE bodies (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE INDEX records_by_expiry ON records (expires_at);
  CREATE INDEX records_by_blob ON records (blob_key) WHERE blob_key IS NOT NULL;
  CREATE TRIGGER remove_body AFTER DELETE ON records WHEN OLD.blob_key IS NULL BEGIN
    DELETE FROM bodies WHERE number = OLD.number;
  END;
`

/** The application id is "STfr". */
export const FILE_RECORDS_DATABASE: DatabaseKind = {
  name: 'file records',
  applicationId: 0x53546672,
  version: 1,
  create: (database) => database.exec(SCHEMA),
}
