export * from './https-transport.ts'
