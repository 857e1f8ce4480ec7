export * from './create-fcm-provider.ts'
