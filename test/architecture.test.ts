import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Who may import whom: DESIGN's table, held here. A folder may always import itself. */
const rules: readonly { from: string; files: readonly string[]; packages: 'none' | 'any' }[] = [
  { from: 'src/core', files: [], packages: 'none' },
  { from: 'commands', files: ['src/core'], packages: 'none' },
  { from: 'src/charts', files: ['src/core'], packages: 'any' },
  { from: 'src/chat', files: ['src/core', 'src/log.ts', 'src/charts'], packages: 'any' },
  { from: 'src/console', files: ['src/core', 'src/log.ts', 'src/charts'], packages: 'any' },
  { from: 'src/providers', files: ['src/core', 'src/log.ts'], packages: 'any' },
  { from: 'src/queue', files: ['src/core', 'src/log.ts'], packages: 'any' },
  { from: 'src/store', files: ['src/core', 'src/log.ts'], packages: 'any' },
  { from: 'src/cli', files: ['src/core', 'src/store', 'src/config.ts'], packages: 'any' },
  { from: 'src/cli.ts', files: ['src/cli', 'src/core'], packages: 'any' },
  { from: 'src/config.ts', files: ['src/core'], packages: 'any' },
  { from: 'src/log.ts', files: [], packages: 'any' },
  { from: 'src/main.ts', files: ['src/app.ts', 'src/config.ts', 'src/log.ts'], packages: 'any' },
]

/** Processes begin here: they read the environment and wire what they need. */
const entries = ['src/main.ts', 'src/doctor.ts', 'src/cli.ts']

const sources = filesBelow('src').concat(filesBelow('commands'))

describe('the house', () => {
  test('is seen by this test', () => {
    expect(importsOf('src/main.ts')).toContain('src/app.ts')
    expect(importsOf('src/core/answer.ts')).toContain('src/core/ballot.ts')
  })

  test.each(rules)('$from imports only what it may', ({ from, files, packages }) => {
    const foreign = sources
      .filter(file => isWithin(file, from))
      .flatMap(file => importsOf(file).map(target => ({ file, target })))
      .filter(({ target }) =>
        target.startsWith('.') ? false : isLocal(target) ? !isAllowed(target, [from, ...files]) : packages === 'none',
      )
    expect(foreign).toEqual([])
  })

  test('nothing but the entries imports the composition root', () => {
    const importers = sources.filter(file => importsOf(file).includes('src/app.ts'))
    expect(importers.filter(file => !entries.includes(file))).toEqual([])
  })

  test('has no circle of imports', () => {
    expect(circles()).toEqual([])
  })

  test('reads the environment in one place', () => {
    const readers = sources.filter(file => /\bprocess\.env\b/.test(read(file)))
    expect(readers.filter(file => ![...entries, 'src/config.ts'].includes(file))).toEqual([])
  })

  test('keeps all SQL in the store', () => {
    const sql = /\b(select\s+[\w*,.\s]+\s+from|insert\s+into|update\s+\w+\s+set|delete\s+from)\s/i
    const holders = sources.filter(file => sql.test(withoutComments(read(file))))
    expect(holders.filter(file => !isWithin(file, 'src/store'))).toEqual([])
  })

  test('has no file named after nothing', () => {
    const names = sources.map(file => file.split('/').at(-1))
    expect(names.filter(name => /^(utils?|helpers?|types|common|misc)\.ts$/.test(name ?? ''))).toEqual([])
  })
})

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name))
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** What a file imports: local files by their path from the root, packages and `node:` modules by their name. */
function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:from\s+|import\s+|import\()'([^']+)'/g)].map(([, target = '']) =>
    target.startsWith('.') ? relative(root, join(root, dirname(file), target)) : target,
  )
}

/** Runtime imports only: a type may point back, the code may not. */
function runtimeImportsOf(file: string): string[] {
  const code = read(file).replace(/import type[\s\S]*?from\s+'[^']+'/g, '')
  return [...code.matchAll(/(?:from\s+|import\s+|import\()'(\.[^']+)'/g)].map(([, target = '']) =>
    relative(root, join(root, dirname(file), target)),
  )
}

function isLocal(target: string): boolean {
  return target.startsWith('src/') || target.startsWith('commands/') || target.endsWith('.json')
}

function isAllowed(target: string, allowed: readonly string[]): boolean {
  return allowed.some(place => isWithin(target, place))
}

function isWithin(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`)
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}

function circles(): string[] {
  const found = new Set<string>()
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) found.add([...path.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file) || !sources.includes(file)) return
    for (const target of runtimeImportsOf(file)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of sources) visit(file, [])
  return [...found]
}
