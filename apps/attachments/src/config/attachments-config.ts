import { ConfigError, type Environment, readEnvironment, urlHost } from '#runtime'
import type { FileRules } from '../files/context.ts'
import type { SweepRules } from '../expiry/sweeper.ts'
import { ATTACHMENTS_VARIABLES } from './variables.ts'

/** Everything the operator decides about this service. */
export interface AttachmentsConfig {
  readonly host: string
  readonly port: number
  readonly publicUrl: string
  readonly dataDirectory: string
  readonly oldKeysFile: string | undefined
  readonly files: FileRules
  readonly sweeps: SweepRules
  readonly hashing: { readonly workers: number; readonly loopBytes: number }
  readonly stallDeadlineMs: number
  readonly sealedMemoryBytes: number
  readonly sources: SourcesConfig
  readonly stores: StoresConfig
}

export interface SourcesConfig {
  readonly releasesFile: string | undefined
  readonly releasesUrl: string | undefined
  readonly tokenInfoFile: string | undefined
  readonly networkInfoFile: string | undefined
}

/** Where records and blobs lie: in the data directory, or in Redis and S3. */
export type StoresConfig =
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'distributed'
      readonly redisUrl: string
      readonly s3: S3Config
      readonly uploadMemoryBytes: number
    }

export interface S3Config {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

const EMBEDDED_INLINE_BYTES = 65_536

/** The configuration in an environment. Throws `ConfigError` with all problems at once. */
export function attachmentsConfig(environment: Environment): AttachmentsConfig {
  const values = readEnvironment(environment, ATTACHMENTS_VARIABLES)
  const port = values.port ?? values.httpPort + 1
  const stores = storesConfig(values)
  return {
    host: values.bindHost,
    port,
    publicUrl: values.publicUrl ?? `http://${urlHost(values.publicIp)}:${port}`,
    dataDirectory: values.dataDirectory,
    oldKeysFile: values.oldKeysFile,
    files: {
      idMode: values.idMode,
      maxFileSize: values.maxFileSize,
      inlineBytes: values.inlineBytes ?? (stores.kind === 'embedded' ? EMBEDDED_INLINE_BYTES : 0),
      defaultTtlSeconds: values.defaultTtl,
      maxTtlSeconds: values.maxTtl,
    },
    sweeps: {
      intervalMs: values.sweepInterval,
      orphanIntervalMs: values.orphanInterval,
      orphanGraceMs: values.orphanGrace,
    },
    hashing: { workers: values.hashWorkers, loopBytes: values.hashLoopBytes },
    stallDeadlineMs: values.stallDeadline,
    sealedMemoryBytes: values.sealedMemory,
    sources: {
      releasesFile: values.releasesFile,
      releasesUrl: values.releasesUrl,
      tokenInfoFile: values.tokenInfoFile,
      networkInfoFile: values.networkInfoFile,
    },
    stores,
  }
}

type StoreValues = Pick<
  ReturnType<typeof readEnvironment<typeof ATTACHMENTS_VARIABLES>>,
  'redisUrl' | 's3Endpoint' | 's3Bucket' | 's3Region' | 's3AccessKey' | 's3SecretKey' | 'uploadMemory'
>

function storesConfig(values: StoreValues): StoresConfig {
  const { redisUrl, s3Endpoint: endpoint, s3Bucket: bucket, s3Region: region } = values
  const { s3AccessKey: accessKey, s3SecretKey: secretKey } = values
  if (redisUrl === undefined && endpoint === undefined) return { kind: 'embedded' }
  if (redisUrl === undefined || endpoint === undefined) {
    throw new ConfigError(['SOTTO_REDIS_URL and SOTTO_S3_ENDPOINT go together; set both or neither.'])
  }
  if (accessKey === undefined || secretKey === undefined) {
    throw new ConfigError(['SOTTO_S3_ENDPOINT needs SOTTO_S3_ACCESS_KEY and SOTTO_S3_SECRET_KEY.'])
  }
  return {
    kind: 'distributed',
    redisUrl,
    s3: { endpoint, bucket, region, accessKey, secretKey },
    uploadMemoryBytes: values.uploadMemory,
  }
}
