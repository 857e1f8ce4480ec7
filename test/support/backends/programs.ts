/** A server program that tests run, and where it comes from when it is missing. */
export interface Program {
  /** Names it may have on the PATH, the preferred one first. */
  readonly names: readonly [string, ...string[]]
  /** A container image that holds it, and its path there. */
  readonly image: { readonly name: string; readonly path: string }
  /** Name of its package, by package manager. */
  readonly packages: Readonly<Record<'apt-get' | 'apk' | 'brew', string>>
}

export const PROGRAMS: readonly Program[] = [
  {
    names: ['nats-server'],
    image: { name: 'nats:2.10-alpine', path: '/usr/local/bin/nats-server' },
    packages: { 'apt-get': 'nats-server', apk: 'nats-server', brew: 'nats-server' },
  },
  {
    names: ['redis-server', 'valkey-server'],
    image: { name: 'redis:7.2-bookworm', path: '/usr/local/bin/redis-server' },
    packages: { 'apt-get': 'redis-server', apk: 'redis', brew: 'redis' },
  },
]
