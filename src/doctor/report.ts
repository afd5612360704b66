/** The findings, for people and for machines. */
import { styleText } from 'node:util'
import type { Text } from '../core/text/index.ts'
import type { Check } from './check.ts'

const signs = { ok: '✓', warning: '!', problem: '✗' } as const satisfies Record<Check['status'], string>
const colours = { ok: 'green', warning: 'yellow', problem: 'red' } as const satisfies Record<Check['status'], string>

/** True when nothing is a problem; warnings are fine. */
export function isWell(checks: readonly Check[]): boolean {
  return checks.every(({ status }) => status !== 'problem')
}

/** One JSON document: `{ok, checks: [{name, status, message, remedy}]}`. */
export function asJson(checks: readonly Check[]): string {
  return `${JSON.stringify({ ok: isWell(checks), checks }, undefined, 2)}\n`
}

/** A list with a sign, a word and a sentence for each check; colours where `stream` is a terminal. */
export function asList(checks: readonly Check[], { doctor }: Text, stream: NodeJS.WriteStream): string {
  const width = Math.max(...Object.values(doctor.status).map(word => word.length))
  const lines = checks.flatMap(({ status, message, remedy }) => {
    const head = `${signs[status]} ${doctor.status[status].padEnd(width)}`
    const sentence = `${styleText(colours[status], head, { stream })}  ${message}`
    return remedy === null ? [sentence] : [sentence, `${' '.repeat(width + 2)}  → ${remedy}`]
  })
  const count = (wanted: Check['status']) => checks.filter(({ status }) => status === wanted).length
  return `${[...lines, '', doctor.sum(count('problem'), count('warning'))].join('\n')}\n`
}
