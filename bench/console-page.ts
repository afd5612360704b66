/** The channel's page as a browser has it open: a person with a cookie, reading the event stream that the page names. */

const waitMs = 30_000
/** More than a fragment's marker needs, so that none is missed where one read ends and the next begins. */
const kept = 100

/** Nanoseconds of the machine's monotonic clock, which is the same in every process. */
export type Stamp = { sentAt: bigint; seenAt: bigint }

export class ConsolePage implements AsyncDisposable {
  readonly #url: string
  readonly #cookie: string
  readonly #leaving = new AbortController()
  readonly #waiting = new Map<RegExp, (found: { match: RegExpExecArray; at: bigint }) => void>()
  #reading: Promise<void> = Promise.resolve()
  #tail = ''

  constructor(url: string, cookie: string) {
    this.#url = url
    this.#cookie = cookie
  }

  /** Chooses a name, opens the channel and listens to its news. */
  static async open(url: string): Promise<ConsolePage> {
    const named = await post(`${url}/name`, url, '', { name: `Ada ${process.hrtime.bigint()}` })
    const cookie = named.headers
      .getSetCookie()
      .map(line => line.split(';', 1)[0])
      .join('; ')
    if (named.status !== 303 || cookie === '') throw new Error(`not named: ${named.status}`)
    const page = new ConsolePage(url, cookie)
    await page.#listen()
    return page
  }

  /** Asks for a comparison by the form; resolves with its id. */
  async compare(prompt: string, models: readonly string[]): Promise<string> {
    const fields = { prompt, models: models.join(','), blind: 'yes' }
    const response = await post(`${this.#url}/compare`, this.#url, this.#cookie, fields)
    const id = /#c-(.+)$/.exec(response.headers.get('location') ?? '')?.[1]
    if (id === undefined) throw new Error(`not compared: ${response.status}`)
    return id
  }

  async stop(comparisonId: string): Promise<void> {
    const response = await post(`${this.#url}/c/${comparisonId}/stop`, this.#url, this.#cookie, {})
    if (response.status !== 303) throw new Error(`not stopped: ${response.status}`)
  }

  /** When the stamp of this probe was sent, and when it came to this page. */
  async stamp(probe: number): Promise<Stamp> {
    const { match, at } = await this.#until(new RegExp(`stamp${probe}at(\\d+)z`))
    return { sentAt: BigInt(match[1] ?? 0), seenAt: at }
  }

  /** Resolves when the last answer of this probe has come to this page. */
  async over(probe: number): Promise<void> {
    await this.#until(new RegExp(`over${probe}z`))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort()
    await this.#reading.catch(() => {})
  }

  async #listen(): Promise<void> {
    const { signal } = this.#leaving
    const headers = { cookie: this.#cookie }
    const markup = await (await fetch(this.#url, { headers, signal })).text()
    const events = /hx-sse:connect="([^"]+)"/.exec(markup)?.[1]
    if (events === undefined) throw new Error('the page names no event stream')
    const response = await fetch(this.#url + events, { headers, signal })
    const { body } = response
    if (!response.ok || body === null) throw new Error(`no events: ${response.status}`)
    this.#reading = this.#read(body)
    // Whoever waits for something hears of it.
    this.#reading.catch(() => {})
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    for await (const bytes of body) {
      const at = process.hrtime.bigint()
      const text = this.#tail + decoder.decode(bytes, { stream: true })
      this.#tail = text.slice(-kept)
      for (const [pattern, resolve] of this.#waiting) {
        const match = pattern.exec(text)
        if (match) resolve({ match, at })
      }
    }
  }

  async #until(pattern: RegExp): Promise<{ match: RegExpExecArray; at: bigint }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ match: RegExpExecArray; at: bigint }>()
    const timer = setTimeout(() => reject(new Error(`${pattern} did not come in ${waitMs} ms`)), waitMs)
    this.#waiting.set(pattern, resolve)
    const ended = this.#reading.then(() => Promise.reject(new Error('the console ended the stream of news')))
    return Promise.race([promise, ended]).finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(pattern)
    })
  }
}

function post(address: string, origin: string, cookie: string, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(fields)
  return fetch(address, { method: 'POST', redirect: 'manual', headers: { cookie, origin }, body })
}
