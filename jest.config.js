/** @type {import('jest').Config} */
export default {
  globalSetup: '<rootDir>/test/support/backends/global-setup.ts',
  testEnvironment: 'node',
  // Libraries resolve through the `imports` map of package.json; the condition picks the TypeScript source.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  maxWorkers: 2,
  // A deadline against hanging, not a measure of speed: processes start and stop in some tests, on busy machines.
  testTimeout: 60_000,
}
