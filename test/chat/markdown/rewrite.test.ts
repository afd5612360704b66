import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  discordEscape,
  discordMarkdown,
  slackEscape,
  slackMarkdown,
  splitMarkdown,
  threadName,
} from '../../../src/chat/markdown/index.ts'

const gap = '\u200b'

describe('a model’s text on Discord', () => {
  test.each([
    ['plain prose', 'Rayleigh scattering, i.e. blue light; see snake_case_names and 2 * 3 * 4.'],
    ['known Markdown', '## Title\n\n**bold** _it_ ~~no~~ `code`\n\n> quote\n\n1. one\n   - two\n2. three'],
    ['code', '```tsx\n@decorated\nreturn <T,>(x: T) => x || <b></b>\n```'],
    ['formulas', 'The area is $\\pi r^2$.'],
    ['HTML, which Discord shows as it is', '<div class="x">text</div>'],
    ['a bare address', 'See https://example.org/a_b?c=d.'],
    ['German', 'Straße, Übermut, „Zitat“ – und so weiter …'],
  ])('comes through as it is: %s', (_, text) => {
    expect(discordMarkdown(text)).toBe(text)
  })

  test.each([
    ['#### Deep', '**Deep**'],
    ['##### **Deep**', '**Deep**'],
    ['Title\n=====\n\nText', '# Title\n\nText'],
    ['a\n\n---\n\nb', 'a\n\n───\n\nb'],
    ['- [x] done\n- [ ] open', '- ☑ done\n- ☐ open'],
    ['![a cat](https://example.org/cat.png)', '[a cat](https://example.org/cat.png) (example.org)'],
    ['[the docs](https://example.org/docs)', '[the docs](https://example.org/docs) (example.org)'],
    ['[write](mailto:a@example.org)', '[write](mailto:a@example.org) (a@example.org)'],
    ['[https://bank.example](https://thief.example/login)', 'https://bank.example (https://thief.example/login)'],
    ['[bank.example](https://thief.example)', 'bank.example (https://thief.example/)'],
    ['[click](javascript:alert(1))', 'click'],
    ['![](https://example.org/p.png)', '[🖼](https://example.org/p.png) (example.org)'],
    ['>>> all the rest', '> all the rest'],
    ['the murderer is ||the gardener||', 'the murderer is \\|\\|the gardener\\|\\|'],
  ])('becomes what Discord knows: %s', (text, shown) => {
    expect(discordMarkdown(text)).toBe(shown)
  })

  test('has a narrow table as aligned code, by the width that people see', () => {
    const table = '| Stadt | Größe |\n|---|---:|\n| Köln | 405 |\n| 北京 | 16410 |\n| 🇩🇪 | x |'

    expect(discordMarkdown(table)).toBe(
      ['```', 'Stadt  Größe', '─────  ─────', 'Köln   405', '北京   16410', '🇩🇪     x', '```'].join('\n'),
    )
  })

  test('has a wide table as cards, which a phone can show', () => {
    const table =
      '| Language | What it is good for | Since |\n|---|---|---|\n| **Rust** | systems, tools, and all else | 2015 |'

    expect(discordMarkdown(table)).toBe('**Rust**\nWhat it is good for: systems, tools, and all else\nSince: 2015')
  })

  test.each([
    '@everyone',
    '@here',
    '<@123>',
    '<@!123>',
    '<@&123>',
    '<#123>',
    '</cmd:1>',
    '<:a:1>',
    '<a:b:1>',
    '<t:1:R>',
  ])('lets %s be text', mention => {
    const shown = discordMarkdown(`Hey ${mention}, **${mention}** \`${mention}\`!`)

    expect(shown).not.toContain(mention)
    expect(shown.replaceAll(gap, '')).toBe(`Hey ${mention}, **${mention}** \`${mention}\`!`)
  })

  test('has no acting mention, whatever is in it, in any of its pieces', () => {
    const part = fc.constantFrom(
      '@everyone',
      '@here',
      '<@1>',
      '<@&2>',
      '`',
      '```',
      '\n',
      '\n\n',
      '> ',
      '- ',
      '| a | b |',
      ' ',
      '\\',
      '[x](',
      '](https://a.b)',
      '<',
      '@',
      'everyone',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), parts => {
        const shown = splitMarkdown(discordMarkdown(parts.join('')), 100).join('\n')
        expect(shown).not.toMatch(/@everyone|@here|<@[!&]?\d/)
      }),
      { numRuns: 500 },
    )
  })

  test('is never refused: any text has a form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), text => typeof discordMarkdown(text) === 'string'),
    )
  })
})

describe('a model’s text on Slack', () => {
  test('stays Markdown', () => {
    const text = '# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a = 1 < 2\n```'
    expect(slackMarkdown(text)).toBe(text)
  })

  test.each([
    '<!channel>',
    '<!here>',
    '<!subteam^S1>',
    '<@U1>',
    '<#C1>',
    '<https://thief.example|https://bank.example>',
  ])('lets %s be text, in code as well', sequence => {
    const shown = slackMarkdown(`Hey ${sequence} \`${sequence}\``)

    expect(shown).not.toContain(sequence)
    expect(shown.replaceAll(gap, '')).toBe(`Hey ${sequence} \`${sequence}\``)
  })

  test('shows where links lead, and pictures as links', () => {
    expect(slackMarkdown('[docs](https://example.org) ![cat](https://example.org/cat.png)')).toBe(
      '[docs](https://example.org/) (example.org) [cat](https://example.org/cat.png) (example.org)',
    )
  })
})

describe('what people wrote', () => {
  test('is shown on Discord letter by letter', () => {
    expect(discordEscape('**Ada** _x_ `y` <@1> @everyone\n# no\n- no\n1. no\n> no')).toBe(
      `\\*\\*Ada\\*\\* \\_x\\_ \\\`y\\\` <${gap}@1> @${gap}everyone\n\\# no\n\\- no\n1\\. no\n\\> no`,
    )
  })

  test('keeps its addresses', () => {
    expect(discordEscape('see https://example.org/a_b#c now_')).toBe('see https://example.org/a_b#c now\\_')
  })

  test('is shown on Slack without sequences', () => {
    expect(slackEscape('<!channel> & co')).toBe('&lt;!channel&gt; &amp; co')
  })
})

describe('a thread’s name', () => {
  test.each([
    ['Why is the sky blue?', 'Why is the sky blue?'],
    ['  **Explain**\n`this`, <@123> and @everyone\u202e ', 'Explain this, and everyone'],
    ['\n\u0000 \u200b', 'Faceoff'],
    [`${'word '.repeat(30)}`, `${'word '.repeat(20).trim()}…`],
    ['x'.repeat(300), `${'x'.repeat(99)}…`],
  ])('of %j', (prompt, name) => {
    expect(threadName(prompt)).toBe(name)
  })

  test('has 1 to 100 well-formed characters, whatever the prompt', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), prompt => {
        const name = threadName(prompt)
        expect(name.length).toBeGreaterThanOrEqual(1)
        expect(name.length).toBeLessThanOrEqual(100)
        expect(name.isWellFormed()).toBe(true)
      }),
    )
  })
})
