/** Whatever a model writes: what the platform would see in it, by the platform's own rules, does not act. */
import fc from 'fast-check'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { describe, expect, test } from 'vitest'
import { discordEscape, discordMarkdown, slackMarkdown, splitMarkdown } from '../../../src/chat/markdown/index.ts'

const tokens = fc.constantFrom(
  ...[
    '@everyone',
    '@here',
    '@',
    'everyone',
    '<@1>',
    '<@!1>',
    '<@&2>',
    '<#3>',
    '<',
    '>',
    '</a b:4>',
    '<:e:5>',
    '<a:e:6>',
  ],
  ...['<t:7>', '<t:7:R>', '<id:customize>', '<!channel>', '<!subteam^S1>', '<@U1>', '<#C1>', '<https://t.example|x>'],
  ...['`', '``', '```', '````', '~~~', '```js\n', '```js x\n', '\n```\n', '\n', '\n', '\n\n', '> ', '>>> ', '>>', '>'],
  ...[
    '- ',
    '1. ',
    '    ',
    '  ',
    '| a | b |\n',
    '|---|---|\n',
    '|',
    '||',
    '||x||',
    '\\',
    '[',
    ']',
    '(',
    ')',
    '![',
    '](',
    '-# ',
    '# ',
  ],
  ...[
    'https://t.example',
    '](https://t.example)',
    '[https://b.example](https://t.example)',
    '](javascript:x)',
    '<div>\n',
  ],
  ...[
    '[a]: https://t.example\n',
    '[a]',
    '[^1]',
    '[^1]: ',
    '**',
    '_',
    ' ',
    'word',
    '语',
    '\u200b',
    '\ufdd0',
    '<br>',
    '---\n',
    '===\n',
  ],
)
const hostile = fc.array(tokens, { maxLength: 40 }).map(parts => parts.join(''))
const runs = { numRuns: 1500 }

/** What Discord takes for text, by its own rules: outside of code, without escaped characters. */
function textOnDiscord(content: string): string {
  return content.replace(/\\[\s\S]|```[\s\S]+?```|(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, 'x')
}

function disguised(text: string): string[] {
  return [...text.matchAll(/\[[^\]]*\]\(\s*<?([a-z]+:[^)\s]*)\)( \(([^\s()]+)\))?/gi)]
    .filter(([, href = '', , place]) => {
      const url = new URL(href)
      return !['http:', 'https:', 'mailto:'].includes(url.protocol) || ![url.host, url.pathname].includes(place ?? '')
    })
    .map(([link]) => link)
}

/** The links and pictures that a reader of standard Markdown finds. */
function linksIn(text: string): { source: string; url: string; behind: string }[] {
  const found: { source: string; url: string; behind: string }[] = []
  const definitions = new Map<string, string>()
  const visit = (node: Nodes) => {
    const [start = 0, end = 0] = [node.position?.start.offset, node.position?.end.offset]
    const place = { source: text.slice(start, end), behind: text.slice(end) }
    if (node.type === 'link' || node.type === 'image') found.push({ ...place, url: node.url })
    if (node.type === 'definition') definitions.set(node.identifier, node.url)
    if (node.type === 'linkReference' || node.type === 'imageReference') found.push({ ...place, url: node.identifier })
    if ('children' in node) node.children.forEach(visit)
  }
  visit(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }))
  return found.map(link => ({ ...link, url: definitions.get(link.url) ?? link.url }))
}

describe('on Discord, of any text,', () => {
  const pieces = (text: string, limit: number) => splitMarkdown(discordMarkdown(text), limit)

  test.each([300, 1800])('nothing acts in any piece of at most %i', limit => {
    fc.assert(
      fc.property(hostile, text => {
        for (const piece of pieces(text, limit)) {
          expect(piece).not.toMatch(/@everyone|@here|<@[!&]?\d|<#\d|<\/[^>]+:\d|<a?:\w+:\d|<t:\d|<id:/)
          const seen = textOnDiscord(piece)
          expect(seen).not.toMatch(/\|\||^\s*>>>|^-#/m)
          expect(disguised(seen)).toEqual([])
        }
      }),
      runs,
    )
  })

  test('every fence is closed in its piece', () => {
    fc.assert(
      fc.property(hostile, text => {
        for (const piece of pieces(text, 200)) {
          const fences = piece.replace(/\\[\s\S]/g, '').match(/```/g) ?? []
          expect(fences.length % 2).toBe(0)
        }
      }),
      runs,
    )
  })

  test('no piece is too long, empty, or ill-formed', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 100, max: 300 }), (text, limit) => {
        for (const piece of pieces(text, limit)) {
          expect(piece.length).toBeLessThanOrEqual(limit)
          expect(piece.trim()).not.toBe('')
          expect(piece.isWellFormed()).toBe(true)
        }
      }),
      runs,
    )
  })

  test('a name is shown without anything of it acting', () => {
    fc.assert(
      fc.property(hostile, text => {
        const seen = discordEscape(text)
        expect(seen).not.toMatch(/@everyone|@here|<@[!&]?\d|<#\d|<t:\d|<id:/)
        expect(seen.replace(/\\[\s\S]/g, '')).not.toMatch(/[`*|[\]]/)
      }),
      runs,
    )
  })
})

describe('on Slack, of any text,', () => {
  test('nothing acts in any piece', () => {
    fc.assert(
      fc.property(hostile, text => {
        for (const piece of splitMarkdown(slackMarkdown(text), 300)) {
          expect(piece).not.toMatch(/<[!@#]\w|<https?:[^>\s]*\||@channel|@here|@everyone/)
        }
      }),
      runs,
    )
  })

  test('no link names another place than it leads to', () => {
    fc.assert(
      fc.property(hostile, text => {
        for (const piece of splitMarkdown(slackMarkdown(text), 9000)) {
          for (const { source, url, behind } of linksIn(piece)) {
            // What is no address leads nowhere.
            if (!/^[a-z][a-z\d+.-]*:/i.test(url)) continue
            expect(url).toMatch(/^(https?|mailto):/)
            // An address that stands for itself, or words with the place behind them.
            if (!source.startsWith('[')) continue
            const { host, pathname } = new URL(url)
            expect(
              [host, pathname].some(place => behind.startsWith(` (${place})`)),
              source,
            ).toBe(true)
          }
        }
      }),
      runs,
    )
  })
})
