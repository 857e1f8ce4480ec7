export * from './path.ts'
export * from './path-pool.ts'
