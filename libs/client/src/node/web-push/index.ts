export * from './decrypt-web-push.ts'
export * from './errors.ts'
export * from './web-push-keys.ts'
