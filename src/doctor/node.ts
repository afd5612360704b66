import packageJson from '../../package.json' with { type: 'json' }
import type { Text } from '../core/text/index.ts'
import { type Check, ok, problem } from './check.ts'

/** The oldest major version that package.json allows. */
const needed = Number.parseInt(packageJson.engines.node.replace(/^\D+/, ''), 10)

/** `version`: such as `24.21.0`. */
export function checkNode(version: string, { doctor: { node } }: Text): Check {
  if (Number.parseInt(version, 10) >= needed) return ok('node', node.fine(version))
  return problem('node', node.tooOld(version, needed), node.remedy(needed))
}
