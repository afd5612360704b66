import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../commands/index.ts'
import { categories } from '../src/core/comparison.ts'
import { textFor } from '../src/core/text/index.ts'
import { providerRows } from '../src/providers/index.ts'

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8')

/** The settings that `src/config.ts` reads by name. */
const settings = [...read('src/config.ts').matchAll(/^ {4}([A-Z][A-Z_]+):/gm)].map(([, name]) => name)

const providerVariables = providerRows(undefined, textFor('en')).flatMap(({ keyVariable, baseUrlVariable }) =>
  [keyVariable, baseUrlVariable].filter(name => name !== null),
)

describe('.env.example', () => {
  const explained = [...read('.env.example').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name)

  test('explains every variable, once, and no other', () => {
    expect(settings).toContain('DATABASE_URL')
    expect(explained.toSorted()).toEqual([...new Set([...settings, ...providerVariables])].toSorted())
  })
})

describe('the README', () => {
  const readme = read('README.md')

  test('knows every command and every category', () => {
    for (const { name } of commands) expect(readme).toContain(`/${name}`)
    for (const category of categories) expect(readme).toContain(`\`${category}\``)
  })

  test('names the key of every provider', () => {
    for (const { keyVariable } of providerRows(undefined, textFor('en'))) {
      if (keyVariable !== null) expect(readme).toContain(`\`${keyVariable}\``)
    }
  })

  test('shows a models.json that works', () => {
    const example = /```json\n([\s\S]+?)```/.exec(readme)?.[1]

    const lab = providerRows(example, textFor('en')).find(({ id }) => id === 'lab')

    expect(lab).toMatchObject({ name: 'Our lab', keyVariable: 'LAB_API_KEY', concurrency: 2 })
  })

  test('points only at files that are there', () => {
    const targets = [...readme.matchAll(/\]\((?!http|#)([^)]+)\)/g)].map(([, target = '']) => target)
    expect(targets).toContain('LICENSE')
    for (const target of targets) expect(() => read(target)).not.toThrow()
  })
})
