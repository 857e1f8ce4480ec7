export * from './crypto.ts'
export * from './errors.ts'
export * from './bytes.ts'
