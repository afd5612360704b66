/** A browser without a screen: it keeps cookies, says where its forms come from, and listens to a page's events. */
export type Answer = { status: number; text: string; location: string | null; headers: Headers }

export class ABrowser {
  readonly #url: string
  readonly #language: string
  readonly #cookies = new Map<string, string>()
  readonly #streams = new AbortController()

  constructor(url: string, language = 'en') {
    this.#url = url
    this.#language = language
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask(path, { headers })
  }

  /** Sends a form as a page without script does. */
  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: this.#url, ...headers },
    })
  }

  /** Sends a form as htmx does. */
  send(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.post(path, fields, { 'hx-request': 'true' })
  }

  async join(name: string): Promise<void> {
    const { status, text } = await this.post('/name', { name })
    if (status !== 303) throw new Error(`could not join: ${text}`)
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  /** What the page hears from now on. */
  async listen(path: string, headers: Record<string, string> = {}): Promise<Heard> {
    const response = await fetch(this.#url + path, {
      headers: { ...this.#headers(), ...headers },
      signal: this.#streams.signal,
    })
    return new Heard(response)
  }

  /** Closes every page that listens. */
  close(): void {
    this.#streams.abort()
  }

  async #ask(path: string, init: { method?: string; body?: URLSearchParams; headers: Record<string, string> }) {
    const headers = { ...this.#headers(), ...init.headers }
    const response = await fetch(this.#url + path, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return {
      status: response.status,
      text: await response.text(),
      location: response.headers.get('location'),
      headers: response.headers,
    }
  }

  #headers(): Record<string, string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return { 'accept-language': this.#language, ...(cookie === '' ? {} : { cookie }) }
  }
}

/** An event stream, as far as it was read. */
export class Heard {
  readonly status: number
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>
  text = ''
  #news = Promise.withResolvers<void>()

  constructor(response: Response) {
    this.status = response.status
    this.ended = this.#read(response).catch(() => {})
  }

  /** Resolves when more has come in; false when the stream has ended. */
  more(): Promise<boolean> {
    return Promise.race([this.#news.promise.then(() => true), this.ended.then(() => false)])
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      this.text += decoder.decode(chunk, { stream: true })
      this.#news.resolve()
      this.#news = Promise.withResolvers()
    }
  }
}
