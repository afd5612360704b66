/** What operators read is whole in both languages: nothing is left in English, and nothing that matters gets lost. */
import { describe, expect, test } from 'vitest'
import { textFor } from '../../src/core/text/index.ts'

type Leaf = { path: string; sentence: string; names: string[] }

describe.each(['catalogue', 'doctor'] as const)('the section %s', section => {
  const english = leavesOf(textFor('en')[section], section)
  const german = new Map(leavesOf(textFor('de')[section], section).map(leaf => [leaf.path, leaf]))

  test.each(english)('$path is another sentence in German, about the same things', ({ path, sentence, names }) => {
    expect(german.get(path)?.sentence).not.toBe(sentence)
    expect(german.get(path)?.names).toEqual(names)
  })
})

/** Every text below, spoken with placeholders; `names` are those and the variables, files and commands it mentions. */
function leavesOf(text: unknown, path: string): Leaf[] {
  if (typeof text === 'object' && text !== null) {
    return Object.entries(text).flatMap(([key, inner]) => leavesOf(inner, `${path}.${key}`))
  }
  const sentence = typeof text === 'function' ? text(...placeholders.slice(0, text.length)) : text
  const names =
    String(sentence).match(/«\d»|\b[A-Z]+_[A-Z_]+\b|\b\w+\.json\b|\bnpm (?:ci|start|run \w+)\b|--\w+/g) ?? []
  return [{ path, sentence, names: [...new Set(names)].toSorted() }]
}

const placeholders = ['«1»', '«2»', '«3»', '«4»']
