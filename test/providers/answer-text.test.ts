import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerText } from '../../src/providers/answer-text.ts'

/** `text` in pieces, cut between any two UTF-16 units. */
function pieces(text: string, cuts: readonly number[]): string[] {
  const edges = [0, ...cuts.map(cut => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
  return edges.slice(0, -1).map((from, index) => text.slice(from, edges[index + 1]))
}

function read(parts: readonly string[], thinkTags = true): { shown: string[]; thought: boolean } {
  const text = new AnswerText({ thinkTags })
  const pushed = parts.map(part => text.push(part))
  return {
    shown: [...pushed.map(push => push.text), text.end()],
    thought: pushed.some(push => push.thinking),
  }
}

const cuts = fc.array(fc.nat(200), { maxLength: 12 })
const anyText = fc.string({ unit: 'grapheme' }).map(text => text.replaceAll('\0', ''))
const plainText = anyText.filter(text => !text.trimStart().startsWith('<'))

describe('the text of an answer', () => {
  test('is the same wherever it is cut, and no piece cuts a character in two', () => {
    fc.assert(
      fc.property(plainText, cuts, (text, where) => {
        const { shown } = read(pieces(text, where))

        expect(shown.join('')).toBe(text)
        expect(shown.every(piece => piece.isWellFormed())).toBe(true)
      }),
    )
  })

  test('leaves out a leading <think> block, wherever the tags are cut', () => {
    const thoughts = anyText.filter(text => !text.includes('</think>'))
    const gap = fc.constantFrom('', ' ', '\n\n')
    fc.assert(
      fc.property(gap, thoughts, gap, anyText, cuts, (before, thought, after, text, where) => {
        const { shown, thought: thinking } = read(pieces(`${before}<think>${thought}</think>${after}${text}`, where))

        expect(shown.join('')).toBe(text.trimStart())
        expect(thinking).toBe(true)
      }),
    )
  })

  test('keeps tags that do not lead, or that the model is not known to write', () => {
    expect(read(['In HTML <think>this</think>']).shown.join('')).toBe('In HTML <think>this</think>')
    expect(read(['<think>this</think>'], false).shown.join('')).toBe('<think>this</think>')
  })

  test('keeps what only began like a tag', () => {
    expect(read(['<thi', 's is it']).shown.join('')).toBe('<this is it')
    expect(read(['<thin']).shown.join('')).toBe('<thin')
  })

  test('shows nothing of reasoning that is never closed', () => {
    expect(read(['<think>SECRET', ' and </thin']).shown.join('')).toBe('')
  })

  test('holds half a character back until the other half is there, and replaces it when it never comes', () => {
    expect(read(['👋'.charAt(0), '👋'.charAt(1)]).shown).toEqual(['', '👋', ''])
    expect(read(['a', '👋'.charAt(0)]).shown).toEqual(['a', '', '\ufffd'])
  })

  test('has no NUL, which databases refuse', () => {
    expect(read(['a\0b']).shown.join('')).toBe('ab')
  })
})
