import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Terminal } from '../../src/cli/terminal.ts'
import { textFor } from '../../src/core/text/index.ts'

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('draws a bar on a terminal, no more often than eyes follow, and clears it away', () => {
    const { terminal, written } = streams(true)
    {
      using progress = terminal.progress(1000)
      progress.advance(250, 10)
      vi.advanceTimersByTime(200)
      progress.advance(250, 12_345)
      progress.advance(250, 99_999)
    }
    expect(written.map(stripVTControlCharacters)).toEqual(['\r████████████░░░░░░░░░░░░ 50 % · 12,345 votes', '\r'])
  })

  test('counts votes where the end is not known', () => {
    const { terminal, written } = streams(true)
    {
      using progress = terminal.progress(null)
      vi.advanceTimersByTime(200)
      progress.advance(250, 7)
    }
    expect(written.map(stripVTControlCharacters)).toEqual(['\r7 votes', '\r'])
  })

  test('is silent where nobody watches', () => {
    const { terminal, written } = streams(false)
    {
      using progress = terminal.progress(1000)
      vi.advanceTimersByTime(200)
      progress.advance(250, 7)
    }
    expect(written).toEqual([])
  })
})

function streams(isTTY: boolean): { terminal: Terminal; written: string[] } {
  const written: string[] = []
  const stderr = { isTTY, write: (text: string) => written.push(text) }
  const stdin = (async function* () {})()
  return { terminal: new Terminal({ stdin, stdout: { write: () => true }, stderr }, textFor('en')), written }
}
