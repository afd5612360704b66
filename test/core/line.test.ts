import { describe, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { FaceoffError } from '../../src/core/errors.ts'
import { parseLine } from '../../src/core/line.ts'
import { nearest } from '../../src/core/nearest.ts'

function parsed(line: string) {
  const { command, input } = parseLine(line, commands)
  return { command: command.name, ...input }
}

function problemOf(run: () => unknown) {
  try {
    run()
  } catch (error) {
    if (error instanceof FaceoffError) return error.problem
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a typed line', () => {
  test('is a command and its free text', () => {
    expect(parsed('/compare Why is the sky blue?')).toEqual({ command: 'compare', prompt: 'Why is the sky blue?' })
  })

  test('keeps the lines and the indentation of a prompt', () => {
    expect(parsed('/compare Review:\n\n```ts\n  const a = 1\n```\n')).toEqual({
      command: 'compare',
      prompt: 'Review:\n\n```ts\n  const a = 1\n```',
    })
    expect(parsed('/compare\n  indented code\nmore')).toEqual({ command: 'compare', prompt: '  indented code\nmore' })
  })

  test('takes options before the prompt', () => {
    expect(parsed('/compare models: a/x, b/y category: coding blind: no Why?')).toEqual({
      command: 'compare',
      models: 'a/x, b/y',
      category: 'coding',
      blind: 'no',
      prompt: 'Why?',
    })
  })

  test('takes options after the prompt, also on lines of their own', () => {
    expect(parsed('/compare Why?\nmodels: a/x,b/y\nblind: nein')).toEqual({
      command: 'compare',
      models: 'a/x,b/y',
      blind: 'nein',
      prompt: 'Why?',
    })
  })

  test('takes options written as flags', () => {
    expect(parsed('/compare --models a/x,b/y --category coding Why? --open')).toEqual({
      command: 'compare',
      models: 'a/x,b/y',
      category: 'coding',
      blind: 'no',
      prompt: 'Why?',
    })
    expect(parsed('/compare --open Why?')).toEqual({ command: 'compare', blind: 'no', prompt: 'Why?' })
    expect(parsed('/compare --blind=no Why?')).toEqual({ command: 'compare', blind: 'no', prompt: 'Why?' })
  })

  test('leaves words of the prompt alone that only look like an option', () => {
    expect(parsed('/compare models: what are they?')).toEqual({ command: 'compare', prompt: 'models: what are they?' })
    expect(parsed('/compare Explain blind: the film')).toEqual({
      command: 'compare',
      prompt: 'Explain blind: the film',
    })
    expect(parsed('/compare ls --color')).toEqual({ command: 'compare', prompt: 'ls --color' })
    expect(parsed('/compare category: is a word')).toEqual({ command: 'compare', prompt: 'category: is a word' })
  })

  test('takes a value with a slip of the pen, so that it can be answered', () => {
    expect(parsed('/compare Why? category: codng')).toEqual({ command: 'compare', category: 'codng', prompt: 'Why?' })
    expect(parsed('/compare Warum? category: Programmieren')).toMatchObject({ category: 'Programmieren' })
  })

  test('with a very long prompt is read at once', () => {
    const prompt = 'x:a, '.repeat(8_000)
    expect(parsed(`/compare ${prompt}`)).toEqual({ command: 'compare', prompt: prompt.trim() })
  })

  test('is not case-sensitive in names', () => {
    expect(parsed('/Compare Models: a/x,b/y Why?')).toEqual({ command: 'compare', models: 'a/x,b/y', prompt: 'Why?' })
  })

  test('may hold no prompt, which is for the command to judge', () => {
    expect(parsed('/compare')).toEqual({ command: 'compare', prompt: '' })
    expect(parsed('/models')).toEqual({ command: 'models' })
  })

  test('with an unknown command says which one is near', () => {
    expect(problemOf(() => parsed('/compar Why?'))).toEqual({
      code: 'command_unknown',
      command: 'compar',
      suggestion: 'compare',
    })
    expect(problemOf(() => parsed('/xyzzy'))).toEqual({ code: 'command_unknown', command: 'xyzzy', suggestion: null })
  })

  test('with an unknown flag before the prompt is refused', () => {
    expect(problemOf(() => parsed('/compare --modles a/x Why?'))).toMatchObject({
      code: 'option_bad',
      option: '--modles',
    })
  })
})

describe('the nearest name', () => {
  test('is within two edits, or holds what was typed', () => {
    expect(nearest('qwen/qwen-mx', ['qwen/qwen-max', 'openai/gpt'])).toBe('qwen/qwen-max')
    expect(nearest('gpt', ['qwen/qwen-max', 'openai/gpt-6'])).toBe('openai/gpt-6')
    expect(nearest('zz', ['a', 'b'])).toBeNull()
  })
})
