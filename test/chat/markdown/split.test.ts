import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitMarkdown } from '../../../src/chat/markdown/index.ts'

const words = (count: number, word = 'word') => Array.from({ length: count }, (_, index) => `${word}${index}`).join(' ')

describe('a text that fits', () => {
  test('is one piece, as it is', () => {
    expect(splitMarkdown('# Title\n\nText.', 200)).toEqual(['# Title\n\nText.'])
  })

  test('of nothing is no piece', () => {
    expect(splitMarkdown(' \n ', 200)).toEqual([])
  })

  test('has its unfinished fence closed', () => {
    expect(splitMarkdown('Look:\n```js\nlet a', 200)).toEqual(['Look:\n```js\nlet a\n```'])
  })
})

describe('a text that is too long', () => {
  test('is divided between paragraphs rather than within one', () => {
    const [first, second] = [words(14), words(14, 'other')]

    expect(splitMarkdown(`${first}\n\n${second}`, 150)).toEqual([first, second])
  })

  test('without paragraphs is divided behind a sentence', () => {
    const sentence = `${words(11)}.`

    expect(splitMarkdown(`${sentence} ${sentence}`, 120)).toEqual([sentence, sentence])
  })

  test('in Chinese is divided behind a sentence', () => {
    const sentence = `${'天空是蓝色的'.repeat(15)}。`

    expect(splitMarkdown(sentence + sentence, 130)).toEqual([sentence, sentence])
  })

  test('without any gap is divided between graphemes', () => {
    const family = '👨‍👩‍👧‍👦'

    const pieces = splitMarkdown(family.repeat(30), 100)

    expect(pieces.join('')).toBe(family.repeat(30))
    for (const piece of pieces) expect(piece.replaceAll(family, '')).toBe('')
  })

  test('closes a block of code and opens it again in its language', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `console.log(${index})`)

    const pieces = splitMarkdown(`\`\`\`js\n${lines.join('\n')}\n\`\`\``, 120)

    expect(pieces.length).toBeGreaterThan(1)
    for (const piece of pieces) expect(piece).toMatch(/^```js\n[\s\S]+\n```$/)
    expect(pieces.flatMap(piece => piece.split('\n').slice(1, -1))).toEqual(lines)
  })

  test('keeps the empty lines and the indentation of code', () => {
    const code = Array.from({ length: 20 }, (_, index) => `    line${index}\n`).join('\n')

    const pieces = splitMarkdown(`\`\`\`\n${code}\`\`\``, 130)

    const lines = pieces.flatMap(piece => piece.split('\n')).filter(line => line !== '' && !line.startsWith('`'))
    expect(lines).toEqual(code.split('\n').filter(line => line !== ''))
  })

  test('does not take the fence of a nested block for its end', () => {
    const inner = `\`\`\`\`md\n\`\`\`js\n${words(30)}\n\`\`\`\n\`\`\`\``

    const pieces = splitMarkdown(inner, 140)

    for (const piece of pieces) expect(piece).toMatch(/^````md\n[\s\S]*\n````$/)
  })

  test('repeats the heading of a table and divides no row', () => {
    const rows = Array.from({ length: 14 }, (_, index) => `| row ${index} | value |`)

    const pieces = splitMarkdown(['| name | what |', '|---|---|', ...rows].join('\n'), 140)

    for (const piece of pieces) expect(piece).toMatch(/^\| name \| what \|\n\|---\|---\|\n\| row/)
    expect(pieces.flatMap(piece => piece.split('\n').slice(2))).toEqual(rows)
  })

  test('goes on with a quote as a quote', () => {
    const pieces = splitMarkdown(`> ${words(40)}`, 120)

    for (const piece of pieces) expect(piece).toMatch(/^> \S/)
  })

  test('cuts no link and no inline code', () => {
    const link = '[a link with words](https://example.org/a/long/path/to/something)'
    const code = '`some inline code here`'

    const pieces = splitMarkdown(`${words(9)} ${link} ${words(9)} ${code} ${words(9)}`, 120)

    expect(pieces.filter(piece => piece.includes(link))).toHaveLength(1)
    expect(pieces.filter(piece => piece.includes(code))).toHaveLength(1)
  })
})

/** What models write, in any order, finished or not. */
const block = fc.oneof(
  fc.lorem({ maxCount: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.array(fc.lorem({ maxCount: 6 }), { maxLength: 12 }).map(lines => `\`\`\`ts\n${lines.join('\n')}\n\`\`\``),
  fc.array(fc.lorem({ maxCount: 9 }), { maxLength: 12 }).map(lines => lines.map(line => `- ${line}`).join('\n')),
  fc.array(fc.lorem({ maxCount: 20 }), { maxLength: 6 }).map(lines => lines.map(line => `> ${line}`).join('\n')),
  fc.lorem({ maxCount: 30 }).map(text => `\`\`\`\n${text}`),
  fc.webUrl().map(url => `See [this](${url}) and \`code\`.`),
  fc.constant('| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |'),
)
const markdown = fc.array(block, { maxLength: 12 }).map(blocks => blocks.join('\n\n'))
const limit = fc.integer({ min: 100, max: 600 })

describe('every text', () => {
  test('comes in pieces within the limit, none of them empty or ill-formed', () => {
    fc.assert(
      fc.property(markdown, limit, (text, most) => {
        for (const piece of splitMarkdown(text, most)) {
          expect(piece.length).toBeLessThanOrEqual(most)
          expect(piece.trim()).not.toBe('')
          expect(piece.isWellFormed()).toBe(true)
        }
      }),
    )
  })

  test('loses nothing', () => {
    fc.assert(
      fc.property(markdown, limit, (text, most) => {
        const joined = splitMarkdown(text, most).join('').replace(/\s/g, '')
        let at = 0
        // In order; what was said again stands in between.
        for (const unit of text.replace(/\s/g, '')) {
          at = joined.indexOf(unit, at) + 1
          expect(at).toBeGreaterThan(0)
        }
      }),
    )
  })

  test('keeps its pieces, but for the last, while it grows', () => {
    fc.assert(
      fc.property(markdown, limit, fc.double({ min: 0, max: 1, noNaN: true }), (text, most, share) => {
        const begun = splitMarkdown(text.slice(0, Math.floor(text.length * share)), most)
        const settled = begun.slice(0, -1)
        expect(splitMarkdown(text, most).slice(0, settled.length)).toEqual(settled)
      }),
    )
  })
})
