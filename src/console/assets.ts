/** The files a page loads, from memory. Their addresses carry a hash of what is in them, so browsers may keep them. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Handler } from 'hono'

const files = {
  'console.css': new URL('assets/console.css', import.meta.url).href,
  'console.js': new URL('assets/console.js', import.meta.url).href,
  'icon.svg': new URL('assets/icon.svg', import.meta.url).href,
  'htmx.js': import.meta.resolve('htmx.org/dist/htmx.min.js'),
  'htmx-sse.js': import.meta.resolve('htmx.org/dist/ext/hx-sse.min.js'),
} as const

type AssetName = keyof typeof files

const types: Record<string, string> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }

export class Assets {
  readonly #contents: ReadonlyMap<string, { content: Buffer<ArrayBuffer>; hash: string; type: string }>

  constructor() {
    this.#contents = new Map(
      Object.entries(files).map(([name, url]) => {
        const content = readFileSync(fileURLToPath(url))
        const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12)
        return [name, { content, hash, type: `${types[name.split('.').at(-1) ?? '']}; charset=utf-8` }]
      }),
    )
  }

  url(name: AssetName): string {
    return `/assets/${name}?${this.#contents.get(name)?.hash}`
  }

  handler: Handler = c => {
    const asset = this.#contents.get(c.req.param('name') ?? '')
    if (asset === undefined) return c.notFound()
    const isThisVersion = new URL(c.req.url).search === `?${asset.hash}`
    c.header('Content-Type', asset.type)
    c.header('Cache-Control', isThisVersion ? 'public, max-age=31536000, immutable' : 'no-cache')
    return c.body(asset.content)
  }
}
