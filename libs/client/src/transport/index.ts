export * from './fetch-transport.ts'
export * from './transport.ts'
