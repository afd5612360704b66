/** Answers as models write them, on their way to both platforms while they grow. */
import { describe, expect, test } from 'vitest'
import { discordMarkdown, slackEscape, slackMarkdown, splitMarkdown } from '../../../src/chat/markdown/index.ts'

const python = `### Quick sort, step by step

The idea is *divide and conquer*: pick a **pivot**, split, recurse. See [the article](https://en.wikipedia.org/wiki/Quicksort).

\`\`\`python
def quicksort(items: list[int]) -> list[int]:
    if len(items) <= 1 or not items:
        return items

    pivot, *rest = items
    smaller = [x for x in rest if x < pivot]  # a || b
    return quicksort(smaller) + [pivot] + quicksort([x for x in rest if x >= pivot])
\`\`\`

1. **Choose** a pivot
   - the first item is the simplest
   - a random one is safer:

     \`\`\`sh
     pip install numpy
     \`\`\`
2. **Partition** the rest
3. Recurse

| Case | Time |
|:-----|-----:|
| best | O(n log n) |
| worst | O(n²) |

> **Note:** \`sorted()\` is faster in practice 🚀
`

const german = `## Warum ist der Himmel blau?

Das Sonnenlicht enthält alle Farben. In der Luft wird das **blaue** Licht stärker gestreut als das rote – man nennt das
„Rayleigh-Streuung“ (proportional zu $1/\\lambda^4$).

#### Was folgt daraus?

- Mittags: kurzer Weg, z. B. blauer Himmel
- Abends: langer Weg, also Rot
  - das Blau ist schon „verbraucht“
  - Staub verstärkt es

---

- [x] erklärt
- [ ] bewiesen
`

const chinese = `# 为什么天空是蓝色的？

太阳光由各种颜色组成。蓝光的波长较短，因此比红光更容易被空气分子散射——这就是**瑞利散射**。

| 颜色 | 波长 |
|---|---|
| 蓝 | 450纳米 |
| 红 | 700纳米 |

总之，傍晚时阳光穿过更厚的大气层，所以看起来是红色的。
`

const answers = { python, german, chinese, all: `${python}\n${german}\n${chinese}` }

describe.each(Object.entries(answers))('the answer %s', (_, answer) => {
  test.each([
    ['Discord', discordMarkdown],
    ['Slack', slackMarkdown],
  ])('on %s only ever changes its last piece while it is written', (_, rewrite) => {
    const whole = splitMarkdown(rewrite(answer), 300)
    for (let length = 1; length < answer.length; length += 7) {
      const settled = splitMarkdown(rewrite(answer.slice(0, length)), 300).slice(0, -1)
      expect(whole.slice(0, settled.length)).toEqual(settled)
    }
  })

  test('on Slack is the same standard Markdown, but for the places of links', () => {
    expect(slackMarkdown(answer).replaceAll(' (en.wikipedia.org)', '')).toBe(answer)
  })

  test('loses no word on Discord', () => {
    const shown = splitMarkdown(discordMarkdown(answer), 300).join('\n')
    for (const word of answer.match(/[\p{L}\p{N}]{2,}/gu) ?? []) expect(shown).toContain(word)
  })
})

test('an answer is on Discord what Discord knows', () => {
  expect(discordMarkdown(german)).toBe(
    german
      .replace('#### Was folgt daraus?', '**Was folgt daraus?**')
      .replace('---', '───')
      .replace('[x]', '☑')
      .replace('[ ]', '☐'),
  )
  expect(discordMarkdown(chinese)).toContain('```\n颜色  波长\n────  ───────\n蓝    450纳米\n红    700纳米\n```')
})

describe('a piece within a list', () => {
  const items = Array.from({ length: 8 }, (_, index) => `   - nested ${'word '.repeat(4)}${index}`).join('\n')

  test('says in which item it goes on', () => {
    const [, second = ''] = splitMarkdown(`7. seven\n${items}\n8. eight`, 200)
    expect(second).toMatch(/^7\. …\n {3}- nested/)
  })

  test('keeps the numbers of the items', () => {
    const list = Array.from({ length: 20 }, (_, index) => `${index + 1}. item number ${index + 1}`)
    const pieces = splitMarkdown(list.join('\n'), 150)
    expect(pieces.length).toBeGreaterThan(2)
    expect(pieces.join('\n').split('\n')).toEqual(list)
  })

  test('keeps an item whole', () => {
    const list = Array.from({ length: 6 }, (_, index) => `- item ${index} ${'word '.repeat(9)}end`)
    for (const piece of splitMarkdown(list.join('\n'), 200)) expect(piece).toMatch(/^- item.*end$/s)
  })
})

test('a block of code that fits into one piece is not divided', () => {
  const code = `\`\`\`go\n${'x := f(y)\n'.repeat(9)}\`\`\``
  const pieces = splitMarkdown(`${'Words. '.repeat(12)}\n\n${code}\n\nMore.`, 200)
  expect(pieces.some(piece => piece.includes(code))).toBe(true)
})

test('a fenced block within a quote is closed and opened within the quote', () => {
  const code = Array.from({ length: 20 }, (_, index) => `> line ${index}`).join('\n')
  const [first, second = ''] = splitMarkdown(`> \`\`\`js\n${code}\n> \`\`\``, 150)
  expect(first).toMatch(/^> ```js\n[\s\S]*\n> ```$/)
  expect(second).toMatch(/^> ```js\n> line/)
})

test('no piece begins with a heading or a list that is none', () => {
  const text = 'one # two - three 1. four > five '.repeat(40)
  for (const piece of splitMarkdown(text, 120)) expect(piece).not.toMatch(/^(#|-|\d\.|>)/)
})

describe('on Discord', () => {
  test.each([
    ['~~~py\nx\n~~~', '```py\nx\n```'],
    ['```js title="a.js"\nx\n```', '```js\nx\n```'],
    ['a\n\n    indented\n    code', 'a\n\n```\nindented\ncode\n```'],
    ['````md\n```js\n```\n````', '```md\n`\u200b`\u200b`js\n`\u200b`\u200b`\n```'],
    ['> ```js\n> open\n\nafter', '> ```js\n> open\n> ```\n\nafter'],
    ['stray ``` fence and `tick', 'stray \\`\\`\\` fence and \\`tick'],
    ['1. a\n1. b\n1. c', '1. a\n2. b\n3. c'],
    ['Wet.[^1]\n\n[^1]: Says who.', 'Wet.[1]\n\n[1] Says who.'],
    ['> a\n> > b', '> a\n> b'],
    ['```\n>>> 1 + 1\n```', '```\n>>> 1 + 1\n```'],
    ['-# small print', '\\-# small print'],
    ['@[everyone](javascript:1)', '@\u200beveryone'],
    ['<div>\n[bank](https://thief.example)\n</div>', '<div>\n[bank]\\(https://thief.example)\n</div>'],
    ['<https://thief.example|https://bank.example>', '<\u200bhttps://thief.example|https://bank.example>'],
    ['a || b and `a || b`', 'a \\|\\| b and `a || b`'],
  ])('%j is %j', (text, shown) => {
    expect(discordMarkdown(text)).toBe(shown)
  })

  test('a table with links has them as cards', () => {
    expect(discordMarkdown('| a | b |\n|---|---|\n| x | [y](https://e.org) |')).toBe(
      '**x**\nb: [y](https://e.org/) (e.org)',
    )
  })
})

describe('on Slack', () => {
  test.each([
    ['[bank][1]\n\n[1]: https://thief.example', '[bank][1]\n\n\\[1]: https://thief.example'],
    ['[a](javascript:alert(1))', 'a'],
    ['```md\n[a](https://b.example)\n```', '```md\n[a](https://b.example)\n```'],
  ])('%j is %j', (text, shown) => {
    expect(slackMarkdown(text)).toBe(shown)
  })

  test.each([
    ['*bold* _it_ ~no~ `code`', '∗bold* ˍit_ ∼no~ ˋcodeˋ'],
    ['> quote', '\u200b&gt; quote'],
    ['snake_case 2 * 3', 'snake_case 2 * 3'],
    ['@channel <!here>', '@\u200bchannel &lt;!here&gt;'],
  ])('the plain text %j is %j', (text, shown) => {
    expect(slackEscape(text)).toBe(shown)
  })
})
