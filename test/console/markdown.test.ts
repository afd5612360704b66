import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Markdown } from '../../src/console/markdown.ts'

const render = (text: string): string => new Markdown().render('here', text)

describe('Markdown of models', () => {
  test.each([
    ['[docs](https://nodejs.org/api)', '(nodejs.org)'],
    ['[https://bank.example](https://thief.example/login)', '(thief.example)'],
    ['[bank.example](https://thief.example)', '(thief.example)'],
    ['[https://thief.example.bank.example](https://thief.example)', '(thief.example)'],
    ['[bаnk.example](https://bаnk.example)', '(xn--bnk-6cd.example)'],
    ['[Write to the bank](mailto:thief@thief.example)', '(thief@thief.example)'],
  ])('%s says where it leads', (text, host) => {
    expect(render(text)).toContain(`<bdi class="host">${host}</bdi>`)
  })

  test.each([
    'https://a.example/page',
    '<https://a.example/page>',
    '[a.example](https://a.example/page)',
    '[https://a.example/other](https://a.example/page)',
  ])('%s leads where it says', text => {
    const html = render(text)

    expect(html).toContain('href="https://a.example/page"')
    expect(html).not.toContain('class="host"')
  })

  test('links open elsewhere, without a word about us', () => {
    expect(render('[x](https://a.example)')).toContain('target="_blank" rel="noopener noreferrer nofollow"')
  })

  test.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,x)',
    '[x](vbscript:x)',
    '[x](/owner/token)',
    '[x](//evil.example)',
    '[x](ftp://a.example)',
    'javascript:alert(1)',
    '[x]()',
    '![x]()',
  ])('%s is no link', text => {
    expect(render(text)).not.toContain('<a')
  })

  test('a picture is a link to it, and is not fetched', () => {
    const html = render('![a cat](https://pictures.example/cat.png)')

    expect(html).not.toContain('<img')
    expect(html).toContain('>🖼 a cat</a> <bdi class="host">(pictures.example)</bdi>')
  })

  test('a link in a link is text, and the outer one says where it leads', () => {
    const html = render('[<https://bank.example>](https://thief.example)')

    expect(html.match(/<a /g)).toHaveLength(1)
    expect(html).toContain('>https://bank.example</a> <bdi class="host">(thief.example)</bdi>')
  })

  test('a picture in a link leaves the link', () => {
    expect(render('[![a cat](https://p.example/c.png)](https://l.example)').match(/<a /g)).toHaveLength(1)
  })

  test('code is coloured by its language, and kept as it is', () => {
    expect(render('```ts\nconst a = "<b>"\n```')).toContain('<span class="hljs-keyword">const</span>')
    expect(render('```nothing\n<b>&amp;\n```')).toContain('&lt;b&gt;&amp;amp;')
    expect(render('```"><img src=x>\nx\n```')).not.toContain('<img')
  })

  test('what is wider than the page has a box that scrolls and that the keyboard reaches', () => {
    expect(render('```\nx\n```')).toContain('<pre tabindex="0"')
    expect(render('|a|\n|-|\n|b|')).toContain('<div class="scroll" tabindex="0"><table>')
  })

  test('columns are aligned without a style of their own', () => {
    const html = render('|a|b|\n|:-:|-:|\n|1|2|')

    expect(html).toContain('<td class="center">1</td>')
    expect(html).toContain('<td class="right">2</td>')
  })

  test('headings stand below the page’s own', () => {
    expect(render('# One\n## Two\n### Three')).toMatch(/<h4>One<\/h4>\s*<h5>Two<\/h5>\s*<h6>Three<\/h6>/)
  })

  test('the same text in the same place is rendered once', () => {
    const markdown = new Markdown()

    expect(markdown.render('a', 'text')).toBe(markdown.render('a', 'text'))
    expect(markdown.render('a', 'other')).toContain('other')
  })

  test('no text makes a tag or an attribute that is not ours', () => {
    const pieces = fc.constantFrom(
      ...[
        '<script>',
        '</a>',
        '<img src=x onerror=alert(1)>',
        '"',
        "'",
        '`',
        '```',
        '\n',
        '[',
        '](',
        ')',
        '![',
        '<',
        '>',
      ],
      ...[
        'https://a.example',
        'javascript:x',
        '[x]()',
        '<https://b.example>',
        '|',
        '|-:|',
        '# ',
        '> ',
        '- ',
        '&lt;',
        '&#60;',
        '\\',
        '*',
        '_',
        'text',
      ],
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), parts => {
        const tags = render(parts.join('')).match(/<[^>]*>/g) ?? []
        for (const tag of tags) expect(tag).toMatch(ourTag)
      }),
      { numRuns: 1000 },
    )
  })
})

const ourTag = new RegExp(
  [
    '^<(?:/?(?:p|br|em|strong|s|code|pre|ul|ol|li|blockquote|hr|table|thead|tbody|tr|th|td|h4|h5|h6|a|bdi|div|span)',
    'ol start="\\d+"|pre tabindex="0"(?: data-language="[^"<>]*")?|div class="scroll" tabindex="0"',
    'span class="[\\w -]+"|bdi class="host"|t[hd] class="(?:left|center|right)"',
    'a href="(?:https?:|mailto:)[^"<>]*" target="_blank" rel="noopener noreferrer nofollow")>$',
  ].join('|'),
)
