import type { Cluster, Redis } from 'ioredis'

/** One server or a cluster; the same commands go to both. */
export type RedisClient = Redis | Cluster
