export * from './errors.ts'
export * from './files/file-records.ts'
export * from './blobs/blobs.ts'
export * from './mailboxes/mailboxes.ts'
