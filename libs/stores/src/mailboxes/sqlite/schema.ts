import { Buffer } from 'node:buffer'
import type { DatabaseKind } from '../../sqlite/open-database.ts'

/** Makes the tables described in index.ts. */
const SCHEMA = `
  CREATE TABLE mailboxes (
    number INTEGER PRIMARY KEY,
    account BLOB NOT NULL UNIQUE,
    messages INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    protected_messages INTEGER NOT NULL,
    protected_bytes INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE messages (
    sequence INTEGER PRIMARY KEY,
    mailbox INTEGER NOT NULL,
    namespace INTEGER NOT NULL,
    hash TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    expiry INTEGER NOT NULL,
    size INTEGER NOT NULL,
    is_protected INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_hash ON messages (mailbox, hash);
  CREATE INDEX messages_by_namespace ON messages (mailbox, namespace);
  CREATE INDEX messages_by_age ON messages (mailbox) WHERE is_protected = 0;
  CREATE INDEX messages_by_expiry ON messages (expiry);
  CREATE TRIGGER count_removed AFTER DELETE ON messages BEGIN
    UPDATE mailboxes SET
      messages = messages - 1,
      bytes = bytes - OLD.size,
      protected_messages = protected_messages - OLD.is_protected,
      protected_bytes = protected_bytes - OLD.is_protected * OLD.size
    WHERE number = OLD.mailbox;
    DELETE FROM mailboxes WHERE number = OLD.mailbox AND messages = 0;
  END;
  CREATE TABLE revoked_tokens (
    position INTEGER PRIMARY KEY,
    account BLOB NOT NULL,
    token BLOB NOT NULL,
    UNIQUE (account, token)
  ) STRICT;
  CREATE TABLE outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    written_at INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    payload BLOB NOT NULL
  ) STRICT;
  CREATE TABLE identity (name TEXT NOT NULL) STRICT;
`
/** Length of the name of a database before it is written in hexadecimal, in bytes. */
const NAME_BYTES = 16

/** The application id is "STmb". `randomBytes` names a database that is created. */
export function mailboxesDatabase(randomBytes: (length: number) => Uint8Array): DatabaseKind {
  return {
    name: 'mailboxes',
    applicationId: 0x53546d62,
    version: 1,
    create: (database) => {
      database.exec(SCHEMA)
      const name = Buffer.from(randomBytes(NAME_BYTES)).toString('hex')
      database.prepare('INSERT INTO identity (name) VALUES (?)').run(name)
    },
  }
}
