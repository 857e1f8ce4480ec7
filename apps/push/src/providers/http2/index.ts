export * from './exchange.ts'
export * from './send-deadline.ts'
export * from './session-pool.ts'
