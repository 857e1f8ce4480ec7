export * from './log-provider.ts'
