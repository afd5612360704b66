import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdsName, maskNames, settledPart } from '../../src/core/blind.ts'

const names = ['Qwen', 'Tongyi Qianwen', 'Alibaba', 'GPT', 'ChatGPT', 'OpenAI', '通义千问']

describe('masking names', () => {
  test.each([
    ['I am Qwen, made by Alibaba.', 'I am ▇▇▇, made by ▇▇▇.'],
    ['QWEN and qwen', '▇▇▇ and ▇▇▇'],
    ['GPT-4o and GPT4 and Qwen2.5-Max', '▇▇▇-4o and ▇▇▇ and ▇▇▇-Max'],
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
  test('a tail that may become a name is held back', () => {
    expect(settledPart('I am Qw', names)).toBe('I am ')
    expect(settledPart('I am Qwen', names)).toBe('I am ')
    expect(settledPart('I am Qwen by', names)).toBe('I am Qwen by')
    expect(settledPart('I am tongyi qi', names)).toBe('I am ')
  })

  test('no prefix of the text ever shows a part of a name', () => {
    const word = fc.constantFrom('I', 'am', ...names, 'a', 'model', 'qw', 'Open', 'chat', '\n', '-')
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), words => {
        const text = words.join(' ')
        for (let length = 0; length <= text.length; length++) {
          const shown = maskNames(settledPart(text.slice(0, length), names), names)
          const whole = maskNames(text, names)
          expect(whole.startsWith(shown)).toBe(true)
        }
      }),
    )
  })
})
