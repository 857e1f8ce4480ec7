export * from './start-nats.ts'
export * from './start-redis.ts'
export * from './start-redis-cluster.ts'
export * from './start-s3.ts'
