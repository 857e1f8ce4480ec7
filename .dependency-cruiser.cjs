/** Doors open one way: apps → libs, client → protocol → crypto. See docs/architecture.md. */
const only = (from, allowed) => ({
  name: `${from}-opens-only-its-doors`,
  severity: 'error',
  from: { path: `^libs/${from}/` },
  to: { path: '^libs/', pathNot: [`^libs/${from}/`, ...allowed.map((lib) => `^libs/${lib}/`)] },
})
module.exports = {
  forbidden: [
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-never-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/standalone/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.(spec|suite)\\.ts$' },
      to: { path: '(^test/|\\.(spec|suite)\\.ts$)' },
    },
    only('crypto', []),
    only('protocol', ['crypto']),
    only('client', ['protocol', 'crypto']),
    only('endpoints', ['protocol', 'crypto', 'runtime']),
    only('nodes', ['protocol', 'crypto', 'runtime']),
    only('sqlite', []),
    only('bus', ['sqlite']),
    only('stores', ['sqlite']),
    only('runtime', []),
    {
      name: 'protocol-and-crypto-do-no-io',
      severity: 'error',
      from: { path: '^libs/(protocol|crypto)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(@nestjs|fastify|@nats-io|ioredis|minio|undici|node:(http|https|net|tls|fs|http2|dgram|dns))' },
    },
    {
      name: 'client-runs-in-a-browser',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: '(\\.spec\\.ts$|^libs/client/src/node/)' },
      to: {
        path: '(^node:|@nestjs|fastify|@nats-io|ioredis|minio|undici|sodium-native|^libs/client/src/node/|^libs/crypto/src/native)',
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], extensions: ['.ts', '.js'] },
  },
}
