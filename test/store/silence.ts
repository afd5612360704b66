import type { Log } from '../../src/core/ports.ts'

/** A log for tests that do not look at it. */
export const silence: Log = { info() {}, warn() {}, error() {} }
