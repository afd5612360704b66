import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GrowingMask, holdsName, maskNames } from '../../src/core/blind.ts'

const names = ['Qwen', 'Tongyi Qianwen', 'Alibaba', 'GPT', 'ChatGPT', 'OpenAI', '通义千问']

describe('masking names', () => {
  test.each([
    ['I am Qwen, made by Alibaba.', 'I am ▇▇▇, made by ▇▇▇.'],
    ['QWEN and qwen', '▇▇▇ and ▇▇▇'],
    ['GPT-4o and GPT4 and Qwen2.5-Max', '▇▇▇ and ▇▇▇ and ▇▇▇'],
    ['GPT4o, gpt-3.5-turbo. Qwen_7B!', '▇▇▇, ▇▇▇. ▇▇▇!'],
    ['Tongyi-Qianwen, tongyi_qianwen, TongyiQianwen', '▇▇▇, ▇▇▇, ▇▇▇'],
    ['Ich bin **ChatGPT**.', 'Ich bin **▇▇▇**.'],
    ['我是Qwen，通义千问。', '我是▇▇▇，▇▇▇。'],
  ])('%s', (text, expected) => {
    expect(maskNames(text, names)).toBe(expected)
  })

  test('leaves words alone that only begin or end like a name', () => {
    const text = 'Egypt’s gpts, alibabas, OpenAIs and unqwen'
    expect(maskNames(text, names)).toBe(text)
  })

  test('masks a name with characters that mean something in a pattern', () => {
    expect(maskNames('I am c++(x).', ['c++(x)'])).toBe('I am ▇▇▇.')
  })

  test('says whether a text gives the model away', () => {
    expect(holdsName('I am a model by OpenAI.', names)).toBe(true)
    expect(holdsName('I am a model.', names)).toBe(false)
    expect(holdsName('I am a model.', [])).toBe(false)
  })
})

describe('while a text grows', () => {
  const shown = (text: string) => new GrowingMask(names).shown(text)

  test('a tail that may become a name is held back', () => {
    expect(shown('I am Qw')).toBe('I am ')
    expect(shown('I am Qwen')).toBe('I am ')
    expect(shown('I am Qwen by')).toBe('I am ▇▇▇ by')
    expect(shown('I am tongyi qi')).toBe('I am ')
  })

  const word = fc.constantFrom('I', 'am', ...names, 'a', 'model', 'qw', 'Open', 'chat', '\n', '-')

  test('it never shows a part of a name, and only ever grows', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), words => {
        const text = words.join(' ')
        const mask = new GrowingMask(names)
        const whole = maskNames(text, names)
        for (let length = 0; length <= text.length; length++) {
          expect(whole.startsWith(mask.shown(text.slice(0, length)))).toBe(true)
        }
      }),
    )
  })

  test('it shows the same, however the text was cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 80 }), fc.array(fc.nat(20)), (words, steps) => {
        const text = words.join(' ')
        const mask = new GrowingMask(names)
        let length = 0
        for (const step of steps) {
          length = Math.min(text.length, length + step)
          mask.shown(text.slice(0, length))
        }
        expect(mask.shown(text)).toBe(shown(text))
      }),
    )
  })
})
