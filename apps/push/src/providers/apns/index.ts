export * from './apns-options.ts'
export * from './apns-provider.ts'
export * from './errors.ts'
