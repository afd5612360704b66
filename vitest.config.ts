import { defineConfig } from 'vitest/config'

const architecture = 'test/architecture.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Platforms are edited about once a second: whoever looks waits for that.
    expect: { poll: { timeout: 10_000 } },
    reporters: ['default'],
    projects: [
      // Reads the code only, so that `npm run check` needs no services.
      { extends: true, test: { name: 'architecture', include: [architecture] } },
      {
        extends: true,
        test: {
          name: 'faceoff',
          include: ['test/**/*.test.ts'],
          exclude: [architecture],
          globalSetup: ['test/services/index.ts'],
        },
      },
    ],
  },
})
